/** One path of an express route, which may have several. */
export interface RoutePath {
  /** As it is written; a regular expression as its source between slashes. */
  readonly text: string
  /** Absent where a place cannot be told: regular expressions, and forms of express 4 beyond `:id`. */
  readonly place?: {
    /** Whether the path makes up the whole rest of a URL, up to its query. */
    isAt(url: string, from: number): boolean
    /** Where in a URL the path begins, so that it makes up the rest; -1 for nowhere. */
    find(url: string, from: number): number
  }
}

/**
 * Reads the paths of an express route.
 *
 * @param path `req.route.path` of express 4 or 5: text, a regular expression, or a list of them.
 */
export function routePathsOf(path: unknown): readonly RoutePath[] {
  return Array.isArray(path) ? path.flatMap(routePathsOf) : [routePathOf(path)]
}

function routePathOf(path: unknown): RoutePath {
  const text = String(path)
  const source = typeof path === 'string' ? sourceOf(path) : undefined
  if (source === undefined) return { text }
  const here = new RegExp(source, 'iuy')
  const onwards = new RegExp(source, 'giu')
  return {
    text,
    place: {
      isAt(url, from) {
        here.lastIndex = from
        return here.test(url)
      },
      find(url, from) {
        onwards.lastIndex = from
        return onwards.exec(url)?.index ?? -1
      },
    },
  }
}

/** Characters that mean more than themselves in one of the two versions of express. */
const AMBIGUOUS = /[()[\]?+!"\\]/
const TOKENS = /:[\p{ID_Start}$_][\p{ID_Continue}$]*|\*[\p{ID_Continue}$]*|[{}]|./gsu

/** @returns `undefined` for a path that is not read here, and for one that takes long to match. */
function sourceOf(path: string): string | undefined {
  const isBalanced = path.split('{').length === path.split('}').length
  const hasManyWildcards = path.split('*').length > 2
  if (AMBIGUOUS.test(path) || !isBalanced || hasManyWildcards) return undefined
  const source = path.replace(/\/$/, '').replace(TOKENS, (token) => {
    if (token === '{') return '(?:'
    if (token === '}') return ')?'
    if (token.startsWith('*')) return '[^?]*'
    if (token.length > 1 && token.startsWith(':')) return '[^/?]+'
    return token.replace(/[$^.|/]/, '\\$&')
  })
  return `${source}/?(?=\\?|$)`
}
