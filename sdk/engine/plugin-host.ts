import { types } from 'node:util'
import type { Clock } from '../clock.ts'
import { createLineLimit } from '../delivery/line-limit.ts'
import { inWords } from '../errors.ts'
import { type Logger, mapLogger } from '../logger.ts'
import type { GivenReport, Plugin, PluginContext, PluginRun } from '../plugins/plugin.ts'
import { createRepeatingTimer, type RepeatingTimer } from './repeating-timer.ts'

/** Runs plugins. What one of them throws costs one line, and nobody but itself. */
export interface PluginHost {
  /** Asks every plugin for what it has counted. Those that answer at once have done so on return. */
  flush(): Promise<void>
  /** The activity period may have changed: timers go by the new one. */
  retime(): void
  /** Stops them for good; what they report afterwards is not taken. */
  stop(): void
}

export interface PluginHostOptions {
  readonly plugins: readonly Plugin[]
  readonly application: PluginContext['application']
  activityPeriodMs(): number
  report(report: GivenReport): void
  readonly clock: Clock
  readonly logger: Logger
}

interface Started {
  readonly plugin: Plugin
  readonly run: PluginRun
  /** Set while it hands over: it is not asked twice at a time. */
  flushing: Promise<void> | undefined
}

export function createPluginHost(options: PluginHostOptions): PluginHost {
  const started: Started[] = []
  const timers = new Set<RepeatingTimer>()
  const limitLine = createLineLimit(options.clock.now)
  let isStopped = false

  for (const plugin of options.plugins) {
    const run = guard(plugin, 'start', () => plugin.start(contextOf(plugin)))
    if (run) started.push({ plugin, run, flushing: undefined })
  }

  function contextOf(plugin: Plugin): PluginContext {
    return Object.freeze({
      application: options.application,
      get activityPeriodMs() {
        return options.activityPeriodMs()
      },
      report: (report: GivenReport) => {
        if (!isStopped) options.report(report)
      },
      every: (periodMs: number | (() => number), callback: () => void) =>
        every(plugin, periodMs, callback),
      logger: mapLogger(options.logger, (line) => `plugin ${plugin.name}: ${line}`),
    })
  }

  function every(
    plugin: Plugin,
    periodMs: number | (() => number),
    callback: () => void,
  ): () => void {
    if (isStopped) return () => {}
    const timer = createRepeatingTimer(
      options.clock,
      () => (typeof periodMs === 'function' ? (guard(plugin, 'every', periodMs) ?? 0) : periodMs),
      () => guard(plugin, 'every', callback),
    )
    timers.add(timer)
    return () => {
      timer.stop()
      timers.delete(timer)
    }
  }

  function guard<Result>(plugin: Plugin, what: string, run: () => Result): Result | undefined {
    try {
      const result = run()
      // An asynchronous function was passed where none is asked for.
      if (types.isPromise(result)) result.catch((error) => sayFailure(plugin, what, error))
      return result
    } catch (error) {
      sayFailure(plugin, what, error)
      return undefined
    }
  }

  function sayFailure(plugin: Plugin, what: string, error: unknown): void {
    const line = `plugin ${plugin.name} failed in ${what}: ${inWords(error)}`
    limitLine(`${plugin.name} ${what}`, line, options.logger.warn)
  }

  async function flushOne(one: Started): Promise<void> {
    try {
      await one.run.flush?.()
    } catch (error) {
      sayFailure(one.plugin, 'flush', error)
    }
    one.flushing = undefined
  }

  return {
    async flush() {
      if (isStopped) return
      await Promise.all(
        started.map((one) => {
          one.flushing ??= flushOne(one)
          return one.flushing
        }),
      )
    },
    retime() {
      for (const timer of timers) timer.retime()
    },
    stop() {
      for (const { plugin, run } of started) guard(plugin, 'stop', () => run.stop?.())
      isStopped = true
      for (const timer of timers) timer.stop()
    },
  }
}
