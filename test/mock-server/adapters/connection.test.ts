import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import type { Socket } from 'node:net'
import { setImmediate as turn } from 'node:timers/promises'
import { afterEach, beforeEach, expect, onTestFinished, test } from 'vitest'
import type { Listener, Organization, TeamServer } from '../../../mock-server/index.ts'
import { createMemoryStore } from '../../../mock-server/store/memory-store.ts'
import { authorizationOf, createShop, finding } from '../shop.ts'
import { openRaw, rawRequest, readAnswers, sendRaw } from './raw-connection.ts'

const LINE = 'POST /Contrast/api/engine/v1/reports'
const HOST = 'Host: teamserver.example'
const LIMIT_BYTES = 20_000
const DRAIN_BYTES = 10_000

let teamServer: TeamServer
let shop: Organization
let listener: Listener
let right: readonly string[]
const wrong = ['Authorization: d3Jvbmc6a2V5', 'Content-Type: application/json']

beforeEach(async () => {
  const limits = { bodyBytes: LIMIT_BYTES, drainBytes: DRAIN_BYTES }
  ;({ teamServer, shop } = await createShop({ limits }))
  listener = await teamServer.listen()
  right = [`Authorization: ${authorizationOf(shop.agent)}`, 'Content-Type: application/json']
})

afterEach(() => teamServer.close())

function report(id: string, more: readonly string[] = [], size = 0) {
  const body = JSON.stringify({ reports: [finding(id)] }).padEnd(size)
  return rawRequest(LINE, [HOST, ...right, `Content-Length: ${body.length}`, ...more], body)
}

function forged(size: number) {
  return rawRequest(LINE, [HOST, ...wrong, `Content-Length: ${size}`], 'x'.repeat(size))
}

/** The same body in chunks, without a length. */
function chunked(body: string, headers: readonly string[]) {
  const chunks = body.match(/[\s\S]{1,4096}/g) ?? []
  const text = [...chunks.map((each) => `${each.length.toString(16)}\r\n${each}\r\n`), '0\r\n\r\n']
  return rawRequest(LINE, [HOST, ...headers, 'Transfer-Encoding: chunked'], text.join(''))
}

test('a connection is kept after a refused request with a small body, which is no request', async () => {
  const connection = await openRaw(listener.url)
  connection.write(forged(DRAIN_BYTES))
  expect(await connection.answers(1)).toMatchObject([{ status: 401 }])
  connection.write(report('one'))
  expect(await connection.answers(2)).toMatchObject([{ status: 401 }, { status: 202 }])
  connection.close()
})

test('a request inside the body of a refused one is never read as a request (S-108)', async () => {
  const inside = report('smuggled')
  const outside = rawRequest(LINE, [HOST, ...wrong, `Content-Length: ${inside.length}`], inside)
  const connection = await openRaw(listener.url)
  connection.write(outside + report('honest'))
  expect(await connection.answers(2)).toMatchObject([{ status: 401 }, { status: 202 }])
  connection.close()
  expect((await shop.reports()).map(({ id }) => id)).toEqual(['honest'])
})

test('requests that come at once are answered in their order (S-108)', async () => {
  const connection = await openRaw(listener.url)
  connection.write(report('one') + forged(10) + rawRequest('GET /nothing', [HOST]) + report('two'))
  const statuses = (await connection.answers(4)).map(({ status }) => status)
  expect(statuses).toEqual([202, 401, 404, 202])
  connection.close()
})

test('a request before rubbish is answered, then the rubbish, and the connection is closed', async () => {
  const answers = await sendRaw(listener.url, `${report('one')}rubbish\r\n\r\n`)
  expect(answers.map(({ status }) => status)).toEqual([202, 400])
  expect((await shop.reports()).map(({ id }) => id)).toEqual(['one'])
})

test('a body of 10 GiB with wrong credentials is answered at once and not read (S-207)', async () => {
  const connection = await openRaw(listener.url)
  connection.write(rawRequest(LINE, [HOST, ...wrong, `Content-Length: ${10 * 2 ** 30}`]))
  expect(await connection.answers(1)).toMatchObject([
    { status: 401, headers: { connection: 'close' } },
  ])
  await connection.untilClosed()
})

test('an endless body with wrong credentials is read up to the limit, then closed', async () => {
  const connection = await openRaw(listener.url)
  connection.write(rawRequest(LINE, [HOST, ...wrong, 'Transfer-Encoding: chunked']))
  expect(await connection.answers(1)).toMatchObject([{ status: 401 }])
  const chunk = `1000\r\n${'x'.repeat(4_096)}\r\n`
  connection.write(chunk.repeat(Math.ceil(DRAIN_BYTES / 4_096) + 1))
  expect((await connection.untilClosed()).match(/HTTP\/1\.1/g)).toHaveLength(1)
})

test.each([LIMIT_BYTES - 1, LIMIT_BYTES])(
  'a body of %i bytes is taken, with a length and without (S-206)',
  async (size) => {
    const body = JSON.stringify({ reports: [finding('one')] }).padEnd(size)
    const close = 'Connection: close'
    expect(await sendRaw(listener.url, report('one', [close], size))).toMatchObject([
      { status: 202 },
    ])
    expect(await sendRaw(listener.url, chunked(body, [...right, close]))).toMatchObject([
      { status: 202 },
    ])
  },
)

test('a body of one byte more is refused and the connection closed (S-206)', async () => {
  const size = LIMIT_BYTES + 1
  const body = JSON.stringify({ reports: [finding('one')] }).padEnd(size)
  for (const bytes of [report('one', [], size), chunked(body, right)]) {
    expect(await sendRaw(listener.url, bytes)).toMatchObject([
      { status: 413, headers: { connection: 'close' } },
    ])
  }
  expect(await shop.reports()).toEqual([])
})

test('whoever asks before sending is told to go on only when the request is wanted (S-107)', async () => {
  const expecting = (lines: readonly string[], size: number) =>
    rawRequest(LINE, [HOST, ...lines, `Content-Length: ${size}`, 'Expect: 100-continue'])
  const body = JSON.stringify({ reports: [finding('one')] })
  const connection = await openRaw(listener.url)
  connection.write(expecting(right, body.length))
  expect(await connection.answers(1)).toMatchObject([{ status: 100 }])
  connection.write(body)
  expect(await connection.answers(2)).toMatchObject([{ status: 100 }, { status: 202 }])
  connection.close()

  for (const [lines, size, status] of [
    [right, LIMIT_BYTES + 1, 413],
    [wrong, LIMIT_BYTES + 1, 401],
    [wrong, 10, 401],
  ] as const) {
    const other = await openRaw(listener.url)
    other.write(expecting(lines, size))
    expect(await other.answers(1)).toMatchObject([{ status }])
    other.close()
  }
})

test.each([
  ['a chunk that is none', 'nonsense\r\n'],
  ['an end in mid-chunk', ''],
])('a body that breaks off with %s has one answer and one line in the log', async (_what, rest) => {
  const connection = await openRaw(listener.url)
  connection.write(rawRequest(LINE, [HOST, ...right, 'Transfer-Encoding: chunked'], '2\r\n{}\r\n'))
  connection.write(rest === '' ? '5\r\n12' : rest)
  if (rest === '') connection.close()
  else expect(await connection.answers(2)).toMatchObject([{ status: 400 }])
  await connection.untilClosed()
  await expect.poll(() => shop.refusals()).toHaveLength(1)
  expect(await teamServer.refusals()).toEqual([])
})

test('a sender who goes away while it is checked who calls leaves no request waiting', async () => {
  let goOn = () => {}
  const asked = withResolvers()
  const store = createMemoryStore()
  const slow = {
    ...store,
    async lookUp(...given: Parameters<typeof store.lookUp>) {
      asked.resolve(undefined)
      await new Promise<void>((resolve) => {
        goOn = resolve
      })
      return store.lookUp(...given)
    },
  }
  const told = withResolvers()
  const other = await createShop({ store: slow, onExchange: told.resolve })
  const { url } = await other.teamServer.listen()
  const connection = await openRaw(url)
  const lines = [
    `Authorization: ${authorizationOf(other.shop.agent)}`,
    'Content-Type: application/json',
  ]
  connection.write(rawRequest(LINE, [HOST, ...lines, 'Content-Length: 100']))
  await asked.promise
  connection.reset()
  await connection.untilClosed()
  // The server's side of the connection hears of it in turns of its own.
  for (let turn = 0; turn < 50; turn++) await new Promise((resolve) => setImmediate(resolve))
  goOn()
  expect(await told.promise).toMatchObject({ refusal: { reason: 'body-malformed' } })
  await other.teamServer.close()
})

function withResolvers() {
  let resolve: (value: unknown) => void = () => {}
  const promise = new Promise((done) => {
    resolve = done
  })
  return { promise, resolve }
}

/** The server's ends of the connections that are opened from now on. */
function serverEnds(): readonly Socket[] {
  const ends: Socket[] = []
  const listen = (message: unknown) => void ends.push((message as { socket: Socket }).socket)
  subscribe('net.server.socket', listen)
  onTestFinished(() => void unsubscribe('net.server.socket', listen))
  return ends
}

test.each([
  ['wrong credentials, 10 GiB by its length', 401, () => wrong, `Content-Length: ${10 * 2 ** 30}`],
  ['right credentials, 10 GiB by its length', 413, () => right, `Content-Length: ${10 * 2 ** 30}`],
  ['wrong credentials, no length', 401, () => wrong, 'Transfer-Encoding: chunked'],
  ['right credentials, no length', 413, () => right, 'Transfer-Encoding: chunked'],
] as const)(
  'of an endless body with %s no more is read than the limit and 64 KiB (S-206, S-207)',
  async (_what, status, credentials, length) => {
    const ends = serverEnds()
    const connection = await openRaw(listener.url)
    connection.write(rawRequest(LINE, [HOST, ...credentials(), length]))
    const part = `1000\r\n${' '.repeat(4_096)}\r\n`
    while (!connection.isClosed) {
      connection.write(part)
      await turn()
    }
    const answers = readAnswers(await connection.untilClosed())
    // What overtakes the answer is the system's affair: a flood may end in a reset alone.
    for (const answer of answers) expect(answer.status).toBe(status)
    expect(ends[0]?.bytesRead).toBeLessThanOrEqual(LIMIT_BYTES + 65_536 + 1_024)
  },
)
