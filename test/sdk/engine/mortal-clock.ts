import type { Clock } from '../../../sdk/clock.ts'

/** The clock of one process, which may end: then nothing is called back any more. */
export interface MortalClock extends Clock {
  hasEnded(): boolean
  end(): void
}

export function createMortalClock(clock: Clock): MortalClock {
  let hasEnded = false
  return {
    now: clock.now,
    wallClockMs: clock.wallClockMs,
    after: (delayMs, callback, options) =>
      clock.after(
        delayMs,
        () => {
          if (!hasEnded) callback()
        },
        options,
      ),
    hasEnded: () => hasEnded,
    end() {
      hasEnded = true
    },
  }
}
