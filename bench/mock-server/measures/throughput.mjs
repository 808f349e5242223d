// One report a request, as fast as 1 and as 16 connections take it, from this process with undici. Every
// round starts every server anew and warms it up. The mock checks both layers, validates, stores and logs
// the request; what each of the others does stands in peer-settings.mjs and in the servers themselves.
import { load } from '../../load.mjs'
import { median, ratio, shown } from '../../shared/statistics.mjs'
import { FLOOR, MOCK, startServer } from '../servers.mjs'

const REQUESTS = 10_000
const WARM_UP = 5_000

/** @param {number} connections */
export function measureThroughput(connections) {
  /** @param {import('../run.mjs').Given} given */
  return async ({ folder, peers, rounds }) => {
    const entries = [FLOOR, MOCK, ...peers]
    /** @type {Map<string, { perSecond: number, p50Ms: number, p99Ms: number }[]>} */
    const measured = new Map(entries.map(({ name }) => [name, []]))
    for (let round = 0; round < rounds; round++) {
      for (const entry of entries) {
        const { url, headers, stop } = await startServer(entry, folder)
        // Those that are ten times slower are loaded as long, not as often.
        const share = entry === FLOOR || entry === MOCK || entry.name === 'fastify' ? 1 : 0.2
        await load({ url, headers, connections, requests: WARM_UP * share })
        measured
          .get(entry.name)
          ?.push(await load({ url, headers, connections, requests: REQUESTS * share }))
        await stop()
      }
    }
    const rows = entries.map(({ name }) => {
      const of = (/** @type {'perSecond' | 'p50Ms' | 'p99Ms'} */ key) =>
        median((measured.get(name) ?? []).map((one) => one[key]))
      return { name, perSecond: of('perSecond'), p50Ms: of('p50Ms'), p99Ms: of('p99Ms') }
    })
    const nothing = { perSecond: Number.NaN, p99Ms: Number.NaN }
    const [floor = nothing, mock = nothing] = rows
    const hasTailGoal = connections > 1
    return {
      title: `One report a request, ${connections} connection${connections > 1 ? 's' : ''}`,
      head: ['', 'requests/s', 'of bare node:http', 'p50 ms', 'p99 ms', 'p99 of bare', 'goal'],
      rows: rows.map((row) => [
        row.name,
        shown(row.perSecond),
        ratio(row.perSecond, floor.perSecond),
        shown(row.p50Ms),
        shown(row.p99Ms),
        ratio(row.p99Ms, floor.p99Ms),
        row === mock ? `≥ 0.8 x${hasTailGoal ? ', p99 ≤ 2 x' : ''}` : '',
      ]),
      notes: [],
      values: rows,
      missed: [
        ...(mock.perSecond / floor.perSecond < 0.8
          ? [`requests a second, ${connections} connections`]
          : []),
        ...(hasTailGoal && mock.p99Ms / floor.p99Ms > 2 ? ['p99 beside bare node:http'] : []),
      ],
    }
  }
}
