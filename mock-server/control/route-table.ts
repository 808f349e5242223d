import { addRoute, createRouter, findRoute } from 'rou3'
import { decodeSegment } from '../core/request-target.ts'
import type { ControlRoute } from './route.ts'

/** What a method and a path lead to. */
export type FoundControlRoute =
  | {
      readonly status: 'found'
      readonly route: ControlRoute
      /** Variables of the path, decoded. */
      readonly parameters: Readonly<Record<string, string>>
    }
  | { readonly status: 'path-unknown' }
  | { readonly status: 'method-refused'; readonly allow: string }

/** @param path Below `/control`, not decoded. */
export type FindControlRoute = (method: string, path: string) => FoundControlRoute

export function createControlRouteTable(routes: readonly ControlRoute[]): FindControlRoute {
  const router = createRouter<readonly ControlRoute[]>()
  for (const path of new Set(routes.map((route) => route.path))) {
    addRoute(
      router,
      '',
      path,
      routes.filter((route) => route.path === path),
    )
  }
  return (method, path) => {
    const found = findRoute(router, '', path)
    const parameters = found === undefined ? undefined : decodeAll(found.params ?? {})
    if (found === undefined || parameters === undefined) return { status: 'path-unknown' }
    const route = found.data.find((each) => each.method === method)
    if (route !== undefined) return { status: 'found', route, parameters }
    return { status: 'method-refused', allow: found.data.map((each) => each.method).join(', ') }
  }
}

function decodeAll(
  parameters: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> | undefined {
  const decoded = Object.entries(parameters).map(([name, segment]) => [
    name,
    decodeSegment(segment),
  ])
  return decoded.some(([, text]) => text === undefined) ? undefined : Object.fromEntries(decoded)
}
