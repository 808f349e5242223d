// What report() costs its caller, id and serialization included where an SDK does them there. Beside it
// JSON.stringify of the same reports in the same process, turn by turn. Each SDK delivers to the sink
// between the bursts, so that nobody's queue is full.

import { median, ratio, shown } from '../../shared/statistics.mjs'
import { measureProgram } from '../children.mjs'
import { ENGINE, PEERS } from '../reporters.mjs'

/** @param {{ folder: string, sinkUrl: string, rounds: number }} given */
export async function measureReportCost({ folder, sinkUrl, rounds }) {
  const entries = [ENGINE, ...PEERS]
  /** @type {Record<string, any[]>} */
  const measured = {}
  for (let round = 0; round < rounds; round++) {
    for (const { name, file } of entries) {
      const one = await measureProgram('report-cost', { reporter: file, sinkUrl, folder })
      measured[name] = [...(measured[name] ?? []), one]
    }
  }
  const rows = entries.map(({ name }) => {
    const of = (/** @type {string} */ key) => median((measured[name] ?? []).map((one) => one[key]))
    const floors = (measured[name] ?? []).map((one) => one.reportNs / one.stringifyNs)
    return {
      name,
      reportNs: of('reportNs'),
      stringifyNs: of('stringifyNs'),
      ratio: median(floors),
      p99Ns: of('p99Ns'),
    }
  })
  const engine = rows[0]
  return {
    title: 'One report(), 300 bytes',
    head: ['', 'ns', 'JSON.stringify ns', 'ratio', 'p99 µs', 'goal'],
    rows: rows.map((row) => [
      row.name,
      shown(row.reportNs),
      shown(row.stringifyNs),
      ratio(row.ratio, 1),
      shown(row.p99Ns / 1_000),
      row === engine ? '≤ 2 x, p99 < 20 µs' : '',
    ]),
    notes: [],
    values: rows,
    missed: [
      ...(engine && engine.ratio > 2 ? ['report() beside JSON.stringify'] : []),
      ...(engine && engine.p99Ns >= 20_000 ? ['p99 of report()'] : []),
    ],
  }
}
