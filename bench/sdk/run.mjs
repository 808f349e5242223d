// The engine beside @sentry/node, OpenTelemetry logs, posthog-node and bare undici, in one run.
//
//   npm run bench:sdk [-- --only start,report] [--rounds 5] [--json] [--write]
//
// Method. Every reporter runs in processes of its own, each with the settings that its pages show for
// production and otherwise its defaults (bench/peers/*.mjs, bench/sdk/reporters/*.mjs say which). The sink
// is a process too. Rounds take turns between the reporters, so that a busy moment of the machine meets all
// of them; what is shown are medians, and ratios to a floor of the same run. What each measure does stands
// at the head of its file in bench/sdk/measures. `--write` puts the tables into docs/benchmarks.md.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { startSink } from './children.mjs'
import { measureBurst } from './measures/burst.mjs'
import { measureEnd } from './measures/end.mjs'
import { measureHostOverhead } from './measures/host-overhead.mjs'
import { measureOutage } from './measures/outage.mjs'
import { measureReportCost } from './measures/report-cost.mjs'
import { measureStart } from './measures/start.mjs'
import { measureThroughput } from './measures/throughput.mjs'
import { installPeers } from './peers.mjs'
import { describeMachine, printed, writePage } from './tables.mjs'

/** @type {Record<string, (given: any) => Promise<import('./tables.mjs').Measured>>} */
const MEASURES = {
  start: measureStart,
  report: measureReportCost,
  throughput: measureThroughput,
  burst: measureBurst,
  end: measureEnd,
  outage: measureOutage,
  host: measureHostOverhead,
}

const { values } = parseArgs({
  options: {
    only: { type: 'string', default: Object.keys(MEASURES).join(',') },
    rounds: { type: 'string', default: '5' },
    json: { type: 'boolean', default: false },
    write: { type: 'boolean', default: false },
  },
})
const wanted = values.only.split(',')
const unknown = wanted.filter((name) => !Object.hasOwn(MEASURES, name))
if (unknown.length > 0) {
  console.error(
    `there is no measure ${unknown.join(', ')}; there are ${Object.keys(MEASURES).join(', ')}`,
  )
  process.exit(2)
}

installPeers()
const folder = mkdtempSync(join(tmpdir(), 'bench-sdk-'))
const sink = await startSink()
/** @type {Record<string, import('./tables.mjs').Measured>} */
const measured = {}
for (const name of wanted) {
  const measure = MEASURES[name]
  if (measure === undefined) continue
  console.error(`measuring ${name} …`)
  measured[name] = await measure({ folder, sink, sinkUrl: sink.url, rounds: Number(values.rounds) })
  if (!values.json) console.log(printed(measured[name]))
}
await sink.close()
rmSync(folder, { recursive: true, force: true })

const machine = describeMachine()
const missed = Object.values(measured).flatMap((each) => each.missed)
if (values.json) console.log(JSON.stringify({ machine, measured, missed }, undefined, 2))
else console.log(`${machine.join('; ')}\ngoals missed: ${missed.join('; ') || 'none'}`)
if (values.write) writePage(machine, Object.values(measured))
