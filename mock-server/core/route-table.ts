import { addRoute, createRouter, findRoute, type RouterContext } from 'rou3'
import { pathOf, type Route } from '../routes/route.ts'
import { content, refusal } from './answer.ts'
import type { Answer } from './exchange.ts'
import { decodeSegment } from './request-target.ts'

/** What a path and a method lead to. */
export type FoundRoute =
  | {
      readonly status: 'found'
      readonly route: Route
      /** Variables of the path, decoded. */
      readonly parameters: Readonly<Record<string, string>>
      /** The answer to `OPTIONS`. */
      readonly options: () => Answer
    }
  | { readonly status: 'refused'; readonly answer: Answer }

/** Every route by its path and method. */
export interface RouteTable {
  /** At once, unless later routes have to be put in place first. */
  find(path: string, method: string): FoundRoute | Promise<FoundRoute>
}

/** Routes that are put in place when one of them may be meant. */
export interface LaterRoutes {
  readonly routes: () => Promise<readonly Route[]>
  /** Words in their paths that stand where another path has a variable. */
  readonly fixedWords: ReadonlySet<string>
}

/** One route among those of its path. */
interface Entry {
  readonly route: Route
  /** The names of the variables, in the order of the path: routes of one path may name them apart. */
  readonly names: readonly string[]
}

/** All methods of one path. */
type MethodTable = Partial<Record<string, Entry>>

type Router = RouterContext<MethodTable>

/** What a path alone leads to. */
interface Place {
  readonly table: MethodTable
  /** Variables of the path, in its order. */
  readonly values: readonly string[]
}

/**
 * Finds routes by path and method. Those of the later ones cost nothing until a request comes that the
 * others do not answer, or that may mean one of them; where both have a route, the others' is taken.
 */
export function createRouteTable(routes: readonly Route[], later: LaterRoutes): RouteTable {
  const tables = tablesByPath(routes)
  let own: Router | undefined
  let all: Router | undefined

  /** What engines call most has no variables, and needs no router. */
  function ownPlaceOf(path: string): Place | undefined {
    const table = tables.get(path)
    if (table !== undefined && !path.includes(':')) return { table, values: NO_VALUES }
    own ??= routerOf(tables)
    return placeOf(own, path)
  }

  function placeOf(router: Router, path: string): Place | undefined {
    const found = findRoute(router, '', path)
    const values = found === undefined ? undefined : decodeAll(found.params)
    return found === undefined || values === undefined ? undefined : { table: found.data, values }
  }

  function findIn(router: Router, path: string, method: string): FoundRoute {
    const place = placeOf(router, path)
    if (place === undefined) return { status: 'refused', answer: refusal('route-unknown') }
    const entry = entryFor(place.table, method)
    if (entry !== undefined) return foundAt(place, entry)
    const headers = { allow: allowedMethods(place.table) }
    return { status: 'refused', answer: refusal('method-refused', { headers }) }
  }

  async function findLater(path: string, method: string): Promise<FoundRoute> {
    const laterRoutes = await later.routes()
    all ??= routerOf(tablesByPath([...laterRoutes, ...routes]))
    return findIn(all, path, method)
  }

  return {
    find(path, method) {
      const certain = ownPlaceOf(path)
      if (certain !== undefined && method !== 'OPTIONS') {
        const entry = entryFor(certain.table, method)
        const mayMeanAnother = certain.values.some((value) => later.fixedWords.has(value))
        if (entry !== undefined && !mayMeanAnother) return foundAt(certain, entry)
      }
      return all === undefined ? findLater(path, method) : findIn(all, path, method)
    },
  }
}

const NO_VALUES: readonly string[] = []

function routerOf(tables: ReadonlyMap<string, MethodTable>): Router {
  const router = createRouter<MethodTable>()
  for (const [path, table] of tables) addRoute(router, '', path, table)
  return router
}

/** The last of several routes of one path and method is the one. */
function tablesByPath(routes: readonly Route[]): Map<string, MethodTable> {
  const tables = new Map<string, MethodTable>()
  for (const route of routes) {
    const names: string[] = []
    const path = pathOf(route).replace(/:(\w+)/g, (_variable, name) => {
      return `:v${names.push(name)}`
    })
    const table: MethodTable = tables.get(path) ?? Object.create(null)
    table[route.method] = { route, names }
    tables.set(path, table)
  }
  return tables
}

/** `HEAD` and `OPTIONS` need the credentials that reading the same path would need. */
function entryFor(table: MethodTable, method: string): Entry | undefined {
  if (method === 'HEAD') return table.GET
  if (method === 'OPTIONS') return table.GET ?? Object.values(table)[0]
  return table[method]
}

function foundAt({ table, values }: Place, { route, names }: Entry): FoundRoute {
  const parameters: Record<string, string> = {}
  for (const [at, name] of names.entries()) parameters[name] = values[at] ?? ''
  return { status: 'found', route, parameters, options: () => methodsAlone(table) }
}

function allowedMethods(table: MethodTable): string {
  const methods = Object.keys(table)
  return [...methods, ...('GET' in table ? ['HEAD'] : []), 'OPTIONS'].join(', ')
}

function methodsAlone(table: MethodTable): Answer {
  return content(204, 'text/plain; charset=utf-8', '', { allow: allowedMethods(table) })
}

/** The values of variables, which are numbered in the order of the path. */
function decodeAll(
  parameters: Readonly<Record<string, string>> | undefined,
): readonly string[] | undefined {
  const decoded: string[] = []
  for (const segment of Object.values(parameters ?? {})) {
    const text = decodeSegment(segment)
    if (text === undefined) return undefined
    decoded.push(text)
  }
  return decoded
}
