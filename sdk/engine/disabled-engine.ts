import { inspect } from 'node:util'
import type { Clock } from '../clock.ts'
import { createCounters } from '../delivery/counters.ts'
import { createUuidV7Maker } from '../delivery/uuid-v7.ts'
import { createEvents } from '../events/events.ts'
import type { Logger } from '../logger.ts'
import type { Engine, EngineStatus } from './engine.ts'
import { createStateWatch } from './state-watch.ts'
import { faultTeller } from './subscriber-faults.ts'

/** An engine that cannot, or is not to, work: every method does, and every report counts as dropped. */
export function createDisabledEngine(why: string, logger: Logger, clock: Clock): Engine {
  const counters = createCounters()
  let state: EngineStatus['state'] = 'disabled'
  let id: string | undefined
  const ownId = () => {
    id ??= createUuidV7Maker()(clock.wallClockMs())
    return id
  }
  const events = createEvents({
    identity: () => ({ id: ownId() }),
    counters: () => ({ ...counters, waiting: 0 }),
    // It has none.
    withoutKeys: (text) => text,
    onFault: faultTeller(logger, clock),
  })
  const states = createStateWatch(() => ({ state, why }), events)
  const status = () =>
    Object.freeze({ state, ...counters, waiting: 0, spooled: 0, quarantined: 0, lastError: why })
  const close = async () => {
    state = 'closed'
    states.look()
  }

  const engine: Engine & { [inspect.custom](): EngineStatus } = {
    get id() {
      return ownId()
    },
    report() {
      counters.given += 1
      counters.dropped += 1
      events.to('reports:dropped')?.({ reports: 1, reason: 'disabled' })
    },
    flush: async () => ({ accepted: 0, spooled: 0, waiting: 0 }),
    close,
    status,
    updateCredentials() {},
    toJSON: status,
    [inspect.custom]: status,
    [Symbol.asyncDispose]: close,
  }
  states.look()
  return Object.freeze(engine)
}
