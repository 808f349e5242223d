import type { Answer } from '../../../core/exchange.ts'
import { CSV_TYPE } from '../../../documents/csv.ts'
import { type Columns, tableAsCsv } from '../../../documents/table.ts'
import type {
  ApplicationRouteRecord,
  RouteObservation,
} from '../../../inventory/application-route.ts'
import { attachment, fileWord } from '../../attachment.ts'
import { keepExport } from '../../exports/keep-export.ts'
import { notFound } from '../../listing/not-found.ts'
import { ALL_ROLES, type GuardedRoute, route, routeWithBody } from '../../route.ts'
import { withBody } from '../body-as-query.ts'
import { RouteCoverageFilterRequest } from '../validators.generated.js'
import { filteredRoutes, ROUTE_PARAMETERS } from './coverage-filter.ts'
import { aboutRoutes, type RoutesFound, routeNamed, routesNamed } from './find-routes.ts'
import { type CoverageScene, routeResource } from './route-coverage.ts'

const ROUTES = '/ng/:org/applications/:app/route'
const SORT = { sort: 'signature or exercised; with - in front for descending' }
const COMMON = { method: 'POST', access: { people: ALL_ROLES } } as const
const CSV = { isOurs: false, answerType: 'text/csv' }

/** Exports the routes that a filter finds: two paths are documented for it. */
const exportAt = (path: string) =>
  route({
    ...COMMON,
    path: `${ROUTES}/${path}`,
    description: {
      ...CSV,
      summary: 'Export the routes of an application as CSV',
      query: { ...ROUTE_PARAMETERS, ...SORT },
    },
    answer: (call) =>
      aboutRoutes(call, call.query, (found) => {
        const { routes, refused } = filteredRoutes(found)
        return refused ?? attached(found, csvOfRoutes(routes, found))
      }),
  })

const exportSome = route({
  ...COMMON,
  path: `${ROUTES}/bulk/export/csv`,
  description: {
    ...CSV,
    summary: 'Export some routes of an application as CSV',
    query: {
      routeHashes: 'Hashes or numbers of routes',
      agentSessionId: ROUTE_PARAMETERS.agentSessionId,
    },
  },
  answer: (call) =>
    aboutRoutes(call, call.query, (found) => {
      const { reader } = found
      const hashes = reader.list('routeHashes')
      if (hashes.length === 0) {
        reader.mistake('send routeHashes in the query, or ask for /route/export/csv')
      }
      const session = reader.text('agentSessionId')
      const refused = reader.refusal()
      if (refused !== undefined) return refused
      const named = routesNamed(found.routes, hashes)
      const routes = named.filter(
        ({ sessions }) => session === undefined || sessions.includes(session),
      )
      return attached(found, csvOfRoutes(routes, found))
    }),
})

const exportObservations = route({
  ...COMMON,
  path: `${ROUTES}/:route/observations/export/csv`,
  description: {
    ...CSV,
    summary: 'Export the observations of a route as CSV, newest first',
    query: { agentSessionId: ROUTE_PARAMETERS.agentSessionId },
  },
  answer: (call) =>
    aboutRoutes(call, call.query, (found) => {
      const record = routeNamed(found.routes, call.parameters)
      if (record === undefined) return notFound('route')
      const session = found.reader.text('agentSessionId')
      const rows = record.observations
        .filter((each) => session === undefined || each.session === session)
        .toReversed()
        .map((each) => observationRow(record, each))
      return attached(found, tableAsCsv(OBSERVATION_COLUMNS, rows))
    }),
})

const makeExport = routeWithBody({
  ...COMMON,
  path: `${ROUTES}/bulk/export/filters/csv/async`,
  isBodyOptional: true,
  description: {
    summary: 'Make CSV of the routes of an application, to be downloaded',
    isOurs: false,
    request: 'RouteCoverageFilterRequest',
    answer: 'RouteCoverageAsyncExportResponse',
  },
  validator: RouteCoverageFilterRequest,
  answer: (call) =>
    aboutRoutes(call, withBody(call.query, call.message), (found) => {
      const { routes, refused } = filteredRoutes(found)
      if (refused !== undefined) return refused
      return keepExport(call, {
        kind: 'ROUTE_COVERAGE',
        fileName: fileNameFor(found),
        contentType: CSV_TYPE,
        bytes: Buffer.from(csvOfRoutes(routes, found)),
      })
    }),
})

export const ROUTE_EXPORTS: readonly GuardedRoute[] = [
  exportAt('export/csv'),
  exportAt('bulk/export/filters/csv'),
  exportSome,
  exportObservations,
  makeExport,
]

function attached(found: RoutesFound, csv: string): Answer {
  return attachment(fileNameFor(found), CSV_TYPE, csv)
}

function fileNameFor({ scene }: RoutesFound): string {
  return `routes-${fileWord(scene.application.name)}.csv`
}

const COLUMNS: Columns<keyof ReturnType<typeof rowOf>> = [
  ['Route', 'signature'],
  ['Status', 'status'],
  ['Discovered', 'discovered'],
  ['Last Exercised', 'exercised'],
  ['Requests', 'requests'],
  ['Environments', 'environments'],
  ['Servers', 'servers'],
  ['Vulnerabilities', 'vulnerabilities'],
  ['Critical Vulnerabilities', 'critical'],
]

function csvOfRoutes(
  routes: readonly ApplicationRouteRecord[],
  { scene }: Pick<RoutesFound, 'scene'>,
): string {
  return tableAsCsv(
    COLUMNS,
    routes.map((record) => rowOf(record, scene)),
  )
}

function rowOf(record: ApplicationRouteRecord, scene: CoverageScene) {
  const resource = routeResource(record, scene)
  return {
    signature: resource.signature,
    status: resource.status,
    discovered: record.discoveredAt.toISOString(),
    exercised: record.exercisedAt?.toISOString(),
    requests: record.requests,
    environments: resource.environments.join(', '),
    servers: resource.servers_total,
    vulnerabilities: resource.vulnerabilities,
    critical: resource.critical,
  }
}

const OBSERVATION_COLUMNS: Columns<keyof ReturnType<typeof observationRow>> = [
  ['Verb', 'method'],
  ['URL', 'pattern'],
  ['From', 'from'],
  ['Until', 'until'],
  ['Requests', 'requests'],
  ['Status', 'status'],
]

function observationRow(
  { method, pattern }: ApplicationRouteRecord,
  { since, until, requests, status }: RouteObservation,
) {
  return {
    method,
    pattern,
    from: since?.toISOString(),
    until: until.toISOString(),
    requests,
    status,
  }
}
