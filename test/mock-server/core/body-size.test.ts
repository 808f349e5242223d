import { brotliCompressSync, gzipSync } from 'node:zlib'
import { beforeEach, expect, test } from 'vitest'
import type { Organization, TeamServer } from '../../../mock-server/index.ts'
import { ask } from '../ask.ts'
import { authorizationOf, createShop, finding } from '../shop.ts'

const LIMIT_BYTES = 100_000
const MIB = 1_048_576

let teamServer: TeamServer
let shop: Organization

beforeEach(async () => {
  ;({ teamServer, shop } = await createShop({ limits: { bodyBytes: LIMIT_BYTES } }))
})

type Bytes = Uint8Array<ArrayBuffer>

function report(body: Bytes | ReadableStream<Bytes>, encoding?: string) {
  return ask(teamServer, 'POST', '/engine/v1/reports', {
    authorization: authorizationOf(shop.agent),
    headers: {
      'content-type': 'application/json',
      ...(encoding === undefined ? {} : { 'content-encoding': encoding }),
    },
    body,
  })
}

/** A batch that is so many bytes long, most of it white space. */
function batchOf(size: number): Bytes {
  const text = JSON.stringify({ reports: [finding('one')] })
  return Uint8Array.from(Buffer.from(text.padEnd(size)))
}

/** The same bytes without a length, in parts. */
function streamOf(whole: Bytes, partBytes = 16_384): ReadableStream<Bytes> & { partsRead: number } {
  let at = 0
  const stream = new ReadableStream<Bytes>(
    {
      pull(controller) {
        controller.enqueue(whole.slice(at, at + partBytes))
        at += partBytes
        counted.partsRead++
        if (at >= whole.length) controller.close()
      },
    },
    { highWaterMark: 0 },
  )
  const counted = Object.assign(stream, { partsRead: 0 })
  return counted
}

const gzip = (bytes: Uint8Array): Bytes => Uint8Array.from(gzipSync(bytes))

test.each([
  [LIMIT_BYTES - 1, 202],
  [LIMIT_BYTES, 202],
  [LIMIT_BYTES + 1, 413],
])(
  'a body of %i bytes is answered with %i, with a length and without (S-206)',
  async (size, status) => {
    expect((await report(batchOf(size))).status).toBe(status)
    expect((await report(streamOf(batchOf(size)))).status).toBe(status)
  },
)

test('of a body that is too large no more than the limit and one part is read (S-206)', async () => {
  const stream = streamOf(batchOf(10 * LIMIT_BYTES), 10_000)
  const reply = await report(stream)
  expect(reply).toMatchObject({ status: 413, body: { reason: 'body-too-large' } })
  expect(stream.partsRead).toBeLessThanOrEqual(11)
})

test.each([
  [LIMIT_BYTES, 202],
  [LIMIT_BYTES + 1, 413],
])('gzip that inflates to %i bytes is answered with %i', async (size, status) => {
  expect((await report(gzip(batchOf(size)), 'gzip')).status).toBe(status)
})

test('gzip of more than 64 KiB, which is inflated elsewhere, is judged alike', async () => {
  const noise = Buffer.from(Array.from({ length: 60_000 }, (_, at) => (at * 7_919) % 251))
  const evidence = noise.toString('latin1').replace(/[^a-zA-Z0-9]/g, 'x')
  const wide = { limits: { bodyBytes: 300_000 } }
  ;({ teamServer, shop } = await createShop(wide))
  const reports = (count: number) =>
    Uint8Array.from(
      gzipSync(
        JSON.stringify({
          reports: Array.from({ length: count }, (_, at) => finding(`r${at}`, { evidence })),
        }),
        { level: 0 },
      ),
    )
  expect(reports(4).length).toBeGreaterThan(65_536)
  expect((await report(reports(4), 'gzip')).status).toBe(202)
  expect((await report(reports(2).slice(0, -1), 'gzip')).status).toBe(400)
})

test('100 MiB of zeros in gzip are refused as too large, and the next request is fine (S-208)', async () => {
  const bomb = gzip(new Uint8Array(100 * MIB))
  const { teamServer: full, shop: organization } = await createShop()
  ;({ teamServer, shop } = { teamServer: full, shop: organization })
  const before = process.memoryUsage().arrayBuffers
  const reply = await report(bomb, 'gzip')
  const kept = process.memoryUsage().arrayBuffers - before
  expect(reply).toMatchObject({ status: 413, body: { reason: 'body-too-large' } })
  expect(kept).toBeLessThan(16 * MIB)
  expect((await report(batchOf(100))).status).toBe(202)
})

test('gzip inside gzip is inflated once, and is then no JSON', async () => {
  const reply = await report(gzip(gzip(batchOf(100))), 'gzip')
  expect(reply).toMatchObject({ status: 400, body: { reason: 'body-malformed' } })
})

test.each([
  ['br', (bytes: Bytes) => Uint8Array.from(brotliCompressSync(bytes))],
  ['deflate', (bytes: Bytes) => bytes],
  ['gzip, gzip', (bytes: Bytes) => gzip(gzip(bytes))],
  ['identity, gzip', gzip],
  ['gzip;q=1', gzip],
])('the encoding %j is refused (S-208, S-209)', async (encoding, encode) => {
  const reply = await report(encode(batchOf(100)), encoding)
  expect(reply).toMatchObject({ status: 415, body: { reason: 'content-encoding-refused' } })
})

test.each(['gzip', 'GZIP'])('the encoding %j is taken', async (encoding) => {
  expect((await report(gzip(batchOf(100)), encoding)).status).toBe(202)
})

test.each(['identity', ''])('the encoding %j is no encoding', async (encoding) => {
  expect((await report(batchOf(100), encoding)).status).toBe(202)
})

test('gzip that is cut at any byte stores nothing (S-209)', async () => {
  const whole = gzip(batchOf(100))
  for (let length = 0; length < whole.length; length++) {
    const reply = await report(whole.slice(0, length), 'gzip')
    expect({ length, status: reply.status }).toEqual({ length, status: 400 })
  }
  expect(await shop.reports()).toEqual([])
})

test.each([
  ['plain JSON', batchOf(100)],
  ['nothing', new Uint8Array()],
])('%s that says it is gzip is malformed (S-209)', async (_what, body) => {
  const reply = await report(body, 'gzip')
  expect(reply).toMatchObject({
    status: 400,
    body: { messages: ['The body is malformed: it is not whole gzip.'] },
  })
})

test('a sender who goes away in mid-body stores nothing', async () => {
  const body = new ReadableStream<Bytes>({
    start(controller) {
      controller.enqueue(batchOf(100).slice(0, 20))
      controller.error(new Error('gone'))
    },
  })
  const reply = await report(body)
  expect(reply).toMatchObject({
    status: 400,
    body: { messages: ['The body is malformed: it was cut off.'] },
  })
})
