// One agent key against very many: what a request costs, in rounds by turns, and what a key takes.
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { median } from '../shared/statistics.mjs'

const COUNT = Number(process.argv[2])
const ROUNDS = 30

/** @param {number} count */
async function start(count) {
  const file = fileURLToPath(new URL('keys-child.mjs', import.meta.url))
  const child = fork(file, [String(count)], { execArgv: ['--expose-gc'] })
  const [first] = await once(child, 'message')
  /** @param {'one' | 'all'} order @returns {Promise<number>} */
  const cost = async (order) => {
    child.send(order)
    return (await once(child, 'message'))[0]
  }
  return { first, cost, end: () => child.disconnect() }
}

const [few, many] = [await start(0), await start(COUNT)]
/** @type {{ few: number[], one: number[], all: number[] }} */
const costs = { few: [], one: [], all: [] }
for (let round = 0; round < ROUNDS; round++) {
  costs.few.push(await few.cost('one'))
  costs.one.push(await many.cost('one'))
  costs.all.push(await many.cost('all'))
}
few.end()
many.end()

const floor = median(costs.few)
process.send?.([
  { what: 'a request with one agent key', value: floor, unit: 'µs' },
  {
    what: `with ${COUNT} more, by the same key`,
    value: median(costs.one) / floor,
    unit: 'x',
    goal: 1.2,
  },
  { what: 'and by 10 000 keys in turn', value: median(costs.all) / floor, unit: 'x', goal: 1.2 },
  {
    what: 'memory of a key above its texts',
    value: many.first.bytesPerKey,
    unit: 'bytes',
    goal: 300,
  },
  { what: 'adding a key', value: many.first.addedUs, unit: 'µs' },
])
process.once('disconnect', () => process.exit(0))
