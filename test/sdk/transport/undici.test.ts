import { createServer, Server as HttpServer, type RequestListener } from 'node:http'
import { type AddressInfo, createServer as createTcpServer, type Server } from 'node:net'
import { gzipSync } from 'node:zlib'
import { afterEach, expect, test } from 'vitest'
import { systemClock } from '../../../sdk/clock.ts'
import { withDeadline } from '../../../sdk/transport/deadline.ts'
import { createFetchTransport } from '../../../sdk/transport/fetch.ts'
import type { Transport } from '../../../sdk/transport/transport.ts'
import { createUndiciTransport } from '../../../sdk/transport/undici.ts'

const cleanups: (() => unknown)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup()
})

const NEVER = new AbortController().signal

const MAKERS: [string, () => Transport][] = [
  ['undici', () => createUndiciTransport({ connectTimeoutMs: 1_000, connections: 1 })],
  ['fetch', () => createFetchTransport(globalThis.fetch)],
]

function makeTransport(make: () => Transport): Transport {
  const transport = make()
  cleanups.push(() => transport.close())
  return transport
}

async function listen(handler: RequestListener): Promise<string> {
  const server = createServer(handler)
  return `http://127.0.0.1:${await portOf(server)}`
}

async function portOf(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()))
  cleanups.push(() => {
    if (server instanceof HttpServer) server.closeAllConnections()
    server.close()
  })
  return (server.address() as AddressInfo).port
}

function post(transport: Transport, url: string) {
  const request = {
    method: 'POST',
    url,
    headers: { 'x-one': '1' },
    body: new TextEncoder().encode('{}'),
  } as const
  return transport.send(request, NEVER)
}

test.each(MAKERS)('%s sends head and body, and reads status, headers and body', async (_, make) => {
  const url = await listen(async (request, response) => {
    const pieces: Buffer[] = []
    for await (const piece of request) pieces.push(piece)
    response.writeHead(202, { 'x-two': '2' })
    response.end(
      `${request.method} ${request.url} ${request.headers['x-one']} ${Buffer.concat(pieces)}`,
    )
  })
  const answer = await post(makeTransport(make), `${url}/path`)
  expect(answer.status).toBe(202)
  expect(answer.header('x-two')).toBe('2')
  expect(answer.header('x-three')).toBeNull()
  expect(Buffer.from(answer.body).toString()).toBe('POST /path 1 {}')
})

test.each(MAKERS)('D-113: %s follows no redirect', async (_, make) => {
  let arrived = 0
  const elsewhere = await listen((_request, response) => {
    arrived += 1
    response.end()
  })
  const url = await listen((_request, response) => {
    response.writeHead(307, { location: elsewhere })
    response.end()
  })
  const { status } = await post(makeTransport(make), url)
  expect([0, 307]).toContain(status)
  expect(arrived).toBe(0)
})

test.each(MAKERS)('D-115: %s reads at most 1 MiB of an answer', async (_, make) => {
  const url = await listen((_request, response) => {
    const piece = Buffer.alloc(65_536)
    const feed = () => {
      while (response.write(piece)) if (response.destroyed) return
    }
    response.on('drain', feed)
    feed()
  })
  await expect(post(makeTransport(make), url)).rejects.toMatchObject({
    code: 'ERR_ANSWER_TOO_LARGE',
  })
})

test.each(MAKERS)('D-115: %s is not flooded by a small answer that inflates', async (_, make) => {
  const url = await listen((_request, response) => {
    response.writeHead(200, { 'content-encoding': 'gzip' })
    response.end(gzipSync(Buffer.alloc(8 * 1_048_576)))
  })
  const outcome = await post(makeTransport(make), url).then(
    ({ body }) => body.byteLength,
    (error: unknown) => error,
  )
  if (typeof outcome === 'number') expect(outcome).toBeLessThan(1_048_576)
  else expect(outcome).toMatchObject({ code: 'ERR_ANSWER_TOO_LARGE' })
})

test.each(MAKERS)('D-110: %s is given up in mid-answer when time is up', async (_, make) => {
  const url = await listen((_request, response) => {
    const timer = setInterval(() => response.write('.'), 20)
    response.on('close', () => clearInterval(timer))
  })
  const send = withDeadline(makeTransport(make).send, 150, systemClock)
  const request = { method: 'POST', url, headers: {} } as const
  await expect(send(request, NEVER)).rejects.toMatchObject({ code: 'ERR_TIMEOUT' })
})

test('D-103: a connection that is reset rejects, and the next request makes a new one', async () => {
  let connections = 0
  const server = createTcpServer((socket) => {
    connections += 1
    if (connections === 1) socket.resetAndDestroy()
    else
      socket.on('data', () => socket.end('HTTP/1.1 204 No Content\r\n\r\n')).on('error', () => {})
  })
  const url = `http://127.0.0.1:${await portOf(server)}`
  const transport = makeTransport(() =>
    createUndiciTransport({ connectTimeoutMs: 1_000, connections: 1 }),
  )
  await expect(post(transport, url)).rejects.toThrow()
  expect((await post(transport, url)).status).toBe(204)
})

test.each([
  'garbage\r\n\r\n',
  'HTTP/1.1 000 Zero\r\n\r\n',
  'HTTP/1.1 101 Switching\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n',
])('D-116: %j rejects or answers, and nothing else happens', async (text) => {
  const server = createTcpServer((socket) =>
    socket.on('error', () => {}).on('data', () => socket.end(text)),
  )
  const url = `http://127.0.0.1:${await portOf(server)}`
  const transport = makeTransport(() =>
    createUndiciTransport({ connectTimeoutMs: 1_000, connections: 1 }),
  )
  await expect(post(transport, url)).rejects.toThrow()
})

test('D-111: a TLS handshake that never completes is given up', async () => {
  const server = createTcpServer((socket) => {
    socket.on('error', () => {})
    cleanups.unshift(() => socket.destroy())
  })
  const url = `https://127.0.0.1:${await portOf(server)}`
  const transport = makeTransport(() =>
    createUndiciTransport({ connectTimeoutMs: 100, connections: 1 }),
  )
  await expect(post(transport, url)).rejects.toMatchObject({ code: 'ERR_CONNECT_TIMEOUT' })
})

test('an injected fetch that never answers and does not heed its signal is left behind', async () => {
  const send = withDeadline(createFetchTransport(() => new Promise(() => {})).send, 20, systemClock)
  const request = { method: 'POST', url: 'http://127.0.0.1', headers: {} } as const
  await expect(send(request, NEVER)).rejects.toMatchObject({ code: 'ERR_TIMEOUT' })
})
