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
import { peersIn } from '../shared/peers.mjs'
import { runMeasures } from '../shared/run-measures.mjs'
import { startSink } from './children.mjs'
import { measureBurst } from './measures/burst.mjs'
import { measureEnd } from './measures/end.mjs'
import { measureHostOverhead } from './measures/host-overhead.mjs'
import { measureOutage } from './measures/outage.mjs'
import { measureReportCost } from './measures/report-cost.mjs'
import { measureStart } from './measures/start.mjs'
import { measureThroughput } from './measures/throughput.mjs'
import { PEERS } from './reporters.mjs'

const installed = peersIn('peers')

await runMeasures({
  command: 'bench:sdk',
  measures: {
    start: measureStart,
    report: measureReportCost,
    throughput: measureThroughput,
    burst: measureBurst,
    end: measureEnd,
    outage: measureOutage,
    host: measureHostOverhead,
  },
  async prepare() {
    installed.install()
    const folder = mkdtempSync(join(tmpdir(), 'bench-sdk-'))
    const sink = await startSink()
    const packages = [...new Set(PEERS.map((peer) => peer.package ?? ''))]
    return {
      given: { folder, sink, sinkUrl: sink.url },
      peers: packages.map((name) => `${name} ${installed.version(name)}`),
      async close() {
        await sink.close()
        rmSync(folder, { recursive: true, force: true })
      },
    }
  },
})
