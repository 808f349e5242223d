import type { Environment } from './environment.ts'
import type { SettingName } from './settings.ts'
import type { Given, Source } from './source.ts'
import { isLoopback } from './url.ts'

/**
 * What the variables say that many programs read: `HTTPS_PROXY` or `HTTP_PROXY`, by the scheme of the
 * url, and `NO_PROXY`. The lower case comes first, as with curl. This machine is never proxied by them.
 *
 * @param url Normalised address of the TeamServer.
 * @see https://curl.se/docs/manpage.html, ENVIRONMENT
 */
export function proxyVariablesSource(env: Environment, url: string): Source {
  const source = new Map<SettingName, Given>()
  const { protocol, hostname, port } = new URL(url)
  if (isLoopback(hostname) || isExempt(env, hostname, port || USUAL_PORTS[protocol])) return source
  const found = lookUp(env, protocol === 'https:' ? 'https_proxy' : 'http_proxy')
  if (found === undefined) return source
  const origin = { source: 'environment', where: `environment ${found.name}` } as const
  source.set('proxy.url', { raw: { form: 'text', text: found.text }, origin })
  return source
}

const USUAL_PORTS: Readonly<Record<string, string>> = { 'http:': '80', 'https:': '443' }

function lookUp(env: Environment, lower: string): { name: string; text: string } | undefined {
  const upper = lower.toUpperCase()
  // In a CGI program a caller's header `Proxy` arrives under this name.
  const isForged = upper === 'HTTP_PROXY' && Object.hasOwn(env, 'REQUEST_METHOD')
  for (const name of isForged ? [lower] : [lower, upper]) {
    const text = Object.hasOwn(env, name) ? env[name] : undefined
    if (text !== undefined && text.trim() !== '') return { name, text }
  }
  return undefined
}

/** Whether `NO_PROXY` names a host: itself, a domain above it, an address range, or `*`. */
function isExempt(env: Environment, hostname: string, port: string | undefined): boolean {
  const entries = (lookUp(env, 'no_proxy')?.text ?? '').toLowerCase().split(/[\s,]+/)
  const host = hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '')
  return entries.filter((entry) => entry !== '').some((entry) => matches(entry, host, port))
}

function matches(entry: string, host: string, port: string | undefined): boolean {
  if (entry === '*') return true
  const { address, name, ofPort } = ENTRY.exec(entry)?.groups ?? {}
  if (ofPort !== undefined && ofPort !== port) return false
  const bare = (address ?? name ?? entry).replace(/\.$/, '')
  if (bare.includes('/')) return isInRange(bare, host)
  const domain = bare.replace(/^\*?\./, '')
  return domain !== '' && (host === domain || host.endsWith(`.${domain}`))
}

/** What has several colons and no brackets is an address. */
const ENTRY = /^(?:\[(?<address>[^\]]*)\]|(?<name>[^:]*))(?::(?<ofPort>\d+))?$/

function isInRange(range: string, host: string): boolean {
  const { BlockList, isIP } = process.getBuiltinModule('node:net')
  const [address = '', bits] = range.split('/')
  const families = [isIP(address), isIP(host)]
  if (families[0] === 0 || families[0] !== families[1]) return false
  const family = families[0] === 6 ? 'ipv6' : 'ipv4'
  const prefixBits = Number(bits)
  if (!/^\d{1,3}$/.test(bits ?? '') || prefixBits > (family === 'ipv6' ? 128 : 32)) return false
  const list = new BlockList()
  list.addSubnet(address, prefixBits, family)
  return list.check(host, family)
}
