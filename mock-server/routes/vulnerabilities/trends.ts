import { refusal } from '../../core/answer.ts'
import type { Answer } from '../../core/exchange.ts'
import {
  type Interval,
  intervalsOf,
  openBefore,
  SPAN_WORDS,
  type Span,
  wasClosedWithin,
  wasOpenBefore,
} from '../../inventory/history.ts'
import { SEVERITIES } from '../../inventory/severity.ts'
import type { VulnerabilityRecord } from '../../inventory/vulnerability.ts'
import { ownValue } from '../../own-value.ts'
import { done } from '../done.ts'
import { createQueryReader, queryOf } from '../listing/query.ts'
import { ALL_ROLES, type Call, type GuardedRoute, route, routeWithBody } from '../route.ts'
import { FILTER_PARAMETERS, readFilter } from './read-filter.ts'
import {
  APPLICATION_SCOPE,
  inside,
  ORGANIZATION_SCOPE,
  type Scope,
  type VulnerabilityCall,
} from './scope.ts'
import { VulnerabilitySnapshotFiltersRequest } from './validators.generated.js'
import { withoutArchived } from './without-archived.ts'
import { label } from './words.ts'

/** The parameters of a trend by what the lists of vulnerabilities call the same. */
const TREND_PARAMETERS: Readonly<Record<string, string>> = {
  ruleSeverities: 'severities',
  rules: 'vulnTypes',
  applicationImportance: 'applicationImportances',
  applications: 'modules',
  serverEnvironments: 'environments',
  servers: 'servers',
  appTags: 'applicationTags',
  serverTags: 'serverTags',
  vulnTags: 'filterTags',
  appVersions: 'appVersionTags',
  securityStandards: 'securityStandards',
}

/** How many were found and closed in each stretch of time, or were open and closed at its end. */
function showTrend(what: 'new' | 'total'): GuardedRoute {
  return route({
    method: 'GET',
    path: `/ng/:org/orgtraces/stats/trend/:interval/${what}`,
    access: { people: ALL_ROLES },
    description: {
      summary:
        what === 'new'
          ? 'Count the vulnerabilities that were found and closed, over time'
          : 'Count the open and the closed vulnerabilities, over time',
      isOurs: false,
      answer: 'TraceTrendResponse',
      query: Object.fromEntries(
        Object.entries(TREND_PARAMETERS).map(([name, same]) => [name, `As ${same} of a list`]),
      ),
    },
    async answer(call: Call) {
      const span = spanOf(call.parameters.interval)
      if (span === undefined) return refusal('not-available')
      const renamed = new URLSearchParams(
        [...call.query].map(([name, value]): [string, string] => [
          ownValue(TREND_PARAMETERS, name) ?? name,
          value,
        ]),
      )
      const found = await recordsOf(call, renamed, ORGANIZATION_SCOPE)
      if (!('records' in found)) return found
      const { records } = found
      const count = (
        { start, end }: Interval,
        holds: (record: VulnerabilityRecord) => boolean,
      ) => ({
        start: start.getTime(),
        end: end.getTime(),
        count: records.filter(holds).length,
      })
      const intervals = intervalsOf(span, call.now)
      if (what === 'new') {
        return done({
          open: intervals.map((each) =>
            count(each, ({ firstSeenAt }) => firstSeenAt >= each.start && firstSeenAt < each.end),
          ),
          closed: intervals.map((each) => count(each, (record) => wasClosedWithin(record, each))),
        })
      }
      return done({
        open: intervals.map((each) => count(each, (record) => wasOpenBefore(record, each.end))),
        closed: intervals.map((each) =>
          count(
            each,
            (record) => record.firstSeenAt < each.end && !wasOpenBefore(record, each.end),
          ),
        ),
      })
    },
  })
}

const DAY_MS = 86_400_000

const showTimeToRemediate = route({
  method: 'GET',
  path: '/ng/:org/orgtraces/stats/ttr/severity/trend',
  access: { people: ALL_ROLES },
  description: {
    summary: 'Show how long vulnerabilities of each severity took until they were closed',
    isOurs: false,
    answer: 'TraceTTRTrendStatsResponse',
    query: { startTime: 'Closed from this moment on', endTime: 'Closed up to this moment' },
  },
  async answer(call: Call) {
    const query = createQueryReader(call.query)
    const from = query.moment('startTime')
    const until = query.moment('endTime')
    query.choice('filterType', ['CLOSED', 'DISCOVERED', 'LAST_SEEN'])
    const refused = query.refusal()
    if (refused !== undefined) return refused
    const { store, organization } = call
    const active = withoutArchived(await store.applications(organization.id))
    const { vulnerabilities } = await store.searchVulnerabilities(organization.id, {
      filter: { ...active, isOpen: false },
    })
    const trend = SEVERITIES.map((severity) => {
      const days = vulnerabilities.flatMap((record) => {
        const { closedAt } = record.triage
        const isWanted =
          record.severity === severity &&
          closedAt !== undefined &&
          (from === undefined || closedAt >= from) &&
          (until === undefined || closedAt <= until)
        return isWanted ? [(closedAt.getTime() - record.firstSeenAt.getTime()) / DAY_MS] : []
      })
      const total = days.reduce((sum, each) => sum + each, 0)
      return {
        severity: severity.toUpperCase(),
        label: label(severity),
        count: days.length,
        averageDays: days.length === 0 ? 0 : Math.round(total / days.length),
      }
    })
    return done({ trend })
  },
})

/** How many of each severity were open, or were found, at points in time. */
function snapshotsOf(what: 'severity' | 'discovery'): readonly GuardedRoute[] {
  const head = {
    path: `${APPLICATION_SCOPE.base}/snapshots/${what}`,
    access: { people: ALL_ROLES },
  }
  const summary =
    what === 'severity'
      ? 'Count the open vulnerabilities of an application by severity, over time'
      : 'Count the vulnerabilities of an application that were found by severity, over time'
  const answer = 'VulnerabilitySeveritySnapshotResponse'
  return [
    route({
      ...head,
      method: 'GET',
      description: {
        summary,
        isOurs: false,
        answer,
        query: { interval: `${SPAN_WORDS.join(', ')}; month without it`, ...FILTER_PARAMETERS },
      },
      answer: (call) => snapshots(call, call.query, what),
    }),
    routeWithBody({
      ...head,
      method: 'POST',
      description: {
        summary: `${summary}, by a body`,
        isOurs: false,
        request: 'VulnerabilitySnapshotFiltersRequest',
        answer,
      },
      validator: VulnerabilitySnapshotFiltersRequest,
      answer: (call) => snapshots(call, queryOf(call.query, { ...call.message }), what),
    }),
  ]
}

async function snapshots(
  call: VulnerabilityCall,
  parameters: URLSearchParams,
  what: 'severity' | 'discovery',
): Promise<Answer> {
  const query = createQueryReader(parameters)
  const span = query.choice('interval', SPAN_WORDS) ?? 'month'
  const refused = query.refusal()
  if (refused !== undefined) return refused
  const found = await recordsOf(call, parameters, APPLICATION_SCOPE)
  if (!('records' in found)) return found
  const { records } = found
  const data = intervalsOf(span, call.now).map(({ start, end }) => {
    const counted =
      what === 'severity'
        ? openBefore(records, end)
        : openBefore(
            records
              .filter(({ firstSeenAt }) => firstSeenAt >= start && firstSeenAt < end)
              .map((record) => ({
                ...record,
                triage: { ...record.triage, status: 'reported', history: [] },
              })),
            end,
          )
    const counts = SEVERITIES.map((severity) => [severity, counted.get(severity) ?? 0])
    return { timestamp: end.getTime(), ...Object.fromEntries(counts) }
  })
  return done({ data })
}

/** Everything that a filter finds in a scope, or the answer that it cannot be asked. */
async function recordsOf(
  call: VulnerabilityCall,
  parameters: URLSearchParams,
  scope: Scope,
): Promise<{ readonly records: readonly VulnerabilityRecord[] } | Answer> {
  const query = createQueryReader(parameters)
  const found = await inside(call, scope)
  if (found.status === 'absent') return found.answer
  const filter = await readFilter(query, call, found.surroundings, found.names)
  const refused = query.refusal()
  if (refused !== undefined) return refused
  const { vulnerabilities } = await call.store.searchVulnerabilities(call.organization.id, {
    filter,
  })
  return { records: vulnerabilities }
}

function spanOf(word: string | undefined): Span | undefined {
  return SPAN_WORDS.find((span) => span === word?.toLowerCase())
}

export const TREND_ROUTES: readonly GuardedRoute[] = [
  showTrend('new'),
  showTrend('total'),
  showTimeToRemediate,
  ...snapshotsOf('severity'),
  ...snapshotsOf('discovery'),
]
