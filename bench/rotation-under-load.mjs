// F-312: 50 requests a second for 10 s over a socket, one key rotated in the middle with an overlap of
// 5 s, the engine told of the new one 2 s later: nothing may be refused, nothing lost.
// `node bench/rotation-under-load.mjs`; ends with 1 when something was, or when the load was not there.
//
// That the engine went on with the replaced key for those 2 s is read from the answers, which then say
// until when it is accepted.
import { subscribe } from 'node:diagnostics_channel'
import { setTimeout as sleep } from 'node:timers/promises'
import { createEngine } from 'teamserver-engine'
import { createTeamServer } from 'teamserver-engine/mock-server'

const PER_SECOND = 50
const SECONDS = 10
const ROTATED_AFTER_SECONDS = 5
const TOLD_AFTER_SECONDS = 7
const OVERLAP_MS = 5_000

/** How many answers said that a key was replaced, by the header that says it. */
const answersToReplaced = { 'service-key-accepted-until': 0, 'api-key-accepted-until': 0 }
subscribe('undici:request:headers', (message) => {
  const { response } = /** @type {{ response: { headers: Buffer[] } }} */ (message)
  for (const line of response.headers) {
    const name = line.toString().toLowerCase()
    if (name in answersToReplaced) {
      answersToReplaced[/** @type {keyof typeof answersToReplaced} */ (name)]++
    }
  }
})

/** @param {boolean} isApiKey */
async function measure(isApiKey) {
  let requests = 0
  const teamServer = createTeamServer({ onExchange: () => requests++ })
  const shop = await teamServer.createOrganization({ name: 'Shop', apiKey: { enabled: true } })
  await teamServer.listen()
  const engine = createEngine({
    ...shop.engineOptions(),
    application: { name: 'till' },
    // A request for each report, and what is lost shows as lost.
    batchLimitReports: 1,
    spoolDirectory: false,
    logger: { error() {}, warn() {}, info() {}, debug() {} },
  })
  const startedAt = performance.now()
  for (let turn = 0; turn < PER_SECOND * SECONDS; turn++) {
    if (turn === ROTATED_AFTER_SECONDS * PER_SECOND) {
      if (isApiKey) await shop.apiKey.rotate({ overlapMs: OVERLAP_MS })
      else await shop.rotateAgentKey('default', { overlapMs: OVERLAP_MS })
    }
    if (turn === TOLD_AFTER_SECONDS * PER_SECOND) {
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
  const replaced =
    answersToReplaced[isApiKey ? 'api-key-accepted-until' : 'service-key-accepted-until']
  const isLoadThere =
    requests >= PER_SECOND * SECONDS &&
    seconds < SECONDS + 1 &&
    replaced >= ((TOLD_AFTER_SECONDS - ROTATED_AFTER_SECONDS) * PER_SECOND) / 2
  const isHeld = refused === 0 && lost === 0 && dropped === 0 && waiting === 0 && accepted === given
  const what = isApiKey ? 'organization API key' : 'service key'
  console.log(
    `  ${what.padEnd(20)} ${requests} requests in ${seconds.toFixed(1)} s, ${replaced} with the replaced ` +
      `key: ${given} reports given, ${accepted} accepted, ${refused} refused, ${lost} lost` +
      `${isHeld ? '' : '  MISSED'}${isLoadThere ? '' : '  TOO LITTLE LOAD'}`,
  )
  return isHeld && isLoadThere
}

console.log(`rotation under load, node ${process.version}`)
const rounds = await Promise.all([measure(true), measure(false)])
if (!rounds.every(Boolean)) process.exitCode = 1
