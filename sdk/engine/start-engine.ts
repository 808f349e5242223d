import { type Clock, systemClock } from '../clock.ts'
import type { EngineOptions } from '../configuration/options.ts'
import { type ResolvedConfiguration, resolveConfiguration } from '../configuration/resolve.ts'
import type { GivenSurroundings } from '../configuration/surroundings.ts'
import { createLogger, guardLogger, type Logger, type LogLevel } from '../logger.ts'
import { isSwitchedOn } from '../plugins/switch.ts'
import type { StampOfPath } from '../renewal/file-watch.ts'
import { describeFault } from '../transport/describe-fault.ts'
import type { encodeBody } from '../transport/encode-body.ts'
import type { Transport } from '../transport/transport.ts'
import { createDisabledEngine } from './disabled-engine.ts'
import type { Engine } from './engine.ts'
import type { openSpool } from './open-spool.ts'
import { type ProcessEnd, processEnd } from './process-end.ts'
import { createRunningEngine } from './running-engine.ts'

/** What stands around an engine; a test brings its own. */
export interface EngineSurroundings {
  readonly clock?: Clock
  /** Evenly from [0, 1). */
  readonly random?: () => number
  readonly transport?: Transport
  readonly processEnd?: ProcessEnd
  /** Opens a spool in the place of that on disk. */
  readonly openSpool?: typeof openSpool
  /** Makes bodies of JSON. */
  readonly encodeBody?: typeof encodeBody
  /** Environment, working directory and the like. */
  readonly configuration?: GivenSurroundings
  /** Looks at a file that may hold keys. */
  readonly stampOfPath?: StampOfPath
}

/**
 * Starts an engine, or one that is disabled: what is wrong in files or in the environment is one line
 * in the log.
 *
 * @throws {EngineError} `ERR_OPTION_INVALID` for what the program passed wrong.
 */
export function startEngine(options: EngineOptions, surroundings: EngineSurroundings = {}): Engine {
  const resolution = resolveConfiguration(options, surroundings.configuration)
  if (resolution.status === 'disabled') {
    const logger = loggerOf(options, 'warn')
    logger.info(`switched off: ${resolution.why}`)
    return createDisabledEngine(resolution.why, logger, surroundings.clock ?? systemClock)
  }
  if (resolution.status === 'unusable') {
    return startDisabled(options, surroundings, resolution.problem.message)
  }
  try {
    return startConfigured(options, surroundings, resolution)
  } catch (error) {
    const why = `the engine could not start (${describeFault(error)})`
    return startDisabled(options, surroundings, why)
  }
}

function startDisabled(
  options: EngineOptions,
  { clock = systemClock }: EngineSurroundings,
  why: string,
): Engine {
  const logger = loggerOf(options, 'warn')
  logger.error(`switched off, nothing is reported: ${why}`)
  return createDisabledEngine(why, logger, clock)
}

function startConfigured(
  options: EngineOptions,
  surroundings: EngineSurroundings,
  resolution: ResolvedConfiguration,
): Engine {
  const { configuration, files, again } = resolution
  const logger = loggerOf(options, configuration.logLevel)
  for (const { level, text } of configuration.notices) logger[level](text)
  return createRunningEngine({
    configuration,
    renewal: {
      files,
      again,
      provide: options.credentials,
      stampOfPath: surroundings.stampOfPath,
    },
    plugins: (options.plugins ?? []).filter((plugin) => isSwitchedOn(plugin, configuration)),
    logger,
    clock: surroundings.clock ?? systemClock,
    random: surroundings.random ?? Math.random,
    processEnd: surroundings.processEnd ?? processEnd,
    fetch: options.fetch,
    transport: surroundings.transport,
    openSpool: surroundings.openSpool,
    encodeBody: surroundings.encodeBody,
  })
}

function loggerOf({ logger }: EngineOptions, level: LogLevel): Logger {
  return guardLogger(logger ?? createLogger(level))
}
