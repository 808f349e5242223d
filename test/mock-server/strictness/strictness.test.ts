import { beforeAll, expect, test } from 'vitest'
import { readCatalog } from '../../../mock-server/catalog/catalog.ts'
import type { TeamServer } from '../../../mock-server/index.ts'
import { ROUTES } from '../../../mock-server/routes/index.ts'
import { pathOf } from '../../../mock-server/routes/route.ts'
import { askAt } from '../ask.ts'
import { documentationOf, keyOf } from '../catalog/documented.ts'
import { type Audience, createAudience, questionFor } from '../questions/questions.ts'
import { createShop } from '../shop.ts'
import { faultsOf } from './conformity.ts'

let teamServer: TeamServer
let audience: Audience

beforeAll(async () => {
  const created = await createShop({ scryptCost: 1_024 })
  ;({ teamServer } = created)
  audience = await createAudience(teamServer, created.shop)
})

const DOCUMENTED = ROUTES.flatMap((route) => {
  const answer = documentationOf(route)?.[3] ?? ''
  if (!(answer in readCatalog().objects)) return []
  return [[`${route.method} ${pathOf(route)}`, answer, route] as const]
})

test.each(DOCUMENTED)('%s answers %s, and no more', async (_name, answer, route) => {
  const { target, question } = await questionFor(audience, route)
  const { status, body } = await askAt(teamServer, route.method, target, question)
  expect({ status, body }).toMatchObject({
    status: expect.toSatisfy((each: number) => each < 300),
    body: { success: true, messages: expect.any(Array) },
  })
  expect(faultsOf(body, answer)).toEqual([])
})

test('no two routes answer the same method of the same path', () => {
  const keys = ROUTES.map((route) => keyOf(route.method, pathOf(route)))
  expect(keys.filter((key, at) => keys.indexOf(key) !== at)).toEqual([])
})

test('a route that no page describes and no client is seen to call is marked as ours', () => {
  const unmarked = ROUTES.filter(
    (route) => documentationOf(route) === undefined && !route.description.isOurs,
  )
  // That one is described by an article, not by the reference.
  const described = unmarked.map(({ method, path }) => `${method} ${path}`)
  expect(described).toEqual(['PUT /ng/applications/create'])
})

test('a route that a page describes is not marked as ours', () => {
  const marked = ROUTES.filter(
    (route) => documentationOf(route) !== undefined && route.description.isOurs,
  )
  expect(marked.map(({ method, path }) => `${method} ${path}`)).toEqual([])
})

test('strictness finds what is wrong, at any depth', () => {
  const link = { href: 'http://127.0.0.1/Contrast/api/ng', rel: 'self', method: 'GET' }
  const server = { server_id: 1, name: 'web-1', tags: ['a'], environment: 'QA', links: [link] }
  const servers = { success: true, messages: [], count: 1, servers: [server] }
  expect(faultsOf(servers, 'ServersResponse')).toEqual([])
  const wrong = {
    ...servers,
    count: 1.5,
    messages: [1],
    total: 1,
    servers: [
      { ...server, server_id: '1', tags: 'a', links: [{ ...link, href: '/ng' }] },
      { ...server, assess: null, license: { end: 'never' }, constructor: 1 },
    ],
  }
  expect(faultsOf(wrong, 'ServersResponse')).toEqual([
    '$.messages[0] is 1, not string',
    '$.count is 1.5, not integer',
    '$.servers[0].server_id is "1", not integer',
    '$.servers[0].tags is "a", not a list',
    '$.servers[0].links[0] is {"href":"/ng","rel":"self","method":"GET"}, not a link',
    '$.servers[1].assess is null, not boolean',
    '$.servers[1].license.end is "never", not integer',
    '$.servers[1].constructor is no field of ServerResource',
    '$.total is no field of ServersResponse',
  ])
  expect(faultsOf(null, 'ServersResponse')).toEqual(['$ is null, not ServersResponse'])
})
