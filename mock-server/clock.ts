import { TeamServerError } from './errors.ts'

/** Where a TeamServer reads the time: a function, or an object with `now`; a date or milliseconds. */
export type Clock = (() => Date | number) | { now(): Date | number }

/** The time of a TeamServer: that of its clock, moved forward by hand. */
export interface TeamServerClock {
  now(): Date
  /**
   * Moves the time forward: overlaps, login sessions and whatever else has a time end as if so long had
   * gone by.
   *
   * @param ms Milliseconds, from 0.
   * @returns The time then.
   * @throws `ERR_OPTION_INVALID`
   */
  advance(ms: number): Date
  /** Moves the time forward to a moment. It never goes back. @throws `ERR_OPTION_INVALID` */
  set(moment: Date | number | string): Date
}

/** The same for the mock's own use. */
export interface MovableClock extends TeamServerClock {
  /** Tells of each move by hand. @returns Ends it. */
  watch(watcher: () => void): () => void
  /** What is kept of it. */
  state(): ClockState
  /** Puts a state back. The time goes back with it, as everything that it had ended comes back. */
  restore(state: ClockState): void
}

export interface ClockState {
  /** How far it is ahead of the clock that it reads. */
  readonly offsetMs: number
  /** The latest moment that was seen. */
  readonly latest: Date
}

/** The last moment that a `Date` can hold. */
const LAST_MS = 8_640_000_000_000_000

/**
 * Reads a clock that never goes back by itself: what has ended (an overlap, a session) stays ended when
 * the wall clock is set back.
 *
 * @param notBefore The latest moment that an earlier run has seen.
 * @throws `ERR_OPTION_INVALID`, when it is read, if the clock gives no moment.
 */
export function createMovableClock(clock: Clock = Date.now, notBefore?: Date): MovableClock {
  const read = typeof clock === 'function' ? clock : () => clock.now()
  let latestMs = notBefore?.getTime() ?? Number.NEGATIVE_INFINITY
  let offsetMs = 0
  const watchers = new Set<() => void>()
  const tell = () => {
    for (const watcher of watchers) watcher()
  }

  function readMs(): number {
    const moment = Number(read())
    if (!(Math.abs(moment) <= LAST_MS)) throw mistake('must give a Date or milliseconds')
    return moment
  }

  function now(): Date {
    latestMs = Math.max(latestMs, readMs() + offsetMs)
    return new Date(latestMs)
  }

  function moveTo(moment: number): Date {
    const isFrom = now()
    if (!(moment <= LAST_MS)) throw mistake('cannot be moved past the last moment of a Date')
    if (moment < isFrom.getTime()) {
      throw mistake(
        `never goes back: it is ${isFrom.toISOString()}, and ${new Date(moment).toISOString()} is before`,
      )
    }
    offsetMs = moment - readMs()
    const moved = now()
    tell()
    return moved
  }

  return {
    now,
    advance(ms) {
      if (typeof ms !== 'number' || !(ms >= 0)) {
        throw mistake('can be advanced by a number of milliseconds from 0: it never goes back')
      }
      return moveTo(now().getTime() + ms)
    },
    set(moment) {
      const ms = typeof moment === 'string' ? Date.parse(moment) : Number(moment)
      if (Number.isNaN(new Date(ms).getTime())) {
        throw mistake('can be set to a Date, milliseconds or ISO 8601')
      }
      return moveTo(ms)
    },
    watch(watcher) {
      watchers.add(watcher)
      return () => watchers.delete(watcher)
    },
    state: () => ({ latest: now(), offsetMs }),
    restore(state) {
      offsetMs = state.offsetMs
      latestMs = state.latest.getTime()
      tell()
    },
  }
}

function mistake(what: string): TeamServerError {
  return new TeamServerError('ERR_OPTION_INVALID', `the clock ${what}`)
}
