import { AssertionError } from 'node:assert'
import { expect, onTestFinished, test } from 'vitest'
import {
  assertAddsUp,
  assertNotRefused,
  assertNotStored,
  assertRefused,
  assertStored,
  connectOrganization,
} from '../../../mock-server/index.ts'
import { matchers } from '../../../mock-server/vitest/matchers.ts'
import { ask } from '../ask.ts'
import { authorizationOf, createShop, finding } from '../shop.ts'

async function setUp() {
  const { teamServer, shop } = await createShop()
  onTestFinished(() => teamServer.close())
  const { control } = await teamServer.listen({ control: true })
  const address = { url: String(control?.url), token: String(control?.token) }
  const connected = await connectOrganization({ ...address, organization: 'Shop' })
  const report = (id: string, more: object = {}) =>
    ask(teamServer, 'POST', '/engine/v1/reports', {
      authorization: authorizationOf(shop.agent),
      json: { reports: [finding(id, { ...more })] },
    })
  const forge = () => {
    const { userName } = shop.agent
    const authorization = authorizationOf({ userName, serviceKey: 'forged' })
    return ask(teamServer, 'POST', '/engine/v1/reports', { authorization, json: {} })
  }
  return { teamServer, shop, address, connected, report, forge }
}

test('it shows what the organization shows in its own process', async () => {
  const { shop, connected, report, forge } = await setUp()
  await report('one')
  await forge()
  expect({ id: connected.id, name: connected.name }).toEqual({ id: shop.id, name: 'Shop' })
  expect(await connected.reports()).toEqual(await shop.reports())
  expect(await connected.refusals()).toEqual(await shop.refusals())
  expect(await connected.reported()).toEqual(await shop.reported())
  await connected.reset()
  expect([await shop.reports(), await shop.refusals()]).toEqual([[], []])
})

test('it waits for what comes later, by regular expressions and matchers too', async () => {
  const { connected, report, forge } = await setUp()
  await report('one', { severity: 'low' })
  const wanted = { severity: /^(medium|high)$/, title: expect.any(String) }
  const waiting = connected.waitForReport(wanted, { timeoutMs: 600_000 })
  await report('two', { severity: 'high' })
  await report('three', { severity: 'high', title: 'x' })
  expect((await waiting).id).toBe('three')
  const refused = connected.waitForRefusal({ reason: /^credentials/ }, { timeoutMs: 600_000 })
  await forge()
  expect(await refused).toMatchObject({ detail: 'service-key-wrong', at: expect.any(Date) })
})

test('out of time it tells what the organization tells in its own process', async () => {
  const { shop, connected, report, forge } = await setUp()
  await report('one', { severity: 'low' })
  await forge()
  const messageOf = (work: Promise<unknown>) =>
    work.then(
      () => 'found',
      ({ code, message }) => `${code} ${message}`,
    )
  const terms = { timeoutMs: 0 }
  const told = await messageOf(connected.waitForReport({ severity: 'high' }, terms))
  expect(told).toBe(await messageOf(shop.waitForReport({ severity: 'high' }, terms)))
  expect(told).toContain('ERR_WAIT_TIMEOUT')
  expect(told).toContain('nearest')
})

test('the assertions and the matchers take it', async () => {
  const { connected, report, forge } = await setUp()
  await assertNotRefused(connected)
  await report('one')
  await forge()
  expect((await assertStored(connected, { id: 'one' })).id).toBe('one')
  await assertRefused(connected, { reason: 'credentials-wrong' })
  await assertNotStored(connected, { id: 'two' })
  await expect(assertNotStored(connected, { id: 'one' })).rejects.toThrow(AssertionError)
  await expect(assertNotRefused(connected)).rejects.toThrow(AssertionError)
  const stored = await matchers.toHaveStored.call({}, connected, { id: 'one' })
  expect(stored.pass).toBe(true)
})

test('its books are compared with those of an engine', async () => {
  const { shop, connected, report, forge } = await setUp()
  await report('one')
  await forge()
  expect(await connected.ledger()).toEqual(shop.ledger())
  const engine = (accepted: number) => ({
    status: () => ({ given: accepted, accepted, refused: 0, dropped: 0, waiting: 0 }),
  })
  await assertAddsUp(connected, engine(1))
  await expect(assertAddsUp(connected, engine(2))).rejects.toThrow('counts 2 accepted')
  expect((await matchers.toAddUp(connected, engine(1))).pass).toBe(true)
  const { pass, message } = await matchers.toAddUp(connected, engine(2))
  expect([pass, message()]).toEqual([false, expect.stringContaining('counts 2 accepted')])
  expect(() => matchers.toAddUp({}, engine(1))).toThrow(
    expect.objectContaining({ code: 'ERR_OPTION_INVALID' }),
  )
})

test('the only organization needs no name; of several one must be named', async () => {
  const { teamServer, shop, address } = await setUp()
  expect((await connectOrganization(address)).id).toBe(shop.id)
  await teamServer.createOrganization({ name: 'Bank' })
  for (const more of [{}, { organization: 'None' }]) {
    await expect(connectOrganization({ ...address, ...more })).rejects.toThrow(
      expect.objectContaining({
        code: 'ERR_OPTION_INVALID',
        message: expect.stringContaining('Shop, Bank'),
      }),
    )
  }
})

test.each([
  [{}, 'ERR_OPTION_INVALID', 'MOCK_TEAMSERVER_CONTROL_URL'],
  [{ url: 'http://127.0.0.1:1/control' }, 'ERR_OPTION_INVALID', 'MOCK_TEAMSERVER_CONTROL_TOKEN'],
  [{ url: 'http://127.0.0.1:1/control', token: 'secret-token' }, 'ERR_CONTROL', 'is it running?'],
  [{ adress: 'x' }, 'ERR_OPTION_INVALID', 'adress'],
])('%j is refused with %s', async (options, code, message) => {
  await expect(connectOrganization(options as never)).rejects.toThrow(
    expect.objectContaining({ code, message: expect.stringContaining(message) }),
  )
})

test('a wrong token is told, and not shown', async () => {
  const { address } = await setUp()
  await expect(connectOrganization({ ...address, token: 'secret-token' })).rejects.toThrow(
    expect.objectContaining({
      code: 'ERR_CONTROL',
      message: expect.not.stringContaining('secret-token'),
    }),
  )
})
