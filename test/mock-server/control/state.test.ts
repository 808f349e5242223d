import { expect, onTestFinished, test } from 'vitest'
import { createEngine } from '../../../sdk/index.ts'
import { ask } from '../ask.ts'
import { authorizationOf, createShop, finding } from '../shop.ts'
import { controlOf } from './control-of.ts'

async function setUp() {
  const { teamServer, shop } = await createShop()
  onTestFinished(() => teamServer.close())
  const bank = await teamServer.createOrganization({ name: 'Bank' })
  const control = controlOf(await teamServer.listen({ control: true }))
  for (const organization of [shop, bank]) {
    const authorization = authorizationOf(organization.agent)
    const server = { name: 'host', path: '/', type: 'node', environment: 'QA' }
    for (const [method, path, json] of [
      ['PUT', '/ng/applications/create', { name: 'till', language: 'Node', server }],
      ['PUT', '/ng/sessions', { application: 'till' }],
      ['POST', '/engine/v1/reports', { reports: [finding('one')] }],
      ['POST', '/engine/v1/reports', { reports: [finding('one')] }],
    ] as const) {
      expect((await ask(teamServer, method, path, { authorization, json })).status).toBeLessThan(
        300,
      )
    }
    const wrong = authorizationOf({ userName: organization.agent.userName, serviceKey: 'wrong' })
    await ask(teamServer, 'POST', '/engine/v1/reports', { authorization: wrong, json: {} })
    organization.faults.add({ do: '503', route: 'heartbeat' })
  }
  await ask(teamServer, 'POST', '/engine/v1/reports', { json: {} })
  teamServer.faults.add({ do: '503', route: 'preflight' })
  return { teamServer, shop, bank, control }
}

type Organization = Awaited<ReturnType<typeof setUp>>['shop']

async function activityOf(organization: Organization) {
  return {
    reports: (await organization.reports()).length,
    applications: (await organization.applications()).map(({ name }) => name),
    servers: (await organization.servers()).map(({ id }) => id),
    sessions: (await organization.sessions()).length,
    refusals: (await organization.refusals()).length,
    requests: organization.requests().length,
    ledgerRequests: organization.ledger().requests,
    faults: organization.faults.list().length,
  }
}

const FULL = {
  reports: 1,
  applications: ['till', 'default'],
  servers: [1],
  sessions: 1,
  refusals: 1,
  requests: 5,
  ledgerRequests: 5,
  faults: 1,
}
const NONE = {
  reports: 0,
  applications: [],
  servers: [],
  sessions: 0,
  refusals: 0,
  requests: 0,
  ledgerRequests: 0,
  faults: 0,
}

test('the state of one organization is forgotten, and nothing of another', async () => {
  const { teamServer, shop, bank, control } = await setUp()
  const person = await shop.addPerson({ role: 'admin' })
  const before = { key: shop.agent.serviceKey, audit: await shop.auditLog() }
  expect(await activityOf(shop)).toEqual(FULL)
  expect(await control.delete(`/organizations/${shop.id.toUpperCase()}/state`)).toMatchObject({
    status: 200,
    body: { success: true },
  })
  expect(await activityOf(shop)).toEqual(NONE)
  expect(await activityOf(bank)).toEqual(FULL)
  expect(await teamServer.refusals()).toHaveLength(1)
  expect(teamServer.faults.list()).toHaveLength(2)
  // Who may report, and what administrators did, stays.
  expect(shop.agent.serviceKey).toBe(before.key)
  expect((await shop.people()).map(({ userName }) => userName)).toEqual([person.userName])
  expect(await shop.auditLog()).toEqual(before.audit.filter(({ kind }) => kind !== 'refusal'))
  expect(before.audit.map(({ kind }) => kind)).toEqual(
    expect.arrayContaining(['administration', 'refusal']),
  )
})

test('organization.reset() is the same', async () => {
  const { shop, bank } = await setUp()
  await shop.reset()
  expect(await activityOf(shop)).toEqual(NONE)
  expect(await activityOf(bank)).toEqual(FULL)
})

test('the state of all is forgotten, with what belongs to none', async () => {
  const { teamServer, shop, bank, control } = await setUp()
  expect((await control.delete('/state')).status).toBe(200)
  expect([await activityOf(shop), await activityOf(bank)]).toEqual([NONE, NONE])
  expect(await teamServer.refusals()).toEqual([])
  expect(teamServer.requests()).toEqual([])
  expect(teamServer.faults.list()).toEqual([])
  expect((await teamServer.organizations()).map(({ name }) => name)).toEqual(['Shop', 'Bank'])
})

test('a report that was known is new again, and engines that run go on', async () => {
  const { teamServer, shop } = await setUp()
  await teamServer.reset()
  const engine = createEngine({
    ...shop.engineOptions(),
    fetch: teamServer.fetch,
    application: { name: 'till' },
    spoolDirectory: false,
    logger: false,
  })
  engine.report({ type: 'finding', rule: 'a' })
  await engine.flush()
  await shop.reset()
  engine.report({ type: 'finding', rule: 'b' })
  await engine.flush()
  expect(await shop.reports({ withReceipt: true })).toMatchObject([
    { application: 'till', report: { rule: 'b' } },
  ])
  await engine.close()
  const authorization = authorizationOf(shop.agent)
  const json = { reports: [finding('one')] }
  expect(
    (await ask(teamServer, 'POST', '/engine/v1/reports', { authorization, json })).body,
  ).toMatchObject({ added: 1 })
})

test('an organization that is none is told', async () => {
  const { shop, control } = await setUp()
  for (const id of ['nobody', '00000000-0000-0000-0000-000000000000']) {
    const reply = await control.delete(`/organizations/${id}/state`)
    expect(reply).toMatchObject({ status: 404, body: { reason: 'not-available' } })
  }
  expect(await activityOf(shop)).toEqual(FULL)
})
