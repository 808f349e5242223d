import type { Events } from '../events/events.ts'
import type { EngineState, HoldStatus } from '../events/messages.ts'
import type { HoldCause } from '../transport/classify.ts'
import { tellRefusal } from './credential-events.ts'

/** Tells when an engine is in another state than before. */
export interface StateWatch {
  /** It may be. */
  look(): void
}

/** What the message of a state is made of. */
export interface StateNow {
  readonly state: EngineState
  readonly hold?: HoldStatus | undefined
  readonly why?: string | undefined
}

export function createStateWatch(now: () => StateNow, events: Events): StateWatch {
  let previous: EngineState | undefined
  let cause: HoldCause | undefined

  return {
    look() {
      const { state, hold, why } = now()
      if (state === previous && hold?.cause === cause) return
      const before = previous
      previous = state
      cause = hold?.cause
      events.to('state')?.({ state, previous: before, hold, why })
      if (hold !== undefined) tellRefusal(events, hold)
    },
  }
}
