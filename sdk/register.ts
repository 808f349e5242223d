import { isMainThread } from 'node:worker_threads'
import { createEngine, type Engine, libraries, routes } from './index.ts'
import { switchedBy } from './plugins/switch.ts'

// Where both module systems look: each has a copy of this file. Before `engine`, which reads it.
const REGISTERED = Symbol.for('teamserver-engine.register')

/**
 * The engine of this process, started by `node --import teamserver-engine/register app.js`.
 *
 * It is the same one however often, and in whichever module system, this is loaded. A worker thread,
 * which Node loads this into as well, has one of its own.
 */
export const engine: Engine = startOnce()

function startOnce(): Engine {
  const shared = globalThis as { [REGISTERED]?: Engine }
  const started = shared[REGISTERED] ?? createEngine({ plugins: plugins() })
  shared[REGISTERED] = started
  return started
}

function plugins() {
  return [
    // A worker has the libraries of its process, which are reported there.
    ...(isMainThread ? [switchedBy('isLibrariesEnabled', libraries())] : []),
    switchedBy('isRoutesEnabled', routes()),
  ]
}
