import type { Clock } from '../clock.ts'

/** Calls back every so often. Never keeps the process alive. */
export interface RepeatingTimer {
  /** The period may have changed: the one under way ends by the new one. */
  retime(): void
  stop(): void
}

/** @param periodMs Asked anew for each period. What is not at least 1 counts as 1 000. */
export function createRepeatingTimer(
  clock: Clock,
  periodMs: () => number,
  callback: () => void,
): RepeatingTimer {
  let beganAtMs = clock.now()
  let cancel = arm()

  function arm(): () => void {
    const givenMs: unknown = periodMs()
    // A period of 0, or of none at all, would be a busy loop in the host.
    const isPeriod = typeof givenMs === 'number' && givenMs >= 1
    const dueAtMs = beganAtMs + (isPeriod ? givenMs : FALLBACK_MS)
    return clock.after(Math.max(0, dueAtMs - clock.now()), ring)
  }

  function ring(): void {
    beganAtMs = clock.now()
    cancel = arm()
    callback()
  }

  return {
    retime() {
      cancel()
      cancel = arm()
    },
    stop: () => cancel(),
  }
}

const FALLBACK_MS = 1_000
