import { addRoute, createRouter, findRoute } from 'rou3'
import { API_BASE } from '../../sdk/wire/paths.ts'
import type { Route } from '../routes/route.ts'
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
  find(path: string, method: string): FoundRoute
}

/** All methods of one path. */
type MethodTable = Partial<Record<string, Route>>

export function createRouteTable(routes: readonly Route[]): RouteTable {
  const router = createRouter<MethodTable>()
  for (const [path, table] of tablesByPath(routes)) addRoute(router, '', path, table)
  return {
    find(path, method) {
      const found = findRoute(router, '', path)
      const parameters = found === undefined ? undefined : decodeAll(found.params)
      if (found === undefined || parameters === undefined) {
        return { status: 'refused', answer: refusal('route-unknown') }
      }
      const table = found.data
      const route = routeFor(table, method)
      if (route === undefined) {
        const headers = { allow: allowedMethods(table) }
        return { status: 'refused', answer: refusal('method-refused', { headers }) }
      }
      return { status: 'found', route, parameters, options: () => methodsAlone(table) }
    },
  }
}

function tablesByPath(routes: readonly Route[]): Map<string, MethodTable> {
  const tables = new Map<string, MethodTable>()
  for (const route of routes) {
    const path = `${API_BASE}${route.path}`
    const table: MethodTable = tables.get(path) ?? Object.create(null)
    table[route.method] = route
    tables.set(path, table)
  }
  return tables
}

/** `HEAD` and `OPTIONS` need the credentials that reading the same path would need. */
function routeFor(table: MethodTable, method: string): Route | undefined {
  if (method === 'HEAD') return table.GET
  if (method === 'OPTIONS') return table.GET ?? Object.values(table)[0]
  return table[method]
}

function allowedMethods(table: MethodTable): string {
  const methods = Object.keys(table)
  return [...methods, ...('GET' in table ? ['HEAD'] : []), 'OPTIONS'].join(', ')
}

function methodsAlone(table: MethodTable): Answer {
  return content(204, 'text/plain; charset=utf-8', '', { allow: allowedMethods(table) })
}

function decodeAll(
  parameters: Readonly<Record<string, string>> | undefined,
): Record<string, string> | undefined {
  const decoded: Record<string, string> = {}
  for (const [name, segment] of Object.entries(parameters ?? {})) {
    const text = decodeSegment(segment)
    if (text === undefined) return undefined
    decoded[name] = text
  }
  return decoded
}
