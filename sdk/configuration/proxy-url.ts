import { exact } from './kinds.ts'
import { type Reading, read, refused } from './reading.ts'

const EXPECTED =
  'must be the address of a proxy: http:// or https://, a host, and optionally a port'

/**
 * The address of a proxy, normalised to `scheme://[user:password@]host:port`. Without a scheme it is http.
 *
 * The value may hold a password: show `partsOfProxyUrl(value).url` in its place.
 */
export const proxyUrl = exact(normalise, EXPECTED)

export interface ProxyUrlParts {
  /** `scheme://host[:port]`, without a slash at its end. */
  readonly url: string
  readonly user?: string
  readonly password?: string
}

/** Takes apart what `proxyUrl` has read. */
export function partsOfProxyUrl(value: string): ProxyUrlParts {
  const url = new URL(value)
  if (url.username === '') return { url: url.origin }
  const [user, password] = [url.username, url.password].map(decodeURIComponent)
  return { url: url.origin, user: user ?? '', password: password ?? '' }
}

function normalise(given: string): Reading<string> {
  if (given.length > 2_048) return refused('must be at most 2048 characters long')
  if (/[\s\p{Cc}\\]/u.test(given)) return refused('must not hold white space or backslashes')
  const [, scheme] = /^([a-z][a-z0-9+.-]*):\/\//i.exec(given) ?? []
  if (scheme !== undefined && !/^https?$/i.test(scheme)) {
    return refused(`${EXPECTED}; got another scheme, which this engine does not speak`)
  }
  const url = parse(scheme === undefined ? `http://${given}` : given)
  if (url === undefined || url.port === '0') return refused(EXPECTED)
  if (url.pathname !== '/' || /[?#]/.test(given)) return refused('must end after host and port')
  if (url.username === '' && url.password !== '') return refused('has a password without a user')
  try {
    if (/[:\p{Cc}]/u.test(decodeURIComponent(url.username))) {
      return refused('must not hold a colon or control characters in its user name')
    }
    decodeURIComponent(url.password)
  } catch {
    return refused('has a % in user or password that does not begin an escape; write %25')
  }
  return read(url.href)
}

function parse(text: string): URL | undefined {
  try {
    return new URL(text)
  } catch {
    // Its message would quote the text.
    return undefined
  }
}
