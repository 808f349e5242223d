import { beforeEach, expect, test } from 'vitest'
import type { Organization, TeamServer } from '../../../mock-server/index.ts'
import { ask, type Question } from '../ask.ts'
import { authorizationOf, createShop, finding } from '../shop.ts'

const JSON_TYPE = { 'content-type': 'application/json' }

let teamServer: TeamServer
let shop: Organization

beforeEach(async () => {
  ;({ teamServer, shop } = await createShop())
})

function report(question: Question) {
  const authorization = authorizationOf(shop.agent)
  return ask(teamServer, 'POST', '/engine/v1/reports', { authorization, ...question })
}

const TEXT = JSON.stringify({ reports: [finding('one')] })
const bytes = (...parts: (string | number[])[]) =>
  Uint8Array.from(Buffer.concat(parts.map((part) => Buffer.from(part as string))))

test.each<[what: string, body: string | Uint8Array<ArrayBuffer>, sentence: string]>([
  ['nothing', '', 'it is not JSON'],
  ['null', 'null', 'it must be an object'],
  ['a list', '[]', 'it must be an object'],
  ['a number', '1', 'it must be an object'],
  ['text', '"reports"', 'it must be an object'],
  ['words', 'reports', 'it is not JSON'],
  ['a byte order mark in front', bytes([0xef, 0xbb, 0xbf], TEXT), 'it is not JSON'],
  ['a trailing comma', '{"reports": [],}', 'it is not JSON'],
  ['two values', `${TEXT}${TEXT}`, 'it is not JSON'],
  ['NaN', '{"reports": NaN}', 'it is not JSON'],
  ['bytes that are not UTF-8', bytes('{"reports": "', [0xff], '"}'), 'it is not UTF-8'],
  ['an overlong slash', bytes('{"reports": "', [0xc0, 0xaf], '"}'), 'it is not UTF-8'],
  ['UTF-16 with its mark', bytes([0xff, 0xfe, 0x7b, 0, 0x7d, 0]), 'it is not UTF-8'],
  ['UTF-16 without', bytes([0x7b, 0, 0x7d, 0]), 'it is not JSON'],
  ['no reports', '{}', 'reports is missing'],
  ['reports that are no list', '{"reports": {}}', 'reports must be a list'],
  ['a report that is no object', '{"reports": [1]}', 'reports[0] must be an object'],
])('a body that is %s is refused and stores nothing (S-301)', async (_what, body, sentence) => {
  const reply = await report({ body, headers: JSON_TYPE })
  expect(reply.status).toBe(400)
  expect(reply.body).toEqual({
    success: false,
    messages: [`The body is malformed: ${sentence}.`],
    reason: 'body-malformed',
  })
  expect(await shop.reports()).toEqual([])
  expect(await shop.applications()).toEqual([])
})

/** A batch whose evidence is nested so that the whole is this deep. */
function nested(levels: number): string {
  const lists = levels - 4
  const evidence = `{"a":${'['.repeat(lists)}${']'.repeat(lists)}}`
  return `{"reports":[{"id":"one","type":"finding","rule":"r","evidence":${evidence}}]}`
}

test('a body of 64 levels is taken and one of 65 is not (S-302)', async () => {
  expect((await report({ body: nested(64), headers: JSON_TYPE })).status).toBe(202)
  const deeper = await report({ body: nested(65), headers: JSON_TYPE })
  expect(deeper).toMatchObject({
    status: 400,
    body: { messages: ['The body is malformed: it is nested deeper than 64 levels.'] },
  })
})

test('100 000 levels are refused, and the next request is answered (S-302)', async () => {
  const body = '['.repeat(100_000) + ']'.repeat(100_000)
  expect((await report({ body, headers: JSON_TYPE })).status).toBe(400)
  expect((await report({ json: { reports: [finding('one')] } })).status).toBe(202)
})

test('brackets inside text count as no levels', async () => {
  const title = `${'['.repeat(200)}\\"${'{'.repeat(200)}`
  const reply = await report({ json: { reports: [finding('one', { title })] } })
  expect(reply.status).toBe(202)
  expect(await shop.reports()).toEqual([finding('one', { title })])
})

test('the name __proto__ at any level changes no prototype (S-303)', async () => {
  const poison = '{"polluted": true}'
  const evidence = `{"__proto__": ${poison}, "constructor": {"prototype": ${poison}}}`
  const one = `{"id": "one", "type": "finding", "rule": "r", "__proto__": ${poison}, "evidence": ${evidence}}`
  const body = `{"__proto__": ${poison}, "reports": [${one}]}`
  expect((await report({ body, headers: JSON_TYPE })).status).toBe(202)
  expect(({} as { polluted?: boolean }).polluted).toBeUndefined()
  const [stored] = await shop.reports()
  expect(JSON.stringify(stored)).toBe(
    '{"id":"one","type":"finding","rule":"r",' +
      '"evidence":{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}}',
  )
  expect(Object.getPrototypeOf(stored)).toBe(Object.prototype)
})

test('metadata named __proto__ is data like any other (S-303)', async () => {
  const authorization = authorizationOf(shop.agent)
  const body = '{"application": "shop", "metadata": {"__proto__": "x", "branch": "main"}}'
  const reply = await ask(teamServer, 'PUT', '/ng/sessions', {
    authorization,
    body,
    headers: JSON_TYPE,
  })
  expect(reply.status).toBe(200)
  const [session] = await shop.sessions()
  expect(JSON.stringify(session?.metadata)).toBe('{"__proto__":"x","branch":"main"}')
})

test.each([
  1,
  ['one'],
  { a: 1 },
  null,
  '',
  'x'.repeat(129),
  'x'.repeat(300),
  'a/b',
  'a\\b',
  'a\u0000b',
  'a\nb',
  'one\n',
  'é',
  'a b',
])('the report id %j is refused (S-304)', async (id) => {
  const reply = await report({ json: { reports: [{ ...finding('one'), id }] } })
  expect(reply).toMatchObject({ status: 400, body: { reason: 'body-malformed' } })
  expect(await shop.reports()).toEqual([])
})

test('an id of 128 characters, and one of dots alone, is only text', async () => {
  const ids = ['x'.repeat(128), '..', '.', '__proto__', 'constructor', 'A-Za-z0-9._-']
  await report({ json: { reports: ids.map((id) => finding(id)) } })
  expect((await shop.reports()).map(({ id }) => id)).toEqual(ids)
})

test.each([
  ['a count of 1e400', '{"id": "one", "type": "activity", "counts": {"requests": 1e400}}'],
  ['a negative count', '{"id": "one", "type": "activity", "counts": {"requests": -1}}'],
  ['a moment of 1e400', '{"id": "one", "type": "activity", "at": 1e400}'],
  ['a moment in words', '{"id": "one", "type": "activity", "at": "yesterday"}'],
])('%s is refused (S-305)', async (_what, one) => {
  const reply = await report({ body: `{"reports": [${one}]}`, headers: JSON_TYPE })
  expect(reply).toMatchObject({ status: 400, body: { reason: 'body-malformed' } })
})

test('numbers are those of JavaScript: the nearest double, and zero without a sign (S-305)', async () => {
  const evidence = '{"zero": -0, "large": 9007199254740993, "small": 1e-400, "whole": 1.0}'
  const one = `{"id": "one", "type": "finding", "rule": "r", "evidence": ${evidence}}`
  expect((await report({ body: `{"reports": [${one}]}`, headers: JSON_TYPE })).status).toBe(202)
  const [stored] = await shop.reports()
  expect(stored).toMatchObject({
    evidence: { zero: 0, large: 9_007_199_254_740_992, small: 0, whole: 1 },
  })
  const infinite = `{"reports": [${one.replace('-0', '1e400')}]}`.replace('"one"', '"two"')
  expect((await report({ body: infinite, headers: JSON_TYPE })).status).toBe(202)
  expect((await shop.reports()).at(-1)).toMatchObject({ evidence: { zero: null } })
})

test('lone surrogates come back as they were sent, in an answer that is UTF-8 (S-305)', async () => {
  const authorization = authorizationOf(shop.agent)
  const body = '{"name": "\\ud800 shop", "language": "Node"}'
  const created = await teamServer.handle(
    new Request('http://127.0.0.1/Contrast/api/ng/applications/create', {
      method: 'PUT',
      headers: { authorization, ...JSON_TYPE },
      body,
    }),
  )
  const answer = Buffer.from(await created.arrayBuffer())
  expect(new TextDecoder('utf-8', { fatal: true }).decode(answer)).toContain('"\\ud800 shop"')
  await report({
    body: '{"reports": [{"id": "one", "type": "finding", "rule": "\\udc00"}]}',
    headers: JSON_TYPE,
  })
  expect(await shop.reports()).toEqual([{ id: 'one', type: 'finding', rule: '\udc00' }])
})

test.each([
  [undefined],
  [''],
  ['text/plain'],
  ['application/xml'],
  ['multipart/form-data; boundary=x'],
  ['application/x-www-form-urlencoded'],
  ['application/json; charset=utf-16'],
  ['application/json; charset=utf-8; charset=utf-16'],
  ['application/json, application/json'],
  ['application/jsonx'],
  ['application/json; boundary=x'],
])('content type %j is refused (S-306)', async (type) => {
  const body = Uint8Array.from(Buffer.from(TEXT))
  const reply = await report({ body, headers: type === undefined ? {} : { 'content-type': type } })
  expect(reply).toMatchObject({ status: 415, body: { reason: 'content-type-refused' } })
  expect(await shop.reports()).toEqual([])
})

test.each([
  'application/json',
  'Application/JSON',
  'application/json;charset=utf-8',
  'application/json; charset=UTF-8',
  'application/json; Charset="utf-8"',
  'application/json ; charset=utf-8',
  'application/json;',
])('content type %j is taken (S-306)', async (type) => {
  expect((await report({ body: TEXT, headers: { 'content-type': type } })).status).toBe(202)
})

test('fields that nobody asked for are not stored, on every call that writes (S-307)', async () => {
  const authorization = authorizationOf(shop.agent)
  const other = await teamServer.createOrganization({ name: 'Other' })
  const forged = {
    role: 'admin',
    organizationId: other.id,
    accepted: true,
    isArchived: true,
    id: 'x',
  }
  const put = (path: string, json: object) => ask(teamServer, 'PUT', path, { authorization, json })
  const server = { name: 'web-1', ...forged }
  await put('/ng/applications/create', { name: 'shop', language: 'Node', ...forged, server })
  await put('/ng/sessions', { application: 'shop', agentUserName: 'root', ...forged })
  const reports = [{ ...finding('one'), role: 'admin', accepted: true, receivedAt: 0 }]
  await report({ json: { application: 'shop', reports, ...forged } })

  const [application] = await shop.applications()
  expect(application).toEqual({
    id: expect.stringMatching(/^[0-9a-f-]{36}$/),
    name: 'shop',
    language: 'Node',
    tags: [],
    metadata: {},
    isArchived: false,
    createdAt: expect.any(Date),
    lastSeenAt: expect.any(Date),
  })
  expect(Object.keys((await shop.servers())[0] ?? {})).not.toContain('role')
  expect(Object.keys((await shop.sessions())[0] ?? {}).sort()).toEqual([
    'agentUserName',
    'application',
    'createdAt',
    'id',
    'metadata',
  ])
  expect((await shop.sessions())[0]?.agentUserName).toBe(shop.agent.userName)
  expect(await shop.reports()).toEqual([finding('one')])
  expect(await other.reports()).toEqual([])
  expect(await other.applications()).toEqual([])
})
