import { once } from 'node:events'
import https from 'node:https'
import { text } from 'node:stream/consumers'
import { HttpResponse, http } from 'msw'
import { setupServer } from 'msw/node'
import { expect, onTestFinished, test, vi } from 'vitest'
import { teamServerHandlers } from '../../../mock-server/adapters/msw.ts'
import { createTeamServer } from '../../../mock-server/index.ts'
import { createEngine } from '../../../sdk/index.ts'

const URL_OF_TEAM_SERVER = 'https://teamserver.test/Contrast'

async function setUp(url = URL_OF_TEAM_SERVER) {
  const teamServer = createTeamServer()
  const shop = await teamServer.createOrganization({ name: 'Shop', apiKey: { enabled: true } })
  const server = setupServer(
    ...teamServerHandlers(teamServer, url),
    http.get('https://other.test/', () => HttpResponse.text('other')),
  )
  server.listen({ onUnhandledRequest: 'error' })
  onTestFinished(() => server.close())
  return { teamServer, shop }
}

test('an engine that sends by the global fetch is heard', async () => {
  const { shop } = await setUp()
  const engine = createEngine({
    ...shop.engineOptions(),
    url: URL_OF_TEAM_SERVER,
    fetch: (url, init) => fetch(url, init),
  })
  engine.report({ id: 'first', type: 'finding', rule: 'cookie-flags-missing' })
  await engine.close()
  expect(engine.status()).toMatchObject({ given: 1, accepted: 1 })
  expect((await shop.reports()).map(({ id }) => id)).toEqual(['first'])
})

test('node:http is answered as well', async () => {
  await setUp()
  const [incoming] = await once(https.get(`${URL_OF_TEAM_SERVER}/api/ng/profile`), 'response')
  const body = await text(incoming)
  expect(incoming.statusCode).toBe(401)
  expect(JSON.parse(body)).toMatchObject({ reason: 'credentials-missing' })
})

test('what is not TeamServer is left to others, and nobody answers what nobody handles', async () => {
  await setUp()
  // msw says it aloud as well.
  vi.spyOn(console, 'error').mockImplementationOnce(() => {})
  expect(await (await fetch('https://other.test/')).text()).toBe('other')
  await expect(fetch('https://teamserver.test/elsewhere')).rejects.toThrow()
})

test.each([
  'https://teamserver.test',
  'https://teamserver.test/',
  'https://teamserver.test/Contrast/',
  'https://teamserver.test/Contrast/api',
])('the address may be written as an engine takes it: %s', async (url) => {
  await setUp(url)
  expect((await fetch(`${URL_OF_TEAM_SERVER}/api/ng/profile`)).status).toBe(401)
})

test.each(['', 'teamserver.test', 'ftp://teamserver.test', 'https://teamserver.test/other'])(
  'what is no address of a TeamServer is refused by name: %j',
  (url) => {
    expect(() => teamServerHandlers(createTeamServer(), url)).toThrow(
      expect.objectContaining({ code: 'ERR_OPTION_INVALID' }),
    )
  },
)

test('address ranges see the address that the handlers were given', async () => {
  const teamServer = createTeamServer()
  const shop = await teamServer.createOrganization({ name: 'Shop' })
  await shop.restrictAddresses(['10.0.0.0/8'], { appliesToAgents: true })
  const { userName, serviceKey } = shop.agent
  const authorization = Buffer.from(`${userName}:${serviceKey}`).toString('base64')
  const statusFrom = async (remoteAddress: string) => {
    const server = setupServer(
      ...teamServerHandlers(teamServer, URL_OF_TEAM_SERVER, { remoteAddress }),
    )
    server.listen({ onUnhandledRequest: 'error' })
    const answer = await fetch(`${URL_OF_TEAM_SERVER}/api/engine/v1/heartbeat`, {
      method: 'POST',
      headers: { authorization, 'content-type': 'application/json' },
      body: '{"counters":{}}',
    })
    server.close()
    return answer.status
  }
  expect(await statusFrom('10.1.2.3')).toBe(200)
  expect(await statusFrom('11.1.2.3')).toBe(403)
})
