import type { EngineOptions } from './configuration/options.ts'
import type { Engine } from './engine/engine.ts'
import { startEngine } from './engine/start-engine.ts'

/**
 * Starts an engine in this process. Returns at once; nothing is sent and no connection is made before
 * there is something to report.
 *
 * What is wrong in the environment or in files disables the engine, with one line in the log.
 *
 * @throws {EngineError} `ERR_OPTION_INVALID` for what the program passed wrong.
 */
export function createEngine(options: EngineOptions = {}): Engine {
  return startEngine(options)
}
