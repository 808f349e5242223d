import { API_BASE } from '../../../sdk/wire/paths.ts'

/** A documented HATEOAS link. */
export interface Link {
  readonly rel: string
  readonly href: string
  readonly method: 'GET' | 'PUT' | 'POST' | 'DELETE'
}

/** A link before it is known where the TeamServer stands: what it leads to, and where below the API. */
export type LinkTarget = readonly [rel: string, path: string, method?: Link['method']]

/** Makes the `links` of resources; with `expand=skip_links` nothing, so that the field is left out. */
export type LinkMaker = (...targets: readonly LinkTarget[]) => { readonly links?: readonly Link[] }

/**
 * @param address Where engines reach this TeamServer: `http://host:port/Contrast`.
 * @param expand As the query says.
 */
export function createLinkMaker(address: () => string, expand: ReadonlySet<string>): LinkMaker {
  if (expand.has('skip_links')) return () => ({})
  const base = apiUrl(address)
  return (...targets) => ({
    links: targets.map(([rel, path, method = 'GET']) => ({ rel, href: `${base}${path}`, method })),
  })
}

/** Where the API stands. @param address As above. */
export function apiUrl(address: () => string): string {
  return address().replace(/\/Contrast\/?$/, API_BASE)
}
