import { exact } from './kinds.ts'
import { type Reading, read, refused } from './reading.ts'

const EXPECTED =
  'must be the address of a TeamServer: a host, or http:// or https:// and a host, ' +
  'optionally with a port and a path that ends in /Contrast or /Contrast/api'

/**
 * The address of a TeamServer, normalised to `<scheme>://<host>[:port][/prefix]/Contrast/api`.
 * Accepts a host alone, with a scheme, with `/Contrast` or `/Contrast/api`, each with or without a
 * slash at the end; what stands before `/Contrast` is kept. Without a scheme it is https, save for
 * loopback, where it is http.
 */
export const teamServerUrl = exact(normalise, EXPECTED)

/** Whether requests to a normalised URL can be read by others: plain http to another machine. */
export function isReadableOnTheWay(normalised: string): boolean {
  const url = new URL(normalised)
  return url.protocol === 'http:' && !isLoopback(url.hostname)
}

/** The host, and the port if it is not the usual one, of a normalised URL. */
export function hostOf(normalised: string): string {
  return new URL(normalised).host
}

function normalise(text: string): Reading<string> {
  if (text.length > 2_048) return refused('must be at most 2048 characters long')
  if (/[\s\0-\x1f\x7f-\x9f\\]/.test(text))
    return refused('must not hold white space or backslashes')
  if (/[?#]/.test(text)) return refused('must not have a query or a fragment')
  const parts = WITH_SCHEME.exec(text) ?? BARE.exec(text)
  if (!parts?.groups) return refused(EXPECTED)
  const { scheme, authority = '', path = '' } = parts.groups
  if (authority.includes('@')) {
    return refused('must not hold user name or password; use agentUserName and serviceKey')
  }
  const url = parse(scheme, authority, path)
  if (url === undefined) return refused(EXPECTED)
  if (url.port === '0') return refused('must have a port from 1 to 65535')
  const prefix = prefixOf(url.pathname)
  if (prefix === undefined) return refused('must have a path that ends in /Contrast/api or before')
  return read(`${url.origin}${prefix}/Contrast/api`)
}

const WITH_SCHEME = /^(?<scheme>https?):\/\/(?<authority>[^/]+)(?<path>\/.*)?$/i
/** A colon is followed by a port, so that `file:/etc` and `javascript:alert(1)` are no hosts. */
const BARE = /^(?<authority>[^/:[\]]+(:\d+)?|\[[^/[\]]+\](:\d+)?)(?<path>\/.*)?$/

function parse(scheme: string | undefined, authority: string, path: string): URL | undefined {
  try {
    if (scheme !== undefined) return new URL(`${scheme}://${authority}${path}`)
    const url = new URL(`https://${authority}${path}`)
    return isLoopback(url.hostname) ? new URL(`http://${authority}${path}`) : url
  } catch {
    // Its message would quote the text.
    return undefined
  }
}

/** @returns What stands before `/Contrast`; `undefined` if something other than `/api` follows it. */
function prefixOf(pathname: string): string | undefined {
  const path = pathname.replace(/\/{2,}/g, '/').replace(/\/$/, '')
  const prefix = path.replace(/\/contrast(\/api)?$/i, '')
  return /\/contrast(\/|$)/i.test(prefix) ? undefined : prefix
}

/** `hostname` is that of a parsed URL, where every spelling of an address has become one. */
export function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d+){3}$/.test(hostname)
}
