// Prints when the reporter has started, in milliseconds since the process began, and what it has cost until then.
import { loadReporter } from './load-reporter.mjs'

const { reporter } = await loadReporter()
const startedMs = performance.now()
const { user, system } = process.cpuUsage()
await reporter.close()
console.log(JSON.stringify({ startedMs, processorMs: (user + system) / 1_000 }))
