import { beforeAll, expect, test } from 'vitest'
import { type CatalogRoute, readCatalog } from '../../../mock-server/catalog/catalog.ts'
import type { Organization, PersonCredentials, TeamServer } from '../../../mock-server/index.ts'
import { askAt, type Question } from '../ask.ts'
import { authorizationOf, createShop } from '../shop.ts'
import { faultsOf } from '../strictness/conformity.ts'
import { behaviourOf, documentedPath } from './documented.ts'

const SHAPE_ONLY = 'x-mock-teamserver-shape-only'

let teamServer: TeamServer
let shop: Organization
let people: Readonly<Record<string, PersonCredentials>>
let applicationId: string

beforeAll(async () => {
  ;({ teamServer, shop } = await createShop({ scryptCost: 1_024, isApiKeyEnabled: true }))
  people = {
    auditor: await shop.addPerson({ role: 'auditor' }),
    view: await shop.addPerson({ role: 'view' }),
    edit: await shop.addPerson({ role: 'edit' }),
    rules_admin: await shop.addPerson({ role: 'rules_admin' }),
    admin: await shop.addPerson({ role: 'admin' }),
    superadmin: await teamServer.addPerson({ role: 'superadmin' }),
  }
  const created = await askAt(teamServer, 'PUT', '/Contrast/api/ng/applications/create', {
    authorization: authorizationOf(shop.agent),
    headers: { 'api-key': shop.apiKey.value },
    json: {
      name: 'shop',
      language: 'Node',
      server: { name: 'web-1', path: '/', type: 'node', environment: 'QA' },
    },
  })
  applicationId = (created.body as { application: { app_id: string } }).application.app_id
})

const ALL = readCatalog().routes
const SHAPES = ALL.filter((entry) => behaviourOf(entry) === undefined)

const LEAST = ['view', 'edit', 'rules_admin', 'admin']

const TABLE = SHAPES.map((entry) => [`${entry[0]} ${documentedPath(entry)}`, entry] as const)

test.each(TABLE)('%s answers the documented shape, empty, and says so', async (_name, entry) => {
  const [method, , , answer] = entry
  const reply = await send(method, targetOf(entry), people.superadmin)
  expect({ status: reply.status, mark: reply.headers[SHAPE_ONLY] }).toEqual({
    status: 200,
    mark: 'true',
  })
  if (answer in readCatalog().objects) expect(faultsOf(reply.body, answer)).toEqual([])
  const { messages } = reply.body as { readonly messages?: readonly string[] }
  if (messages === undefined) return
  expect(messages).toEqual([
    method === 'GET'
      ? 'Shape only: the mock knows nothing of this.'
      : 'Shape only: nothing was changed.',
  ])
})

test('each kind of answer, letter by letter', async () => {
  const asked = async (method: string, path: string) => {
    const reply = await send(method, `/Contrast/api${path}`, people.superadmin)
    return [reply.headers['content-type'], reply.body]
  }
  const json = 'application/json; charset=utf-8'
  const ng = `/ng/${shop.id}`
  expect(await asked('GET', `${ng}/alerts/1`)).toEqual([
    json,
    {
      alert: {
        alert_id: '',
        allUsers: false,
        apps: [],
        conditions: [],
        description: '',
        enabled: false,
        frequency: '',
        last_send_time: 0,
        links: [],
        name: '',
        recipients: [],
        tags: [],
        type: null,
        users: [],
      },
      errors: [],
      messages: ['Shape only: the mock knows nothing of this.'],
      success: true,
    },
  ])
  expect(await asked('DELETE', `${ng}/vulntrend/views/7`)).toEqual([
    json,
    { success: true, messages: ['Shape only: nothing was changed.'], errors: [] },
  ])
  expect(await asked('GET', `/${shop.id}/servers`)).toEqual([json, []])
  expect(await asked('GET', `/${shop.id}/apps/traces/story/1`)).toEqual([json, ''])
  expect(await asked('GET', `/ng/organizations/${shop.id}/rbac`)).toEqual([
    json,
    { success: true, messages: ['Shape only: the mock knows nothing of this.'] },
  ])
})

test.each([
  ['nobody', () => ({}), () => 401],
  ['an agent', () => ({ authorization: authorizationOf(shop.agent) }), () => 403],
  ...['auditor', ...LEAST, 'superadmin'].map(
    (role) =>
      [role, () => people[role] ?? {}, (entry: CatalogRoute) => outcome(role, entry)] as const,
  ),
] as const)('%s may call what is for them and nothing else', async (_name, who, expected) => {
  const statuses: Record<string, number> = {}
  const wanted: Record<string, number> = {}
  for (const [name, entry] of TABLE) {
    wanted[name] = expected(entry)
    statuses[name] = (await send(entry[0], targetOf(entry), who())).status
  }
  expect(statuses).toEqual(wanted)
})

/** Where the documentation names no role every one may; system administration is for superadmins. */
function outcome(role: string, entry: CatalogRoute): number {
  const [, path, leastRole] = entry
  if (role === 'superadmin') return 200
  if (path.includes('/superadmin/')) return 403
  if (!path.includes(':org')) return 200
  return LEAST.indexOf(role) >= LEAST.indexOf(leastRole ?? 'view') ? 200 : 403
}

test("another organization's administrator, and whoever lacks layer two, is turned away", async () => {
  const other = await teamServer.createOrganization({ name: 'Other', apiKey: { enabled: true } })
  const stranger = await other.addPerson({ role: 'admin' })
  const headers = { 'api-key': other.apiKey.value }
  const statuses = new Set<string>()
  for (const [, entry] of TABLE) {
    if (!entry[1].includes(':org')) continue
    const target = targetOf(entry)
    const asStranger = await askAt(teamServer, entry[0], target, {
      authorization: stranger.authorization,
      headers,
    })
    const bare = await askAt(teamServer, entry[0], target, {
      authorization: people.admin?.authorization,
    })
    for (const { status, body } of [asStranger, bare]) {
      statuses.add(`${status} ${(body as { reason: string }).reason}`)
    }
  }
  expect([...statuses].sort()).toEqual(['401 api-key-wrong', '403 organization-refused'])
})

test('what a path names has to be there, and be of its kind', async () => {
  const ng = `/Contrast/api/ng/${shop.id}`
  const statuses = async (method: string, ...paths: readonly string[]) =>
    Promise.all(paths.map(async (path) => (await send(method, path, people.admin)).status))
  const fields = (id: string) => `${ng}/applications/${id}/session-metadata/fields`
  expect(await statuses('GET', fields(applicationId), fields('nothing'))).toEqual([200, 404])
  expect(await statuses('GET', fields(applicationId.toUpperCase()))).toEqual([200])
  const view = (id: string) => `${ng}/vulntrend/views/${id}`
  expect(await statuses('DELETE', view('7'), view('seven'), view('-1'))).toEqual([200, 404, 404])
  const server = (id: string) => `/Contrast/api/${shop.id}/servers/${id}`
  expect(await statuses('GET', server('1'), server('99'), server('x'))).toEqual([200, 404, 404])
})

test('what the query has to say is asked for', async () => {
  const path = `/Contrast/api/ng/${shop.id}/attack/history`
  const asked = async (query: string) => {
    const { status, body } = await send('GET', `${path}${query}`, people.view)
    return [status, (body as { messages: readonly string[] }).messages[0]]
  }
  const refused = [400, 'The request is malformed: send interval in the query.']
  expect(await asked('')).toEqual(refused)
  expect(await asked('?interval=')).toEqual(refused)
  expect(await asked('?interval=WEEK')).toEqual([
    200,
    'Shape only: the mock knows nothing of this.',
  ])
})

test('a path of version 2 begins with the id of an organization', async () => {
  const statuses = []
  for (const first of [shop.id, shop.id.toUpperCase(), 'ng', 'any', 'openapi.json']) {
    statuses.push((await send('GET', `/Contrast/api/${first}/servers`, people.view)).status)
  }
  expect(statuses).toEqual([200, 200, 404, 404, 404])
})

test('a path answers each method, with behaviour or without, and tells them all', async () => {
  const users = `/Contrast/api/ng/${shop.id}/users/${people.view?.userName}`
  const allow = async (method: string) => {
    const { status, headers } = await send(method, users, people.admin)
    return [status, headers.allow?.split(', ').sort().join()]
  }
  expect(await allow('OPTIONS')).toEqual([204, 'DELETE,GET,HEAD,OPTIONS,PUT'])
  expect(await allow('POST')).toEqual([405, 'DELETE,GET,HEAD,OPTIONS,PUT'])
  expect((await send('DELETE', users, people.admin)).headers[SHAPE_ONLY]).toBe('true')
  const still = await send('GET', users, people.admin)
  expect([still.status, still.headers[SHAPE_ONLY]]).toEqual([200, undefined])
})

test('HEAD answers as GET does, without a body', async () => {
  const path = `/Contrast/api/ng/${shop.id}/vulntrend/views`
  const got = await send('GET', path, people.admin)
  expect(await send('HEAD', path, people.admin)).toEqual({ ...got, body: '' })
})

test('slashes at the end and twice within are folded', async () => {
  const path = `/Contrast/api/ng//${shop.id}//vulntrend//views//`
  expect((await send('GET', path, people.admin)).status).toBe(200)
})

test('a word of the path may be in any case', async () => {
  const asked = async (word: string) => {
    const path = `/Contrast/api/ng/${shop.id}/orgtraces/filter/${word}/listing`
    return (await send('GET', path, people.view)).status
  }
  expect([await asked('severity'), await asked('SEVERITY'), await asked('colour')]).toEqual([
    200, 200, 404,
  ])
})

function send(method: string, path: string, who: { readonly authorization?: string } = {}) {
  const { authorization } = who
  const headers = { 'api-key': shop.apiKey.value }
  return askAt(teamServer, method, path, { authorization, headers } satisfies Question)
}

/** The path of a route as a client would send it, with everything that the documentation asks for. */
function targetOf(entry: CatalogRoute): string {
  const [, , , , { words = {}, required = [] } = {}] = entry
  const path = documentedPath(entry)
    .replace(':org', shop.id)
    .replace(/:app(Id|Uuid)/, applicationId)
    .replace(/:(\w+)/g, (_variable, name) => words[name]?.[0] ?? '1')
  return required.length === 0 ? path : `${path}?${required.map((name) => `${name}=1`).join('&')}`
}
