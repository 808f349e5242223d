// Times report() alone: bursts into an engine that delivers between them, never more at once than
// anybody's queue holds. Beside it, JSON.stringify of the same reports, turn by turn.
import { makeReport } from '../report.mjs'
import { loadReporter } from './load-reporter.mjs'

const WARM_UP_ROUNDS = 60
const ROUNDS = 200

const { reporter, chunkReports } = await loadReporter()
const { report } = reporter
/** @type {number[]} */
const reportNs = []
/** @type {number[]} */
const stringifyNs = []
/** @type {number[]} */
const singleNs = []
let written = 0

for (let round = 0; round < WARM_UP_ROUNDS + ROUNDS; round++) {
  const reports = Array.from({ length: chunkReports }, (_, turn) =>
    makeReport(round * chunkReports + turn),
  )
  const isWarm = round >= WARM_UP_ROUNDS
  const stringifyStart = process.hrtime.bigint()
  for (const one of reports) written += JSON.stringify(one).length
  const stringifyTook = process.hrtime.bigint() - stringifyStart
  if (isWarm) stringifyNs.push(Number(stringifyTook) / chunkReports)
  // Each call by itself in every fourth round: asking for the time costs some itself.
  if (round % 4 === 0) {
    for (const one of reports) {
      const startedAt = process.hrtime.bigint()
      report(one)
      const tookNs = Number(process.hrtime.bigint() - startedAt)
      if (isWarm) singleNs.push(tookNs)
    }
  } else {
    const startedAt = process.hrtime.bigint()
    for (const one of reports) report(one)
    const took = process.hrtime.bigint() - startedAt
    if (isWarm) reportNs.push(Number(took) / chunkReports)
  }
  await reporter.flush()
}
await reporter.close()
console.log(
  JSON.stringify({
    written,
    reportNs: at(reportNs, 0.5),
    stringifyNs: at(stringifyNs, 0.5),
    p99Ns: at(singleNs, 0.99),
    worstNs: Math.max(...singleNs),
  }),
)

/** @param {number[]} values @param {number} share */
function at(values, share) {
  const sorted = values.sort((one, other) => one - other)
  return sorted[Math.floor(sorted.length * share)]
}
