import { type CatalogRoute, readCatalog } from '../../../mock-server/catalog/catalog.ts'
import { ROUTES } from '../../../mock-server/routes/index.ts'
import { pathOf, type Route } from '../../../mock-server/routes/route.ts'

/** Where a documented route stands; a variable stands as `:name`. */
export function documentedPath([, path, , , particulars]: CatalogRoute): string {
  return `${particulars?.version === 'v1' ? '/Contrast/s' : '/Contrast/api'}${path}`
}

/** A method and a path, whatever its variables are called. */
export function keyOf(method: string, path: string): string {
  return `${method} ${path.replace(/:\w+/g, ':')}`
}

const DOCUMENTED = new Map(
  readCatalog().routes.map((entry) => [keyOf(entry[0], documentedPath(entry)), entry]),
)

const SERVED = new Map(ROUTES.map((route) => [keyOf(route.method, pathOf(route)), route]))

/** The page of the documentation that a route with behaviour follows. */
export function documentationOf(route: Route): CatalogRoute | undefined {
  return DOCUMENTED.get(keyOf(route.method, pathOf(route)))
}

/** The route with behaviour of a documented one. */
export function behaviourOf(entry: CatalogRoute): Route | undefined {
  return SERVED.get(keyOf(entry[0], documentedPath(entry)))
}
