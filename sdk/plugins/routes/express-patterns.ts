import { type RoutePath, routePathsOf } from './route-paths.ts'
import type { Pattern, Tally } from './tally.ts'

/** What express 4 and 5 put on a request. */
export interface ExpressRequest {
  /** The route that was matched last. */
  readonly route: object & { readonly path?: unknown }
  /** Where its router is mounted, as in the URL: with values where the mount path has parameters. */
  readonly baseUrl?: string | undefined
  readonly originalUrl: string
}

/** A known path, with the patterns it has by folded mount path. */
interface Site extends RoutePath {
  readonly patterns: Map<string, Pattern>
}

/** Past it, a mount path that express has put away is not looked for: it takes too long. */
const LIMIT_SEARCH_CHARACTERS = 1_024

/**
 * Tells the pattern of a request that express routed: mount path, with ids folded, and route path.
 *
 * Express does not keep how a router's mount path was written, so `/users/:user` mounted before
 * `/orders` gives `/users/:id/orders` for numbers, but `/users/ann/orders` for names.
 * Of a route with several paths it is the one that fits.
 */
export function createExpressPatterns(
  tally: Tally,
  fold: (path: string) => string,
): (request: ExpressRequest) => Pattern {
  const sites = new WeakMap<object, readonly Site[]>()

  function sitesOf(route: ExpressRequest['route']): readonly Site[] {
    const made = routePathsOf(route.path).map((path) => ({ ...path, patterns: new Map() }))
    sites.set(route, made)
    return made
  }

  function patternOf(site: Site, mountPath: string): Pattern {
    const prefix = mountPath === '' ? '' : fold(mountPath)
    const known = site.patterns.get(prefix)
    if (known !== undefined) return known
    const pattern = tally.obtain('express', join(prefix, site.text))
    if (pattern !== tally.rest('express')) site.patterns.set(prefix, pattern)
    return pattern
  }

  return ({ route, baseUrl = '', originalUrl }) => {
    const known = sites.get(route) ?? sitesOf(route)
    for (const site of known) {
      if (site.place?.isAt(originalUrl, baseUrl.length)) return patternOf(site, baseUrl)
    }
    const open = known.find((site) => site.place === undefined)
    if (open === undefined && originalUrl.length <= LIMIT_SEARCH_CHARACTERS) {
      // A nested router that failed has put its mount path away before anybody answered.
      for (const site of known) {
        const start = site.place?.find(originalUrl, baseUrl.length) ?? -1
        if (start !== -1) return patternOf(site, originalUrl.slice(0, start))
      }
    }
    const [first] = known
    const site = open ?? first
    return site === undefined ? tally.rest('express') : patternOf(site, baseUrl)
  }
}

function join(prefix: string, path: string): string {
  if (path === '/' && prefix !== '') return prefix
  return path.startsWith('/') ? prefix + path : `${prefix}/${path}`
}
