import { beforeAll, expect, test } from 'vitest'
import type { Organization, PersonCredentials, TeamServer } from '../../../mock-server/index.ts'
import { ask } from '../ask.ts'
import { authorizationOf, createShop } from '../shop.ts'

let teamServer: TeamServer
let shop: Organization
let viewer: PersonCredentials
let applications: string

beforeAll(async () => {
  ;({ teamServer, shop } = await createShop())
  viewer = await shop.addPerson({ role: 'view' })
  applications = `/ng/${shop.id}/applications`
})

test.each([
  ['/engine/v1/reports', 'GET', 'POST, OPTIONS'],
  ['/engine/v1/reports', 'HEAD', 'POST, OPTIONS'],
  ['/engine/v1/reports', 'PUT', 'POST, OPTIONS'],
  ['/ng/sessions', 'POST', 'PUT, OPTIONS'],
  ['/ng/any/agents/external/default/NODE', 'DELETE', 'GET, POST, HEAD, OPTIONS'],
  ['/openapi.json', 'POST', 'GET, HEAD, OPTIONS'],
  ['/engine/v1/reports', 'PROPFIND', 'POST, OPTIONS'],
  ['/engine/v1/reports', 'constructor', 'POST, OPTIONS'],
  ['/engine/v1/reports', '__proto__', 'POST, OPTIONS'],
])('%s does not answer %s and says what it answers', async (path, method, allow) => {
  const reply = await ask(teamServer, method, path)
  expect(reply.status).toBe(405)
  expect(reply.headers.allow).toBe(allow)
  if (method !== 'HEAD') expect(reply.body).toMatchObject({ reason: 'method-refused' })
})

test.each(['GET', 'HEAD', 'OPTIONS'])(
  '%s of a listing needs credentials (F-649)',
  async (method) => {
    expect((await ask(teamServer, method, applications)).status).toBe(401)
    const wrong = authorizationOf({ userName: viewer.userName, serviceKey: 'wrong' })
    expect((await ask(teamServer, method, applications, { authorization: wrong })).status).toBe(401)
    const agent = authorizationOf(shop.agent)
    expect((await ask(teamServer, method, applications, { authorization: agent })).status).toBe(403)
  },
)

test('HEAD answers as GET does, without a body', async () => {
  const { authorization } = viewer
  const got = await ask(teamServer, 'GET', applications, { authorization })
  const head = await ask(teamServer, 'HEAD', applications, { authorization })
  expect(got).toMatchObject({ status: 200, body: { success: true } })
  expect(head).toEqual({ ...got, body: '' })
})

test('OPTIONS answers which methods there are, and does nothing', async () => {
  const { authorization } = viewer
  const listing = await ask(teamServer, 'OPTIONS', applications, { authorization })
  expect(listing).toMatchObject({ status: 204, headers: { allow: 'GET, HEAD, OPTIONS' }, body: '' })
  const agent = authorizationOf(shop.agent)
  const reports = await ask(teamServer, 'OPTIONS', '/engine/v1/reports', { authorization: agent })
  expect(reports).toMatchObject({ status: 204, headers: { allow: 'POST, OPTIONS' }, body: '' })
  expect(await shop.reports()).toEqual([])
})

test('OPTIONS of a route for engines needs the credentials of an engine', async () => {
  const stranger = await ask(teamServer, 'OPTIONS', '/engine/v1/reports')
  expect(stranger).toMatchObject({ status: 401, body: { reason: 'credentials-missing' } })
  const { authorization } = viewer
  const person = await ask(teamServer, 'OPTIONS', '/engine/v1/reports', { authorization })
  expect(person).toMatchObject({ status: 403, body: { reason: 'role-refused' } })
})

test('OPTIONS of a public route answers which methods there are', async () => {
  const reply = await ask(teamServer, 'OPTIONS', '/openapi.json')
  expect(reply).toMatchObject({ status: 204, headers: { allow: 'GET, HEAD, OPTIONS' }, body: '' })
})

test('a page of another origin gets no permission to read (S-409)', async () => {
  for (const origin of ['https://evil.example', 'null']) {
    const headers = { origin, 'access-control-request-method': 'GET' }
    const { authorization } = viewer
    for (const method of ['GET', 'OPTIONS']) {
      for (const question of [{ headers }, { headers, authorization }]) {
        const reply = await ask(teamServer, method, applications, question)
        const granted = Object.keys(reply.headers).filter((name) =>
          name.startsWith('access-control-'),
        )
        expect(granted).toEqual([])
      }
    }
  }
})
