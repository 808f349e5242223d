// Reports a great many in one go, and tells what memory that took at most.
import { makeReport } from '../report.mjs'
import { loadReporter } from './load-reporter.mjs'

const { reporter, argv } = await loadReporter()
const reports = Number(argv[0])
reporter.report(makeReport(reports))
await reporter.flush()
const beforeKib = process.resourceUsage().maxRSS
const startedAt = performance.now()
for (let turn = 0; turn < reports; turn++) reporter.report(makeReport(turn))
const blockedMs = performance.now() - startedAt
await reporter.flush()
await reporter.close()
const mebibytes = (process.resourceUsage().maxRSS - beforeKib) / 1_024
console.log(JSON.stringify({ mebibytes, blockedMs }))
