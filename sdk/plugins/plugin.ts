import { EngineError } from '../errors.ts'
import type { Logger } from '../logger.ts'
import type { Report } from '../wire/messages.ts'

/** A report as it is given to the engine, which adds the `id` and the moment where they are missing. */
export type GivenReport = Report extends infer Kind
  ? Kind extends Report
    ? Omit<Kind, 'id'> & { id?: Kind['id'] }
    : never
  : never

/** What an engine lends to a plugin, from `start` to `stop`. */
export interface PluginContext {
  readonly application: {
    readonly name: string
    /** The folder of the application's package.json, else the working directory. */
    readonly root: string
  }
  /** Between two reports of what was counted. TeamServer may change it: give `every` a function. */
  readonly activityPeriodMs: number
  /** Queues a report. Returns at once and never throws. */
  report(report: GivenReport): void
  /**
   * Calls back every so often, until the engine or the returned function stops it. Never keeps the
   * process alive.
   *
   * @param periodMs From 1. As a function, such as `() => context.activityPeriodMs`, it is asked again
   *   for each period, and when TeamServer sets another.
   */
  every(periodMs: number | (() => number), callback: () => void): () => void
  /** Puts the plugin's name in front of each line. */
  readonly logger: Logger
}

/** One plugin at work in one engine. */
export interface PluginRun {
  /** Hands over what is counted so far. `engine.flush()` and `engine.close()` wait for it first. */
  flush?(): void | Promise<void>
  /** Lets go of everything the plugin holds. Called once, after the last `flush`. */
  stop?(): void
}

/** Watches one thing about the application. */
export interface Plugin {
  /** For log lines: 1 to 64 letters, digits and `@ / . _ -`. */
  readonly name: string
  /** Called once by each engine that the plugin is given to; each call keeps a state of its own. */
  // biome-ignore lint/suspicious/noConfusingVoidType: a plugin that holds nothing returns nothing
  start(context: PluginContext): PluginRun | void
}

const NAME = /^[\w@/.-]{1,64}$/

/**
 * Checks the shape of a plugin where it is written, rather than where it is started.
 *
 * @returns A frozen plugin. The given object stays as it is, so that it may keep a state.
 * @throws {EngineError} `ERR_PLUGIN_INVALID`, saying what is missing.
 */
export function definePlugin(plugin: Plugin): Plugin {
  if (typeof plugin !== 'object' || plugin === null) {
    throw new EngineError(
      'ERR_PLUGIN_INVALID',
      `a plugin must be an object { name, start }, got ${plugin === null ? 'null' : typeof plugin}`,
    )
  }
  const { name } = plugin
  if (typeof name !== 'string' || !NAME.test(name)) {
    throw new EngineError(
      'ERR_PLUGIN_INVALID',
      'the name of a plugin must be 1 to 64 letters, digits and @ / . _ -',
    )
  }
  if (typeof plugin.start !== 'function') {
    throw new EngineError(
      'ERR_PLUGIN_INVALID',
      `start of the plugin ${name} must be a function, got ${typeof plugin.start}`,
    )
  }
  return Object.freeze({ name, start: (context: PluginContext) => plugin.start(context) })
}
