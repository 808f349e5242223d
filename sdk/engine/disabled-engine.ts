import { inspect } from 'node:util'
import { createCounters } from '../delivery/counters.ts'
import type { Engine, EngineStatus } from './engine.ts'

/** An engine that cannot, or is not to, work: every method does, and every report counts as dropped. */
export function createDisabledEngine(why: string): Engine {
  const counters = createCounters()
  let state: EngineStatus['state'] = 'disabled'
  const status = () =>
    Object.freeze({ state, ...counters, waiting: 0, spooled: 0, quarantined: 0, lastError: why })
  const close = async () => {
    state = 'closed'
  }

  const engine: Engine & { [inspect.custom](): EngineStatus } = {
    report() {
      counters.given += 1
      counters.dropped += 1
    },
    flush: async () => ({ accepted: 0, spooled: 0, waiting: 0 }),
    close,
    status,
    updateCredentials() {},
    toJSON: status,
    [inspect.custom]: status,
    [Symbol.asyncDispose]: close,
  }
  return Object.freeze(engine)
}
