// Delivered reports a second to a counting sink in another process: 500 reports, flush, over and over
// (50 for Sentry's events, whose transport holds 64 requests). The floor does the engine's work with
// nothing around it: id, JSON, batches of 100, gzip, undici, one request at a time.

import { median, ratio, shown } from '../../shared/statistics.mjs'
import { measureProgram } from '../children.mjs'
import { ENGINE, FLOOR, FLOOR_OF_TWO, PEERS } from '../reporters.mjs'

const REPORTS = 60_000
const REPORTS_ALONE = 3_000

/** @param {{ folder: string, sink: Awaited<ReturnType<typeof import('../children.mjs').startSink>>, rounds: number }} given */
export async function measureThroughput({ folder, sink, rounds }) {
  const entries = [FLOOR, FLOOR_OF_TWO, ENGINE, ...PEERS]
  /** @type {Record<string, { perSecond: number, cpuUs: number, lostReports: number }[]>} */
  const measured = {}
  for (let round = 0; round < rounds; round++) {
    for (const { name, file } of entries) {
      await sink.forget()
      const reports = name.endsWith('events') ? REPORTS_ALONE : REPORTS
      const given = { reporter: file, sinkUrl: sink.url, folder, argv: [String(reports)] }
      const { tookMs, cpuUs } = await measureProgram('throughput', given)
      const lostReports = 5_000 + reports - (await sink.counts()).different
      const perSecond = ((reports - Math.max(0, lostReports)) * 1_000) / tookMs
      measured[name] = [...(measured[name] ?? []), { perSecond, cpuUs, lostReports }]
    }
  }
  const rows = entries.map(({ name }) => {
    const of = (/** @type {'perSecond' | 'cpuUs' | 'lostReports'} */ key) =>
      median((measured[name] ?? []).map((one) => one[key]))
    return { name, perSecond: of('perSecond'), cpuUs: of('cpuUs'), lostReports: of('lostReports') }
  })
  const floor = rows[0]?.perSecond ?? Number.NaN
  const engine = rows.find(({ name }) => name === ENGINE.name)
  return {
    title: 'Delivered reports a second',
    head: ['', 'reports/s', 'of bare undici', 'CPU µs a report', 'lost', 'goal'],
    rows: rows.map((row) => [
      row.name,
      shown(row.perSecond),
      ratio(row.perSecond, floor),
      shown(row.cpuUs),
      String(row.lostReports),
      row === engine ? '≥ 0.8 x' : '',
    ]),
    notes: [],
    values: rows,
    missed: engine && engine.perSecond / floor < 0.8 ? ['delivered reports a second'] : [],
  }
}
