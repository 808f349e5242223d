import { readFileSync } from 'node:fs'

/**
 * The type of a field: `string`, `enum` (a word of a list that is not documented), `boolean`,
 * `verdict` (a boolean, or null), `integer`, `number`, `date`, `object` (of unknown shape), or the name of an object; a list with
 * what it holds, or of who knows what.
 */
export type FieldType = string | readonly [] | readonly [element: string]

/** An object by its fields. */
export type CatalogObject = Readonly<Record<string, FieldType>>

/** What is special about a documented route. */
export interface RouteParticulars {
  /** Of which version of the API, when it is not the third. */
  readonly version?: 'v1' | 'v2'
  /** The type of the answer, when it is not JSON. */
  readonly type?: string
  /** Parameters of the query that have to be sent. */
  readonly required?: readonly string[]
  /** Variables of the path with the words that they may be, in any case. */
  readonly words?: Readonly<Record<string, readonly string[]>>
  /** Variables of the path that are whole numbers. */
  readonly numbers?: readonly string[]
  /** Not documented; public clients call it. */
  readonly isSeenInUse?: boolean
}

/** A route: the least role is null where the documentation names none. */
export type CatalogRoute = readonly [
  method: string,
  path: string,
  leastRole: string | null,
  answer: string,
  particulars?: RouteParticulars,
]

/** The documented REST API, by names and types. */
export interface Catalog {
  /** Where it comes from. */
  readonly source: string
  /** Objects that no page of the documentation shows. */
  readonly undocumented: readonly string[]
  readonly routes: readonly CatalogRoute[]
  readonly objects: Readonly<Record<string, CatalogObject>>
}

let catalog: Catalog | undefined

/**
 * Reads the catalog, once in a process: it stands in a file of its own so that nobody pays for it who
 * asks for nothing in it.
 */
export function readCatalog(): Catalog {
  // Beside this file in the sources, and beside the bundle once built.
  const file = new URL('./catalog.json', import.meta.url)
  catalog ??= JSON.parse(readFileSync(file, 'utf8')) as Catalog
  return catalog
}
