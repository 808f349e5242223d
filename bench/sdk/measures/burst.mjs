// 100 000 reports in one tick, then a flush: what the process takes at its peak above what it took
// before, how long the tick was, and how many arrived.

import { median, shown } from '../../shared/statistics.mjs'
import { measureProgram } from '../children.mjs'
import { ENGINE, NOTHING, PEERS } from '../reporters.mjs'

const REPORTS = 100_000

/** @param {{ folder: string, sink: Awaited<ReturnType<typeof import('../children.mjs').startSink>>, rounds: number }} given */
export async function measureBurst({ folder, sink, rounds }) {
  const entries = [NOTHING, ENGINE, ...PEERS]
  /** @type {Record<string, { mebibytes: number, blockedMs: number, arrived: number }[]>} */
  const measured = {}
  for (let round = 0; round < rounds; round++) {
    for (const { name, file } of entries) {
      await sink.forget()
      const given = { reporter: file, sinkUrl: sink.url, folder, argv: [String(REPORTS)] }
      const { mebibytes, blockedMs } = await measureProgram('burst', given)
      const { different } = await sink.counts()
      const arrived = Math.max(0, different - 1)
      measured[name] = [...(measured[name] ?? []), { mebibytes, blockedMs, arrived }]
    }
  }
  const rows = entries.map(({ name }) => {
    const of = (/** @type {'mebibytes' | 'blockedMs' | 'arrived'} */ key) =>
      median((measured[name] ?? []).map((one) => one[key]))
    return { name, mebibytes: of('mebibytes'), blockedMs: of('blockedMs'), arrived: of('arrived') }
  })
  return {
    title: 'A burst of 100 000 in one tick',
    head: ['', 'peak MiB', 'tick ms', 'arrived by close()'],
    rows: rows.map((row) => [
      row.name,
      shown(row.mebibytes),
      shown(row.blockedMs),
      String(row.arrived),
    ]),
    notes: ['Bare Node makes the same reports and throws them away.'],
    values: rows,
    missed: [],
  }
}
