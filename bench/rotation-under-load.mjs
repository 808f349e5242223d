// F-312: 50 requests a second for 10 s over a socket, one key rotated in the middle with an overlap of
// 5 s, the engine told of the new one 2 s later: nothing may be refused, nothing lost.
import { setTimeout as sleep } from 'node:timers/promises'
import { createEngine } from 'teamserver-engine'
import { createTeamServer } from 'teamserver-engine/mock-server'

const PER_SECOND = 50
const SECONDS = 10
const OVERLAP_MS = 5_000

/** @param {boolean} isApiKey */
async function measure(isApiKey) {
  let requests = 0
  const teamServer = createTeamServer({ onExchange: () => requests++ })
  const shop = await teamServer.createOrganization({ name: 'Shop', apiKey: { enabled: true } })
  await teamServer.listen()
  const engine = createEngine({
    ...shop.engineOptions(),
    application: { name: 'till' },
    // A request for each report.
    batchLimitReports: 1,
    logger: { error() {}, warn() {}, info() {}, debug() {} },
  })
  const startedAt = performance.now()
  for (let turn = 0; turn < PER_SECOND * SECONDS; turn++) {
    if (turn === 5 * PER_SECOND) {
      if (isApiKey) await shop.apiKey.rotate({ overlapMs: OVERLAP_MS })
      else await shop.rotateAgentKey('default', { overlapMs: OVERLAP_MS })
    }
    if (turn === 7 * PER_SECOND) {
      engine.updateCredentials(
        isApiKey
          ? { organizationApiKey: shop.apiKey.value }
          : { serviceKey: shop.agent.serviceKey },
      )
    }
    engine.report({ type: 'finding', rule: 'cookie-flags-missing' })
    await sleep(Math.max(0, startedAt + ((turn + 1) * 1_000) / PER_SECOND - performance.now()))
  }
  await engine.close()
  const seconds = (performance.now() - startedAt) / 1_000
  const { given, accepted, dropped, waiting } = engine.status()
  const refused = (await shop.refusals()).length
  const lost = given - (await shop.reports()).length
  await teamServer.close()
  const isRight = refused === 0 && lost === 0 && dropped === 0 && waiting === 0
  const what = isApiKey ? 'organization API key' : 'service key'
  console.log(
    `  ${what.padEnd(20)} ${requests} requests in ${seconds.toFixed(1)} s: ${given} reports given, ` +
      `${accepted} accepted, ${refused} refused, ${lost} lost${isRight ? '' : '  WRONG'}`,
  )
  return isRight
}

console.log(`rotation under load, node ${process.version}`)
const rounds = await Promise.all([measure(true), measure(false)])
if (!rounds.every(Boolean)) process.exitCode = 1
