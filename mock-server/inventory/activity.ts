import type { ActivityReport, AttackReport, ComponentReport } from '../../sdk/wire/messages.ts'
import type { Severity } from './severity.ts'

/** One attack on an application, and what became of it. */
export interface AttackRecord {
  /** The report's own. */
  readonly id: string
  /** The application's name. */
  readonly application: string
  readonly at: Date
  readonly rule: string
  readonly severity: Severity
  readonly title?: string
  readonly url?: string
  /** The attacker's address. */
  readonly source?: string
  readonly outcome: 'exploited' | 'blocked' | 'probed' | 'ineffective'
  readonly count: number
  readonly session?: string
  readonly tags: readonly string[]
}

/** What an application did in a period, as counts. */
export interface ActivityRecord {
  /** The application's name. */
  readonly application: string
  readonly since?: Date
  readonly until: Date
  readonly counts: Readonly<Record<string, number>>
}

/** One technology that an application is built with. */
export interface ComponentRecord {
  /** The application's name. */
  readonly application: string
  readonly name: string
  readonly version?: string
  readonly kind?: string
  readonly firstSeenAt: Date
  readonly lastSeenAt: Date
}

export function attackOf(
  report: AttackReport,
  application: string,
  session: string | undefined,
  at: Date,
): AttackRecord {
  const { id, rule = 'unknown', severity = 'medium', title, url, source, count = 1 } = report
  return {
    id,
    application,
    at,
    rule,
    severity,
    outcome: report.outcome ?? 'probed',
    count,
    tags: [],
    ...(title === undefined ? {} : { title }),
    ...(url === undefined ? {} : { url }),
    ...(source === undefined ? {} : { source }),
    ...(session === undefined ? {} : { session }),
  }
}

export function activityOf(
  { since, counts = {} }: ActivityReport,
  application: string,
  until: Date,
): ActivityRecord {
  const begin = since === undefined ? undefined : new Date(since)
  return {
    application,
    until,
    counts,
    ...(begin === undefined || Number.isNaN(begin.getTime()) ? {} : { since: begin }),
  }
}

/** What makes two reports of a component one, within an application. */
export function componentKey({ name = 'unnamed', kind = '' }: ComponentReport): string {
  return `${kind} ${name}`
}

export function absorbComponent(
  before: ComponentRecord | undefined,
  { name = 'unnamed', version, kind }: ComponentReport,
  application: string,
  at: Date,
): ComponentRecord {
  return {
    application,
    name,
    firstSeenAt: before?.firstSeenAt ?? at,
    lastSeenAt: at,
    ...(version === undefined ? {} : { version }),
    ...(kind === undefined ? {} : { kind }),
  }
}
