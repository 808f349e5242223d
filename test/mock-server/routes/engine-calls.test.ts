import { beforeEach, expect, test } from 'vitest'
import type { Organization, TeamServer } from '../../../mock-server/index.ts'
import { ask } from '../ask.ts'
import { authorizationOf, createShop, finding } from '../shop.ts'

const SETTINGS = { activityPeriodMs: 30_000, heartbeatPeriodMs: 300_000 }

let now: number
let teamServer: TeamServer
let shop: Organization
let authorization: string

beforeEach(async () => {
  now = Date.parse('2026-03-01T12:00:00Z')
  ;({ teamServer, shop } = await createShop({ clock: () => now }))
  authorization = authorizationOf(shop.agent)
})

const put = (path: string, json: object) => ask(teamServer, 'PUT', path, { authorization, json })
const post = (path: string, json: object) => ask(teamServer, 'POST', path, { authorization, json })

async function everything() {
  return {
    applications: await shop.applications(),
    servers: await shop.servers(),
    sessions: await shop.sessions(),
    reports: await shop.reports(),
    log: await shop.auditLog(),
  }
}

test('a session is opened for an application, with what the metadata says', async () => {
  const reply = await put('/ng/sessions', { application: 'shop', metadata: { branch: 'main' } })
  const { session_id } = reply.body as { session_id: string }
  expect(reply.status).toBe(200)
  expect(reply.body).toEqual({ success: true, messages: [], session_id, settings: SETTINGS })
  expect(await shop.sessions()).toEqual([
    {
      id: session_id,
      application: 'shop',
      agentUserName: shop.agent.userName,
      metadata: { branch: 'main' },
      createdAt: new Date(now),
    },
  ])
  expect(await shop.applications()).toMatchObject([{ name: 'shop' }])
})

test('each session has an id of its own (K-105)', async () => {
  const ids = new Set<unknown>()
  for (let at = 0; at < 50; at++) {
    const path = at % 2 === 0 ? '/ng/sessions' : `/ng/${shop.id}/sessions`
    ids.add(((await put(path, { application: 'shop' })).body as { session_id: string }).session_id)
  }
  expect(ids.size).toBe(50)
})

test.each([
  ['/ng/sessions', {}, 'application is missing'],
  ['/ng/sessions', { application: '' }, 'application must not be empty'],
  ['/ng/sessions', { application: 'a', metadata: [] }, 'metadata must be an object'],
])('%s with %j is refused: %s', async (path, json, sentence) => {
  expect(await put(path, json)).toMatchObject({
    status: 400,
    body: { messages: [`The body is malformed: ${sentence}.`] },
  })
  expect(await shop.sessions()).toEqual([])
})

test.each(['short', 'long'])(
  'preflight wants what no stored finding carries, each once (%s form)',
  async (form) => {
    const base = form === 'short' ? '/engine/v1' : `/engine/v1/organizations/${shop.id}`
    await post(`${base}/reports`, {
      reports: [
        finding('one', { hash: 'known' }),
        // Another type may have a hash of its own kind.
        { id: 'two', type: 'library', hash: 'of a library' },
      ],
    })
    const before = await everything()
    const reply = await post(`${base}/preflight`, {
      hashes: ['a', 'known', 'of a library', 'b', 'a'],
    })
    expect(reply.status).toBe(200)
    expect(reply.body).toEqual({ success: true, messages: [], wanted: ['a', 'of a library', 'b'] })
    expect(await everything()).toEqual(before)
  },
)

test('preflight does not know the findings of another organization', async () => {
  const other = await teamServer.createOrganization({ name: 'Other' })
  const json = { reports: [finding('one', { hash: 'a' })] }
  const theirs = { authorization: authorizationOf(other.agent), json }
  await ask(teamServer, 'POST', '/engine/v1/reports', theirs)
  expect((await post('/engine/v1/preflight', { hashes: ['a'] })).body).toMatchObject({
    wanted: ['a'],
  })
})

test.each([
  [{}, 'hashes is missing'],
  [{ hashes: 'a' }, 'hashes must be a list'],
  [{ hashes: [1] }, 'hashes[0] must be text'],
  [{ hashes: Array.from({ length: 1_001 }, String) }, 'hashes has more than 1000 entries'],
])('preflight with %j is refused', async (json, sentence) => {
  expect(await post('/engine/v1/preflight', json)).toMatchObject({
    status: 400,
    body: { messages: [`The body is malformed: ${sentence}.`] },
  })
})

test.each(['short', 'long'])(
  'a heartbeat is answered with the settings and stores nothing (%s form)',
  async (form) => {
    const base = form === 'short' ? '/engine/v1' : `/engine/v1/organizations/${shop.id}`
    const before = await everything()
    for (const json of [
      { counters: {} },
      { session: 'unknown', counters: { given: 3, sent: 0 } },
    ]) {
      const reply = await post(`${base}/heartbeat`, json)
      expect(reply.status).toBe(200)
      expect(reply.body).toEqual({ success: true, messages: [], settings: SETTINGS })
    }
    expect(await everything()).toEqual(before)
  },
)

test('a heartbeat with a session says that its application is alive', async () => {
  const opened = await put('/ng/sessions', { application: 'shop' })
  const { session_id: session } = opened.body as { session_id: string }
  const before = await everything()
  now += 60_000
  await post('/engine/v1/heartbeat', { session, counters: {} })
  expect(await everything()).toEqual({
    ...before,
    applications: before.applications.map((each) => ({ ...each, lastSeenAt: new Date(now) })),
  })
})

test.each([
  [{}, 'counters is missing'],
  [{ counters: { given: -1 } }, 'a value of counters must be >= 0'],
  [{ counters: { given: 1.5 } }, 'a value of counters must be a whole number'],
])('a heartbeat with %j is refused', async (json, sentence) => {
  expect(await post('/engine/v1/heartbeat', json)).toMatchObject({
    status: 400,
    body: { messages: [`The body is malformed: ${sentence}.`] },
  })
})

test('a person opens no session, sends no report, and gives no sign of life', async () => {
  const { authorization: admin } = await shop.addPerson({ role: 'admin' })
  const before = await everything()
  for (const [method, path, json] of [
    ['PUT', '/ng/applications/create', { name: 'shop', language: 'Node' }],
    ['PUT', '/ng/sessions', { application: 'shop' }],
    ['POST', '/engine/v1/preflight', { hashes: [] }],
    ['POST', '/engine/v1/reports', { reports: [finding('one')] }],
    ['POST', '/engine/v1/heartbeat', { counters: {} }],
  ] as const) {
    const reply = await ask(teamServer, method, path, { authorization: admin, json })
    expect(reply).toMatchObject({ status: 403, body: { reason: 'role-refused' } })
  }
  expect({ ...(await everything()), log: [] }).toEqual({ ...before, log: [] })
})
