import {
  type Interval,
  intervalsOf,
  type Span,
  securityGradeBefore,
} from '../../inventory/history.ts'
import { type LibraryRecord, libraryScore } from '../../inventory/library.ts'
import { average } from '../../inventory/scores.ts'
import type { VulnerabilityRecord } from '../../inventory/vulnerability.ts'
import { done } from '../done.ts'
import { createQueryReader } from '../listing/query.ts'
import { ALL_ROLES, type Call, type GuardedRoute, route } from '../route.ts'
import { withoutArchived } from '../vulnerabilities/without-archived.ts'

/** The documented words. */
export const SCORE_INTERVALS = ['WEEK', 'MONTH', 'YEAR'] as const
type ScoreInterval = (typeof SCORE_INTERVALS)[number]

const SPANS: Readonly<Record<ScoreInterval, Span>> = { WEEK: 'week', MONTH: 'month', YEAR: 'year' }

/** @default a month */
export function spanOfInterval(interval: ScoreInterval | undefined): Span {
  return SPANS[interval ?? 'MONTH']
}

interface HistoryScore {
  readonly timestamp: number
  readonly score: number
}

/** The scores of some applications, or of all, at the end of each stretch of time. */
export async function scoreHistory(
  { store, organization, now }: Call,
  span: Span,
  applications?: ReadonlySet<string>,
): Promise<{
  readonly security: readonly HistoryScore[]
  readonly platform: readonly HistoryScore[]
  readonly total: readonly HistoryScore[]
}> {
  const all = await store.applications(organization.id)
  const filter = applications === undefined ? withoutArchived(all) : { applications }
  const { vulnerabilities } = await store.searchVulnerabilities(organization.id, { filter })
  const libraries = await store.libraries(organization.id)
  const intervals = intervalsOf(span, now)
  const known = all
    .filter(({ name, isArchived }) => applications?.has(name) ?? !isArchived)
    .map(({ name }) => name)
  const byName = grouped(vulnerabilities)
  const security = intervals.map((each) =>
    at(each, average(known.map((name) => securityGradeBefore(byName.get(name) ?? [], each.end)))),
  )
  const platform = intervals.map((each) =>
    at(each, average(known.map((name) => platformGrade(libraries, name, each.end)))),
  )
  const total = intervals.map((each, index) =>
    at(each, average([security[index]?.score ?? 100, platform[index]?.score ?? 100])),
  )
  return { security, platform, total }
}

function at({ end }: Interval, score: number): HistoryScore {
  return { timestamp: end.getTime(), score }
}

function grouped(
  records: readonly VulnerabilityRecord[],
): ReadonlyMap<string, readonly VulnerabilityRecord[]> {
  const groups = new Map<string, VulnerabilityRecord[]>()
  for (const record of records) {
    const own = groups.get(record.application) ?? []
    own.push(record)
    groups.set(record.application, own)
  }
  return groups
}

function platformGrade(libraries: readonly LibraryRecord[], name: string, before: Date): number {
  return average(
    libraries
      .filter(({ uses }) => (uses.get(name)?.firstSeenAt ?? before) < before)
      .map(libraryScore),
  )
}

function historyAt(path: string, summary: string, hasInterval: boolean): GuardedRoute {
  return route({
    method: 'GET',
    path: `/ng/:org/history/${path}`,
    access: { people: ALL_ROLES },
    description: {
      summary,
      isOurs: false,
      answer: 'HistoryScoresResponse',
      query: hasInterval
        ? { interval: SCORE_INTERVALS.join(', ') }
        : { limit: 'How many of the newest' },
    },
    async answer(call: Call) {
      const query = createQueryReader(call.query)
      const interval = query.choice('interval', SCORE_INTERVALS)
      const limit = query.wholeNumber('limit')
      if (hasInterval) query.required('interval', interval)
      const refused = query.refusal()
      if (refused !== undefined) return refused
      const { security, platform, total } = await scoreHistory(call, spanOfInterval(interval))
      const newest = (scores: readonly HistoryScore[]) =>
        limit === undefined ? scores : scores.slice(Math.max(0, scores.length - limit))
      return done({
        security: newest(security),
        platform: newest(platform),
        total: newest(total),
      })
    },
  })
}

export const HISTORY_ROUTES: readonly GuardedRoute[] = [
  historyAt('scores', 'Show the scores of the organization over the last month', false),
  historyAt('scores/interval', 'Show the scores of the organization over time', true),
  historyAt('scores/interval/defense', 'Show the scores of the organization over time', true),
]
