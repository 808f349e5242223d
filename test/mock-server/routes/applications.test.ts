import { beforeEach, expect, test } from 'vitest'
import type { Organization, TeamServer } from '../../../mock-server/index.ts'
import { ask } from '../ask.ts'
import { authorizationOf, createShop } from '../shop.ts'

let now: number
let teamServer: TeamServer
let shop: Organization
let authorization: string

beforeEach(async () => {
  now = Date.parse('2026-03-01T12:00:00Z')
  ;({ teamServer, shop } = await createShop({ clock: () => now }))
  authorization = authorizationOf(shop.agent)
})

const create = (json: object, path = '/ng/applications/create') =>
  ask(teamServer, 'PUT', path, { authorization, json })
const SHOP = { name: 'shop', language: 'Node' }

test('a new application is answered with 201, a known one with 200 and the same id', async () => {
  const first = await create(SHOP)
  expect(first).toMatchObject({
    status: 201,
    body: { success: true, messages: [], application: { name: 'shop' } },
  })
  const second = await create(SHOP)
  expect(second).toEqual({ ...first, status: 200 })
  expect(await shop.applications()).toHaveLength(1)
})

test('the organization may be named in the path', async () => {
  const long = `/ng/${shop.id}/applications/create`
  expect((await create(SHOP, long)).status).toBe(201)
  expect((await create(SHOP)).status).toBe(200)
})

test('everything that the engine tells of an application is kept, and changes with its word', async () => {
  const details = {
    path: '/shop',
    version: '1.0',
    code: 'SH',
    group: 'sales',
    tags: ['a', 'b'],
    metadata: { owner: 'x' },
  }
  await create({ ...SHOP, ...details })
  now += 60_000
  await create({ ...SHOP, version: '2.0' })
  expect(await shop.applications()).toEqual([
    {
      ...SHOP,
      ...details,
      version: '2.0',
      id: expect.any(String),
      isArchived: false,
      createdAt: new Date('2026-03-01T12:00:00Z'),
      lastSeenAt: new Date('2026-03-01T12:01:00Z'),
    },
  ])
})

test('a server is one for each combination of name, path and type', async () => {
  const base = { name: 'web-1', path: '/srv', type: 'Express' }
  for (const server of [base, base, { ...base, path: '/opt' }, { ...base, type: 'Fastify' }]) {
    await create({ ...SHOP, server })
  }
  await create({ ...SHOP, name: 'other', server: base })
  const [shopApplication, other] = await shop.applications()
  const servers = await shop.servers()
  expect(servers.map(({ id }) => id).sort()).toEqual([1, 2, 3])
  const one = servers.find(({ id }) => id === 1)
  expect(one).toMatchObject(base)
  expect([...(one?.applicationIds ?? [])]).toEqual([shopApplication?.id, other?.id])
})

test.each([
  ['qa', 'QA'],
  ['Production', 'PRODUCTION'],
  ['development', 'DEVELOPMENT'],
  [undefined, 'DEVELOPMENT'],
])('the environment %j is %s', async (environment, known) => {
  await create({ ...SHOP, server: { name: 'web-1', ...(environment && { environment }) } })
  expect(await shop.servers()).toMatchObject([{ environment: known }])
})

test('the environment of a server counts only when it is new', async () => {
  await create({ ...SHOP, server: { name: 'web-1', environment: 'QA' } })
  await create({ ...SHOP, server: { name: 'web-1', environment: 'PRODUCTION' } })
  expect(await shop.servers()).toMatchObject([{ environment: 'QA' }])
})

test('an archived application is refused with 409 on every call until it is taken back', async () => {
  const session = await ask(teamServer, 'PUT', '/ng/sessions', {
    authorization,
    json: { application: 'shop' },
  })
  const { session_id } = session.body as { session_id: string }
  await shop.archiveApplication('shop')
  const post = (path: string, json: object) =>
    ask(teamServer, 'POST', path, { authorization, json })
  const calls = () =>
    Promise.all([
      create({ ...SHOP, version: '9', server: { name: 'web-9' } }),
      ask(teamServer, 'PUT', '/ng/sessions', { authorization, json: { application: 'shop' } }),
      post('/engine/v1/reports', { application: 'shop', reports: [] }),
      post('/engine/v1/reports', { session: session_id, reports: [] }),
      post('/engine/v1/heartbeat', { session: session_id, counters: {} }),
    ])
  const before = { sessions: await shop.sessions(), servers: await shop.servers() }
  for (const reply of await calls()) {
    expect(reply).toMatchObject({
      status: 409,
      body: { success: false, messages: ['Invalid archived application'] },
    })
  }
  expect({ sessions: await shop.sessions(), servers: await shop.servers() }).toEqual(before)
  expect((await shop.applications())[0]?.version).toBeUndefined()
  await shop.restoreApplication('shop')
  expect((await calls()).map(({ status }) => status)).toEqual([200, 200, 202, 202, 200])
})

test('an application that nobody reported cannot be archived', async () => {
  await expect(shop.archiveApplication('nothing')).rejects.toMatchObject({ code: 'ERR_NOT_FOUND' })
})

test.each([
  [{}, 'name is missing'],
  [{ name: 'shop' }, 'language is missing'],
  [{ ...SHOP, name: '' }, 'name must not be empty'],
  [{ ...SHOP, name: 'x'.repeat(256) }, 'name is longer than 255 characters'],
  [{ ...SHOP, name: 1 }, 'name must be text'],
  [{ ...SHOP, tags: 'a' }, 'tags must be a list'],
  [{ ...SHOP, tags: [1] }, 'tags[0] must be text'],
  [{ ...SHOP, server: 'web-1' }, 'server must be an object'],
  [{ ...SHOP, server: { environment: 'test' } }, 'server.environment is not as documented'],
  [{ ...SHOP, server: { name: 1 } }, 'server.name must be text'],
  [{ ...SHOP, metadata: { secretName: 1 } }, 'a value of metadata must be text'],
])('%j is refused: %s', async (json, sentence) => {
  expect(await create(json)).toMatchObject({
    status: 400,
    body: { messages: [`The body is malformed: ${sentence}.`] },
  })
  expect(await shop.applications()).toEqual([])
})
