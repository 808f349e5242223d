import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Listener, Organization, TeamServer } from '../../../mock-server/index.ts'
import { authorizationOf, createShop, finding } from '../shop.ts'
import { openRaw, rawRequest, sendRaw } from './raw-connection.ts'

const LINE = 'POST /Contrast/api/engine/v1/reports'
const BODY = JSON.stringify({ reports: [finding('one')] })
const CHUNKED = `${BODY.length.toString(16)}\r\n${BODY}\r\n0\r\n\r\n`

let teamServer: TeamServer
let shop: Organization
let listener: Listener
/** Everything that a right request needs, but for the lines that a row is about. */
let lines: readonly string[]

beforeAll(async () => {
  ;({ teamServer, shop } = await createShop())
  listener = await teamServer.listen()
  lines = [`Authorization: ${authorizationOf(shop.agent)}`, 'Content-Type: application/json']
})

afterAll(() => teamServer.close())

const HOST = 'Host: teamserver.example'
const LENGTH = `Content-Length: ${BODY.length}`

test('the request of which each row changes one thing is taken', async () => {
  const right = rawRequest(LINE, [HOST, ...lines, LENGTH, 'Connection: close'], BODY)
  expect(await sendRaw(listener.url, right)).toMatchObject([{ status: 202 }])
})

test.each<[row: string, what: string, headers: readonly string[], body: string]>([
  ['S-101', 'length and coding', [HOST, LENGTH, 'Transfer-Encoding: chunked'], CHUNKED],
  ['S-101', 'coding and length', [HOST, 'Transfer-Encoding: chunked', LENGTH], CHUNKED],
  ['S-101', 'two equal lengths', [HOST, LENGTH, LENGTH], BODY],
  ['S-101', 'two lengths', [HOST, LENGTH, 'Content-Length: 2'], BODY],
  ['S-101', 'a length with plus', [HOST, 'Content-Length: +2'], '{}'],
  ['S-101', 'a length with minus', [HOST, 'Content-Length: -2'], '{}'],
  ['S-101', 'a list of lengths', [HOST, 'Content-Length: 2, 2'], '{}'],
  ['S-101', 'a length of twenty digits', [HOST, `Content-Length: ${'9'.repeat(20)}`], '{}'],
  ['S-102', 'a coding that ends in chunked', [HOST, 'Transfer-Encoding: xchunked'], CHUNKED],
  ['S-102', 'a coding after chunked', [HOST, 'Transfer-Encoding: chunked, identity'], CHUNKED],
  ['S-102', 'chunked twice in a line', [HOST, 'Transfer-Encoding: chunked, chunked'], CHUNKED],
  [
    'S-102',
    'chunked in two lines',
    [HOST, 'Transfer-Encoding: chunked', 'Transfer-Encoding: chunked'],
    CHUNKED,
  ],
  ['S-103', 'gzip under chunked', [HOST, 'Transfer-Encoding: gzip, chunked'], CHUNKED],
  ['S-105', 'no Host', [LENGTH], BODY],
  ['S-105', 'two Hosts', [HOST, 'Host: other.example', LENGTH], BODY],
  ['S-105', 'the same Host twice', [HOST, HOST, LENGTH], BODY],
  ['S-106', 'a bare CR in a value', [HOST, 'X-A: b\rc', LENGTH], BODY],
  ['S-106', 'a bare LF in a value', [HOST, 'X-A: b\nc', LENGTH], BODY],
  ['S-106', 'NUL in a value', [HOST, 'X-A: b\u0000c', LENGTH], BODY],
  ['S-106', 'a folded line', [HOST, 'X-A: b', ' c', LENGTH], BODY],
  ['S-106', 'a line folded with a tab', [HOST, 'X-A: b', '\tc', LENGTH], BODY],
  ['S-106', 'a space before the colon', [HOST, 'X-A : b', LENGTH], BODY],
  ['S-106', 'a space in a name', [HOST, 'X A: b', LENGTH], BODY],
  ['S-106', 'a line without colon', [HOST, 'X-A', LENGTH], BODY],
  ['S-104', 'a negative chunk', [HOST, 'Transfer-Encoding: chunked'], '-1\r\n'],
  [
    'S-104',
    'a bare LF after a chunk size',
    [HOST, 'Transfer-Encoding: chunked'],
    '2\n{}\r\n0\r\n\r\n',
  ],
  ['S-104', 'a chunk without its end', [HOST, 'Transfer-Encoding: chunked'], '2\r\n{}0\r\n\r\n'],
])('%s: %s is no clear request', async (_row, _what, headers, body) => {
  await expectTurnedAway(rawRequest(LINE, [...lines, ...headers], body), 'request-malformed', 400)
})

test.each<[what: string, bytes: string | Uint8Array]>([
  ['lines that end in LF', `GET / HTTP/1.1\n${HOST}\n\n`],
  ['HTTP/1.2', `GET / HTTP/1.2\r\n${HOST}\r\n\r\n`],
  ['an HTTP/2 preface', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
  ['a TLS hello', Uint8Array.from([0x16, 0x03, 0x01, 0x02, 0x00, 0x01, 0x00, 0x01, 0xfc, 0x03])],
  ['words', 'hello\r\n\r\n'],
  ['an unknown method', `HELLO / HTTP/1.1\r\n${HOST}\r\n\r\n`],
])('%s is no clear request (S-106)', async (_what, bytes) => {
  await expectTurnedAway(bytes, 'request-malformed', 400)
})

test.each<[what: string, headers: readonly string[]]>([
  ['a header of 17 KiB', [HOST, `API-Key: ${'x'.repeat(17 * 1_024)}`]],
  ['101 header lines', [HOST, ...Array.from({ length: 98 }, (_, at) => `X-${at}: x`)]],
  ['3 000 header lines', [HOST, ...Array.from({ length: 2_997 }, () => 'a:b')]],
])('%s is too large a head (S-205)', async (_what, headers) => {
  await expectTurnedAway(rawRequest(LINE, [...lines, ...headers]), 'headers-too-large', 431)
})

test('100 header lines are taken (S-205)', async () => {
  const more = Array.from({ length: 95 }, (_, at) => `X-${at}: x`)
  const headers = [HOST, ...lines, LENGTH, ...more, 'Connection: close']
  expect(headers.length).toBe(100)
  expect(await sendRaw(listener.url, rawRequest(LINE, headers, BODY))).toMatchObject([
    { status: 202 },
  ])
})

test('a chunk extension of 20 KiB is refused (S-104)', async () => {
  const body = `2;${'x'.repeat(20_480)}\r\n{}\r\n0\r\n\r\n`
  const bytes = rawRequest(LINE, [HOST, ...lines, 'Transfer-Encoding: chunked'], body)
  const before = (await shop.reports()).length
  const [answer] = await sendRaw(listener.url, bytes)
  expect(answer?.status).toBeGreaterThanOrEqual(400)
  expect(answer?.headers.connection).toBe('close')
  expect(await shop.reports()).toHaveLength(before)
})

test('a URL of 9 KiB is refused (S-205)', async () => {
  const line = `GET /Contrast/api/${'x'.repeat(9 * 1_024)}`
  const answers = await sendRaw(listener.url, rawRequest(line, [HOST, 'Connection: close']))
  expect(answers).toMatchObject([
    { status: 431, body: expect.stringContaining('headers-too-large') },
  ])
})

test('an expectation that is not known is answered with 417 (S-107)', async () => {
  const bytes = rawRequest(LINE, [HOST, ...lines, LENGTH, 'Expect: something'], BODY)
  await expectTurnedAway(bytes, 'request-malformed', 417)
})

test('an upgrade is ignored, and CONNECT is closed (S-109)', async () => {
  const upgrade = [
    'Connection: Upgrade, HTTP2-Settings',
    'Upgrade: h2c',
    'HTTP2-Settings: AAMAAABk',
  ]
  const connection = await openRaw(listener.url)
  connection.write(rawRequest(LINE, [HOST, ...lines, LENGTH, ...upgrade], BODY))
  expect(await connection.answers(1)).toMatchObject([{ status: 202 }])
  connection.close()
  expect(await sendRaw(listener.url, rawRequest('CONNECT evil.example:443', [HOST]))).toEqual([])
})

test('what the parser refuses has the shape and the headers of every other answer (S-110)', async () => {
  const hop = ['connection', 'content-length', 'date', 'keep-alive']
  const rows: readonly [bytes: string, status: number, reason: string][] = [
    ['nonsense\r\n\r\n', 400, 'request-malformed'],
    [rawRequest(LINE, [...lines, LENGTH], BODY), 400, 'request-malformed'],
    [rawRequest(LINE, [HOST, ...lines, LENGTH, 'Expect: foo'], BODY), 417, 'request-malformed'],
    [rawRequest(LINE, [HOST, `A: ${'x'.repeat(17_000)}`]), 431, 'headers-too-large'],
  ]
  const ordinary = rawRequest('GET /nothing', [HOST, 'Connection: close'])
  const [usual] = await sendRaw(listener.url, ordinary)
  const namesOf = (headers: object) => Object.keys(headers).filter((name) => !hop.includes(name))
  for (const [bytes, status, reason] of rows) {
    const [answer, ...more] = await sendRaw(listener.url, bytes)
    expect(more).toEqual([])
    expect([answer?.status, JSON.parse(answer?.body ?? '')]).toEqual([
      status,
      { success: false, messages: [expect.any(String)], reason },
    ])
    expect(namesOf(answer?.headers ?? {})).toEqual(namesOf(usual?.headers ?? {}))
    expect(answer?.headers.connection).toBe('close')
  }
})

test('two lines of content type are no type (S-306)', async () => {
  const [authorization = '', type = ''] = lines
  const head = [HOST, authorization, type, type, LENGTH, 'Connection: close']
  expect(await sendRaw(listener.url, rawRequest(LINE, head, BODY))).toMatchObject([
    { status: 415, body: expect.stringContaining('content-type-refused') },
  ])
})

async function expectTurnedAway(bytes: string | Uint8Array, reason: string, status: number) {
  const before = { reports: await shop.reports(), refusals: await refusals() }
  const answers = await sendRaw(listener.url, bytes)
  expect(answers).toEqual([
    {
      status,
      headers: expect.objectContaining({
        'content-type': 'application/json; charset=utf-8',
        'x-content-type-options': 'nosniff',
        'cache-control': 'no-store',
        'x-mock-teamserver': expect.any(String),
        connection: 'close',
      }),
      body: expect.any(String),
    },
  ])
  expect(JSON.parse(answers[0]?.body ?? '')).toEqual({
    success: false,
    messages: [expect.any(String)],
    reason,
  })
  expect(await shop.reports()).toEqual(before.reports)
  const told = (await refusals()).slice(before.refusals.length)
  expect(told).toMatchObject([{ reason, remoteAddress: '127.0.0.1' }])
}

/** All of them: what cannot be told apart stands in the TeamServer's own log. */
async function refusals() {
  return [...(await teamServer.refusals()), ...(await shop.refusals())].sort(
    (one, other) => one.at.getTime() - other.at.getTime(),
  )
}
