// What stays on the heap of a request once everything that is kept has found its limit: 16 at a time, a
// collection before and after. The mock keeps 1 000 reports and 1 000 logged requests. msw and nock are
// measured with a handler that answers and keeps nothing; retention is theirs.
import { median } from '../../shared/statistics.mjs'
import { runProgram } from '../programs.mjs'

const GOAL_KIB = 0.05
const DOORS = ['handle', 'fetch', 'node:http', 'msw', 'plain msw', 'nock']
const OURS = ['handle', 'fetch', 'node:http', 'msw']

/** @param {import('../run.mjs').Given} given */
export async function measureHeap({ rounds, peersFolder }) {
  /** @type {Map<string, number[]>} */
  const kept = new Map(DOORS.map((door) => [door, []]))
  for (let round = 0; round < rounds; round++) {
    for (const door of DOORS) {
      const { keptBytes } = await runProgram('heap', [door, peersFolder])
      kept.get(door)?.push(keptBytes / 1_024)
    }
  }
  const rows = DOORS.map((door) => ({ door, keptKiB: median(kept.get(door) ?? []) }))
  const aboveMsw = (/** @type {string} */ door, /** @type {number} */ keptKiB) =>
    door === 'msw'
      ? keptKiB - (rows.find((row) => row.door === 'plain msw')?.keptKiB ?? 0)
      : keptKiB
  return {
    title: 'Heap kept of a request',
    head: ['', 'KiB', 'goal'],
    rows: rows.map(({ door, keptKiB }) => [
      OURS.includes(door) ? `mock, ${door}` : door,
      keptKiB.toFixed(3),
      OURS.includes(door) ? `≤ ${GOAL_KIB}${door === 'msw' ? ' above plain msw' : ''}` : '',
    ]),
    notes: [],
    values: rows,
    missed: rows
      .filter(({ door, keptKiB }) => OURS.includes(door) && aboveMsw(door, keptKiB) > GOAL_KIB)
      .map(({ door }) => `heap kept of a request, ${door}`),
  }
}
