// What must hold after every attack (security matrix, section 4): the mock is up, the next request is
// answered, no request blocks its event loop for long, and memory comes back. Attacks at full size, by
// the limits that it has by default, from this process against one of its own.
// `node bench/abuse.mjs [--json]`; ends with 1 when a goal is missed.
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { connect } from 'node:net'
import { cpus, loadavg } from 'node:os'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { request } from 'undici'
import { reportBody } from './load.mjs'

/** What one request may block the loop for, what memory may stay, and what an honest one may wait. */
const GOALS = { blockedMs: 50, keptMiB: 32, honestMs: 100 }

const child = fork(fileURLToPath(new URL('abuse-child.mjs', import.meta.url)), [], {
  execArgv: ['--expose-gc'],
})
const [{ url, headers }] = await once(child, 'message')
const { hostname, port } = new URL(url)
const json = { ...headers, 'content-type': 'application/json' }
const head = (/** @type {Record<string, string | number>} */ more) =>
  [
    `POST ${new URL(url).pathname} HTTP/1.1`,
    'host: a',
    ...Object.entries({ ...json, ...more }).map(([name, value]) => `${name}: ${value}`),
  ].join('\r\n')

/** @param {string} order @returns {Promise<{ blockedMs: number, residentMiB: number }>} */
async function ask(order) {
  child.send(order)
  return (await once(child, 'message'))[0]
}

/** @param {string | Uint8Array} body @param {Record<string, string>} [more] */
const post = async (body, more = {}) => {
  const answer = await request(url, { method: 'POST', headers: { ...json, ...more }, body })
  await answer.body.dump()
  return answer.statusCode
}

async function honest() {
  const startedAt = performance.now()
  const status = await post(reportBody(Math.random() * 1e9))
  if (status !== 202) throw new Error(`an honest request was answered ${status}`)
  return performance.now() - startedAt
}

/** Longer than any that was accepted may last. */
const LONGEST_MS = 45_000

/**
 * So many connections that write something now and a byte each second; until all are closed. What finds the
 * system's queue of new connections full is open for this side alone, and is given up.
 */
function slow(
  /** @type {number} */ count,
  /** @type {string} */ first,
  /** @type {string} */ byte,
) {
  const closed = Array.from({ length: count }, () => {
    const socket = connect({ host: hostname, port: Number(port) })
    socket.on('error', () => {})
    socket.resume()
    socket.write(first)
    socket.setTimeout(LONGEST_MS, () => socket.destroy())
    const timer = setInterval(() => byte !== '' && socket.write(byte), 1_000)
    return once(socket, 'close').finally(() => clearInterval(timer))
  })
  return Promise.all(closed)
}

const repeat = (/** @type {number} */ count, /** @type {() => Promise<unknown>} */ act) =>
  Array.from({ length: count }).reduce((before) => before.then(act), Promise.resolve())
const MIB = 1_048_576
const bomb = gzipSync(Buffer.alloc(100 * MIB))
const wide = JSON.stringify({
  reports: Array.from({ length: 1_000 }, (_, at) => ({
    id: `${at}`,
    type: 'finding',
    rule: 'r',
    evidence: 'x'.repeat(4_000),
  })),
})
const values = JSON.stringify({
  reports: [
    {
      id: 'v',
      type: 'finding',
      rule: 'r',
      evidence: { list: Array.from({ length: 49_000 }, () => 0) },
    },
  ],
})

/** @type {[what: string, attack: () => Promise<unknown>][]} */
const attacks = [
  [
    'S-201: 200 connections, a header byte each second',
    () => slow(200, 'POST / HTTP/1.1\r\nX-A: ', 'x'),
  ],
  [
    'S-202: 200 connections, a body byte each second',
    () => slow(200, `${head({ 'content-length': 100_000 })}\r\n\r\n`, ' '),
  ],
  ['S-203: 200 connections that send nothing', () => slow(200, '', '')],
  ['S-203: 5 000 connections', () => slow(5_000, '', '')],
  ['S-206: a body of 4 MiB, ten times', () => repeat(10, () => post(' '.repeat(4 * MIB)))],
  [
    'S-208: 100 MiB of zeros in gzip, ten times',
    () => repeat(10, () => post(bomb, { 'content-encoding': 'gzip' })),
  ],
  ['S-302: 100 000 levels, ten times', () => repeat(10, () => post('['.repeat(100_000)))],
  ['4 MB in 1 000 reports, ten times', () => repeat(10, () => post(wide))],
  ['49 000 values in one report, ten times', () => repeat(10, () => post(values))],
  [
    'S-308: 50 000 spaces in a field, a hundred times',
    () =>
      repeat(100, () =>
        post(JSON.stringify({ reports: [{ id: ' '.repeat(50_000), type: 'finding' }] })),
      ),
  ],
]

const only = process.argv.includes('--quick') ? attacks.slice(4) : attacks
await repeat(200, honest)
// V8 keeps the room that its young generation has grown to: 27 MiB after the first large batches.
await repeat(10, () => post(wide))
const before = await ask('rest')
const figures = []
for (const [what, attack] of only) {
  await ask('rest')
  const startedAt = performance.now()
  const under = attack()
  const honestMs = await honest()
  await under
  const tookMs = performance.now() - startedAt
  await honest()
  const { blockedMs, residentMiB } = await ask('rest')
  const keptMiB = residentMiB - before.residentMiB
  const isMissed =
    blockedMs > GOALS.blockedMs || keptMiB > GOALS.keptMiB || honestMs > GOALS.honestMs
  figures.push({ what, tookMs, honestMs, blockedMs, keptMiB, isMissed })
}
child.disconnect()

if (process.argv.includes('--json')) {
  console.log(
    JSON.stringify(
      { node: process.version, load: loadavg()[0], goals: GOALS, figures },
      undefined,
      2,
    ),
  )
} else {
  console.log(
    `node ${process.version}, ${cpus().length} x ${cpus()[0]?.model}, load ${loadavg()[0]}`,
  )
  console.log(
    `goals: an honest request ${GOALS.honestMs} ms, loop blocked ${GOALS.blockedMs} ms, kept ${GOALS.keptMiB} MiB`,
  )
  for (const { what, tookMs, honestMs, blockedMs, keptMiB, isMissed } of figures) {
    console.log(
      `  ${what.padEnd(52)} took ${(tookMs / 1_000).toFixed(1).padStart(5)} s  honest ${honestMs.toFixed(0).padStart(4)} ms  ` +
        `blocked ${blockedMs.toFixed(0).padStart(4)} ms  kept ${keptMiB.toFixed(1).padStart(6)} MiB${isMissed ? '  MISSED' : ''}`,
    )
  }
}
if (figures.some(({ isMissed }) => isMissed)) process.exitCode = 1
