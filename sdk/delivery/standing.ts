import type { Clock } from '../clock.ts'
import type { HoldStatus } from '../events/messages.ts'
import type { Logger } from '../logger.ts'
import type { Delivery, HoldCause } from '../transport/classify.ts'
import { createPace, isToBeRepeated, type Pace } from './pace.ts'

/** How things stand between the engine and TeamServer, as the answers tell. */
export interface Standing extends Pick<Pace, 'nextAtMs' | 'setbacks' | 'state'> {
  readonly hold: HoldStatus | undefined
  /** What the last exchange failed with; absent while things work. */
  readonly lastError: string | undefined
  /** A request leaves. @returns Takes its outcome. */
  begin(): (delivery: Delivery<unknown>) => void
  /** The keys were changed: ends a hold at once. */
  release(): void
}

export interface StandingOptions {
  readonly clock: Clock
  /** Evenly from [0, 1). */
  random(): number
  readonly logger: Logger
  readonly url: string
  warn(kind: string, line: string, onSaid?: () => void): void
  holdMessage(cause: HoldCause, why: string): string
  /** A hold has begun, or has another cause. */
  onHold(): void
  /** TeamServer is out of reach, or the engine holds; or that is over. */
  onAway(isAway: boolean): void
}

export function createStanding(options: StandingOptions): Standing {
  const { clock, logger } = options
  const pace = createPace({ now: clock.now, random: options.random })
  let hold: HoldStatus | undefined
  let lastError: string | undefined
  let isInterruptionSaid = false
  let keysVersion = 0
  let setbacks = 0
  let isAway = false

  function note(delivery: Delivery<unknown>): void {
    const isSetback = isToBeRepeated(delivery)
    lastError = isSetback ? delivery.why : undefined
    if (isSetback) setbacks += 1
    const change = pace.note(delivery)
    if (pace.holdCause === undefined) hold = undefined
    if (change === 'holding' && delivery.status === 'hold') beginHold(delivery.cause, delivery.why)
    if (change === 'retrying' && isSetback) sayRetrying(delivery.why)
    if (change === 'resumed') sayResumed()
    tellAway()
    if (change === 'holding' && hold !== undefined) options.onHold()
  }

  function tellAway(): void {
    const isAwayNow = pace.state !== 'clear'
    if (isAway === isAwayNow) return
    isAway = isAwayNow
    options.onAway(isAway)
  }

  function beginHold(cause: HoldCause, why: string): void {
    const message = options.holdMessage(cause, why)
    hold = Object.freeze({ cause, since: new Date(clock.wallClockMs()), message })
    isInterruptionSaid = true
    logger.warn(`${message} Reports are kept.`)
  }

  function sayRetrying(why: string): void {
    const line = `TeamServer at ${options.url} is out of reach (${why}). Reports are kept and tried again`
    options.warn('retrying', line, () => {
      isInterruptionSaid = true
    })
  }

  function sayResumed(): void {
    if (isInterruptionSaid) logger.warn(`TeamServer at ${options.url} answers again: resumed`)
    isInterruptionSaid = false
  }

  return {
    get state() {
      return pace.state
    },
    get nextAtMs() {
      return pace.nextAtMs
    },
    get setbacks() {
      return pace.setbacks
    },
    get hold() {
      return hold
    },
    get lastError() {
      return lastError
    },
    begin() {
      const keysBefore = keysVersion
      const setbacksBefore = setbacks
      return (delivery) => {
        // An answer to the old keys says nothing about the new ones.
        if (delivery.status === 'hold' && keysBefore !== keysVersion) return
        const isNewHold = delivery.status === 'hold' && pace.state !== 'holding'
        if (setbacksBefore === setbacks || isNewHold) return note(delivery)
        // It left before the setback: another failure is the same one, a success is of before.
        if (delivery.status === 'retryable') pace.extend(delivery.retryAfterMs)
      }
    },
    release() {
      keysVersion += 1
      pace.release()
      hold = undefined
      tellAway()
    },
  }
}
