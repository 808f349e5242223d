import type { QueryReader } from '../listing/query.ts'

const DAY_MS = 86_400_000

/** How far back each period reaches, and how long its steps are. */
const PERIODS = {
  WEEK: { days: 7, stepDays: 1 },
  MONTH: { days: 30, stepDays: 1 },
  YEAR: { days: 360, stepDays: 30 },
} as const

export type TrendPeriod = keyof typeof PERIODS

export const TREND_PERIODS: readonly TrendPeriod[] = ['WEEK', 'MONTH', 'YEAR']

export const TREND_PARAMETER = { interval: 'WEEK, MONTH or YEAR; WEEK without it' }

/** A stretch of time: its start belongs to it, its end does not. */
export interface Stretch {
  readonly startMs: number
  readonly endMs: number
}

/** The period that a query asks for, up to now. */
export interface Trend extends Stretch {
  readonly steps: readonly Stretch[]
  /** The same length before it. */
  readonly previous: Stretch
}

export function readTrend(reader: QueryReader, now: Date): Trend {
  const { days, stepDays } = PERIODS[reader.choice('interval', TREND_PERIODS) ?? 'WEEK']
  // The moment of the question belongs to what is asked about.
  const endMs = now.getTime() + 1
  const startMs = endMs - days * DAY_MS
  const stepMs = stepDays * DAY_MS
  const steps = Array.from({ length: days / stepDays }, (_, at) => ({
    startMs: startMs + at * stepMs,
    endMs: startMs + (at + 1) * stepMs,
  }))
  return { startMs, endMs, steps, previous: { startMs: startMs - days * DAY_MS, endMs: startMs } }
}

export function isWithin({ startMs, endMs }: Stretch, at: Date): boolean {
  return at.getTime() >= startMs && at.getTime() < endMs
}
