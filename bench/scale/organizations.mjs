// Organizations side by side: what one costs, and that nothing crosses.
import { createTeamServer } from 'teamserver-engine/mock-server'
import { authorizationOf, reportRequest, usedBytes } from './measuring.mjs'

const COUNT = Number(process.argv[2])
const REPORTS = 100

const teamServer = createTeamServer()
// The first ones find the code cold.
for (let at = 0; at < 200; at++) await teamServer.createOrganization({ name: `Warm-up ${at}` })

const usedBefore = usedBytes()
const startedAt = performance.now()
const organizations = []
for (let at = 0; at < COUNT; at++) {
  organizations.push(
    await teamServer.createOrganization({ name: `Shop ${at}`, apiKey: { enabled: at % 2 === 0 } }),
  )
}
const createdMs = (performance.now() - startedAt) / COUNT
const bytes = (usedBytes() - usedBefore) / COUNT

await Promise.all(
  organizations.map(async (organization) => {
    const authorization = authorizationOf(organization.agent)
    for (let turn = 0; turn < REPORTS; turn++) {
      const report = { id: `r-${turn}`, type: 'finding', rule: 'r', title: organization.name }
      const body = JSON.stringify({ application: organization.name, reports: [report] })
      const { status } = await teamServer.handle(
        reportRequest(authorization, organization.apiKey.value, body),
      )
      if (status !== 202) throw new Error(`answered ${status}`)
    }
  }),
)
let crossed = 0
let missing = 0
for (const organization of organizations) {
  const reports = await organization.reports()
  crossed += reports.filter(({ title }) => title !== organization.name).length
  missing += REPORTS - reports.length
}
process.send?.([
  { what: `making one of ${COUNT} organizations`, value: createdMs, unit: 'ms', goal: 1 },
  { what: 'memory of an organization', value: bytes / 1_024, unit: 'KiB', goal: 10 },
  { what: `reports in the wrong one, of ${COUNT * REPORTS}`, value: crossed, unit: '', goal: 0 },
  { what: 'reports missing', value: missing, unit: '', goal: 0 },
])
process.once('disconnect', () => process.exit(0))
