import { copyFileSync, readFileSync } from 'node:fs'
import { expect, onTestFinished, test } from 'vitest'
import { createTeamServer, type TeamServerOptions } from '../../../mock-server/index.ts'
import { ask } from '../ask.ts'
import { controlOf } from '../control/control-of.ts'
import { authorizationOf, createShop, finding } from '../shop.ts'
import { stateFile } from '../state/folder.ts'

const START = Date.parse('2026-03-01T12:00:00Z')

async function setUp(options: TeamServerOptions = {}) {
  const { teamServer, shop } = await createShop({
    clock: () => START,
    scryptCost: 1_024,
    ...options,
  })
  onTestFinished(() => teamServer.close())
  const report = async (id: string, agent = shop.agent) => {
    const authorization = authorizationOf(agent)
    const json = { reports: [finding(id)], session: 'run-1', application: 'till' }
    return (await ask(teamServer, 'POST', '/engine/v1/reports', { authorization, json })).status
  }
  return { teamServer, shop, report }
}

/** Everything that can be seen of a TeamServer, in the terms of its store. */
async function everything({ store }: Awaited<ReturnType<typeof setUp>>['teamServer']) {
  return store.contents()
}

test('what is restored is what was taken, to the last record', async () => {
  const { teamServer, shop, report } = await setUp()
  const metadata = { $date: '2020-01-01', __proto__x: 'a' }
  const authorization = authorizationOf(shop.agent)
  await ask(teamServer, 'PUT', '/ng/sessions', {
    authorization,
    json: { application: 'till', metadata },
  })
  const server = { name: 'host', path: '/', type: 'node', environment: 'QA' }
  await ask(teamServer, 'PUT', '/ng/applications/create', {
    authorization,
    json: { name: 'till', language: 'Node', server },
  })
  await report('one')
  await ask(teamServer, 'POST', '/engine/v1/reports', { authorization: 'forged', json: {} })
  const person = await shop.addPerson({ role: 'admin' })
  const json = { userName: person.userName, password: person.password }
  const { headers } = await ask(teamServer, 'POST', '/ng/login', { json })
  await shop.rotateAgentKey('default', { overlapMs: 60_000 })
  const before = await everything(teamServer)
  const ledger = shop.ledger()
  const snapshot = await teamServer.snapshot()

  await shop.reset()
  await report('two')
  await shop.apiKey.enable()
  await shop.deleteAgentKey('default')
  await shop.disablePerson(person.userName)
  await teamServer.createOrganization({ name: 'Later' })
  await teamServer.addPerson({ role: 'superadmin' })
  await teamServer.setPasswordPolicy({ minLength: 30 })
  await teamServer.restore(snapshot)

  expect(await everything(teamServer)).toEqual(before)
  expect(shop.ledger()).toEqual(ledger)
  expect((await shop.sessions()).map((each) => each.metadata)).toEqual([metadata])
  expect((await teamServer.organizations()).map(({ name }) => name)).toEqual(['Shop'])
  // Whoever was signed in still is.
  const cookie = String(headers['set-cookie']).split(';')[0] ?? ''
  const path = `/ng/${shop.id}/applications`
  expect((await ask(teamServer, 'GET', path, { headers: { cookie } })).status).toBe(200)
})

test('an organization object of before shows and accepts the keys of the snapshot', async () => {
  const { teamServer, shop, report } = await setUp()
  const key = shop.agent.serviceKey
  const snapshot = await teamServer.snapshot()
  await shop.rotateAgentKey('default')
  await shop.apiKey.enable()
  const rotated = { userName: shop.agent.userName, serviceKey: shop.agent.serviceKey }
  await teamServer.restore(snapshot)
  expect(shop.agent.serviceKey).toBe(key)
  expect(shop.apiKey.isEnabled).toBe(false)
  expect(await report('one')).toBe(202)
  expect(await report('two', rotated as never)).toBe(401)
  expect((await shop.waitForReport({ id: 'one' })).id).toBe('one')
})

test('the clock goes back with the snapshot, as does what it had ended', async () => {
  const { teamServer, shop, report } = await setUp()
  teamServer.clock.advance(1_000)
  const old = { userName: shop.agent.userName, serviceKey: shop.agent.serviceKey }
  await shop.rotateAgentKey('default', { overlapMs: 60_000 })
  const snapshot = await teamServer.snapshot()
  teamServer.clock.advance(60_000)
  expect(await report('one', old as never)).toBe(401)
  await teamServer.restore(snapshot)
  expect(teamServer.clock.now()).toEqual(new Date(START + 1_000))
  expect(await report('two', old as never)).toBe(202)
})

test('nothing of it can be read', async () => {
  const { teamServer, shop, report } = await setUp()
  await report('one')
  const snapshot = await teamServer.snapshot()
  expect(Object.keys(JSON.parse(snapshot))).toEqual(['format', 'version', 'of', 'sealed'])
  const bytes = Buffer.from(JSON.parse(snapshot).sealed, 'base64').toString('latin1')
  for (const text of [shop.agent.serviceKey, shop.apiKey.value, shop.id, 'cookie-flags-missing']) {
    expect(`${snapshot}${bytes}`).not.toContain(text)
  }
})

const CHANGES: readonly [string, (snapshot: string) => unknown, string][] = [
  ['a changed one', (text) => altered(text, { sealed: flipped(text) }), 'was changed or cut off'],
  ['a cut one', (text) => altered(text, { sealed: 'AAAA' }), 'was changed or cut off'],
  [
    'one of before there was an inventory',
    (text) => altered(text, { version: 1 }),
    'is of version 1',
  ],
  ['a newer one', (text) => altered(text, { version: 3 }), 'is of version 3'],
  ['another document', () => '{"format":"x"}', 'is none of a mock TeamServer'],
  ['half of one', (text) => text.slice(0, 100), 'is cut off or no JSON'],
  ['no text', () => ({}), 'is cut off or no JSON'],
  ['null', () => 'null', 'is cut off or no JSON'],
]

test.each(CHANGES)('%s is refused, and nothing changes', async (_what, change, message) => {
  const { teamServer, report } = await setUp()
  const snapshot = await teamServer.snapshot()
  await report('one')
  const before = await everything(teamServer)
  await expect(teamServer.restore(change(snapshot) as string)).rejects.toThrow(
    expect.objectContaining({ code: 'ERR_SNAPSHOT', message: expect.stringContaining(message) }),
  )
  expect(await everything(teamServer)).toEqual(before)
})

test('that of another TeamServer is refused', async () => {
  const { teamServer } = await setUp()
  const other = await setUp()
  await expect(teamServer.restore(await other.teamServer.snapshot())).rejects.toThrow(
    expect.objectContaining({
      code: 'ERR_SNAPSHOT',
      message: expect.stringContaining('is of another TeamServer'),
    }),
  )
})

test('with a state file, what was restored outlives the restart, and the next run reads it', async () => {
  const file = stateFile()
  const { teamServer, shop, report } = await setUp({ stateFile: file })
  await report('one')
  const key = shop.agent.serviceKey
  const snapshot = await teamServer.snapshot()
  await shop.rotateAgentKey('default')
  await teamServer.restore(snapshot)
  expect(readFileSync(file, 'utf8')).not.toContain(key)
  // As it would be found after a crash at this moment.
  const copy = stateFile()
  copyFileSync(file, copy)
  copyFileSync(`${file}.key`, `${copy}.key`)
  const afterCrash = createTeamServer({ stateFile: copy, clock: () => START })
  onTestFinished(() => afterCrash.close())
  expect((await afterCrash.organization(shop.id))?.agent.serviceKey).toBe(key)
  await teamServer.close()

  const again = createTeamServer({ stateFile: file, clock: () => START })
  onTestFinished(() => again.close())
  const found = await again.organization(shop.id)
  expect(found?.agent.serviceKey).toBe(key)
  expect(await found?.reports()).toEqual([])
  await again.restore(snapshot)
  expect(await found?.reports()).toEqual([finding('one')])
})

test('over the control API it is taken, put back, and refused', async () => {
  const { teamServer, shop, report } = await setUp()
  const listener = await teamServer.listen({ control: true })
  const control = controlOf(listener)
  const { status, body } = await control.get('/snapshot')
  expect(status).toBe(200)
  await report('one')
  expect(await control.put('/snapshot', body)).toMatchObject({ status: 200 })
  expect(await shop.reports()).toEqual([])
  expect(await control.put('/snapshot', { format: 'x' })).toMatchObject({
    status: 409,
    body: { reason: 'snapshot-refused' },
  })
})

function altered(snapshot: string, change: object): string {
  return JSON.stringify({ ...JSON.parse(snapshot), ...change })
}

function flipped(snapshot: string): string {
  const bytes = Buffer.from(JSON.parse(snapshot).sealed, 'base64')
  bytes.writeUInt8(bytes.readUInt8(bytes.length - 1) ^ 1, bytes.length - 1)
  return bytes.toString('base64')
}
