import { type ApplicationRouteRecord, routeState } from '../../../inventory/application-route.ts'
import { done } from '../../done.ts'
import { notFound } from '../../listing/not-found.ts'
import { pageOf } from '../../listing/query.ts'
import { ALL_ROLES, route, routeWithBody } from '../../route.ts'
import { serverBase } from '../servers/server-resource.ts'
import { RouteSessionRequest } from '../validators.generated.js'
import {
  quickRouteCounts,
  ROUTE_PARAMETERS,
  readRouteFilter,
  readRouteOrder,
  seenInSessions,
} from './coverage-filter.ts'
import { aboutRoutes, type RoutesFound, routeNamed } from './find-routes.ts'
import { observation, routeResource } from './route-coverage.ts'

const ROUTES = '/ng/:org/applications/:app/route'

const LIST = {
  summary: 'List the routes of an application, called or not',
  isOurs: false,
  answer: 'RouteCoverageResponse',
  query: {
    ...ROUTE_PARAMETERS,
    limit: 'How many at most; all without it',
    offset: 'How many to leave out at the start',
    sort: 'signature or exercised; with - in front for descending',
    expand: 'observations, servers; skip_links leaves links out',
  },
}

/** Lists the routes of an application. */
export const listRoutes = route({
  method: 'GET',
  path: ROUTES,
  access: { people: ALL_ROLES },
  description: LIST,
  answer: (call) => aboutRoutes(call, call.query, (found) => listed(found, () => true)),
})

/** Lists the routes that were seen in a session, or in one with some metadata. */
export const findRoutes = routeWithBody({
  method: 'POST',
  path: `${ROUTES}/filter`,
  access: { people: ALL_ROLES },
  description: {
    ...LIST,
    summary: 'List the routes of an application that were seen in a session',
    request: 'RouteSessionRequest',
  },
  isBodyOptional: true,
  validator: RouteSessionRequest,
  answer: (call) =>
    aboutRoutes(call, call.query, async (found) => {
      const { sessionID, metadata } = call.message
      const { name } = found.scene.application
      const all = await call.store.sessions(call.organization.id)
      const sessions = all.filter(({ application }) => application === name)
      const id = sessionID === null || sessionID === '' ? undefined : sessionID
      return listed(found, seenInSessions(sessions, { id, metadata: metadata ?? [] }))
    }),
})

/** Counts the routes of each quick filter. */
export const countRoutes = route({
  method: 'GET',
  path: `${ROUTES}/filters/quick`,
  access: { people: ALL_ROLES },
  description: {
    summary: 'Count the routes of each quick filter',
    isOurs: false,
    answer: 'NgQuickFilterResponse',
  },
  answer: (call) =>
    aboutRoutes(call, call.query, ({ routes }) => done({ filters: quickRouteCounts(routes) })),
})

/** Tells how many routes of an application were called. */
export const showRouteStatus = route({
  method: 'GET',
  path: `${ROUTES}/status`,
  access: { people: ALL_ROLES },
  description: {
    summary: 'Tell how many routes of an application were called',
    isOurs: false,
    answer: 'DoneAnswer',
  },
  answer: (call) =>
    aboutRoutes(call, call.query, ({ routes }) =>
      done(counted(routes.filter(({ isExcluded }) => !isExcluded))),
    ),
})

/** Lists the observations of a route, newest first. */
export const listObservations = route({
  method: 'GET',
  path: `${ROUTES}/:route/observations`,
  access: { people: ALL_ROLES },
  description: {
    summary: 'List the observations of a route, newest first',
    isOurs: false,
    answer: 'RouteCoverageObservationsResponse',
    query: { limitTo: 'How many at most', agentSessionId: 'Seen in this session' },
  },
  answer: (call) =>
    aboutRoutes(call, call.query, ({ routes, reader }) => {
      const found = routeNamed(routes, call.parameters)
      if (found === undefined) return notFound('route')
      const limit = reader.required('limitTo', reader.wholeNumber('limitTo'))
      const session = reader.text('agentSessionId')
      const seen = found.observations.filter(
        (each) => session === undefined || each.session === session,
      )
      return (
        reader.refusal() ??
        done({
          observations: seen.slice(0, limit).map(() => observation(found)),
          total: seen.length,
        })
      )
    }),
})

/** Lists the servers on which a route was seen. */
export const listServersOfRoute = route({
  method: 'GET',
  path: `${ROUTES}/:route/servers`,
  access: { people: ALL_ROLES },
  description: {
    summary: 'List the servers of a route: those of its application',
    isOurs: false,
    answer: 'RouteCoverageServersResponse',
  },
  answer: (call) =>
    aboutRoutes(call, call.query, ({ routes, scene: { servers, organizationId, links } }) =>
      routeNamed(routes, call.parameters) === undefined
        ? notFound('route')
        : done({
            servers: servers.map((each) => serverBase(each, organizationId, links)),
            total: servers.length,
          }),
    ),
})

function listed(
  { routes, scene, reader }: RoutesFound,
  isSeen: (route: ApplicationRouteRecord) => boolean,
) {
  const matches = readRouteFilter(reader, scene)
  const sorted = readRouteOrder(reader)
  const page = reader.page()
  const refused = reader.refusal()
  if (refused !== undefined) return refused
  const unseen = routes.filter(matches)
  const found = unseen.filter(isSeen)
  const { count, exercisedCount, discoveredCount } = counted(found)
  return done({
    routes: pageOf(sorted(found), page).map((each) => routeResource(each, scene)),
    count,
    exercisedCount,
    discoveredCount,
    combined_count: count,
    combined_exercised: exercisedCount,
    global_count: routes.length,
    total_count_except_session_metadata_filter: unseen.length,
    exercised_count_except_session_metadata_filter: counted(unseen).exercisedCount,
    entrypoint_type_counts: [],
  })
}

/** All routes, those that were called, and those of which it is only known that they are there. */
function counted(routes: readonly ApplicationRouteRecord[]) {
  const exercisedCount = routes.filter((each) => routeState(each) === 'EXERCISED').length
  return { count: routes.length, exercisedCount, discoveredCount: routes.length - exercisedCount }
}
