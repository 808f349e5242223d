import { securityGrade } from './scores.ts'
import { isOpen, type VulnerabilityRecord } from './vulnerability.ts'

/** A stretch of time; its end is not part of it. */
export interface Interval {
  readonly start: Date
  readonly end: Date
}

const DAY_MS = 86_400_000

/** The documented lengths of time, each as how many stretches of how many days. */
const SPANS = {
  week: [7, 1],
  month: [30, 1],
  quarter: [13, 7],
  year: [52, 7],
} as const
export type Span = keyof typeof SPANS
export const SPAN_WORDS = Object.keys(SPANS) as readonly Span[]

/** The stretches of a span up to now, oldest first. */
export function intervalsOf(span: Span, now: Date): readonly Interval[] {
  const [count, days] = SPANS[span]
  const end = now.getTime() + 1
  return Array.from({ length: count }, (_, at) => ({
    start: new Date(end - (count - at) * days * DAY_MS),
    end: new Date(end - (count - at - 1) * days * DAY_MS),
  }))
}

/** Whether it was known and not closed just before a moment. */
export function wasOpenBefore(record: VulnerabilityRecord, moment: Date): boolean {
  if (record.firstSeenAt >= moment) return false
  const { history, closedAt, status } = record.triage
  const changes = history.filter(({ at }) => at < moment)
  const last = changes.at(-1)
  if (last !== undefined) return isOpen(last.to)
  if (history.length > 0) return isOpen(history[0]?.from ?? 'reported')
  // A seed may close without saying who did it.
  return isOpen(status) || closedAt === undefined || closedAt >= moment
}

/** Whether it was closed within a stretch of time. */
export function wasClosedWithin(
  { triage }: VulnerabilityRecord,
  { start, end }: Interval,
): boolean {
  return triage.closedAt !== undefined && triage.closedAt >= start && triage.closedAt < end
}

/** How many of each severity were open just before a moment. */
export function openBefore(
  records: readonly VulnerabilityRecord[],
  moment: Date,
): ReadonlyMap<string, number> {
  const open = new Map<string, number>()
  for (const record of records) {
    if (wasOpenBefore(record, moment))
      open.set(record.severity, (open.get(record.severity) ?? 0) + 1)
  }
  return open
}

/** The score of the custom code as it was just before a moment. */
export function securityGradeBefore(records: readonly VulnerabilityRecord[], moment: Date): number {
  return securityGrade(openBefore(records, moment))
}
