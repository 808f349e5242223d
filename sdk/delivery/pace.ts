import { BACKOFF_BASE_MS, backoffMs } from '../transport/backoff.ts'
import type { Delivery, HoldCause } from '../transport/classify.ts'

/** What an answer changed, for the one line that is said about it. */
export type PaceChange = 'holding' | 'retrying' | 'resumed'

/** When the next request may leave. */
export interface Pace {
  readonly state: 'clear' | 'retrying' | 'holding'
  /** Absent outside a hold. */
  readonly holdCause: HoldCause | undefined
  /** On the clock; `-Infinity` when nothing stands in the way. */
  readonly nextAtMs: number
  /** Setbacks in a row, so far. */
  readonly setbacks: number
  /** Learns from an answer. @returns The change of state, if it is one. */
  note(delivery: Delivery<unknown>): PaceChange | undefined
  /** Another answer of the same setback asks for a wait: it may only grow. */
  extend(waitMs: number | undefined): void
  /** Ends a hold at once: what it waited for has been changed. */
  release(): void
}

/** In a hold one request finds out whether it is over: after 30 s, then every 5 minutes. */
export const FIRST_PROBE_MS = 30_000
export const PROBE_PERIOD_MS = 300_000
/** An archived application comes back without our doing: every 2 minutes. */
export const ARCHIVED_PROBE_PERIOD_MS = 120_000

export function createPace(options: { now(): number; random(): number }): Pace {
  const { now, random } = options
  let holdCause: HoldCause | undefined
  let probes = 0
  let failures = 0
  let setbacks = 0
  let nextAtMs = Number.NEGATIVE_INFINITY
  // Set until an answer shows that things work again; it outlives a release.
  let isInterrupted = false

  function clear(): void {
    holdCause = undefined
    probes = 0
    failures = 0
    setbacks = 0
    nextAtMs = Number.NEGATIVE_INFINITY
  }

  function noteHold(cause: HoldCause): PaceChange | undefined {
    const isNew = holdCause !== cause
    holdCause = cause
    failures = 0
    nextAtMs = now() + probeWaitMs(cause, probes)
    probes += 1
    isInterrupted = true
    return isNew ? 'holding' : undefined
  }

  function noteFailure(askedMs: number | undefined): PaceChange | undefined {
    // A fault of the network says nothing about what the hold waits for.
    if (holdCause !== undefined) {
      nextAtMs = now() + probeWaitMs(holdCause, probes)
      probes += 1
      return undefined
    }
    failures += 1
    const waitMs = askedMs ?? backoffMs(failures, random)
    // A server that says "at once" again and again is not obeyed again and again.
    const leastMs = askedMs !== undefined && failures > 1 ? BACKOFF_BASE_MS : 0
    nextAtMs = now() + Math.max(waitMs, leastMs)
    const isNew = failures === 1
    isInterrupted = true
    return isNew ? 'retrying' : undefined
  }

  return {
    get state() {
      if (holdCause !== undefined) return 'holding'
      return failures > 0 ? 'retrying' : 'clear'
    },
    get holdCause() {
      return holdCause
    },
    get nextAtMs() {
      return nextAtMs
    },
    get setbacks() {
      return setbacks
    },
    note(delivery) {
      if (isToBeRepeated(delivery)) setbacks += 1
      if (delivery.status === 'hold') return noteHold(delivery.cause)
      if (delivery.status === 'retryable') return noteFailure(delivery.retryAfterMs)
      clear()
      if (!isInterrupted) return undefined
      isInterrupted = false
      return 'resumed'
    },
    extend(waitMs = 0) {
      nextAtMs = Math.max(nextAtMs, now() + waitMs)
    },
    release() {
      if (holdCause !== undefined) clear()
    },
  }
}

export function isToBeRepeated<Body>(
  delivery: Delivery<Body>,
): delivery is Extract<Delivery<Body>, { status: 'hold' | 'retryable' }> {
  return delivery.status === 'hold' || delivery.status === 'retryable'
}

function probeWaitMs(cause: HoldCause, probes: number): number {
  if (cause === 'archived') return ARCHIVED_PROBE_PERIOD_MS
  return probes === 0 ? FIRST_PROBE_MS : PROBE_PERIOD_MS
}
