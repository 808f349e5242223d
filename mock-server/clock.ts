/** Where a TeamServer reads the time: a function, or an object with `now`; a date or milliseconds. */
export type Clock = (() => Date | number) | { now(): Date | number }

/**
 * Reads a clock that never goes back: what has ended (an overlap, a session) stays ended when the
 * wall clock is set back.
 */
export function createNow(clock: Clock = Date.now): () => Date {
  const read = typeof clock === 'function' ? clock : () => clock.now()
  let latest = Number.NEGATIVE_INFINITY
  return () => {
    latest = Math.max(latest, Number(read()))
    return new Date(latest)
  }
}
