import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Listener, Organization, TeamServer } from '../../../mock-server/index.ts'
import { createMemoryStore } from '../../../mock-server/store/memory-store.ts'
import { ask } from '../ask.ts'
import { authorizationOf, createShop, finding } from '../shop.ts'

let now: number
let teamServer: TeamServer
let shop: Organization
let bank: Organization
let listener: Listener

beforeEach(async () => {
  now = Date.parse('2026-03-01T12:00:00Z')
  ;({ teamServer, shop } = await createShop({ clock: () => now }))
  bank = await teamServer.createOrganization({ name: 'Bank' })
  listener = await teamServer.listen({ control: true })
})

afterEach(() => teamServer.close())

async function look(path: string, init: RequestInit = {}, to = listener) {
  const authorization = `Bearer ${to.control?.token}`
  const response = await fetch(`${to.control?.url}${path}`, { headers: { authorization }, ...init })
  const body = (await response.json()) as Listing
  return { status: response.status, headers: response.headers, body }
}

/** As far as tests look into it. */
interface Listing {
  readonly reports: readonly { readonly report: { readonly id: string } }[]
  readonly refusals: readonly { readonly reason: string }[]
  readonly messages: readonly string[]
}

async function report(organization: Organization, ...reports: object[]) {
  const authorization = authorizationOf(organization.agent)
  await ask(teamServer, 'POST', '/engine/v1/reports', { authorization, json: { reports } })
}

/** The ids of the reports that a query lists. */
async function idsOf(query: string): Promise<readonly string[]> {
  const { body } = await look(`/reports${query}`)
  return body.reports.map(({ report: { id } }) => id)
}

async function reasonsOf(query: string): Promise<readonly string[]> {
  const { body } = await look(`/refusals${query}`)
  return body.refusals.map(({ reason }) => reason)
}

test('without being asked for there is no control API (F-650)', async () => {
  const plain = await teamServer.listen()
  expect(plain.control).toBeUndefined()
  const url = plain.url.replace('/Contrast', '/control/reports')
  const headers = { authorization: `Bearer ${listener.control?.token}` }
  expect((await fetch(url, { headers })).status).toBe(404)
})

test('the door without a socket never reaches it', async () => {
  const headers = { authorization: `Bearer ${listener.control?.token}` }
  const request = new Request('http://127.0.0.1/control/reports', { headers })
  expect((await teamServer.handle(request)).status).toBe(404)
})

test('each listener has a token of its own, of 256 bits (K-105)', async () => {
  const other = await teamServer.listen({ control: true })
  const tokens = [listener.control?.token, other.control?.token]
  for (const token of tokens) expect(token).toMatch(/^[A-Za-z0-9_-]{43}$/)
  expect(tokens[0]).not.toBe(tokens[1])
  const authorization = `Bearer ${other.control?.token}`
  expect((await look('/reports', { headers: { authorization } })).status).toBe(401)
})

test.each(['/reports', '/refusals'])('%s is shown to nobody without the token', async (path) => {
  await report(shop, finding('one'))
  const token = String(listener.control?.token)
  const admin = await shop.addPerson({ role: 'admin' })
  const superadmin = await teamServer.addPerson({ role: 'superadmin' })
  for (const authorization of [
    undefined,
    '',
    'Bearer ',
    `Bearer ${token.slice(0, -1)}`,
    `Bearer ${token}x`,
    `Bearer ${token.toLowerCase()}`,
    `Basic ${token}`,
    `Bearer Bearer ${token}`,
    token,
    authorizationOf(shop.agent),
    admin.authorization,
    superadmin.authorization,
    `Bearer ${shop.agent.serviceKey}`,
    `Bearer ${shop.apiKey.value}`,
  ]) {
    const headers: Record<string, string> = authorization === undefined ? {} : { authorization }
    const reply = await look(`${path}?token=${token}`, { headers })
    expect({ authorization, status: reply.status }).toEqual({ authorization, status: 401 })
    expect(reply.body).toMatchObject({ success: false })
    expect(JSON.stringify(reply.body)).not.toContain('finding')
  }
})

test('the token opens nothing else', async () => {
  const authorization = `Bearer ${listener.control?.token}`
  const path = `/ng/${shop.id}/organizations/apikey`
  expect((await ask(teamServer, 'GET', path, { authorization })).status).toBe(401)
})

test('other paths are nothing, other methods are refused with what there is', async () => {
  for (const path of [
    '',
    '/',
    '/nothing',
    '/__proto__',
    '/constructor',
    '/reports/one',
    '/%2e%2e/Contrast/api',
  ]) {
    expect((await look(path)).status).toBe(404)
  }
  for (const method of ['POST', 'DELETE', 'PUT']) {
    const reply = await look('/reports', { method })
    expect(reply.status).toBe(405)
    expect(reply.headers.get('allow')).toBe('GET')
  }
})

test('beside the control API everything is answered as ever', async () => {
  expect((await fetch(`${listener.url}/api/openapi.json`)).status).toBe(200)
  const beside = listener.url.replace('/Contrast', '/controlled')
  expect((await fetch(beside)).status).toBe(404)
})

test('reports are listed as they were stored, oldest first, with who sent them', async () => {
  await report(shop, finding('one'))
  now += 1_000
  await report(bank, { id: 'two', type: 'library', name: 'x' })
  expect((await look('/reports')).body).toEqual({
    reports: [
      {
        receivedAt: '2026-03-01T12:00:00.000Z',
        organizationId: shop.id,
        agentUserName: shop.agent.userName,
        application: 'default',
        report: finding('one'),
      },
      {
        receivedAt: '2026-03-01T12:00:01.000Z',
        organizationId: bank.id,
        agentUserName: bank.agent.userName,
        application: 'default',
        report: { id: 'two', type: 'library', name: 'x' },
      },
    ],
  })
})

test('reports can be narrowed by organization, type, time and number', async () => {
  await report(shop, finding('a1'), { id: 'a2', type: 'library' })
  now += 1_000
  await report(bank, finding('b1'))
  now += 1_000
  await report(shop, finding('a3'))
  const since = '2026-03-01T12:00:01.000Z'
  for (const [query, ids] of [
    ['', ['a1', 'a2', 'b1', 'a3']],
    ['?organization=&type=&since=&limit=', ['a1', 'a2', 'b1', 'a3']],
    [`?organization=${shop.id}`, ['a1', 'a2', 'a3']],
    [`?organization=${shop.id.toUpperCase()}`, ['a1', 'a2', 'a3']],
    ['?organization=Bank', ['b1']],
    ['?organization=bank', []],
    ['?organization=none', []],
    ['?type=finding', ['a1', 'b1', 'a3']],
    ['?type=find', []],
    [`?since=${since}`, ['b1', 'a3']],
    [`?since=${Date.parse(since)}`, ['b1', 'a3']],
    [`?since=${Date.parse(since) + 1}`, ['a3']],
    ['?limit=1', ['a3']],
    ['?limit=3', ['a2', 'b1', 'a3']],
    [`?organization=Shop&type=finding&limit=1&since=${since}`, ['a3']],
  ] as const) {
    expect({ query, ids: await idsOf(query) }).toEqual({ query, ids })
  }
})

test('refusals are listed with the true reason, and can be narrowed likewise', async () => {
  const json = { reports: [] }
  const post = (authorization: string | undefined) =>
    ask(teamServer, 'POST', '/engine/v1/reports', { authorization, json })
  await post(undefined)
  now += 1_000
  await post(authorizationOf({ ...shop.agent, userName: shop.agent.userName, serviceKey: 'x' }))
  now += 1_000
  await post(authorizationOf({ userName: bank.agent.userName, serviceKey: 'y' }))
  const { body } = await look('/refusals?reason=credentials-missing')
  expect(body.refusals).toEqual([
    {
      organizationId: null,
      at: '2026-03-01T12:00:00.000Z',
      reason: 'credentials-missing',
      detail: 'authorization-missing',
      method: 'POST',
      path: '/Contrast/api/engine/v1/reports',
    },
  ])
  const wrong = 'credentials-wrong'
  for (const [query, reasons] of [
    ['', ['credentials-missing', wrong, wrong]],
    ['?organization=Shop', [wrong]],
    [`?organization=${bank.id}`, [wrong]],
    ['?organization=none', []],
    [`?reason=${wrong}`, [wrong, wrong]],
    ['?reason=other', []],
    ['?since=2026-03-01T12:00:01Z', [wrong, wrong]],
    ['?limit=2', [wrong, wrong]],
  ] as const) {
    expect({ query, reasons: await reasonsOf(query) }).toEqual({ query, reasons })
  }
})

test.each(['?limit=0', '?limit=-1', '?limit=1.5', '?limit=100001', '?limit=x', '?since=yesterday'])(
  '%s is refused with what it should be',
  async (query) => {
    const reply = await look(`/reports${query}`)
    expect(reply).toMatchObject({ status: 400, body: { reason: 'request-malformed' } })
    expect(reply.body.messages[0]).toMatch(/limit must be|since must be/)
  },
)

test('an error of the store is answered with 500, and the next request is fine', async () => {
  const store = createMemoryStore()
  let isBroken = true
  const errors: unknown[] = []
  const breakable = {
    ...store,
    organizations: async () => {
      if (isBroken) throw new Error('away')
      return store.organizations()
    },
  }
  const other = await createShop({ store: breakable, onError: (error) => errors.push(error) })
  const door = await other.teamServer.listen({ control: true })
  expect(await look('/reports', undefined, door)).toMatchObject({
    status: 500,
    body: { success: false, reason: 'internal-error' },
  })
  expect(errors).toEqual([new Error('away')])
  isBroken = false
  expect((await look('/reports', undefined, door)).status).toBe(200)
  await other.teamServer.close()
})

test.each([
  ['an unknown option', { controls: true }, 'controls'],
  ['ranges without the control API', { controlFrom: ['10.0.0.0/8'] }, 'controlFrom'],
  [
    'a range that is none',
    { control: true, controlFrom: ['10.0.0.0/8', '10.x'] },
    'controlFrom[1]',
  ],
  ['a range that is no list', { control: true, controlFrom: '10.0.0.0/8' }, 'controlFrom'],
])('listening with %s is refused by name', async (_what, options, name) => {
  await expect(teamServer.listen(options as never)).rejects.toThrow(
    expect.objectContaining({ code: 'ERR_OPTION_INVALID', message: expect.stringContaining(name) }),
  )
})

test('a fault for every request never meets the control API', async () => {
  teamServer.faults.add('503')
  expect((await look('/reports')).status).toBe(200)
})
