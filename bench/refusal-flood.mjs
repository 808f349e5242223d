// Sends refused requests in process at a steady rate and shows what memory they take: none that
// grows. `node --expose-gc bench/refusal-flood.mjs [seconds] [per second]`
import { createTeamServer } from '../dist/mock-server/index.js'

const [seconds = 10, perSecond = 10_000] = process.argv.slice(2).map(Number)

const teamServer = createTeamServer()
const shop = await teamServer.createOrganization({ name: 'Shop' })
const admin = await shop.addPerson({ role: 'admin' })
await shop.apiKey.rotate()
const acts = () => countOf('administration')
const actsBefore = await acts()

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
let wrong = 0
for (let second = 1; second <= seconds; second++) {
  const startedAt = performance.now()
  let slowestMs = 0
  // A hundred ticks a second, so that the rate is steady and the loop breathes.
  for (let tick = 0; tick < 100; tick++) {
    const tickAt = performance.now()
    const wave = Array.from({ length: perSecond / 100 }, () => {
      const make = REQUESTS[turn % REQUESTS.length]
      return teamServer.handle(/** @type {NonNullable<typeof make>} */ (make)(turn++))
    })
    const answers = await Promise.all(wave)
    wrong += answers.filter(({ status }) => status < 400).length
    slowestMs = Math.max(slowestMs, performance.now() - tickAt)
    const waitMs = startedAt + (tick + 1) * 10 - performance.now()
    await new Promise((resolve) =>
      waitMs > 1 ? setTimeout(resolve, waitMs) : setImmediate(resolve),
    )
  }
  globalThis.gc?.()
  const { rss, heapUsed } = process.memoryUsage()
  const columns = [turn, mebibytes(rss), mebibytes(heapUsed), await countOf('refusal')]
  console.log([second, ...columns, slowestMs.toFixed(1)].join('  '))
}
console.log(`let through: ${wrong}; acts of administrators kept: ${await acts()} of ${actsBefore}`)
await teamServer.close()
if (wrong > 0 || (await acts()) !== actsBefore) process.exitCode = 1

/** @param {string} path @param {string} userName */
function request(path, userName) {
  const authorization = Buffer.from(`${userName}:wrong`).toString('base64')
  return new Request(`http://127.0.0.1/Contrast/api${path}`, { headers: { authorization } })
}

/** @param {string} kind */
async function countOf(kind) {
  const entries = [...(await shop.auditLog()), ...(await teamServer.auditLog())]
  return entries.filter((entry) => entry.kind === kind).length
}

/** @param {number} bytes */
function mebibytes(bytes) {
  return (bytes / 1_048_576).toFixed(0)
}
