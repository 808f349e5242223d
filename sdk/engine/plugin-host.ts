import type { Clock } from '../clock.ts'
import { type Logger, prefixLogger } from '../logger.ts'
import type { GivenReport, Plugin, PluginContext, PluginRun } from '../plugins/plugin.ts'

/** Runs plugins. What one of them throws costs one line, and nobody but itself. */
export interface PluginHost {
  /** Asks every plugin for what it has counted. Those that answer at once have done so on return. */
  flush(): Promise<void>
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

export function createPluginHost(options: PluginHostOptions): PluginHost {
  const runs: { readonly plugin: Plugin; readonly run: PluginRun }[] = []
  const timers = new Set<() => void>()
  let flushing: Promise<void> | undefined
  let isStopped = false

  for (const plugin of options.plugins) {
    const run = guard(plugin, 'start', () => plugin.start(contextOf(plugin)))
    if (run) runs.push({ plugin, run })
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
      every: (periodMs: number, callback: () => void) => every(plugin, periodMs, callback),
      logger: prefixLogger(options.logger, `plugin ${plugin.name}`),
    })
  }

  function every(plugin: Plugin, periodMs: number, callback: () => void): () => void {
    // A period of 0 would be a busy loop in the host.
    const delayMs = Math.max(1, periodMs)
    let cancel = () => {}
    const stop = () => {
      cancel()
      timers.delete(stop)
    }
    const next = () => {
      cancel = options.clock.after(delayMs, () => {
        next()
        guard(plugin, 'every', callback)
      })
    }
    if (isStopped) return stop
    timers.add(stop)
    next()
    return stop
  }

  function guard<Result>(plugin: Plugin, what: string, run: () => Result): Result | undefined {
    try {
      const result = run()
      // An asynchronous function was passed where none is asked for.
      if (result instanceof Promise) result.catch((error) => sayFailure(plugin, what, error))
      return result
    } catch (error) {
      sayFailure(plugin, what, error)
      return undefined
    }
  }

  function sayFailure(plugin: Plugin, what: string, error: unknown): void {
    const why = error instanceof Error ? `${error.name}: ${error.message}` : 'no error was given'
    options.logger.warn(`plugin ${plugin.name} failed in ${what}: ${why}`)
  }

  async function flushAll(): Promise<void> {
    await Promise.all(
      runs.map(async ({ plugin, run }) => {
        try {
          await run.flush?.()
        } catch (error) {
          sayFailure(plugin, 'flush', error)
        }
      }),
    )
    flushing = undefined
  }

  return {
    flush() {
      flushing ??= flushAll()
      return flushing
    },
    stop() {
      for (const { plugin, run } of runs) guard(plugin, 'stop', () => run.stop?.())
      isStopped = true
      for (const stop of timers) stop()
    },
  }
}
