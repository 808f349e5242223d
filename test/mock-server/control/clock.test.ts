import { expect, onTestFinished, test } from 'vitest'
import { createTeamServer, type TeamServerOptions } from '../../../mock-server/index.ts'
import { ask } from '../ask.ts'
import { authorizationOf, createShop, finding } from '../shop.ts'
import { stateFile } from '../state/folder.ts'
import { controlOf } from './control-of.ts'

const START = Date.parse('2026-03-01T12:00:00Z')

async function setUp(options: TeamServerOptions = {}) {
  const { teamServer, shop } = await createShop({
    clock: () => START,
    scryptCost: 1_024,
    ...options,
  })
  onTestFinished(() => teamServer.close())
  const control = controlOf(await teamServer.listen({ control: true }))
  return { teamServer, shop, control }
}

test('it is told, moved to a moment, and moved on', async () => {
  const { teamServer, control } = await setUp()
  expect(await control.get('/clock')).toMatchObject({
    status: 200,
    body: { now: '2026-03-01T12:00:00.000Z' },
  })
  expect(await control.put('/clock', { now: '2026-03-02T00:00:00Z' })).toMatchObject({
    status: 200,
    body: { now: '2026-03-02T00:00:00.000Z' },
  })
  expect(await control.put('/clock', { advanceMs: 1_500 })).toMatchObject({
    status: 200,
    body: { now: '2026-03-02T00:00:01.500Z' },
  })
  expect(teamServer.clock.now()).toEqual(new Date('2026-03-02T00:00:01.500Z'))
})

test.each([
  [{ now: START - 1 }, 'the clock never goes back: it is 2026-03-01T12:00:00.000Z'],
  [{ now: 'tomorrow' }, 'the clock can be set to'],
  [{ now: {} }, 'now must be ISO 8601 or milliseconds'],
  [{ advanceMs: -1 }, 'it never goes back'],
  [{ advanceMs: '5' }, 'the clock can be advanced by a number'],
  [{}, 'needs one of now, advanceMs'],
  [{ now: START, advanceMs: 1 }, 'needs one of now, advanceMs'],
  [{ advance: 1 }, 'knows no advance; it takes now, advanceMs'],
  [[], 'must be an object with now, advanceMs'],
])('%j is refused by name, and the time stays', async (body, message) => {
  const { control } = await setUp()
  const reply = await control.put('/clock', body)
  expect(reply.status).toBe(400)
  expect(JSON.stringify(reply.body)).toContain(message)
  expect((await control.get('/clock')).body).toEqual({ now: '2026-03-01T12:00:00.000Z' })
})

test('an overlap ends when the clock is moved past it', async () => {
  const { teamServer, shop } = await setUp()
  const old = authorizationOf(shop.agent)
  await shop.rotateAgentKey('default', { overlapMs: 60_000 })
  const status = async (id: string) => {
    const json = { reports: [finding(id)] }
    return (await ask(teamServer, 'POST', '/engine/v1/reports', { authorization: old, json }))
      .status
  }
  teamServer.clock.advance(59_999)
  expect(await status('one')).toBe(202)
  teamServer.clock.advance(1)
  expect(await status('two')).toBe(401)
})

test('a login session ends, and an address may try again, when the clock is moved', async () => {
  const { teamServer, shop } = await setUp({ failedAttemptsPerMinute: 1 })
  const person = await shop.addPerson({ role: 'admin' })
  const login = (password: string) =>
    ask(teamServer, 'POST', '/ng/login', { json: { userName: person.userName, password } })
  const { headers } = await login(person.password)
  const cookie = String(headers['set-cookie']).split(';')[0] ?? ''
  const status = async () =>
    (await ask(teamServer, 'GET', `/ng/${shop.id}/applications`, { headers: { cookie } })).status
  expect(await status()).toBe(200)
  const { sessionTimeoutMs } = await teamServer.passwordPolicy()
  teamServer.clock.advance(sessionTimeoutMs)
  expect(await status()).toBe(401)
  expect((await login('Wrong-Password-99')).status).toBe(429)
  teamServer.clock.advance(60_000)
  expect((await login(person.password)).status).toBe(200)
})

test('with a state file the latest moment outlives the restart', async () => {
  const file = stateFile()
  const { teamServer } = await setUp({ stateFile: file })
  teamServer.clock.advance(3_600_000)
  await teamServer.close()
  const again = createTeamServer({ stateFile: file, clock: () => START })
  onTestFinished(() => again.close())
  expect(again.clock.now()).toEqual(new Date('2026-03-01T13:00:00Z'))
})
