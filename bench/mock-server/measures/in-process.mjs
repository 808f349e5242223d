// What a report costs without a socket: `handle` beside building and reading the same Request and Response,
// and `fetch` through msw beside a plain handler that reads and answers JSON. Turn by turn in one process,
// one request at a time, each round a process of its own.
import { median, shown } from '../../shared/statistics.mjs'
import { runProgram } from '../programs.mjs'

const GOAL_US = 25

/** @param {import('../run.mjs').Given} given */
export async function measureInProcess({ rounds }) {
  const measured = []
  for (let round = 0; round < rounds; round++) measured.push(await runProgram('in-process'))
  const of = (/** @type {string} */ key) => median(measured.map((one) => one[key]))
  const above = (/** @type {string} */ key, /** @type {string} */ floor) =>
    median(measured.map((one) => one[key] - one[floor]))
  const rows = [
    { name: 'Request and Response alone', us: of('floorUs') },
    { name: 'handle', us: of('handleUs'), aboveUs: above('handleUs', 'floorUs') },
    { name: 'a plain msw handler', us: of('plainMswUs') },
    { name: 'the mock through msw', us: of('mswUs'), aboveUs: above('mswUs', 'plainMswUs') },
  ]
  return {
    title: 'One report without a socket',
    head: ['', 'µs', 'above the line before, µs', 'goal'],
    rows: rows.map(({ name, us, aboveUs }) => [
      name,
      shown(us),
      aboveUs === undefined ? '' : shown(aboveUs),
      aboveUs === undefined ? '' : `≤ ${GOAL_US}`,
    ]),
    notes: [],
    values: { rows, measured },
    missed: rows
      .filter(({ aboveUs = 0 }) => aboveUs > GOAL_US)
      .map(({ name }) => `cost of a report, ${name}`),
  }
}
