// Prints when the reporter has started, in milliseconds since the process began.
import { loadReporter } from './load-reporter.mjs'

const { reporter } = await loadReporter()
const startedMs = performance.now()
await reporter.close()
console.log(JSON.stringify({ startedMs }))
