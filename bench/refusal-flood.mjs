// S-210: 10 000 refused requests a second for 10 s, in process: the audit log stays within its bound,
// nothing that administrators did is pushed out of it, and no memory grows once the log is full.
// `node bench/refusal-flood.mjs [seconds] [per second]`; ends with 1 when one of these does not hold,
// or when the load was not there.
import { isDeepStrictEqual } from 'node:util'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { createTeamServer } from 'teamserver-engine/mock-server'

const [seconds = 10, perSecond = 10_000] = process.argv.slice(2).map(Number)

/** Of refusals, for the organization and for what concerns none. */
const AUDIT_ENTRIES = 10_000

/** What the heap may grow by once the log is full: noise of the collector. */
const HEAP_GROWTH_MIB = 2

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc')

const teamServer = createTeamServer({ retention: { auditEntries: AUDIT_ENTRIES } })
const shop = await teamServer.createOrganization({ name: 'Shop' })
const admin = await shop.addPerson({ role: 'admin' })
await shop.apiKey.rotate()
const actsBefore = (await entries()).filter(({ kind }) => kind === 'administration')

/** Each refused for a reason of its own, with a name of its own. */
const REQUESTS = [
  (/** @type {number} */ turn) => request('/nowhere', `stranger-${turn}`),
  (/** @type {number} */ turn) => request(`/ng/${shop.id}/applications`, `stranger-${turn}`),
  (/** @type {number} */ turn) => request(`/ng/${turn}/applications`, shop.agent.userName),
  () => request(`/ng/${shop.id}/applications`, admin.userName),
]

console.log(`${perSecond} refused requests a second for ${seconds} s, in process`)
console.log('second  sent  RSS MiB  heap MiB  refusals kept  slowest tick ms')
let turn = 0
let letThrough = 0
let mostKept = 0
/** Of each second after the one in which the log was full. @type {number[]} */
const heaps = []
const floodedAt = performance.now()
for (let second = 1; second <= seconds; second++) {
  const startedAt = floodedAt + (second - 1) * 1_000
  let slowestMs = 0
  // A hundred ticks a second, so that the rate is steady and the loop breathes.
  for (let tick = 0; tick < 100; tick++) {
    const tickAt = performance.now()
    const wave = Array.from({ length: perSecond / 100 }, () => {
      const make = REQUESTS[turn % REQUESTS.length]
      return teamServer.handle(/** @type {NonNullable<typeof make>} */ (make)(turn++))
    })
    const answers = await Promise.all(wave)
    letThrough += answers.filter(({ status }) => status < 400).length
    slowestMs = Math.max(slowestMs, performance.now() - tickAt)
    const waitMs = startedAt + (tick + 1) * 10 - performance.now()
    await new Promise((resolve) =>
      waitMs > 1 ? setTimeout(resolve, waitMs) : setImmediate(resolve),
    )
  }
  const kept = (await entries()).filter(({ kind }) => kind === 'refusal').length
  collectGarbage()
  const { rss, heapUsed } = process.memoryUsage()
  if (mostKept === 2 * AUDIT_ENTRIES) heaps.push(heapUsed)
  mostKept = Math.max(mostKept, kept)
  const columns = [turn, mebibytes(rss).toFixed(0), mebibytes(heapUsed).toFixed(1), kept]
  console.log([second, ...columns, slowestMs.toFixed(1)].join('  '))
}
const tookSeconds = (performance.now() - floodedAt) / 1_000
const acts = (await entries()).filter(({ kind }) => kind === 'administration')
await teamServer.close()

const growthMiB = mebibytes((heaps.at(-1) ?? Number.NaN) - (heaps[0] ?? Number.NaN))
const rate = turn / tookSeconds
const facts = [
  [`let through: ${letThrough}`, letThrough === 0],
  [`refusals kept: at most ${mostKept}`, mostKept <= 2 * AUDIT_ENTRIES],
  [
    `acts of administrators kept: ${acts.length} of ${actsBefore.length}`,
    isDeepStrictEqual(acts, actsBefore),
  ],
  [
    `heap since the log was full: ${growthMiB.toFixed(1)} MiB more in ${heaps.length - 1} s`,
    heaps.length > 1 && growthMiB <= HEAP_GROWTH_MIB,
  ],
  [`sent: ${rate.toFixed(0)} a second`, rate >= 0.9 * perSecond],
]
for (const [fact, holds] of facts) console.log(`${fact}${holds ? '' : '  MISSED'}`)
if (!facts.every(([, holds]) => holds)) process.exitCode = 1

/** The audit log of the organization, and that of what concerns none. */
async function entries() {
  return [...(await shop.auditLog()), ...(await teamServer.auditLog())]
}

/** @param {string} path @param {string} userName */
function request(path, userName) {
  const authorization = Buffer.from(`${userName}:wrong`).toString('base64')
  return new Request(`http://127.0.0.1/Contrast/api${path}`, { headers: { authorization } })
}

/** @param {number} bytes */
function mebibytes(bytes) {
  return bytes / 1_048_576
}
