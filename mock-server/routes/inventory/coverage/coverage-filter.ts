import type { Answer } from '../../../core/exchange.ts'
import {
  type ApplicationRouteRecord,
  routeSignature,
  routeState,
} from '../../../inventory/application-route.ts'
import type { SessionRecord } from '../../../store/records.ts'
import type { QueryReader } from '../../listing/query.ts'
import type { MetadataLabel } from '../messages.ts'
import { ENVIRONMENTS } from '../servers/server-filter.ts'
import { hasMetadata } from '../sessions/session-resource.ts'
import type { RoutesFound } from './find-routes.ts'
import { type CoverageScene, routeNumber } from './route-coverage.ts'

const QUICK_FILTERS = ['ALL', 'DISCOVERED', 'EXERCISED', 'EXCLUDED'] as const
type QuickFilter = (typeof QUICK_FILTERS)[number]

/** What the parameters of a list of routes mean, for the OpenAPI document. */
export const ROUTE_PARAMETERS = {
  filterText: 'Part of the method or the pattern',
  agentSessionId: 'Seen in this session',
  startDate: 'Called last at or after this moment',
  endDate: 'Called last at or before this moment',
  discoveredStartDate: 'Known at or after this moment',
  discoveredEndDate: 'Known at or before this moment',
  applicationIds: 'Ids of applications: without this one among them, nothing is found',
  excludedHashes: 'Routes to leave out',
  serverTags: 'On servers with one of these tags',
  serverEnvironments: 'DEVELOPMENT, QA or PRODUCTION',
  routeTypes: 'HTTP is what there is',
  quickFilter: `One of ${QUICK_FILTERS.join(', ')}`,
}

type Matches = (route: ApplicationRouteRecord) => boolean

/** Which routes a query asks for. Those that were excluded are told only to who asks for them. */
export function readRouteFilter(
  reader: QueryReader,
  { application, servers }: Pick<CoverageScene, 'application' | 'servers'>,
): Matches {
  const text = reader.text('filterText')?.toLowerCase()
  const session = reader.text('agentSessionId')
  const [from, until] = [reader.moment('startDate'), reader.moment('endDate')]
  const [foundFrom, foundUntil] = [
    reader.moment('discoveredStartDate'),
    reader.moment('discoveredEndDate'),
  ]
  const excluded = new Set(reader.list('excludedHashes'))
  const tags = new Set(reader.list('serverTags'))
  const environments = new Set<string>(reader.choices('serverEnvironments', ENVIRONMENTS))
  const ids = reader.list('applicationIds').map((each) => each.toLowerCase())
  const isOfApplication = ids.length === 0 || ids.includes(application.id)
  const types = reader.list('routeTypes').map((each) => each.toUpperCase())
  const isOnServer =
    tags.size + environments.size === 0 ||
    servers.some(
      (server) =>
        (tags.size === 0 || server.tags.some((tag) => tags.has(tag))) &&
        (environments.size === 0 || environments.has(server.environment)),
    )
  const isQuick = QUICK[reader.choice('quickFilter', QUICK_FILTERS) ?? 'ALL']
  return (route) =>
    isOfApplication &&
    isOnServer &&
    isQuick(route) &&
    (types.length === 0 || types.includes('HTTP')) &&
    (text === undefined || routeSignature(route).toLowerCase().includes(text)) &&
    (session === undefined || route.sessions.includes(session)) &&
    (from === undefined || (route.exercisedAt !== undefined && route.exercisedAt >= from)) &&
    (until === undefined || (route.exercisedAt !== undefined && route.exercisedAt <= until)) &&
    (foundFrom === undefined || route.discoveredAt >= foundFrom) &&
    (foundUntil === undefined || route.discoveredAt <= foundUntil) &&
    !excluded.has(route.hash) &&
    !excluded.has(routeNumber(route))
}

/** The routes that a query asks for, in the order that it asks for; refused where it cannot be read. */
export function filteredRoutes({ routes, scene, reader }: RoutesFound): {
  readonly routes: readonly ApplicationRouteRecord[]
  readonly refused: Answer | undefined
} {
  const matches = readRouteFilter(reader, scene)
  const sorted = readRouteOrder(reader)
  const refused = reader.refusal()
  return { routes: refused === undefined ? sorted(routes.filter(matches)) : [], refused }
}

/** The routes that were seen in a session with some metadata. */
export function seenInSessions(
  sessions: readonly SessionRecord[],
  {
    id,
    metadata,
  }: { readonly id: string | undefined; readonly metadata: readonly MetadataLabel[] },
): Matches {
  if (id === undefined && metadata.length === 0) return () => true
  const ids = new Set(
    metadata.length === 0
      ? []
      : sessions.filter((each) => hasMetadata(each, metadata)).map((each) => each.id),
  )
  if (id !== undefined) ids.add(id)
  return (route) => route.sessions.some((each) => ids.has(each))
}

const QUICK: Readonly<Record<QuickFilter, Matches>> = {
  ALL: ({ isExcluded }) => !isExcluded,
  DISCOVERED: (route) => !route.isExcluded && routeState(route) === 'DISCOVERED',
  EXERCISED: (route) => !route.isExcluded && routeState(route) === 'EXERCISED',
  EXCLUDED: ({ isExcluded }) => isExcluded,
}

/** How many there are of each quick filter. */
export function quickRouteCounts(routes: readonly ApplicationRouteRecord[]) {
  return QUICK_FILTERS.map((filterType) => ({
    filterType,
    name: filterType,
    count: routes.filter(QUICK[filterType]).length,
  }))
}

/** Sorts routes as a query asks; without a word in the order in which they came. */
export function readRouteOrder(
  reader: QueryReader,
): (routes: readonly ApplicationRouteRecord[]) => readonly ApplicationRouteRecord[] {
  const order = reader.sort(['signature', 'exercised'])
  if (order === undefined) return (routes) => routes
  const sign = order.isDescending ? -1 : 1
  const keyOf = {
    signature: routeSignature,
    exercised: ({ exercisedAt }: ApplicationRouteRecord) => exercisedAt?.getTime() ?? 0,
  }[order.field]
  return (routes) =>
    [...routes].sort((one, other) => {
      const [a, b] = [keyOf(one), keyOf(other)]
      return a === b ? 0 : a < b ? -sign : sign
    })
}
