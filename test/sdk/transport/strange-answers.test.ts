import type { IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import {
  expectDelivered,
  expectKept,
  PATIENT,
  reportSome,
  startNetworkEngine,
} from './network-engine.ts'
import { type Fault, startScriptedServer } from './scripted-server.ts'

const JSON_HEAD = 'HTTP/1.1 202 Accepted\r\nContent-Type: application/json\r\n'
const MIB = 1_048_576

/** Answers a request with bytes of its own, whatever becomes of them. */
function raw(text: string | Buffer): Fault {
  return (socket, request) => request.resume().on('end', () => socket.write(text))
}

/** Writes the same piece for as long as somebody takes it, at most so many bytes. */
function flood(head: string, piece: string | Buffer, limitBytes: number): Fault {
  return (socket, request) =>
    request.resume().on('end', () => {
      socket.write(head)
      const feed = () => {
        while (!socket.destroyed && socket.bytesWritten < limitBytes && socket.write(piece)) {}
      }
      socket.on('drain', feed)
      feed()
    })
}

async function startWith(fault: Fault) {
  const server = await startScriptedServer({ faults: [fault] })
  return { server, ...startNetworkEngine(server.url, { batchLimitReports: 3 }, PATIENT) }
}

/** One line, everything kept, and delivered at the next try. */
async function expectRetried(
  { server, engine, lines, line }: Awaited<ReturnType<typeof startWith>>,
  words: string,
) {
  const ids = reportSome(engine)
  expect(await line(/./)).toContain(words)
  expectKept(engine, ids)
  await expectDelivered(engine, server, ids)
  expect(lines.filter((text) => !text.includes('resumed'))).toHaveLength(1)
}

test('D-115: of an answer of 50 MiB at most 1 MiB is read', async () => {
  const head = `${JSON_HEAD}Content-Length: ${50 * MIB}\r\n\r\n`
  const large = flood(head, Buffer.alloc(65_536, ' '), 50 * MIB)
  const server = await startScriptedServer({ faults: [large, undefined, large] })
  const { engine, line } = startNetworkEngine(server.url, { batchLimitReports: 3 }, PATIENT)
  // Whatever a large answer needs is loaded, compiled and touched before it is measured.
  engine.report({ type: 'finding', rule: 'rule', id: 'first' })
  await engine.flush({ timeoutMs: 10_000 })
  const before = process.memoryUsage().rss
  const ended = server.nextEnd()
  const ids = reportSome(engine)
  // What the engine read, and what lay in the buffers of the two sockets.
  expect((await ended).bytesWritten).toBeLessThan(16 * MIB)
  expect(process.memoryUsage().rss - before).toBeLessThan(8 * MIB)
  expect(engine.status()).toMatchObject({ given: 4, accepted: 1, waiting: 3 })
  expect(await line(/./)).toContain('(ERR_ANSWER_TOO_LARGE the answer is larger than 1 MiB)')
  await expectDelivered(engine, server, ['first', ...ids])
})

test('D-115: no compression is asked for, and an answer that inflates to 50 MiB is not TeamServer’s', async () => {
  const bomb = gzipSync(Buffer.alloc(50 * MIB, ' '))
  const head = `${JSON_HEAD}Content-Encoding: gzip\r\nContent-Length: ${bomb.length}\r\n\r\n`
  const { server, engine, line } = await startWith(raw(Buffer.concat([Buffer.from(head), bomb])))
  const ids = reportSome(engine)
  expect(await line(/./)).toContain(
    'somebody answers who is not TeamServer, such as a proxy or a sign-in page',
  )
  expect(engine.status().hold?.cause).toBe('not-teamserver')
  expectKept(engine, ids)
  expect(bomb.length).toBeLessThan(60_000)
  const asked = (request: IncomingMessage) => request.headers['accept-encoding']
  expect(server.requests.map(asked)).toEqual(server.requests.map(() => undefined))
  expect(server.requests.length).toBeGreaterThan(1)
})

test('D-115: a head of 20 KiB is not read to its end', async () => {
  const lines = Array.from({ length: 20 }, (_, index) => `X-${index}: ${'x'.repeat(1_017)}\r\n`)
  await expectRetried(
    await startWith(raw(`${JSON_HEAD}${lines.join('')}Content-Length: 0\r\n\r\n`)),
    'the head of the answer is larger than 16 KiB',
  )
})

test.each([
  ['102', 'HTTP/1.1 102 Processing\r\n\r\n'],
  ['103', `HTTP/1.1 103 Early Hints\r\nLink: <${'x'.repeat(8_000)}>\r\n\r\n`],
  ['100', 'HTTP/1.1 100 Continue\r\n\r\n'],
])('D-115: %s without end is given up long before the time is', async (_status, interim) => {
  const around = await startWith(flood('', interim, 50 * MIB))
  const ended = around.server.nextEnd()
  await expectRetried(around, 'is out of reach')
  expect((await ended).bytesWritten).toBeLessThan(16 * MIB)
})

test('a few interim answers before the right one are waited for', async () => {
  const server = await startScriptedServer({
    onConnection(socket) {
      const { write } = socket
      socket.write = ((...given: Parameters<typeof write>) => {
        if (String(given[0]).startsWith('HTTP/1.1 20'))
          write.call(socket, 'HTTP/1.1 102 Processing\r\n\r\n')
        return write.apply(socket, given)
      }) as typeof write
      return false
    },
  })
  const { engine } = startNetworkEngine(server.url)
  await expectDelivered(engine, server, reportSome(engine))
})

test.each<[string, Fault]>([
  ['garbage', raw('\x00\x01garbage\r\n\r\n')],
  ['an answer of another protocol', raw('SSH-2.0-OpenSSH_9.6\r\n')],
  ['the status 000', raw('HTTP/1.1 000 Zero\r\nContent-Length: 0\r\n\r\n')],
  [
    'the status 999',
    (_socket, request, response) => {
      request.resume()
      response.writeHead(999).end()
    },
  ],
  ['a status of four digits', raw('HTTP/1.1 2002 Fine\r\n\r\n')],
  [
    'two lengths',
    raw(`${JSON_HEAD}Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n`),
  ],
  ['101', raw('HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n')],
  ['nothing but an end', (socket: Socket) => void socket.end()],
])(
  'D-116: %s in place of an answer is out of reach: kept, and delivered next time',
  async (_what, fault) => {
    await expectRetried(await startWith(fault), 'is out of reach')
  },
)
