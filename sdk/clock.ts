import { clearTimeout, setTimeout } from 'node:timers'

/** Time, as the engine sees it. */
export interface Clock {
  /** Milliseconds that only ever go forward: what waits are measured with. */
  now(): number
  /** Milliseconds since 1970: what reports are stamped with. */
  wallClockMs(): number
  /**
   * Calls back once.
   *
   * @param delayMs At most 2^31 - 1; beyond it Node would call back at once, so it is cut there.
   * @param options With `keepsProcessAlive` the process does not end before; otherwise it may.
   * @returns Calls it off.
   */
  after(delayMs: number, callback: () => void, options?: { keepsProcessAlive: boolean }): () => void
}

const LONGEST_TIMER_MS = 2 ** 31 - 1

/** By Node's own timers: a test environment may have replaced the global ones by others without `unref`. */
export const systemClock: Clock = Object.freeze({
  now: () => performance.now(),
  wallClockMs: () => Date.now(),
  after(delayMs: number, callback: () => void, options?: { keepsProcessAlive: boolean }) {
    const timer = setTimeout(callback, Math.min(delayMs, LONGEST_TIMER_MS))
    if (options?.keepsProcessAlive !== true) timer.unref()
    return () => clearTimeout(timer)
  },
})
