import { TeamServerError } from './errors.ts'

/** Where a TeamServer reads the time: a function, or an object with `now`; a date or milliseconds. */
export type Clock = (() => Date | number) | { now(): Date | number }

/**
 * Reads a clock that never goes back: what has ended (an overlap, a session) stays ended when the
 * wall clock is set back.
 *
 * @param notBefore The latest moment that an earlier run has seen.
 * @throws `ERR_OPTION_INVALID`, when it is read, if the clock gives no moment.
 */
export function createNow(clock: Clock = Date.now, notBefore?: Date): () => Date {
  const read = typeof clock === 'function' ? clock : () => clock.now()
  let latest = notBefore?.getTime() ?? Number.NEGATIVE_INFINITY
  return () => {
    const moment = Number(read())
    if (Number.isNaN(new Date(moment).getTime())) {
      throw new TeamServerError('ERR_OPTION_INVALID', 'the clock must give a Date or milliseconds')
    }
    latest = Math.max(latest, moment)
    return new Date(latest)
  }
}
