import { beforeAll, expect, test } from 'vitest'
import { decodeSegment, readTarget } from '../../../mock-server/core/request-target.ts'
import type { Organization, TeamServer } from '../../../mock-server/index.ts'
import { ask } from '../ask.ts'
import { createShop } from '../shop.ts'

let teamServer: TeamServer
let shop: Organization
let authorization: string

beforeAll(async () => {
  ;({ teamServer, shop } = await createShop())
  ;({ authorization } = await shop.addPerson({ role: 'admin' }))
})

test.each([
  '/ng/{org}/applications',
  '/ng/{org}/applications/',
  '/ng//{org}//applications//',
  '//ng/{org}/applications?limit=',
  '/ng/{ORG}/applications',
  '/ng/{org}/applications#part',
])('%s is the list of applications', async (path) => {
  const spelled = path.replace('{org}', shop.id).replace('{ORG}', shop.id.toUpperCase())
  expect(await ask(teamServer, 'GET', spelled, { authorization })).toMatchObject({
    status: 200,
    body: { success: true, applications: [] },
  })
})

test.each([
  '',
  '/',
  '/ng',
  '/../../etc/passwd',
  '/%2e%2e/%2e%2e/etc/passwd',
  '/..%2f..%2fetc%2fpasswd',
  '/%252e%252e/etc/passwd',
  '/..\\..\\etc\\passwd',
  '/ng/{org}/applications%00',
  '/ng/{org}%00/applications',
  '/ng/{org}%ff/applications',
  '/ng/{org}%2f/applications',
  '/ng/{org}%5c/applications',
  '/ng/{org}%0a/applications',
  '/ng/%/applications',
  '/ng/%c0%af/applications',
  '/ng/%2e%2e/applications',
  '/ng/{org}/Applications',
  '/ng/{org}/%61pplications',
  '/ng/{org}/applications;a=b',
  '/ng/{org}/applications/1/2',
  `${'/a'.repeat(2_000)}`,
  '/__proto__',
  '/ng/{org}/__proto__',
  '/ng/{org}/constructor',
  '/ng/{org}/agents/default/__proto__/x',
])('there is nothing at %j (S-401)', async (path) => {
  const reply = await ask(teamServer, 'GET', path.replace('{org}', shop.id), { authorization })
  expect(reply).toMatchObject({ status: 404, body: { reason: 'route-unknown' } })
})

test.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty'])(
  'an organization called %s is one of others',
  async (name) => {
    const reply = await ask(teamServer, 'GET', `/ng/${name}/applications`, { authorization })
    expect(reply).toMatchObject({ status: 403, body: { reason: 'organization-refused' } })
  },
)

test('what stands outside /Contrast/api is nothing', async () => {
  for (const path of [
    '/',
    '/Contrast',
    '/Contrast/',
    '/api/ng',
    '/contrast/api/openapi.json',
    '/control/reports',
    '/favicon.ico',
  ]) {
    const response = await teamServer.handle(new Request(`http://127.0.0.1${path}`))
    expect({ path, status: response.status }).toEqual({ path, status: 404 })
  }
})

test.each([
  ['http://evil.example/a/b?c=d', { status: 'read', path: '/a/b', query: 'c=d' }],
  ['HTTPS://evil.example/a', { status: 'read', path: '/a', query: '' }],
  ['//evil.example/a', { status: 'read', path: '/evil.example/a', query: '' }],
  ['/a//b///', { status: 'read', path: '/a/b', query: '' }],
  ['/', { status: 'read', path: '/', query: '' }],
  ['///', { status: 'read', path: '/', query: '' }],
  ['/a?b?c=/d/', { status: 'read', path: '/a', query: 'b?c=/d/' }],
  ['/a#b?c', { status: 'read', path: '/a', query: '' }],
  ['/../a', { status: 'read', path: '/../a', query: '' }],
  ['*', { status: 'malformed' }],
  ['', { status: 'malformed' }],
  ['http://evil.example', { status: 'malformed' }],
  ['http://evil.example?a=b', { status: 'malformed' }],
  ['ftp://evil.example/a', { status: 'malformed' }],
  ['evil.example:443', { status: 'malformed' }],
  ['\\\\evil.example\\a', { status: 'malformed' }],
  [`/${'x'.repeat(8_191)}`, { status: 'read', path: `/${'x'.repeat(8_191)}`, query: '' }],
  [`/${'x'.repeat(8_192)}`, { status: 'too-long' }],
])('the request target %j is read by its path alone (S-402)', (target, expected) => {
  expect(readTarget(target)).toEqual(expected)
})

test.each([
  ['a%20b', 'a b'],
  ['%C3%9Cnter', 'Ünter'],
  ['%25', '%'],
  ['...', '...'],
  ['.', undefined],
  ['..', undefined],
  ['%2e', undefined],
  ['%2E%2e', undefined],
  ['a%2fb', undefined],
  ['a%5Cb', undefined],
  ['a%00', undefined],
  ['a%7f', undefined],
  ['a%0D%0Ab', undefined],
  ['%', undefined],
  ['%zz', undefined],
  ['%ff', undefined],
])('the segment %j means %j', (segment, text) => {
  expect(decodeSegment(segment)).toBe(text)
})
