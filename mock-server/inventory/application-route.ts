import { createHash } from 'node:crypto'
import type { RouteReport } from '../../sdk/wire/messages.ts'

/** One route of an application: known to exist, and perhaps called. */
export interface ApplicationRouteRecord {
  /** SHA-1 in hexadecimal over application and signature: fit for a path. */
  readonly hash: string
  /** The application's name. */
  readonly application: string
  readonly method: string
  /** Such as `/orders/:id`. */
  readonly pattern: string
  readonly framework?: string
  readonly discoveredAt: Date
  readonly lastSeenAt: Date
  /** When it was called last; never, if it is only discovered. */
  readonly exercisedAt?: Date
  /** Requests, in all periods together. */
  readonly requests: number
  /** The newest periods in which it was called, oldest first. */
  readonly observations: readonly RouteObservation[]
  /** Of engines, in which it was seen; the newest. */
  readonly sessions: readonly string[]
  /** Left out of the coverage by somebody. */
  readonly isExcluded: boolean
}

export interface RouteObservation {
  readonly since?: Date
  readonly until: Date
  readonly requests: number
  readonly status?: number
  readonly session?: string
}

const OBSERVATIONS = 50
const SESSIONS = 50

export type RouteState = 'DISCOVERED' | 'EXERCISED'

export function routeState({ exercisedAt }: ApplicationRouteRecord): RouteState {
  return exercisedAt === undefined ? 'DISCOVERED' : 'EXERCISED'
}

/** The documented form of a route's name. */
export function routeSignature({
  method,
  pattern,
}: Pick<ApplicationRouteRecord, 'method' | 'pattern'>): string {
  return `${method} ${pattern}`
}

/** What makes two reports of a route one, within an application. */
export function routeKey({ method = 'GET', pattern = '/' }: RouteReport): string {
  return `${method} ${pattern}`
}

/** A route as one more report leaves it. */
export function absorbRoute(
  before: ApplicationRouteRecord | undefined,
  report: RouteReport,
  application: string,
  session: string | undefined,
  at: Date,
): ApplicationRouteRecord {
  const base = before ?? newRoute(report, application, at)
  const requests = report.count ?? 1
  const isObserved = report.state === 'observed' && requests > 0
  return {
    ...base,
    ...(report.framework === undefined ? {} : { framework: report.framework }),
    lastSeenAt: at > base.lastSeenAt ? at : base.lastSeenAt,
    sessions: withSession(base.sessions, session),
    ...(isObserved
      ? {
          exercisedAt: at > (base.exercisedAt ?? at) ? at : (base.exercisedAt ?? at),
          requests: base.requests + requests,
          observations: [...base.observations, observation(report, requests, session, at)].slice(
            -OBSERVATIONS,
          ),
        }
      : {}),
  }
}

function newRoute(report: RouteReport, application: string, at: Date): ApplicationRouteRecord {
  return {
    hash: createHash('sha1')
      .update(`${application}\n${routeKey(report)}`)
      .digest('hex'),
    application,
    method: report.method ?? 'GET',
    pattern: report.pattern ?? '/',
    discoveredAt: at,
    lastSeenAt: at,
    requests: 0,
    observations: [],
    sessions: [],
    isExcluded: false,
  }
}

function observation(
  { since, status }: RouteReport,
  requests: number,
  session: string | undefined,
  until: Date,
): RouteObservation {
  const begin = since === undefined ? undefined : new Date(since)
  return {
    until,
    requests,
    ...(begin === undefined || Number.isNaN(begin.getTime()) ? {} : { since: begin }),
    ...(status === undefined ? {} : { status }),
    ...(session === undefined ? {} : { session }),
  }
}

/** The newest sessions, each once. */
export function withSession(
  before: readonly string[],
  session: string | undefined,
): readonly string[] {
  if (session === undefined || before.includes(session)) return before
  return [...before, session].slice(-SESSIONS)
}
