// Reports and flushes, as many as nobody's queue is too small for, over and over.
import { makeReport } from '../report.mjs'
import { loadReporter } from './load-reporter.mjs'

const WARM_UP_REPORTS = 5_000

const { reporter, chunkReports, argv } = await loadReporter()
const reports = Number(argv[0])
await deliver(0, WARM_UP_REPORTS)
const startedAt = performance.now()
const cpuBefore = process.cpuUsage()
await deliver(WARM_UP_REPORTS, WARM_UP_REPORTS + reports)
const { user, system } = process.cpuUsage(cpuBefore)
const tookMs = performance.now() - startedAt
await reporter.close()
console.log(JSON.stringify({ tookMs, cpuUs: (user + system) / reports }))

/** @param {number} from @param {number} until */
async function deliver(from, until) {
  for (let turn = from; turn < until; ) {
    const end = Math.min(until, turn + chunkReports)
    for (; turn < end; turn++) reporter.report(makeReport(turn))
    await reporter.flush()
  }
}
