import { IncomingMessage } from 'node:http'
import { Socket } from 'node:net'
import { TLSSocket } from 'node:tls'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readHead } from '../../../mock-server/adapters/node-request-head.ts'
import type { Organization, TeamServer } from '../../../mock-server/index.ts'
import { authorizationOf, createShop, finding } from '../shop.ts'
import { openRaw, rawRequest, sendRaw } from './raw-connection.ts'

const HOST = 'Host: teamserver.example'
const CLOSE = 'Connection: close'

let teamServer: TeamServer
let shop: Organization
let url: string
let admin: string

beforeAll(async () => {
  ;({ teamServer, shop } = await createShop())
  admin = `Authorization: ${(await shop.addPerson({ role: 'admin' })).authorization}`
  ;({ url } = await teamServer.listen())
})

afterAll(() => teamServer.close())

const LIST = '/Contrast/api/ng/{org}/applications'

test.each([
  [LIST, 200],
  [`${LIST}/`, 200],
  [LIST.replaceAll('/', '//'), 200],
  [`http://evil.example${LIST}`, 200],
  ['//evil.example/Contrast/api/openapi.json', 404],
  ['http://evil.example//Contrast/api/openapi.json', 200],
  ['/Contrast/api/../api/openapi.json', 404],
  ['/Contrast/api/./openapi.json', 404],
  ['/Contrast/api/%2e%2e/api/openapi.json', 404],
  ['/Contrast/api/ng/%2e%2e/applications', 404],
  ['/../../../../etc/passwd', 404],
  ['/Contrast\\api\\openapi.json', 404],
  ['/Contrast/api/openapi.json%00', 404],
  ['/Contrast/api/ng/%ff/applications', 404],
  ['/Contrast/api/ng/%/applications', 404],
  [`/Contrast/api${'/a'.repeat(2_000)}`, 404],
  ['*', 400],
  ['http://evil.example', 400],
])(
  'the request target %s is answered with %i by its path alone (S-401, S-402)',
  async (target, status) => {
    const line = `GET ${target.replace('{org}', shop.id)}`
    const [answer, ...more] = await sendRaw(url, rawRequest(line, [HOST, CLOSE, admin]))
    expect(answer?.status).toBe(status)
    expect(more).toEqual([])
    expect(answer?.body).not.toContain('evil')
  },
)

test.each(['TRACE', 'PUT', 'DELETE', 'PROPFIND', 'PATCH', 'M-SEARCH'])(
  '%s of a listing is refused with 405 (S-403)',
  async (method) => {
    const line = `${method} ${LIST.replace('{org}', shop.id)}`
    expect(await sendRaw(url, rawRequest(line, [HOST, CLOSE, admin]))).toMatchObject([
      { status: 405, headers: { allow: 'GET, HEAD, OPTIONS' } },
    ])
  },
)

test('QUERY is refused by this Node or by the table of routes (S-403)', async () => {
  const line = `QUERY ${LIST.replace('{org}', shop.id)}`
  const [answer] = await sendRaw(url, rawRequest(line, [HOST, CLOSE, admin]))
  // Releases of Node differ in whether they know the word.
  expect([400, 405]).toContain(answer?.status)
})

test('the body of a GET is passed over, and the next request is read after it (S-403)', async () => {
  const line = `GET ${LIST.replace('{org}', shop.id)}`
  const form = 'offset=1&limit=2'
  const connection = await openRaw(url)
  const type = 'Content-Type: application/x-www-form-urlencoded'
  connection.write(rawRequest(line, [HOST, admin, type, `Content-Length: ${form.length}`], form))
  connection.write(rawRequest(line, [HOST, admin, CLOSE]))
  expect(await connection.answers(2)).toMatchObject([{ status: 200 }, { status: 200 }])
  await connection.untilClosed()
})

test('HEAD has no body on the wire, and the connection stays in step', async () => {
  const path = LIST.replace('{org}', shop.id)
  const connection = await openRaw(url)
  connection.write(rawRequest(`HEAD ${path}`, [HOST, admin]))
  connection.write(rawRequest(`GET ${path}`, [HOST, admin, CLOSE]))
  const text = await connection.untilClosed()
  expect(text.match(/HTTP\/1\.1 200 OK/g)).toHaveLength(2)
  expect(text.match(/"applications":/g)).toHaveLength(1)
})

test.each(['teamserver.example:8443', 'evil.example"><script>', 'evil .example', '', '[::1'])(
  'the Host %j is answered without being repeated (S-404)',
  async (host) => {
    const line = 'GET /Contrast/api/openapi.json'
    const [answer] = await sendRaw(url, rawRequest(line, [`Host: ${host}`, CLOSE]))
    expect(answer?.status).toBe(200)
    const text = JSON.stringify(answer)
    if (host !== '') expect(text).not.toContain(JSON.stringify(host).slice(1, -1))
    expect(answer?.headers.location).toBeUndefined()
  },
)

test.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty'])(
  'a header named %s is ignored (S-405)',
  async (name) => {
    const body = JSON.stringify({ reports: [finding(`of-${name}`)] })
    const lines = [
      HOST,
      `${name}: x`,
      `Authorization: ${authorizationOf(shop.agent)}`,
      `${name}: y`,
      'Content-Type: application/json',
      `Content-Length: ${body.length}`,
      CLOSE,
    ]
    const answers = await sendRaw(
      url,
      rawRequest('POST /Contrast/api/engine/v1/reports', lines, body),
    )
    expect(answers).toMatchObject([{ status: 202 }])
  },
)

test('no answer says what the machine or its software is (S-407)', async () => {
  const lines = [
    'GET /',
    'GET /Contrast/api/openapi.json',
    'POST /Contrast/api/engine/v1/reports',
    '%',
  ]
  for (const line of lines) {
    const [answer] = await sendRaw(url, rawRequest(line, [HOST, CLOSE]))
    expect(Object.keys(answer?.headers ?? {})).toEqual(
      expect.arrayContaining(['x-content-type-options', 'cache-control', 'x-mock-teamserver']),
    )
    expect(answer?.headers.server ?? answer?.headers['x-powered-by']).toBeUndefined()
  }
})

test('headers and statuses are the same without a socket', async () => {
  const path = '/Contrast/api/engine/v1/reports'
  const hop = ['connection', 'content-length', 'date', 'keep-alive']
  for (const authorization of [undefined, 'wrong', authorizationOf(shop.agent)]) {
    const headers = { 'content-type': 'application/json', ...(authorization && { authorization }) }
    const body = JSON.stringify({ reports: [finding('same')] })
    await teamServer.handle(new Request(`http://a${path}`, { method: 'POST', headers, body }))
    const without = await teamServer.handle(
      new Request(`http://a${path}`, { method: 'POST', headers, body }),
    )
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`)
    const [raw] = await sendRaw(
      url,
      rawRequest(`POST ${path}`, [HOST, CLOSE, ...lines, `Content-Length: ${body.length}`], body),
    )
    const ours = Object.entries(raw?.headers ?? {}).filter(([name]) => !hop.includes(name))
    expect({ status: raw?.status, headers: Object.fromEntries(ours), body: raw?.body }).toEqual({
      status: without.status,
      headers: Object.fromEntries(without.headers),
      body: await without.text(),
    })
  }
})

test('a request over TLS is secure, and one over a plain socket is not (F-702)', () => {
  const over = (socket: Socket) => readHead(new IncomingMessage(socket), 100).head.isSecure
  expect(over(new TLSSocket(new Socket()))).toBe(true)
  expect(over(new Socket())).toBe(false)
})
