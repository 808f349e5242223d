import { HttpResponse, http } from 'msw'
import { setupServer } from 'msw/node'
import { createEngine } from 'teamserver-engine'
import { createTeamServer } from 'teamserver-engine/mock-server'
import { teamServerHandlers } from 'teamserver-engine/mock-server/msw'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { priceIn } from './price.js'

const url = 'https://teamserver.test/Contrast'
const teamServer = createTeamServer()
const server = setupServer(
  // What was there before:
  http.get('https://rates.test/EUR/GBP', () => HttpResponse.json({ rate: 0.5 })),
  http.get('https://rates.test/EUR/XXX', () => HttpResponse.json({ rate: 'none' })),
  // What comes to it:
  ...teamServerHandlers(teamServer, url),
)
beforeAll(() => server.listen({ onUnhandledRequest: 'error' }))
afterAll(() => server.close())

test('a rate that is no number is reported, another is not', async () => {
  const shop = await teamServer.createOrganization({ name: 'Shop', apiKey: { enabled: true } })
  // msw hears the global fetch.
  const engine = createEngine({
    ...shop.engineOptions(),
    url,
    fetch: (to, init) => fetch(to, init),
  })

  expect(await priceIn('GBP', engine)).toBe(19.5)
  expect(await priceIn('XXX', engine)).toBeUndefined()
  await engine.close()

  expect(await shop.reports()).toMatchObject([{ rule: 'unvalidated-input', title: 'Bad rate' }])
})
