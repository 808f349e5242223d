import type { LookupFunction, Socket } from 'node:net'
import { expect, test } from 'vitest'
import { createManualClock } from '../engine/manual-clock.ts'
import { until } from '../engine/test-engine.ts'
import {
  expectDelivered,
  expectKept,
  PATIENT,
  reportSome,
  startNetworkEngine,
  transportWithLookup,
} from './network-engine.ts'
import { type Fault, startScriptedServer } from './scripted-server.ts'

const afterRequest = (then: (socket: Socket) => void): Fault => {
  return (socket, request) => request.resume().on('end', () => then(socket))
}
const HALF_ANSWER =
  'HTTP/1.1 202 Accepted\r\nContent-Type: application/json\r\nContent-Length: 500\r\n\r\n{"succ'
const HALF_CHUNKS = HALF_ANSWER.replace(
  'Content-Length: 500',
  'Transfer-Encoding: chunked',
).replace('{"succ', '6\r\n{"succ\r\n')

test.each<[string, Fault]>([
  ['D-103: a reset after the request', afterRequest((socket) => socket.resetAndDestroy())],
  ['D-103: an end after the request', afterRequest((socket) => void socket.end())],
  ['D-103: an end inside the head', afterRequest((socket) => void socket.end('HTTP/1.1 202 Acc'))],
  ['D-104: a reset in mid-request', (socket) => socket.resetAndDestroy()],
  [
    'D-104: a reset in mid-answer',
    afterRequest((socket) => socket.write(HALF_ANSWER, () => socket.resetAndDestroy())),
  ],
  ['D-104: an answer that is cut short', afterRequest((socket) => void socket.end(HALF_ANSWER))],
  ['D-104: chunks that are cut short', afterRequest((socket) => void socket.end(HALF_CHUNKS))],
])('%s loses nothing and stores nothing twice', async (_what, fault) => {
  const server = await startScriptedServer({ faults: [fault, fault] })
  const { engine } = startNetworkEngine(server.url)
  // 400 KB that gzip makes nothing of: more than fits into the buffers of a socket at once.
  const title = Array.from({ length: 200 }, (_, index) => Math.sin(index).toString(36)).join('')
  const ids = reportSome(engine, 100, title)
  await expectDelivered(engine, server, ids)
  expect(server.receivedIds).toHaveLength(ids.length)
  expect(server.batches).toBe(3)
})

test('D-103: a reset at accept loses nothing', async () => {
  const server = await startScriptedServer({
    onConnection(socket, index) {
      if (index < 3) socket.resetAndDestroy()
      return index < 3
    },
  })
  const { engine } = startNetworkEngine(server.url)
  await expectDelivered(engine, server, reportSome(engine))
  expect(server.connections).toBeGreaterThanOrEqual(4)
})

test('D-109: a server that never answers is given up after requestTimeoutMs, and asked again', async () => {
  const clock = createManualClock()
  const server = await startScriptedServer({ faults: [() => {}] })
  const { engine, lines, line } = startNetworkEngine(
    server.url,
    { requestTimeoutMs: 700, batchLimitReports: 1 },
    { clock },
  )
  const ids = reportSome(engine, 1)
  const ended = server.nextEnd()
  await clock.advance(0)
  await until(() => server.batches === 1)
  await clock.advance(699)
  expect(lines).toEqual([])
  expectKept(engine, ids)
  await clock.advance(1)
  expect(await line(/out of reach/)).toContain('(ERR_TIMEOUT no whole answer within 700 ms)')
  await ended
  await clock.advance(0)
  await until(() => engine.status().accepted === 1)
  expect(server.storedIds).toEqual(ids)
})

test('D-110: a server that answers byte by byte for ever is given up after requestTimeoutMs', async () => {
  const clock = createManualClock()
  let socket: Socket | undefined
  const server = await startScriptedServer({
    faults: [
      afterRequest((given) => {
        socket = given
        given.write(HALF_ANSWER)
      }),
    ],
  })
  const { engine, lines, line } = startNetworkEngine(
    server.url,
    { requestTimeoutMs: 1_000, batchLimitReports: 1 },
    { clock },
  )
  const ids = reportSome(engine, 1)
  const ended = server.nextEnd()
  await clock.advance(0)
  await until(() => socket !== undefined)
  for (let byte = 0; byte < 4; byte++) {
    await clock.advance(200)
    socket?.write('.')
  }
  await clock.advance(199)
  expect(lines).toEqual([])
  await clock.advance(1)
  expect(await line(/out of reach/)).toContain('(ERR_TIMEOUT no whole answer within 1000 ms)')
  await ended
  await clock.advance(0)
  await until(() => engine.status().accepted === 1)
  expect(server.storedIds).toEqual(ids)
})

test('D-111: a TLS handshake that never completes is given up after requestTimeoutMs', async () => {
  const clock = createManualClock()
  const server = await startScriptedServer({ onConnection: () => true })
  const { engine, lines, line } = startNetworkEngine(
    server.url.replace('http:', 'https:'),
    { requestTimeoutMs: 30_000, batchLimitReports: 1 },
    { clock },
  )
  const ids = reportSome(engine, 1)
  await clock.advance(0)
  await until(() => server.connections === 1)
  await clock.advance(29_999)
  expect(lines).toEqual([])
  await clock.advance(1)
  expect(await line(/out of reach/)).toContain('(ERR_TIMEOUT no whole answer within 30000 ms)')
  expectKept(engine, ids)
})

/** Answers as scripted, then with the last one for ever. */
function lookupOf(...answers: (string | readonly string[])[]): LookupFunction {
  return (hostname, options, callback) => {
    const answer = (answers.length > 1 ? answers.shift() : answers[0]) ?? []
    if (typeof answer === 'string') {
      const error = Object.assign(new Error(`getaddrinfo ${answer} ${hostname}`), { code: answer })
      callback(error, [])
    } else {
      const found = answer.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }))
      if (options.all) callback(null, found)
      else callback(null, found[0]?.address ?? '', found[0]?.family)
    }
  }
}

test('D-112: a name that does not resolve loses nothing, and resolves later', async () => {
  const server = await startScriptedServer()
  const lookup = lookupOf('ENOTFOUND', 'EAI_AGAIN', 'ENOTFOUND', ['127.0.0.1'])
  const { engine } = startNetworkEngine(
    `http://teamserver.test:${server.port}`,
    {},
    { transport: transportWithLookup(lookup) },
  )
  await expectDelivered(engine, server, reportSome(engine))
})

test.each([
  ['ENOTFOUND', 'the name teamserver.test is not known. Check the host of url'],
  ['EAI_AGAIN', 'the name teamserver.test cannot be looked up now: no name server answers'],
])('D-112: %s is told in words', async (code, words) => {
  const { engine, line } = startNetworkEngine(
    'http://teamserver.test',
    { batchLimitReports: 1 },
    { transport: transportWithLookup(lookupOf(code)), ...PATIENT },
  )
  const ids = reportSome(engine, 1)
  expect(await line(/out of reach/)).toContain(`(getaddrinfo ${code} teamserver.test: ${words})`)
  expectKept(engine, ids)
})

test('a port where nobody listens is told in words', async () => {
  const { engine, line } = startNetworkEngine(
    'http://127.0.0.1:1',
    { batchLimitReports: 1 },
    PATIENT,
  )
  const ids = reportSome(engine, 1)
  expect(await line(/out of reach/)).toContain(
    '(connect ECONNREFUSED 127.0.0.1:1: nobody listens there. Check host and port of url)',
  )
  expectKept(engine, ids)
})

test.each([301, 302, 303, 307, 308])(
  'D-113: %i to another origin holds, and nothing arrives there',
  async (status) => {
    const elsewhere = await startScriptedServer()
    const server = await startScriptedServer({
      faults: [
        (_socket, request, response) => {
          request.resume()
          response.writeHead(status, { location: `${elsewhere.url}${request.url}` }).end()
        },
      ],
    })
    const { engine, line } = startNetworkEngine(server.url)
    const ids = reportSome(engine)
    await engine.flush({ timeoutMs: 10_000 })
    expect(await line(/somebody answers who is not TeamServer/)).toContain(`(${status} redirect)`)
    expect(engine.status().hold?.cause).toBe('not-teamserver')
    expectKept(engine, ids)
    expect(elsewhere.connections).toBe(0)
  },
)

test('D-119: a connection that ends just when the engine writes loses nothing, 200 times', async () => {
  const rounds = 200
  let random = 0x2545f491
  const draw = (count: number) => {
    random = (Math.imul(random, 1_664_525) + 1_013_904_223) >>> 0
    return random % count
  }
  const ends: ((socket: Socket) => void)[] = [
    (socket) => socket.once('data', () => socket.destroy()),
    (socket) => socket.once('data', () => socket.resetAndDestroy()),
    (socket) => void socket.end(),
    (socket) => void setImmediate(() => socket.end()),
    (socket) => void setImmediate(() => setImmediate(() => socket.resetAndDestroy())),
  ]
  const server = await startScriptedServer({
    faults: Array.from({ length: 3 * rounds }, (): Fault | undefined => undefined),
    onConnection(socket) {
      let answers = 0
      const end = ends[draw(ends.length)]
      const { write } = socket
      // After an answer to a batch the connection is about to end.
      socket.write = ((...given: Parameters<typeof write>) => {
        const isWritten = write.apply(socket, given)
        if (String(given[0]).includes('"added"')) answers += 1
        if (answers === 1) end?.(socket)
        return isWritten
      }) as typeof write
      return false
    },
  })
  const { engine } = startNetworkEngine(server.url)
  const ids: string[] = []
  for (let round = 0; round < rounds; round++) {
    const id = `r-${round}`
    ids.push(id)
    engine.report({ type: 'finding', rule: 'rule', id })
    await engine.flush({ timeoutMs: 10_000 })
  }
  await expectDelivered(engine, server, ids)
  expect(server.connections).toBeGreaterThan(rounds / 2)
  expect(server.receivedIds.length).toBeLessThanOrEqual(2 * rounds)
})

test('D-120: a name with an address of IPv6 that is out of reach and one of IPv4 is delivered to', async () => {
  const server = await startScriptedServer()
  const lookup = lookupOf(['::1', '127.0.0.1'])
  const { engine, lines } = startNetworkEngine(
    `http://localhost:${server.port}`,
    {},
    { transport: transportWithLookup(lookup) },
  )
  await expectDelivered(engine, server, reportSome(engine))
  expect(lines).toEqual([])
})

test.each([['169.254.169.254'], ['127.0.0.1', 'fe80::1'], ['::ffff:169.254.169.254'], ['0.0.0.0']])(
  'C-116: a name that leads to %s by now is refused, and nothing is sent',
  async (...addresses) => {
    const server = await startScriptedServer()
    const { engine, line } = startNetworkEngine(
      `http://teamserver.test:${server.port}`,
      { batchLimitReports: 1 },
      { transport: transportWithLookup(lookupOf(addresses)), ...PATIENT },
    )
    const ids = reportSome(engine, 1)
    expect(await line(/out of reach/)).toMatch(
      /\(ERR_ADDRESS_REFUSED teamserver\.test \(\S+\) is an? (link-local|unspecified) address, where/,
    )
    expectKept(engine, ids)
    expect(server.connections).toBe(0)
  },
)
