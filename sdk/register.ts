import type { Configuration } from './configuration/configuration.ts'
import { createDisabledEngine } from './engine/disabled-engine.ts'
import type { Engine } from './engine/engine.ts'
import { startEngine } from './engine/start-engine.ts'
import { createLogger, guardLogger } from './logger.ts'
import { libraries, type Plugin, routes } from './plugins/index.ts'
import { describeFault } from './transport/describe-fault.ts'

// Where both module systems look: each has a copy of this file. Before `engine`, which reads it.
const REGISTERED = Symbol.for('teamserver-engine.register')

/**
 * The engine of this process, started by `node --import teamserver-engine/register app.js`.
 *
 * It is the same one however often, and in whichever module system, this is loaded.
 */
export const engine: Engine = startOnce()

function startOnce(): Engine {
  const shared = globalThis as { [REGISTERED]?: Engine }
  const started = shared[REGISTERED] ?? startSafely()
  shared[REGISTERED] = started
  return started
}

/** Nobody stands around this start to catch anything: the application must come up, whatever happens. */
function startSafely(): Engine {
  try {
    return startEngine({}, { pluginsFor })
  } catch (error) {
    const why = `the engine could not start: ${describeFault(error)}`
    guardLogger(createLogger('error')).error(why)
    return createDisabledEngine(why)
  }
}

function pluginsFor(configuration: Configuration): readonly Plugin[] {
  return [
    ...(configuration.isLibrariesEnabled ? [libraries()] : []),
    ...(configuration.isRoutesEnabled ? [routes()] : []),
  ]
}
