import type { GivenReport, PluginContext } from '../../../sdk/plugins/plugin.ts'

/** A context that keeps what a plugin does with it; its timers fire when `tick` is called. */
export function createRecordingContext(root = '/nowhere') {
  const reports: GivenReport[] = []
  const lines: string[] = []
  const timers = new Map<() => void, number | (() => number)>()
  const periods = { activityPeriodMs: 30_000 }
  const context: PluginContext = {
    application: { name: 'shop', root },
    get activityPeriodMs() {
      return periods.activityPeriodMs
    },
    report: (report) => void reports.push(report),
    every(periodMs, callback) {
      timers.set(callback, periodMs)
      return () => void timers.delete(callback)
    },
    logger: {
      error: (line) => void lines.push(`error ${line}`),
      warn: (line) => void lines.push(`warn ${line}`),
      info: (line) => void lines.push(`info ${line}`),
      debug: (line) => void lines.push(`debug ${line}`),
    },
  }
  return {
    context,
    reports,
    lines,
    /** As TeamServer sets them. */
    periods,
    /** Periods of the timers that run. */
    periodsMs: () =>
      [...timers.values()].map((period) => (typeof period === 'function' ? period() : period)),
    tick() {
      for (const callback of [...timers.keys()]) callback()
    },
  }
}
