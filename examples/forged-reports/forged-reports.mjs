// One honest report and twelve forged ones against a TeamServer with both layers on.
// Ends with 1 unless the honest one, and nothing else, was stored.
import { createEngine } from 'teamserver-engine'
import { createTeamServer } from 'teamserver-engine/mock-server'
import { forgedAttempts } from './attempts.mjs'
import { forge, isAsExpected, outcomeTable } from './forge.mjs'

const teamServer = createTeamServer()
const shop = await teamServer.createOrganization({ name: 'Shop', apiKey: { enabled: true } })
const rival = await teamServer.createOrganization({ name: 'Rival', apiKey: { enabled: true } })
const person = await shop.addPerson({ role: 'admin' })
const { url } = await teamServer.listen()

const replacedApiKey = shop.apiKey.value
await shop.apiKey.rotate()
const { userName, serviceKey } = await shop.addAgentKey({ name: 'retired' })
const deletedAgent = { userName, serviceKey }
await shop.deleteAgentKey('retired')

const engine = createEngine({ ...shop.engineOptions(), application: { name: 'shop' } })
engine.report({ type: 'finding', rule: 'cookie-flags-missing', title: 'an honest one' })
await engine.close()

const outcomes = []
for (const attempt of forgedAttempts({
  stolen: shop.agent,
  organizationId: shop.id,
  replacedApiKey,
  apiKey: shop.apiKey.value,
  deletedAgent,
  person,
  rival: {
    userName: rival.agent.userName,
    serviceKey: rival.agent.serviceKey,
    apiKey: rival.apiKey.value,
  },
})) {
  outcomes.push(await forge({ url, attempt, expected: 'refused', organizations: [shop, rival] }))
}
const stored = (await shop.reports()).length + (await rival.reports()).length
await teamServer.close()

console.log(outcomeTable(outcomes))
console.log(`\n1 honest report and ${outcomes.length} forged ones sent, ${stored} stored.`)
process.exitCode = stored === 1 && outcomes.every(isAsExpected) ? 0 : 1
