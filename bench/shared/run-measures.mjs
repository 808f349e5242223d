import { parseArgs } from 'node:util'
import { describeMachine, printed, writePage } from './tables.mjs'

/**
 * A command that measures: `[--only a,b] [--rounds 5] [--json] [--write]`.
 *
 * @template Given
 * @param {object} parts
 * @param {string} parts.command As in docs/benchmarks.md: `bench:sdk`.
 * @param {Record<string, (given: Given & { rounds: number }) => Promise<import('./tables.mjs').Measured>>} parts.measures
 * @param {() => Promise<{ given: Given, peers: readonly string[], close: () => Promise<void> }>} parts.prepare
 *   What every measure is given, and the names and versions of what is measured beside ours.
 */
export async function runMeasures({ command, measures, prepare }) {
  const { values } = parseArgs({
    options: {
      only: { type: 'string', default: Object.keys(measures).join(',') },
      rounds: { type: 'string', default: '5' },
      json: { type: 'boolean', default: false },
      write: { type: 'boolean', default: false },
    },
  })
  const wanted = values.only.split(',')
  const unknown = wanted.filter((name) => !Object.hasOwn(measures, name))
  if (unknown.length > 0) {
    const there = Object.keys(measures).join(', ')
    console.error(`there is no measure ${unknown.join(', ')}; there are ${there}`)
    process.exit(2)
  }
  const { given, peers, close } = await prepare()
  /** @type {Record<string, import('./tables.mjs').Measured>} */
  const measured = {}
  for (const name of wanted) {
    const measure = measures[name]
    if (measure === undefined) continue
    console.error(`measuring ${name} …`)
    const one = await measure({ ...given, rounds: Number(values.rounds) })
    measured[name] = one
    if (!values.json) console.log(printed(one))
  }
  await close()

  const machine = describeMachine(peers)
  const missed = Object.values(measured).flatMap((each) => each.missed)
  if (values.json) console.log(JSON.stringify({ machine, measured, missed }, undefined, 2))
  else console.log(`${machine.join('; ')}\ngoals missed: ${missed.join('; ') || 'none'}`)
  if (values.write) writePage(command, machine, Object.values(measured))
}
