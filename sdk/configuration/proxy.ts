import { shield } from '../credentials/shield.ts'
import { EngineError } from '../errors.ts'
import type { ProxyServer } from '../transport/network.ts'
import type { Lookup } from './lookup.ts'
import type { ProxyScheme } from './network-settings.ts'
import { partsOfProxyUrl } from './proxy-url.ts'
import type { SettingName } from './settings.ts'
import { CODE_OF_SOURCE, type Given } from './source.ts'

/** The proxy as it was configured. */
export interface ProxyConfiguration {
  readonly isEnabled: boolean
  /** Without user and password. */
  readonly url?: string | undefined
  readonly scheme?: ProxyScheme | undefined
  readonly host?: string | undefined
  readonly port?: number | undefined
  readonly user?: string | undefined
  readonly password?: string | undefined
  readonly authType?: 'Basic' | undefined
}

const PARTS = ['proxy.scheme', 'proxy.host', 'proxy.port'] as const

/** Whether somebody named a proxy in a setting of ours, by its url or by its parts. */
export function isProxyNamed({ find }: Pick<Lookup, 'find'>): boolean {
  return ['proxy.url' as const, ...PARTS].some((name) => find(name) !== undefined)
}

/**
 * Reads the settings of the proxy.
 *
 * @throws {EngineError} with the code of the source, if they do not fit together.
 * @see https://docs.contrastsecurity.com/en/yaml-properties.html for url and parts excluding each other
 */
export function proxyOf(lookup: Lookup): {
  readonly configuration: ProxyConfiguration
  readonly proxy?: ProxyServer
} {
  const { read, find } = lookup
  if (read('proxy.isEnabled') === false)
    return { configuration: Object.freeze({ isEnabled: false }) }
  const address = read('proxy.url')
  const scheme = read('proxy.scheme')
  const host = read('proxy.host')
  const port = read('proxy.port')
  const authType = read('proxy.authType')
  refuseBoth(lookup)
  refuseHalf(lookup)
  const inUrl = address === undefined ? undefined : partsOfProxyUrl(address)
  const url = inUrl?.url ?? (host === undefined ? undefined : `${scheme}://${host}:${port}`)
  if (url === undefined) {
    const enabled = find('proxy.isEnabled')
    if (enabled === undefined) return { configuration: Object.freeze({ isEnabled: false }) }
    throw misfit(`${enabled.origin.where} is true, but no proxy is named: give proxy.url`, enabled)
  }
  if (inUrl?.user !== undefined) refuseTwice(lookup)
  const user = inUrl?.user ?? read('proxy.user')
  const password = inUrl?.password ?? read('proxy.password')
  refusePasswordAlone(lookup, user)
  const where = (find('proxy.url') ?? find('proxy.host'))?.origin.where ?? ''
  const configuration: ProxyConfiguration = {
    isEnabled: true,
    url: inUrl?.url,
    scheme,
    host,
    port,
    user,
    password,
    authType,
  }
  return {
    configuration: shield(configuration, ['password']),
    proxy: shield<ProxyServer>(
      {
        // As the parser of URLs writes it: a usual port is not spelled out.
        url: new URL(url).origin,
        where,
        ...(user !== undefined && { authorization: basic(user, password ?? '') }),
      },
      ['authorization'],
    ),
  }
}

function refuseBoth({ find }: Lookup): void {
  const url = find('proxy.url')
  const part = PARTS.map(find).find((given) => given !== undefined)
  if (url === undefined || part === undefined) return
  throw misfit(
    `a proxy has a url (${url.origin.where}) or scheme, host and port (${part.origin.where}), ` +
      'not both: leave one of them out',
    url,
    part,
  )
}

function refuseHalf({ find }: Lookup): void {
  const given = PARTS.map(find).find((part) => part !== undefined)
  const missing = PARTS.filter((name) => find(name) === undefined)
  if (given === undefined || missing.length === 0) return
  throw misfit(
    `${given.origin.where} needs ${missing.join(' and ')} beside it, or give proxy.url instead`,
    given,
  )
}

function refuseTwice({ find }: Lookup): void {
  const url = find('proxy.url')
  for (const name of ['proxy.user', 'proxy.password'] satisfies SettingName[]) {
    const given = find(name)
    if (url === undefined || given === undefined) continue
    throw misfit(
      `${url.origin.where} holds a user already, and ${given.origin.where} gives one again: ` +
        'leave one of them out',
      url,
      given,
    )
  }
}

function refusePasswordAlone({ find }: Lookup, user: string | undefined): void {
  const given = find('proxy.password')
  if (given === undefined || user !== undefined) return
  throw misfit(`${given.origin.where} needs proxy.user beside it`, given)
}

/** What only the program said is only for the program to mend. */
function misfit(message: string, ...given: readonly Given[]): EngineError {
  const isOfProgram = given.every(({ origin }) => origin.source === 'option')
  return new EngineError(isOfProgram ? CODE_OF_SOURCE.option : CODE_OF_SOURCE.environment, message)
}

/** @see RFC 7617, section 2 */
function basic(user: string, password: string): string {
  return `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`
}
