import type { Answer } from '../../../core/exchange.ts'
import type { ApplicationRouteRecord } from '../../../inventory/application-route.ts'
import { done } from '../../done.ts'
import { notFound } from '../../listing/not-found.ts'
import { ADMIN_ONLY, type Call, route, routeWithBody } from '../../route.ts'
import { withBody } from '../body-as-query.ts'
import type { RouteHashesMessage } from '../messages.ts'
import { RouteCoverageFilterRequest, RouteHashesRequest } from '../validators.generated.js'
import { filteredRoutes, ROUTE_PARAMETERS } from './coverage-filter.ts'
import { aboutRoutes, routeNamed, routesNamed } from './find-routes.ts'

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
      await remove(call, routesNamed(routes, hashesOf(call.message)))
      return done()
    }),
})

/** Forgets the routes that a filter finds. */
export const removeFilteredRoutes = route({
  method: 'DELETE',
  path: `${ROUTES}/bulk/filters`,
  access: { people: ADMIN_ONLY },
  description: {
    summary: 'Forget the routes of an application that a filter finds',
    isOurs: false,
    answer: 'BaseApiResponse',
    query: ROUTE_PARAMETERS,
  },
  answer: (call) =>
    aboutRoutes(call, call.query, async (found) => {
      const { routes, refused } = filteredRoutes(found)
      if (refused !== undefined) return refused
      await remove(call, routes)
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
      aboutRoutes(call, call.query, ({ routes }) =>
        change(call, routesNamed(routes, hashesOf(call.message)), word),
      ),
  })

/** The same of all that a filter finds; of excluded routes, `include` looks unless it says otherwise. */
const filteredExclusionAt = (word: 'exclude' | 'include') =>
  routeWithBody({
    method: 'PUT',
    path: `${ROUTES}/${word}/bulk`,
    access: { people: ADMIN_ONLY },
    isBodyOptional: true,
    description: {
      summary:
        word === 'exclude'
          ? 'Leave the routes that a filter finds out of the coverage'
          : 'Count the excluded routes that a filter finds again',
      isOurs: false,
      request: 'RouteCoverageFilterRequest',
      answer: 'RouteCoverageBaseApiResponse',
    },
    validator: RouteCoverageFilterRequest,
    answer: (call) => {
      const quickFilter = word === 'exclude' ? 'ALL' : 'EXCLUDED'
      const query = withBody(call.query, {
        ...call.message,
        quickFilter: call.message.quickFilter || quickFilter,
      })
      return aboutRoutes(call, query, (found) => {
        const { routes, refused } = filteredRoutes(found)
        return refused ?? change(call, routes, word)
      })
    },
  })

export const excludeRoutes = exclusionAt('exclude')

export const includeRoutes = exclusionAt('include')

export const excludeFilteredRoutes = filteredExclusionAt('exclude')

export const includeFilteredRoutes = filteredExclusionAt('include')

async function change(
  { organization, store }: Pick<Call, 'organization' | 'store'>,
  routes: readonly ApplicationRouteRecord[],
  word: 'exclude' | 'include',
): Promise<Answer> {
  for (const { hash } of routes) {
    await store.changeRoute(organization.id, hash, (before) => ({
      ...before,
      isExcluded: word === 'exclude',
    }))
  }
  return done()
}

function hashesOf({ routeHashes, route_hashes }: RouteHashesMessage): readonly string[] {
  return [...(routeHashes ?? []), ...(route_hashes ?? [])].map(String)
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
