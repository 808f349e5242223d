// Whether the time of a refusal tells anything: a known user name from an unknown one (F-902, F-903),
// a key that is wrong in its first character from one that is wrong in its last (F-904).
// `node bench/authentication-timing.mjs [--json]`; ends with 1 when a goal is missed.
//
// Timed is what a caller can time: the way from a request to its answer, audit entry included, in
// process through `handle` and over loopback from another process. Two requests that differ in one
// thing alone are sent in turns, in the order A B B A, so that whatever else the machine does falls
// on both, and each stands behind the other as often as behind itself. A round is the difference of
// the two medians; of several rounds, each with a TeamServer of its own, the median counts, so that
// no single disturbed round decides. The audit logs are full before a round begins. The row that
// compares a request with itself shows how fine the method is.
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { cpus } from 'node:os'
import { fileURLToPath } from 'node:url'
import { createTeamServer } from 'teamserver-engine/mock-server'
import { Agent, request } from 'undici'
import { median } from './shared/statistics.mjs'

/**
 * A request by what varies in it.
 *
 * @typedef {{ userName: string, serviceKey: string, apiKey?: string, organization?: string }} Sent
 */

/** @typedef {{ userName: string, serviceKey: string, organizationId: string }} Right */

/** @typedef {(sent: Sent) => Promise<void>} Send */

const ROUNDS = 5
const WRONG = 'x'.repeat(32)
// As much as a caller can put into one header line: what is digested of it must not depend on the name.
const LONG = 'x'.repeat(8_192)

/** @type {{ what: string, where: 'in process' | 'loopback', goalUs: number, pair: (right: Right) => [Sent, Sent] }[]} */
const ROWS = [
  {
    what: 'the same request twice',
    where: 'in process',
    goalUs: 0.2,
    pair: ({ userName }) => both({ userName, serviceKey: WRONG }, {}),
  },
  {
    what: 'F-902 known, unknown name',
    where: 'in process',
    goalUs: 0.5,
    pair: ({ userName }) => both({ userName, serviceKey: WRONG }, { userName: unknown(userName) }),
  },
  {
    what: 'F-902 the organization in the path',
    where: 'in process',
    goalUs: 0.5,
    pair: ({ userName, organizationId: organization }) =>
      both({ userName, serviceKey: WRONG, organization }, { userName: unknown(userName) }),
  },
  {
    what: 'F-902 with an API key of 8 KiB',
    where: 'in process',
    goalUs: 0.5,
    pair: ({ userName }) =>
      both({ userName, serviceKey: WRONG, apiKey: LONG }, { userName: unknown(userName) }),
  },
  {
    what: 'F-904 wrong in the first, last character',
    where: 'in process',
    goalUs: 0.2,
    pair: ({ userName, serviceKey }) =>
      both(
        { userName, serviceKey: another(serviceKey[0]) + serviceKey.slice(1) },
        { serviceKey: serviceKey.slice(0, -1) + another(serviceKey.at(-1)) },
      ),
  },
  {
    what: 'F-903 known, unknown name',
    where: 'loopback',
    goalUs: 20,
    pair: ({ userName }) => both({ userName, serviceKey: WRONG }, { userName: unknown(userName) }),
  },
]

const CALLS = { 'in process': 50_000, loopback: 5_000 }
const WARM_UP_CALLS = { 'in process': 10_000, loopback: 2_000 }

/** @type {Map<string, { medianUs: number, differenceUs: number }[]>} */
const rounds = new Map(ROWS.map(({ what, where }) => [`${what} ${where}`, []]))
for (let round = 0; round < ROUNDS; round++) {
  for (const { what, where, pair } of ROWS) {
    const measured = await (where === 'loopback' ? overLoopback(pair) : inProcess(pair))
    rounds.get(`${what} ${where}`)?.push(measured)
  }
}

const results = ROWS.map(({ what, where, goalUs }) => {
  const measured = rounds.get(`${what} ${where}`) ?? []
  const differences = measured.map(({ differenceUs }) => differenceUs)
  const differenceUs = Math.abs(median(differences))
  return {
    what,
    where,
    calls: CALLS[where],
    medianUs: rounded(median(measured.map(({ medianUs }) => medianUs))),
    differenceUs: rounded(differenceUs),
    leastUs: rounded(Math.min(...differences)),
    mostUs: rounded(Math.max(...differences)),
    goalUs,
    isMet: differenceUs <= goalUs,
  }
})
const cpu = `${cpus().length} x ${cpus()[0]?.model}`
if (process.argv.includes('--json')) {
  console.log(JSON.stringify({ node: process.version, cpu, rounds: ROUNDS, results }))
} else {
  console.log(`node ${process.version}, ${cpu}, medians of ${ROUNDS} rounds, in µs`)
  console.log(`${''.padEnd(42)}where       calls  median  difference  (rounds)            goal`)
  for (const row of results) {
    const { what, where, calls, medianUs, differenceUs, leastUs, mostUs, goalUs, isMet } = row
    const columns = [
      what.padEnd(40),
      where.padEnd(10),
      String(calls).padStart(6),
      medianUs.toFixed(1).padStart(6),
      differenceUs.toFixed(3).padStart(10),
      `(${leastUs.toFixed(3)} to ${mostUs.toFixed(3)})`.padEnd(18),
      `${goalUs}${isMet ? '' : '  MISSED'}`,
    ]
    console.log(`  ${columns.join('  ')}`)
  }
}
if (!results.every(({ isMet }) => isMet)) process.exitCode = 1

/** @param {(right: Right) => [Sent, Sent]} pair */
async function inProcess(pair) {
  const teamServer = createTeamServer()
  const shop = await teamServer.createOrganization({ name: 'Shop', apiKey: { enabled: true } })
  const { userName, serviceKey } = shop.agent
  // Refused by its head: the body is not read, and a request can be sent again.
  const [one, other] = pair({ userName, serviceKey, organizationId: shop.id }).map((sent) => {
    const url = `http://127.0.0.1/Contrast/api${pathOf(sent)}`
    return new Request(url, { method: 'POST', headers: headersOf(sent) })
  })
  if (one === undefined || other === undefined) throw new Error('no pair')
  const measured = await compare('in process', one, other, async (asked) => {
    const { status } = await teamServer.handle(asked)
    if (status !== 401) throw new Error(`answered ${status}`)
  })
  await teamServer.close()
  return measured
}

/** @param {(right: Right) => [Sent, Sent]} pair */
async function overLoopback(pair) {
  const child = fork(fileURLToPath(new URL('./mock-child.mjs', import.meta.url)))
  const [{ url, headers }] = await once(child, 'message')
  const [userName = '', serviceKey = ''] = Buffer.from(headers.authorization, 'base64')
    .toString('utf8')
    .split(':')
  const dispatcher = new Agent({ connections: 1, pipelining: 1 })
  const [one, other] = pair({ userName, serviceKey, organizationId: '' })
  const measured = await compare('loopback', headersOf(one), headersOf(other), async (asked) => {
    const answer = await request(url, { method: 'POST', dispatcher, headers: asked })
    await answer.body.dump()
    if (answer.statusCode !== 401) throw new Error(`answered ${answer.statusCode}`)
  })
  await dispatcher.close()
  child.disconnect()
  await once(child, 'exit')
  return measured
}

/**
 * @template Asked
 * @param {keyof typeof CALLS} where
 * @param {Asked} one
 * @param {Asked} other
 * @param {(asked: Asked) => Promise<void>} send
 */
async function compare(where, one, other, send) {
  const timed = async (/** @type {Asked} */ asked) => {
    const startedAt = performance.now()
    await send(asked)
    return (performance.now() - startedAt) * 1_000
  }
  for (let turn = 0; turn < WARM_UP_CALLS[where]; turn++) {
    await timed(one)
    await timed(other)
  }
  const ones = new Float64Array(CALLS[where])
  const others = new Float64Array(CALLS[where])
  for (let turn = 0; turn < CALLS[where]; turn++) {
    if (turn % 2 === 0) ones[turn] = await timed(one)
    others[turn] = await timed(other)
    if (turn % 2 === 1) ones[turn] = await timed(one)
  }
  return { medianUs: median([...ones]), differenceUs: median([...others]) - median([...ones]) }
}

/** @param {Sent} one @param {Partial<Sent>} change @returns {[Sent, Sent]} */
function both(one, change) {
  return [one, { ...one, ...change }]
}

/** A name of the same length that nobody has. @param {string} userName */
function unknown(userName) {
  return userName.replace(/[0-9a-f]{8}/, '00000000')
}

/** @param {string | undefined} character */
function another(character) {
  return character === 'x' ? 'y' : 'x'
}

/** @param {Sent} sent */
function pathOf({ organization }) {
  return organization === undefined
    ? '/engine/v1/reports'
    : `/engine/v1/organizations/${organization}/reports`
}

/** @param {Sent} sent @returns {Record<string, string>} */
function headersOf({ userName, serviceKey, apiKey }) {
  return {
    authorization: Buffer.from(`${userName}:${serviceKey}`).toString('base64'),
    ...(apiKey === undefined ? {} : { 'api-key': apiKey }),
  }
}

/** @param {number} us */
function rounded(us) {
  return Math.round(us * 1_000) / 1_000
}
