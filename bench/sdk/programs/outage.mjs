// Reports at a steady rate while its parent lets the sink fail and recover, then closes as documented.
import { setTimeout as sleep } from 'node:timers/promises'
import { makeReport } from '../report.mjs'
import { loadReporter } from './load-reporter.mjs'

const { reporter, argv } = await loadReporter()
const [from = 0, perSecond = 0, seconds = 0, rightKeyAfterSeconds = 0] = argv.map(Number)
const startedAt = performance.now()
let isKeyGiven = rightKeyAfterSeconds === 0
for (let turn = 0; turn < perSecond * seconds; turn++) {
  reporter.report(makeReport(from + turn))
  if (!isKeyGiven && turn >= perSecond * rightKeyAfterSeconds) {
    reporter.giveRightKey?.()
    isKeyGiven = true
  }
  const waitMs = startedAt + ((turn + 1) * 1_000) / perSecond - performance.now()
  if (waitMs > 1) await sleep(waitMs)
}
// Some reject when they have lost something.
await Promise.resolve(reporter.close()).catch(() => {})
console.log('done')
