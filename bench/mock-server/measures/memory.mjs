// Resident memory of each server after its first report, and after reports that fill default retention
// (100 000) over 16 connections. The floor keeps as many, parsed.
import { load } from '../../load.mjs'
import { median, shown } from '../../shared/statistics.mjs'
import { FLOOR, MOCK, startServer } from '../servers.mjs'

const REQUESTS = 120_000
const REQUESTS_OF_SLOW = 10_000
const [GOAL_IDLE_MIB, GOAL_LOADED_MIB] = [15, 250]

/** @param {import('../run.mjs').Given} given */
export async function measureMemory({ folder, peers, rounds }) {
  const entries = [FLOOR, MOCK, ...peers]
  const rows = []
  for (const entry of entries) {
    const idle = []
    for (let round = 0; round < rounds; round++) {
      const { residentMiB, stop } = await startServer(entry, folder)
      idle.push(residentMiB())
      await stop()
    }
    const { url, headers, residentMiB, stop } = await startServer(entry, folder)
    const isFast = [FLOOR.name, MOCK.name, 'fastify'].includes(entry.name)
    const requests = isFast ? REQUESTS : REQUESTS_OF_SLOW
    await load({ url, headers, connections: 16, requests })
    rows.push({ name: entry.name, idleMiB: median(idle), loadedMiB: residentMiB(), requests })
    await stop()
  }
  const nothing = { idleMiB: Number.NaN, loadedMiB: Number.NaN }
  const [floor = nothing, mock = nothing] = rows
  return {
    title: 'Resident memory',
    head: ['', 'idle MiB', 'above bare', 'after load MiB', 'reports', 'goal'],
    rows: rows.map((row) => [
      row.name,
      shown(row.idleMiB),
      shown(row.idleMiB - floor.idleMiB),
      shown(row.loadedMiB),
      String(row.requests),
      row === mock ? `≤ ${GOAL_IDLE_MIB} above, ≤ ${GOAL_LOADED_MIB}` : '',
    ]),
    notes: [
      'After load with garbage that nobody has collected yet; `bench/scale.mjs` measures what stays.',
    ],
    values: rows,
    missed: [
      ...(mock.idleMiB - floor.idleMiB > GOAL_IDLE_MIB ? ['idle memory'] : []),
      ...(mock.loadedMiB > GOAL_LOADED_MIB ? ['memory after load'] : []),
    ],
  }
}
