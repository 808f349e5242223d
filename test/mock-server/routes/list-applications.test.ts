import { beforeAll, expect, test } from 'vitest'
import type { Organization, TeamServer } from '../../../mock-server/index.ts'
import { ask } from '../ask.ts'
import { authorizationOf, createShop } from '../shop.ts'

const NOW = Date.parse('2026-03-01T12:00:00Z')

let teamServer: TeamServer
let shop: Organization
let other: Organization
let viewer: string

beforeAll(async () => {
  ;({ teamServer, shop } = await createShop({ clock: () => NOW }))
  other = await teamServer.createOrganization({ name: 'Other' })
  viewer = (await shop.addPerson({ role: 'view' })).authorization
  const agent = authorizationOf(shop.agent)
  for (const name of ['web', 'api', 'Store', 'old', 'worker']) {
    const json = { name, language: 'Node', ...(name === 'web' && { path: '/web', tags: ['x'] }) }
    await ask(teamServer, 'PUT', '/ng/applications/create', { authorization: agent, json })
  }
  await shop.archiveApplication('old')
})

async function list(query = '', authorization = viewer, organization = shop) {
  const path = `/ng/${organization.id}/applications${query}`
  const { status, body } = await ask(teamServer, 'GET', path, { authorization })
  const { applications = [], count } = body as {
    applications?: { name: string }[]
    count?: number
  }
  return { status, names: applications.map(({ name }) => name), count }
}

test('an application is listed with the documented names and types', async () => {
  const [web] = await shop.applications()
  const path = `/ng/${shop.id}/applications?filterText=web`
  expect(await ask(teamServer, 'GET', path, { authorization: viewer })).toMatchObject({
    status: 200,
    body: {
      success: true,
      messages: [],
      applications: [
        {
          app_id: web?.id,
          name: 'web',
          short_name: '',
          path: '/web',
          language: 'Node',
          archived: false,
          created: NOW,
          last_seen: NOW,
          tags: ['x'],
          total_modules: 1,
        },
      ],
      count: 1,
    },
  })
})

test.each([
  ['', ['Store', 'api', 'web', 'worker'], 4],
  ['?limit=&offset=&filterText=&includeArchived=&expand=', ['Store', 'api', 'web', 'worker'], 4],
  ['?limit=2', ['Store', 'api'], 4],
  ['?limit=2&offset=2', ['web', 'worker'], 4],
  ['?limit=2&offset=3', ['worker'], 4],
  ['?limit=2&offset=4', [], 4],
  ['?offset=100', [], 4],
  ['?limit=0', [], 4],
  ['?limit=-1&offset=2', ['web', 'worker'], 4],
  ['?filterText=W', ['web', 'worker'], 2],
  ['?filterText=%C3%9C', [], 0],
  ['?filterText=.*', [], 0],
  ['?includeArchived=true', ['Store', 'api', 'old', 'web', 'worker'], 5],
  ['?includeArchived=True&limit=1&offset=2', ['old'], 5],
  ['?includeArchived=false', ['Store', 'api', 'web', 'worker'], 4],
  ['?expand=a&expand=b,c&expand[]=d', ['Store', 'api', 'web', 'worker'], 4],
])('%j lists %j of %i', async (query, names, count) => {
  expect(await list(query)).toEqual({ status: 200, names, count })
})

test('a client that pages until the page is empty has seen each application once', async () => {
  const seen: string[] = []
  for (let offset = 0; ; offset += 3) {
    const { names } = await list(`?limit=3&offset=${offset}`)
    if (names.length === 0) break
    seen.push(...names)
  }
  expect(seen).toEqual(['Store', 'api', 'web', 'worker'])
})

test.each([
  ['view', 200],
  ['edit', 200],
  ['rules_admin', 200],
  ['admin', 200],
] as const)(
  'a person of the role %s sees them with %i, and those of others never',
  async (role, status) => {
    const { authorization } = await shop.addPerson({ role })
    expect((await list('', authorization)).status).toBe(status)
    expect((await list('', authorization, other)).status).toBe(403)
  },
)

test.each(['superadmin', 'observer'] as const)(
  'a %s sees those of any organization',
  async (role) => {
    const { authorization } = await teamServer.addPerson({ role })
    expect((await list('', authorization)).count).toBe(4)
    expect(await list('', authorization, other)).toEqual({ status: 200, names: [], count: 0 })
  },
)

test('an engine reads nothing', async () => {
  expect((await list('', authorizationOf(shop.agent))).status).toBe(403)
})

test('with the second layer on, people need the key too', async () => {
  const bank = await teamServer.createOrganization({ name: 'Bank', apiKey: { enabled: true } })
  const { authorization } = await bank.addPerson({ role: 'view' })
  expect((await list('', authorization, bank)).status).toBe(401)
  const headers = { 'api-key': bank.apiKey.value }
  const path = `/ng/${bank.id}/applications`
  expect((await ask(teamServer, 'GET', path, { authorization, headers })).status).toBe(200)
})

test('a superadmin needs the key of the organization in the path', async () => {
  const bank = await teamServer.createOrganization({ name: 'Bank 2', apiKey: { enabled: true } })
  const { authorization } = await teamServer.addPerson({ role: 'superadmin' })
  expect((await list('', authorization, bank)).status).toBe(401)
  const headers = { 'api-key': bank.apiKey.value }
  const path = `/ng/${bank.id}/applications`
  expect((await ask(teamServer, 'GET', path, { authorization, headers })).status).toBe(200)
})
