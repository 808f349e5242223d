// The whole story: an engine that arrives with generated credentials, what a thief can do with them,
// and the organization API key that ends it. Ends with 1 unless every outcome is as expected.
import { createTeamServer } from 'teamserver-engine/mock-server'
import { authorizationOf, forgedAttempts } from '../forged-reports/attempts.mjs'
import { forge, isAsExpected, outcomeTable } from '../forged-reports/forge.mjs'
import { describeArrivals, isForged } from './arrivals.mjs'
import { installShop, visitShop } from './engine-app.mjs'

const isJson = process.argv.includes('--json')
/** @param {string} text */
const say = (text) => {
  if (!isJson) console.log(text)
}
/** @type {import('../forged-reports/forge.mjs').Outcome[]} */
const attempts = []
/** @type {(() => Promise<void>)[]} */
const undo = []
const honest = { sent: 0, stored: 0 }
let isStoryRight = true

try {
  await tell()
} finally {
  for (const step of undo.reverse()) await step()
}
const isRight = isStoryRight && honest.sent === honest.stored && attempts.every(isAsExpected)
say(outcomeTable(attempts))
say('')
say(`  honest reports: ${honest.sent} sent, ${honest.stored} stored`)
say(
  `  forged reports: ${attempts.length} tried, ${attempts.filter(({ stored }) => stored).length} stored`,
)
say(isRight ? '\nEvery outcome is as expected.' : '\nNOT every outcome is as expected.')
if (isJson) console.log(JSON.stringify({ ok: isRight, attempts, honest }))
process.exitCode = isRight ? 0 : 1

async function tell() {
  const teamServer = createTeamServer()
  undo.push(() => teamServer.close())
  const shop = await teamServer.createOrganization({ name: 'Shop' })
  const rival = await teamServer.createOrganization({ name: 'Rival', apiKey: { enabled: true } })
  const organizations = [shop, rival]
  const admin = await shop.addPerson({ role: 'admin' })
  const { url } = await teamServer.listen()
  const download = async () => {
    const answer = await fetch(`${url}/api/ng/${shop.id}/agents/default/NODE`, {
      headers: { authorization: admin.authorization, 'api-key': shop.apiKey.value },
    })
    if (!answer.ok) throw new Error(`the download was refused with ${answer.status}`)
    return new Uint8Array(await answer.arrayBuffer())
  }

  say('ACT ONE: generated credentials alone\n')
  say('  A TeamServer starts. An administrator downloads the engine; it arrives with generated')
  say('  credentials. It is installed into a shop built with express, and visitors come.\n')
  const first = await installShop(await download())
  undo.push(first.remove)
  const before = await visitShop(first)
  honest.sent += before.status.given
  say(describeArrivals(await shop.reports(), await shop.applications()))

  say('  A thief copies the credentials out of the engine and sends a report of their own making.')
  const stolen = { userName: shop.agent.userName, serviceKey: shop.agent.serviceKey }
  const theft = {
    name: 'layer two off: stolen generated credentials',
    path: '/engine/v1/reports',
    headers: { authorization: authorizationOf(stolen) },
  }
  attempts.push(await forge({ url, attempt: theft, expected: 'stored', organizations }))
  say('  It is stored: nothing tells it from an honest one.\n')

  say('ACT TWO: the organization API key\n')
  const replacedApiKey = shop.apiKey.value
  await shop.apiKey.rotate()
  await shop.apiKey.enable()
  const retired = await shop.addAgentKey({ name: 'retired' })
  const deletedAgent = { userName: retired.userName, serviceKey: retired.serviceKey }
  await shop.deleteAgentKey('retired')
  say(
    '  The administrator switches the organization API key on. The engine from before has none:\n',
  )
  const reportsBefore = (await shop.reports()).length
  const refused = await visitShop(first)
  const isShopUnharmed = refused.visits.join() === before.visits.join()
  const isEngineHeld =
    refused.status.accepted === 0 && (await shop.reports()).length === reportsBefore
  isStoryRight = isShopUnharmed && isEngineHeld && refused.said.includes('layer two')
  say(refused.said.replace(/^(?=.)/gm, '    '))
  say(
    `  ${isShopUnharmed ? 'The shop answered every visitor as before.' : 'THE SHOP WAS HARMED.'}\n`,
  )

  say('  The administrator downloads the engine again; now the organization API key is in it.\n')
  const second = await installShop(await download(), first)
  undo.push(second.remove)
  const after = await visitShop(second)
  honest.sent += after.status.given
  const stored = await shop.reports()
  honest.stored = stored.filter((report) => !isForged(report)).length
  const kept = refused.status.waiting
  isStoryRight &&= kept > 0 && kept === refused.status.spooled && kept < after.status.given
  say(
    `  ${after.status.accepted} of its ${after.status.given} reports were accepted, among them the ${kept} that the engine from before`,
  )
  say('  had to keep on disk.\n')

  say('  The thief tries again, and whatever else comes to mind:\n')
  for (const attempt of forgedAttempts({
    stolen,
    organizationId: shop.id,
    replacedApiKey,
    apiKey: shop.apiKey.value,
    deletedAgent,
    person: admin,
    rival: {
      userName: rival.agent.userName,
      serviceKey: rival.agent.serviceKey,
      apiKey: rival.apiKey.value,
    },
  })) {
    attempts.push(await forge({ url, attempt, expected: 'refused', organizations }))
  }
}
