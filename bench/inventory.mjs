// What an inventory costs: a report on its way in, and lists of 100 000 vulnerabilities in 200 applications.
import { createTeamServer } from 'teamserver-engine/mock-server'
import { authorizationOf, residentBytes } from './scale/measuring.mjs'

const VULNERABILITIES = Number(process.argv[2] ?? 100_000)
const APPLICATIONS = 200
const BATCH = 500
const ROUNDS = 40
const MIB = 1_048_576

const SEVERITIES = ['note', 'low', 'medium', 'high', 'critical']
const RULES = ['sql-injection', 'reflected-xss', 'csrf', 'cookie-flags-missing', 'path-traversal']
const NOW = Date.parse('2026-11-24T12:00:00Z')

const teamServer = createTeamServer({ clock: () => NOW })
const shop = await teamServer.createOrganization({ name: 'Shop' })
const { authorization } = await shop.addPerson({ role: 'admin' })
const engine = authorizationOf(shop.agent)
const idle = residentBytes()

let number = 0
/** @param {number} count @param {number} [from] Where the numbers begin; those of before are seen again. */
function findings(count, from = number) {
  return Array.from({ length: count }, (_, at) => {
    const own = from + at
    return {
      id: `bench-${number++}`,
      type: 'finding',
      rule: RULES[own % RULES.length],
      severity: SEVERITIES[(own * 7) % SEVERITIES.length],
      title: `weakness ${own} of the shop`,
      url: `/products/${own}`,
      evidence: 'Set-Cookie: session=…; SameSite=Lax',
      at: NOW - ((own * 7_919) % 31_536_000) * 1_000,
    }
  })
}

/** @param {object[]} reports @param {number} application */
async function report(reports, application) {
  const response = await teamServer.handle(
    new Request('http://127.0.0.1/Contrast/api/engine/v1/reports', {
      method: 'POST',
      headers: { authorization: engine, 'content-type': 'application/json' },
      body: JSON.stringify({ application: `app-${application}`, reports }),
    }),
  )
  if (response.status !== 202) throw new Error(`answered ${response.status}`)
}

for (let sent = 0; sent < VULNERABILITIES; sent += BATCH) {
  await report(findings(Math.min(BATCH, VULNERABILITIES - sent)), (sent / BATCH) % APPLICATIONS)
}
const kept = residentBytes()

/** @param {string} query */
async function list(query) {
  const isOfApplications = query.startsWith('applications?')
  const path = `/Contrast/api/ng/${shop.id}/${isOfApplications ? query : `orgtraces/filter?${query}`}`
  const response = await teamServer.handle(
    new Request(`http://127.0.0.1${path}`, { headers: { authorization } }),
  )
  const { count, traces, applications } = await response.json()
  return { count, shown: (traces ?? applications).length }
}

/** @param {string} query @param {() => Promise<void>} [between] */
async function measure(query, between = async () => {}) {
  const startedAt = performance.now()
  const { count, shown } = await list(query)
  const firstMs = performance.now() - startedAt
  const times = []
  for (let round = 0; round < ROUNDS; round++) {
    await between()
    const roundAt = performance.now()
    await list(query)
    times.push(performance.now() - roundAt)
  }
  times.sort((one, other) => one - other)
  const at = (/** @type {number} */ share) => times[Math.floor(times.length * share)] ?? 0
  return { count, shown, firstMs, p50Ms: at(0.5), p95Ms: at(0.95) }
}

const GOAL_MS = 20
const QUERIES = [
  'limit=50',
  'limit=50&offset=90000',
  'limit=50&severities=HIGH&sort=-lastTimeSeen&expand=application',
  'limit=50&filterText=99&sort=title&expand=application',
  'limit=50&status=Reported&vulnTypes=csrf&sort=-severity&expand=application,servers',
  'applications?limit=50&expand=scores,trace_breakdown',
]
const rows = []
for (const query of QUERIES) rows.push({ query, ...(await measure(query)) })
// Engines go on reporting: each list meets new vulnerabilities and new sightings.
const busy = QUERIES[2] ?? ''
rows.push({
  query: `${busy}, with 200 reports before each`,
  ...(await measure(busy, async () => {
    await report(findings(100), 1)
    await report(findings(100, 1_000), 1)
  })),
})

/** @param {number} value */
const shown = (value) => value.toFixed(1)
console.log('| list of | found | first ms | p50 ms | p95 ms | goal |')
console.log('| --- | --- | --- | --- | --- | --- |')
for (const { query, count, firstMs, p50Ms, p95Ms } of rows) {
  const goal = `< ${GOAL_MS}${p50Ms < GOAL_MS ? '' : ', missed'}`
  console.log(
    `| ${query} | ${count} | ${shown(firstMs)} | ${shown(p50Ms)} | ${shown(p95Ms)} | ${goal} |`,
  )
}
console.log(
  `\n${VULNERABILITIES} vulnerabilities in ${APPLICATIONS} applications: ` +
    `${shown((kept - idle) / MIB)} MiB above ${shown(idle / MIB)}, ` +
    `${shown(residentBytes() / MIB)} MiB after the lists (goal: 600)`,
)
await teamServer.close()
