// `npm run chaos -- [--seed N] [--seconds 60] [--kills 10] [--rate 500] [--tolerance-ms 0] [--json]`
//
// 0 confirmed reports lost, 0 stored twice, whatever happens to the server and to the application. A report
// is confirmed when the engine told the application that it is safe (delivered or on disk: by status() or
// flush()), or when it was older than the 500 ms that `durability: 'always'` promises.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { runChaos } from './chaos.mjs'

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: String(Math.floor(Math.random() * 2 ** 32)) },
    seconds: { type: 'string', default: '60' },
    kills: { type: 'string', default: '10' },
    rate: { type: 'string', default: '500' },
    'tolerance-ms': { type: 'string', default: '0' },
    json: { type: 'boolean', default: false },
  },
})
console.error(`seed ${values.seed}`)
const folder = mkdtempSync(join(tmpdir(), 'chaos-'))
const outcome = await runChaos({
  seed: Number(values.seed),
  seconds: Number(values.seconds),
  kills: Number(values.kills),
  perSecond: Number(values.rate),
  toleranceMs: Number(values['tolerance-ms']),
  folder,
})
const { lostThoughTold, lostThoughOld, storedTwice, invented, givenUp } = outcome
const isRight = lostThoughTold + lostThoughOld + storedTwice + invented + givenUp === 0
if (values.json) console.log(JSON.stringify(outcome))
else {
  for (const [what, figure] of Object.entries(outcome)) {
    console.log(
      `${what.padEnd(16)} ${typeof figure === 'object' ? JSON.stringify(figure) : figure}`,
    )
  }
}
if (isRight) rmSync(folder, { recursive: true, force: true })
else {
  console.error(
    `what was confirmed is lost, or was stored twice; the diaries and the spool are in ${folder}`,
  )
  process.exitCode = 1
}
