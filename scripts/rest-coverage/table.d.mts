import type { Catalog } from '../../mock-server/catalog/catalog.ts'

/** What the table needs to know of a route with behaviour. */
export interface ServedRoute {
  readonly method: string
  readonly base?: string
  readonly path: string
  readonly access: string | { readonly people: readonly string[] }
  readonly description: { readonly summary: string }
}

/** How many of the documented routes are served, and how. */
export interface Coverage {
  readonly documented: number
  readonly withBehaviour: number
  readonly shapeOnly: number
  readonly notServed: number
}

export function coverageOf(catalog: Catalog, served: readonly ServedRoute[]): Coverage

/** The count in one line. */
export function countLine(coverage: Coverage): string

/** Puts the count and the table into a page, between `<!-- coverage -->` and `<!-- /coverage -->`. */
export function withCoverage(page: string, catalog: Catalog, served: readonly ServedRoute[]): string
