import { EngineError } from '../errors.ts'
import type { Network } from '../transport/network.ts'
import { refusedAddress } from '../transport/refused-address.ts'
import { type CertificateConfiguration, certificateOf } from './certificate.ts'
import type { Lookup } from './lookup.ts'
import { type ProxyConfiguration, proxyOf } from './proxy.ts'
import type { SettingName } from './settings.ts'
import { CODE_OF_SOURCE, type Notice } from './source.ts'
import { hostOf, isReadableOnTheWay } from './url.ts'

/** The way to TeamServer: as it was configured, and as connections are made. */
export interface NetworkConfiguration {
  readonly requireHttps: boolean
  readonly allowLinkLocal: boolean
  readonly proxy: ProxyConfiguration
  readonly certificate: CertificateConfiguration
  readonly network: Network
}

/**
 * Reads the settings of the way to TeamServer.
 *
 * @param isFetchProvided Whether the program sends the requests itself: then none of this reaches them.
 * @throws {EngineError} with the code of the source.
 */
export function networkOf(
  lookup: Lookup,
  surroundings: { readonly cwd: string; readonly isFetchProvided: boolean },
): { readonly configuration: NetworkConfiguration; readonly notices: readonly Notice[] } {
  const { need } = lookup
  const url = need('url')
  const allowLinkLocal = need('allowLinkLocal')
  const requireHttps = need('requireHttps')
  if (!allowLinkLocal) refuseLinkLocal(lookup, url)
  if (requireHttps) refusePlainHttp(lookup, url)
  const { proxy, configuration: proxyConfiguration } = proxyOf(lookup)
  const certificate = certificateOf(lookup, surroundings.cwd)
  const { pins } = certificate.tls
  if (pins.length > 0 && url.startsWith('http:')) refusePins(lookup)
  return {
    configuration: Object.freeze({
      requireHttps,
      allowLinkLocal,
      proxy: proxyConfiguration,
      certificate: certificate.configuration,
      network: Object.freeze({
        ...(proxy !== undefined && { proxy }),
        tls: certificate.tls,
        isLinkLocalAllowed: allowLinkLocal,
      }),
    }),
    notices: [
      ...noticesOfUrl(lookup, url),
      ...certificate.notices,
      ...(surroundings.isFetchProvided ? noticesOfOwnFetch(lookup) : []),
    ],
  }
}

function refuseLinkLocal(lookup: Lookup, url: string): void {
  const { hostname } = new URL(url)
  const what = refusedAddress(hostname)
  if (what === undefined) return
  throw misplaced(
    lookup,
    'url',
    `leads to ${hostname}, ${what}, where no TeamServer is: nothing is sent there. ` +
      'If one is meant to be, set allowLinkLocal (api.allow_link_local) to true',
  )
}

function refusePlainHttp(lookup: Lookup, url: string): void {
  if (!isReadableOnTheWay(url)) return
  const where = lookup.find('requireHttps')?.origin.where
  throw misplaced(lookup, 'url', `is plain http, which ${where} forbids: use https`)
}

function refusePins(lookup: Lookup): void {
  throw misplaced(
    lookup,
    'certificate.pins',
    'cannot be kept: url is plain http, which has no certificate. Use https, or leave the pins out',
  )
}

function misplaced({ find }: Lookup, name: SettingName, why: string): EngineError {
  const { source, where } = find(name)?.origin ?? { source: 'default', where: name }
  const what = source === 'token' || source === 'prefitted' ? `${name} of ${where}` : where
  return new EngineError(CODE_OF_SOURCE[source], `${what} ${why}`)
}

function noticesOfUrl({ find }: Lookup, url: string): readonly Notice[] {
  if (!isReadableOnTheWay(url)) return []
  const where = find('url')?.origin.where
  const text = `url (${where}) is plain http: anybody between here and ${hostOf(url)} can read the keys`
  return [{ level: 'warn', text: `${text}; use https` }]
}

/** What was said of a proxy or of certificates in our own settings would be missed. */
function noticesOfOwnFetch({ find }: Lookup): readonly Notice[] {
  const names = ['proxy.url', 'proxy.host', 'certificate.caFile', 'certificate.certFile'] as const
  const pinned = ['certificate.pins', 'certificate.ignoreCertErrors'] as const
  const given = [...names, ...pinned]
    .map((name) => find(name)?.origin)
    .find((origin) => origin !== undefined && origin.source !== 'default')
  if (given === undefined || /_proxy$/i.test(given.where)) return []
  const text = `${given.where} does not count: the option fetch makes its own connections`
  return [{ level: 'warn', text }]
}
