import type { Clock } from '../../../sdk/clock.ts'

export interface ManualClock extends Clock {
  /** Moves on, calling back what comes due in its order and letting promises run in between. */
  advance(ms: number): Promise<void>
  /** Calls this whenever something has happened. */
  watch(check: () => void): void
  /** The monotonic clock jumps, as when the machine slept: what came due meanwhile comes due at once. */
  sleep(ms: number): void
  /** The wall clock alone is set to another time. */
  setWallClock(ms: number): void
  /** Timers that would keep the process alive. */
  readonly livingTimers: number
}

/** A clock that stands still until a test moves it. */
export function createManualClock(startedAt = '2026-01-01T00:00:00.000Z'): ManualClock {
  const timers = new Set<{ atMs: number; callback: () => void; keepsProcessAlive: boolean }>()
  const checks: (() => void)[] = []
  let nowMs = 0
  let wallClockOffsetMs = Date.parse(startedAt)

  function nextDue(untilMs: number) {
    const due = [...timers].filter((timer) => timer.atMs <= untilMs)
    return due.sort((one, other) => one.atMs - other.atMs)[0]
  }

  return {
    now: () => nowMs,
    wallClockMs: () => wallClockOffsetMs + nowMs,
    watch: (check) => void checks.push(check),
    sleep(ms) {
      nowMs += ms
    },
    setWallClock(ms) {
      wallClockOffsetMs = ms - nowMs
    },
    after(delayMs, callback, options) {
      const timer = {
        atMs: nowMs + delayMs,
        callback,
        keepsProcessAlive: options?.keepsProcessAlive ?? false,
      }
      timers.add(timer)
      return () => timers.delete(timer)
    },
    get livingTimers() {
      return [...timers].filter((timer) => timer.keepsProcessAlive).length
    },
    async advance(ms) {
      const untilMs = nowMs + ms
      await letPromisesRun()
      let calls = 0
      for (let timer = nextDue(untilMs); timer; timer = nextDue(untilMs)) {
        if (calls++ > BUSY_CALLS) throw new Error('timers run in circles')
        nowMs = Math.max(nowMs, timer.atMs)
        timers.delete(timer)
        timer.callback()
        for (const check of checks) check()
        await letPromisesRun()
        for (const check of checks) check()
      }
      nowMs = untilMs
    },
  }
}

const BUSY_CALLS = 5_000

/** A few turns of the event loop: enough for everything that does no real input or output. */
export async function letPromisesRun(): Promise<void> {
  for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve))
}
