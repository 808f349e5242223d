// From the start of the process to the answer to the first report, asked for again every 2 ms from the
// moment that the server says it is ready, or from the beginning where it says nothing. The mock is the
// command `mock-teamserver --port 0 --json`. Rounds take turns.
import { median, ratio, shown } from '../../shared/statistics.mjs'
import { FLOOR, MOCK, startServer } from '../servers.mjs'

/** @param {import('../run.mjs').Given} given */
export async function measureStart({ folder, peers, rounds }) {
  const entries = [FLOOR, MOCK, ...peers]
  /** @type {Map<string, number[]>} */
  const times = new Map(entries.map(({ name }) => [name, []]))
  for (let round = 0; round < rounds; round++) {
    for (const entry of entries) {
      const server = await startServer(entry, folder)
      times.get(entry.name)?.push(server.startedMs)
      await server.stop()
    }
  }
  const rows = entries.map(({ name }) => ({ name, startedMs: median(times.get(name) ?? []) }))
  const floorMs = rows[0]?.startedMs ?? Number.NaN
  const mockMs = rows[1]?.startedMs ?? Number.NaN
  return {
    title: 'From the start of the process to the first report taken',
    head: ['', 'ms', 'of bare node:http', 'goal'],
    rows: rows.map(({ name, startedMs }) => [
      name,
      shown(startedMs),
      ratio(startedMs, floorMs),
      name === MOCK.name ? '≤ 150 ms, ≤ 1.6 x' : '',
    ]),
    notes: [],
    values: rows,
    missed: [
      ...(mockMs > 150 ? ['start within 150 ms'] : []),
      ...(mockMs / floorMs > 1.6 ? ['start beside bare node:http'] : []),
    ],
  }
}
