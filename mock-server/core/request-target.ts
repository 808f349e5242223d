/** A request's path and query, apart. */
export type RequestTarget =
  | { readonly status: 'read'; readonly path: string; readonly query: string }
  | { readonly status: 'malformed' }
  | { readonly status: 'too-long' }

/** Longest path and query that is looked at, in characters. */
const LONGEST = 8_192

const PLAIN_PATH = /^\/[\w.~/-]*[\w.~-]$/

/**
 * Reads a request target by hand: a URL parser would take another host from `//host/…` and fold
 * `..` before anyone could refuse it. An absolute target is taken by its path alone. Repeated
 * slashes and one at the end are folded, since public clients send both.
 */
export function readTarget(target: string): RequestTarget {
  if (target.length > LONGEST) return { status: 'too-long' }
  // As engines send it: nothing to fold and nothing behind it.
  if (PLAIN_PATH.test(target) && !target.includes('//')) {
    return { status: 'read', path: target, query: '' }
  }
  const local = target.replace(/^https?:\/\/[^/?#]*(?=[/?#]|$)/i, '')
  const hash = local.indexOf('#')
  const [path = '', ...rest] = (hash === -1 ? local : local.slice(0, hash)).split('?')
  if (!path.startsWith('/')) return { status: 'malformed' }
  const folded = path.replace(/\/{2,}/g, '/')
  return {
    status: 'read',
    path: folded.length > 1 && folded.endsWith('/') ? folded.slice(0, -1) : folded,
    query: rest.join('?'),
  }
}

/**
 * Decodes one segment of a path.
 *
 * @returns Undefined for what no route can mean: broken escapes, dots that climb, slashes and
 *   control characters inside.
 */
export function decodeSegment(segment: string): string | undefined {
  let text: string
  try {
    text = decodeURIComponent(segment)
  } catch {
    return undefined
  }
  if (text === '.' || text === '..' || /[/\\\u0000-\u001f\u007f]/.test(text)) return undefined
  return text
}
