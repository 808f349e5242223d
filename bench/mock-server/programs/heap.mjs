import { createRequire } from 'node:module'
import { HttpResponse, http } from 'msw'
import { setupServer } from 'msw/node'
import { createTeamServer } from 'teamserver-engine/mock-server'
import { teamServerHandlers } from 'teamserver-engine/mock-server/msw'
import { Agent, request } from 'undici'
import { ACCEPTED, REPORTS_PATH, reportBody } from '../report.mjs'

const [door = 'handle', peersFolder = ''] = process.argv.slice(2)
const CONCURRENCY = 16
const WARM_UP = 6_000
const REQUESTS = 20_000

const url = `https://teamserver.test${REPORTS_PATH}`
const teamServer = createTeamServer({
  retention: { reports: 1_000, auditEntries: 1_000, vulnerabilities: 1_000 },
})
const shop = await teamServer.createOrganization({ name: 'Shop', apiKey: { enabled: true } })
const headers = {
  authorization: Buffer.from(`${shop.agent.userName}:${shop.agent.serviceKey}`).toString('base64'),
  'api-key': shop.apiKey.value,
  'content-type': 'application/json',
}
let turn = 0
const init = () => ({ method: 'POST', headers, body: reportBody(turn++) })
const statusOf = async (/** @type {Response} */ answer) => {
  await answer.text()
  return answer.status
}

/** @type {Record<string, () => Promise<() => Promise<number>>>} */
const DOORS = {
  handle: async () => async () => statusOf(await teamServer.handle(new Request(url, init()))),
  fetch: async () => async () => statusOf(await teamServer.fetch(url, init())),
  async 'node:http'() {
    const listener = await teamServer.listen()
    const dispatcher = new Agent({ connections: CONCURRENCY, pipelining: 1 })
    const path = `${new URL(listener.url).origin}${REPORTS_PATH}`
    return async () => {
      const given = { method: /** @type {const} */ ('POST'), headers, body: reportBody(turn++) }
      const { statusCode, body } = await request(path, { ...given, dispatcher })
      await body.dump()
      return statusCode
    }
  },
  async msw() {
    setupServer(...teamServerHandlers(teamServer, url.replace(REPORTS_PATH, ''))).listen()
    return async () => statusOf(await fetch(url, init()))
  },
  async 'plain msw'() {
    const answer = async (/** @type {{ request: Request }} */ { request: asked }) => {
      await asked.json()
      return HttpResponse.json(JSON.parse(ACCEPTED), { status: 202 })
    }
    setupServer(http.post(url, answer)).listen()
    return async () => statusOf(await fetch(url, init()))
  },
  async nock() {
    const nock = createRequire(`${peersFolder}package.json`)('nock')
    nock(new URL(url).origin).persist().post(REPORTS_PATH).reply(202, ACCEPTED)
    return async () => statusOf(await fetch(url, init()))
  },
}

const send = await DOORS[door]?.()
if (send === undefined) throw new Error(`there is no door ${door}`)
await sendAll(WARM_UP)
const before = await heapBytes()
await sendAll(REQUESTS)
console.log(JSON.stringify({ keptBytes: ((await heapBytes()) - before) / REQUESTS }))
process.exit(0)

/** @param {number} requests */
async function sendAll(requests) {
  let left = requests
  const worker = async () => {
    while (left-- > 0) {
      const status = await send?.()
      if (status !== 202) throw new Error(`answered ${status}`)
    }
  }
  await Promise.all(Array.from({ length: CONCURRENCY }, worker))
}

async function heapBytes() {
  for (let round = 0; round < 4; round++) {
    await new Promise((resolve) => setTimeout(resolve, 50))
    globalThis.gc?.()
  }
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}
