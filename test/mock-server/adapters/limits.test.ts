import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, expect, test } from 'vitest'
import type { TeamServer, TeamServerOptions } from '../../../mock-server/index.ts'
import { authorizationOf, createShop, finding } from '../shop.ts'
import { openRaw, type RawConnection, rawRequest } from './raw-connection.ts'

const LINE = 'POST /Contrast/api/engine/v1/reports'
const HOST = 'Host: teamserver.example'
const QUICK_HEADERS = { headersTimeoutMs: 40, timeoutCheckMs: 10 }
const QUICK_BODY = { headersTimeoutMs: 40, requestTimeoutMs: 80, timeoutCheckMs: 10 }

const open: TeamServer[] = []
afterEach(async () => {
  for (const teamServer of open.splice(0)) await teamServer.close()
})

async function listening(limits: NonNullable<TeamServerOptions['limits']>) {
  const started = await createShop({ limits })
  open.push(started.teamServer)
  const { url } = await started.teamServer.listen()
  const lines = [
    HOST,
    `Authorization: ${authorizationOf(started.shop.agent)}`,
    'Content-Type: application/json',
  ]
  const body = JSON.stringify({ reports: [finding('honest')] })
  const honest = rawRequest(LINE, [...lines, `Content-Length: ${body.length}`], body)
  return { ...started, url, lines, honest }
}

test.each([
  ['nothing', ''],
  ['part of the first line', 'POST /Contr'],
  ['part of the headers', `${LINE} HTTP/1.1\r\n${HOST}\r\nAuthoriz`],
])(
  'a connection that sends %s is closed with 408, and others are served (S-201, S-203)',
  async (_what, bytes) => {
    const { url, honest } = await listening(QUICK_HEADERS)
    const slow = await Promise.all(Array.from({ length: 20 }, () => openRaw(url)))
    for (const connection of slow) connection.write(bytes)
    const other = await openRaw(url)
    other.write(honest)
    expect(await other.answers(1)).toMatchObject([{ status: 202 }])
    other.close()
    for (const connection of slow) {
      expect(await connection.answers(1)).toMatchObject([
        {
          status: 408,
          headers: { connection: 'close', 'x-content-type-options': 'nosniff' },
          body: expect.stringContaining('"reason":"request-timeout"'),
        },
      ])
      await connection.untilClosed()
    }
  },
)

/** One byte after the other, as long as the connection is open. */
async function drip(connection: RawConnection, bytes: string): Promise<void> {
  for (let at = 0; !connection.isClosed; at++) {
    connection.write(bytes[at % bytes.length] ?? '')
    await sleep(5)
  }
}

test('200 connections of a header byte at a time are closed with 408, and an honest one is served meanwhile (S-201)', async () => {
  const { url, honest } = await listening({ headersTimeoutMs: 400, timeoutCheckMs: 20 })
  const slow = await Promise.all(Array.from({ length: 200 }, () => openRaw(url)))
  const dripping = slow.map((connection) =>
    drip(connection, `${LINE} HTTP/1.1\r\nX-A: xxxxxxxxxxx`),
  )
  const other = await openRaw(url)
  other.write(honest)
  expect(await other.answers(1)).toMatchObject([{ status: 202 }])
  other.close()
  await Promise.all(dripping)
  for (const connection of slow)
    expect(await connection.answers(1)).toMatchObject([{ status: 408 }])
})

test('200 connections of a body byte at a time, credentials right, are closed with 408 (S-202)', async () => {
  const { url, lines, honest, shop } = await listening({
    headersTimeoutMs: 400,
    requestTimeoutMs: 600,
    timeoutCheckMs: 20,
  })
  const slow = await Promise.all(Array.from({ length: 200 }, () => openRaw(url)))
  const dripping = slow.map((connection) => {
    connection.write(rawRequest(LINE, [...lines, 'Content-Length: 100000']))
    return drip(connection, ' ')
  })
  const other = await openRaw(url)
  other.write(honest)
  expect(await other.answers(1)).toMatchObject([{ status: 202 }])
  other.close()
  await Promise.all(dripping)
  for (const connection of slow)
    expect(await connection.answers(1)).toMatchObject([{ status: 408 }])
  expect(await shop.reports()).toHaveLength(1)
})

test('of 500 connections at once as many as are allowed stay, and those are served (S-203)', async () => {
  const { url, honest } = await listening({ connections: 50 })
  const all = await Promise.all(Array.from({ length: 500 }, () => openRaw(url)))
  await expect
    .poll(() => all.filter(({ isClosed }) => isClosed).length, { timeout: 10_000 })
    .toBe(450)
  const open = all.filter(({ isClosed }) => !isClosed)
  for (const connection of open) {
    connection.write(honest)
    expect(await connection.answers(1)).toMatchObject([{ status: 202 }])
  }
  for (const connection of open) connection.close()
  // The server hears of it in turns of its own.
  const next = async () => {
    const connection = await openRaw(url)
    connection.write(honest)
    const [answer] = await connection.answers(1)
    connection.close()
    return answer?.status
  }
  await expect.poll(next, { timeout: 10_000 }).toBe(202)
})

test('a body that does not come is closed with 408, in one answer and one line of the log (S-202)', async () => {
  const { url, lines, shop, teamServer, honest } = await listening(QUICK_BODY)
  const slow = await openRaw(url)
  slow.write(rawRequest(LINE, [...lines, 'Content-Length: 100'], '{"rep'))
  const other = await openRaw(url)
  other.write(honest)
  expect(await other.answers(1)).toMatchObject([{ status: 202 }])
  other.close()
  expect(await slow.answers(2)).toMatchObject([{ status: 408, headers: { connection: 'close' } }])
  await slow.untilClosed()
  expect((await shop.refusals()).map(({ reason }) => reason)).toEqual(['request-timeout'])
  expect(await teamServer.refusals()).toEqual([])
})

test('the body of a stranger that does not come is closed without a second answer', async () => {
  const { url } = await listening(QUICK_BODY)
  const slow = await openRaw(url)
  slow.write(rawRequest(LINE, [HOST, 'Content-Length: 100'], '{"rep'))
  expect(await slow.answers(1)).toMatchObject([{ status: 401 }])
  expect((await slow.untilClosed()).match(/HTTP\/1\.1/g)).toHaveLength(1)
})

test('more connections than are allowed are closed, and those that are there are served (S-203)', async () => {
  const { url, honest } = await listening({ connections: 3 })
  const allowed = await Promise.all(Array.from({ length: 3 }, () => openRaw(url)))
  const oneTooMany = await openRaw(url)
  expect(await oneTooMany.untilClosed()).toBe('')
  for (const connection of allowed) {
    connection.write(honest)
    expect(await connection.answers(1)).toMatchObject([{ status: 202 }])
    connection.close()
  }
})

test('a connection that idles is closed', async () => {
  const { url, honest } = await listening({ keepAliveMs: 1 })
  const connection = await openRaw(url)
  connection.write(honest)
  expect(await connection.answers(1)).toMatchObject([{ status: 202 }])
  await connection.untilClosed()
})

test.each([
  ['headerBytes', 600, `X-A: ${'x'.repeat(600)}`],
  ['headerLines', 5, 'a: b\r\nc: d'],
])('the limit %s is an option', async (name, limit, line) => {
  const { url, lines, honest } = await listening({ [name]: limit })
  const fits = await openRaw(url)
  fits.write(honest)
  expect(await fits.answers(1)).toMatchObject([{ status: 202 }])
  fits.close()
  const tooLarge = await openRaw(url)
  tooLarge.write(rawRequest(LINE, [...lines, line, 'Content-Length: 0']))
  expect(await tooLarge.answers(1)).toMatchObject([{ status: 431 }])
  await tooLarge.untilClosed()
})
