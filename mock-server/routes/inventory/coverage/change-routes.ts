import type { ApplicationRouteRecord } from '../../../inventory/application-route.ts'
import { done } from '../../done.ts'
import { notFound } from '../../listing/not-found.ts'
import { ADMIN_ONLY, type Call, route, routeWithBody } from '../../route.ts'
import type { RouteHashesMessage } from '../messages.ts'
import { RouteHashesRequest } from '../validators.generated.js'
import { aboutRoutes, routeNamed } from './find-routes.ts'
import { routeNumber } from './route-coverage.ts'

const ROUTES = '/ng/:org/applications/:app/route'

/** Forgets the routes of an application; one that is seen again is new. */
export const removeRoutes = route({
  method: 'DELETE',
  path: ROUTES,
  access: { people: ADMIN_ONLY },
  description: {
    summary: 'Forget the routes of an application',
    isOurs: false,
    answer: 'BaseApiResponse',
  },
  answer: (call) =>
    aboutRoutes(call, call.query, async ({ routes }) => {
      await remove(call, routes)
      return done()
    }),
})

/** Forgets one route. */
export const removeRoute = route({
  method: 'DELETE',
  path: `${ROUTES}/:route`,
  access: { people: ADMIN_ONLY },
  description: { summary: 'Forget a route', isOurs: false, answer: 'BaseApiResponse' },
  answer: (call) =>
    aboutRoutes(call, call.query, async ({ routes }) => {
      const found = routeNamed(routes, call.parameters)
      if (found === undefined) return notFound('route')
      await remove(call, [found])
      return done()
    }),
})

/** Forgets some routes. */
export const removeSomeRoutes = routeWithBody({
  method: 'DELETE',
  path: `${ROUTES}/bulk`,
  access: { people: ADMIN_ONLY },
  description: {
    summary: 'Forget some routes of an application',
    isOurs: false,
    request: 'RouteHashesRequest',
    answer: 'BaseApiResponse',
  },
  validator: RouteHashesRequest,
  answer: (call) =>
    aboutRoutes(call, call.query, async ({ routes }) => {
      await remove(call, routesNamed(routes, call.message))
      return done()
    }),
})

/** Takes routes out of the coverage, or back into it. */
const exclusionAt = (word: 'exclude' | 'include') =>
  routeWithBody({
    method: 'PUT',
    path: `${ROUTES}/${word}`,
    access: { people: ADMIN_ONLY },
    description: {
      summary:
        word === 'exclude' ? 'Leave routes out of the coverage' : 'Count excluded routes again',
      isOurs: false,
      request: 'RouteHashesRequest',
      answer: 'RouteCoverageBaseApiResponse',
    },
    validator: RouteHashesRequest,
    answer: (call) =>
      aboutRoutes(call, call.query, async ({ routes }) => {
        for (const { hash } of routesNamed(routes, call.message)) {
          await call.store.changeRoute(call.organization.id, hash, (before) => ({
            ...before,
            isExcluded: word === 'exclude',
          }))
        }
        return done()
      }),
  })

export const excludeRoutes = exclusionAt('exclude')

export const includeRoutes = exclusionAt('include')

function routesNamed(
  routes: readonly ApplicationRouteRecord[],
  { routeHashes, route_hashes }: RouteHashesMessage,
): readonly ApplicationRouteRecord[] {
  const named = new Set([...(routeHashes ?? []), ...(route_hashes ?? [])].map(String))
  return routes.filter((each) => named.has(each.hash) || named.has(routeNumber(each)))
}

function remove(
  { organization, store }: Pick<Call, 'organization' | 'store'>,
  routes: readonly ApplicationRouteRecord[],
): Promise<number> {
  return store.removeRoutes(
    organization.id,
    routes.map(({ hash }) => hash),
  )
}
