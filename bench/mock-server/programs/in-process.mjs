import { HttpResponse, http } from 'msw'
import { setupServer } from 'msw/node'
import { createTeamServer } from 'teamserver-engine/mock-server'
import { teamServerHandlers } from 'teamserver-engine/mock-server/msw'
import { median } from '../../shared/statistics.mjs'
import { ACCEPTED, REPORTS_PATH, reportBody } from '../report.mjs'

const TURNS = 40
const PER_TURN = 250

const teamServer = createTeamServer()
const shop = await teamServer.createOrganization({ name: 'Shop', apiKey: { enabled: true } })
const credentials = {
  authorization: Buffer.from(`${shop.agent.userName}:${shop.agent.serviceKey}`).toString('base64'),
  'api-key': shop.apiKey.value,
}
/** The head of an accepted answer, for the floor to build the same. */
const answerHeaders = {
  'content-type': 'application/json; charset=utf-8',
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  'x-mock-teamserver': 'teamserver-engine',
}
let turn = 0
const init = () => ({
  method: 'POST',
  headers: { ...credentials, 'content-type': 'application/json' },
  body: reportBody(turn++),
})

const ours = `https://ours.test${REPORTS_PATH}`
const plain = `https://plain.test${REPORTS_PATH}`
const server = setupServer(
  ...teamServerHandlers(teamServer, 'https://ours.test/Contrast'),
  http.post(plain, async ({ request }) => {
    await request.json()
    return HttpResponse.json(JSON.parse(ACCEPTED), { status: 202, headers: answerHeaders })
  }),
)

/** @type {Record<string, () => Promise<Response>>} */
const WAYS = {
  floorUs: async () => {
    const request = new Request(ours, init())
    await request.text()
    return new Response(ACCEPTED, { status: 202, headers: answerHeaders })
  },
  handleUs: () => teamServer.handle(new Request(ours, init())),
}
const MSW_WAYS = { plainMswUs: () => fetch(plain, init()), mswUs: () => fetch(ours, init()) }

const measured = await turnByTurn(WAYS)
server.listen({ onUnhandledRequest: 'error' })
Object.assign(measured, await turnByTurn(MSW_WAYS))
server.close()
console.log(JSON.stringify(measured))

/** @param {Record<string, () => Promise<Response>>} ways */
async function turnByTurn(ways) {
  /** @type {Record<string, number[]>} */
  const times = {}
  for (let round = -8; round < TURNS; round++) {
    for (const [name, send] of Object.entries(ways)) {
      const before = process.cpuUsage()
      for (let at = 0; at < PER_TURN; at++) {
        const answer = await send()
        if (answer.status !== 202) throw new Error(`${name}: ${await answer.text()}`)
        await answer.text()
      }
      // Of the processor: what else the machine does is no cost of a report.
      const { user, system } = process.cpuUsage(before)
      const us = (user + system) / PER_TURN
      // The first ones warm up.
      if (round >= 0) times[name] = [...(times[name] ?? []), us]
    }
  }
  return Object.fromEntries(Object.entries(times).map(([name, each]) => [name, median(each)]))
}
