import { once } from 'node:events'
import { connect } from 'node:net'
import { setupServer } from 'msw/node'
import { expect, onTestFinished, test } from 'vitest'
import { teamServerHandlers } from '../../../mock-server/adapters/msw.ts'
import { createTeamServer } from '../../../mock-server/index.ts'

const REPORT = { id: 'first', type: 'finding', rule: 'a' }

async function setUp() {
  const teamServer = createTeamServer()
  onTestFinished(() => teamServer.close())
  const shop = await teamServer.createOrganization({ name: 'Shop' })
  const { userName, serviceKey } = shop.agent
  const headers = {
    authorization: Buffer.from(`${userName}:${serviceKey}`).toString('base64'),
    'content-type': 'application/json',
  }
  const init = { method: 'POST', headers, body: JSON.stringify({ reports: [REPORT] }) }
  const path = '/api/engine/v1/reports'
  const stored = async () => (await shop.reports()).length
  return { teamServer, shop, init, path, stored }
}

type Ready = Awaited<ReturnType<typeof setUp>>

/** Sends a report through a door with a socket, and through the one without. */
const DOORS: readonly [string, (ready: Ready, more?: RequestInit) => Promise<Response>][] = [
  [
    'teamServer.fetch',
    ({ teamServer, init, path }, more) =>
      teamServer.fetch(`http://127.0.0.1/Contrast${path}`, { ...init, ...more }),
  ],
  [
    'node:http',
    async ({ teamServer, init, path }, more) => {
      const { url } = await teamServer.listen()
      return fetch(`${url}${path}`, { ...init, ...more, redirect: 'manual' })
    },
  ],
]

/** What a caller sees: an error by its class, message and code, or the answer. */
async function outcomeOf(sent: Promise<Response>) {
  try {
    const answer = await sent
    const text = await answer.text()
    return { status: answer.status, text, headers: Object.fromEntries(answer.headers) }
  } catch (error) {
    if (!(error instanceof TypeError)) throw error
    const { code } = error.cause as { code: string }
    return { error: error.message, code }
  }
}

const NODE = Number.parseInt(process.versions.node, 10)

const EACH_FAULT = [
  ['503', { status: 503, text: '{"success":false,"messages":["Answered 503 on purpose."]}' }, 0],
  ['429;retry-after=2', { status: 429, headers: { 'retry-after': '2' } }, 0],
  ['200', { status: 200, text: '{"success":true,"messages":["Answered 200 on purpose."]}' }, 0],
  ['204', { status: 204, text: '' }, 0],
  ['reset', { error: 'fetch failed', code: 'ECONNRESET' }, 0],
  ['reset;at=request-body', { error: 'fetch failed', code: 'ECONNRESET' }, 0],
  ['reset;at=answer', { error: 'fetch failed', code: 'ECONNRESET' }, 1],
  ['reset;at=answer-body', { error: 'terminated', code: 'ECONNRESET' }, 1],
  ['half', { error: 'terminated', code: 'UND_ERR_SOCKET' }, 1],
  ['garbage', { error: 'fetch failed', code: NODE < 24 ? 'HPE_INVALID_CONSTANT' : undefined }, 0],
  ['portal', { status: 200, headers: { 'content-type': 'text/html; charset=utf-8' } }, 0],
  [
    'redirect=https://elsewhere.test/;status=308',
    { status: 308, headers: { location: 'https://elsewhere.test/' } },
    0,
  ],
  ['slow=20/1', { status: 202 }, 1],
  ['ok', { status: 202 }, 1],
  ['delay=5', { status: 202 }, 1],
  ['delay=5;at=body', { status: 202 }, 1],
  ['delay=5;at=request', { status: 202 }, 1],
] as const

test.each(
  EACH_FAULT.flatMap((row) => DOORS.map(([name, send]) => [row[0], name, row, send] as const)),
)(
  '%s shows at %s as it really is, and is stored or not',
  async (text, _name, [, outcome, stored], send) => {
    const ready = await setUp()
    ready.teamServer.faults.add(text)
    expect(await outcomeOf(send(ready))).toMatchObject(outcome)
    expect(await ready.stored()).toBe(stored)
  },
)

test.each(DOORS)('an answer at %s says what was done to it', async (_name, send) => {
  const ready = await setUp()
  ready.shop.faults.add(['delay=1', '503'])
  for (const text of ['delay=1', '503', null]) {
    expect((await send(ready)).headers.get('x-mock-teamserver-fault')).toBe(text)
  }
})

test.each(DOORS)('truncated gzip cannot be read at %s', async (_name, send) => {
  const ready = await setUp()
  ready.teamServer.faults.add('truncated-gzip')
  const answer = await send(ready)
  expect(answer.headers.get('content-encoding')).toBe('gzip')
  // Without a socket nobody inflates it: the bytes themselves are what is cut off.
  const text = await answer.text().catch(() => 'unreadable')
  expect(text).not.toContain('"added":1')
})

test.each(DOORS)('what hangs at %s ends when the caller gives up', async (_name, send) => {
  const ready = await setUp()
  ready.teamServer.faults.add('hang')
  const controller = new AbortController()
  const sent = send(ready, { signal: controller.signal })
  await ready.shop.waitForReport({ id: 'first' })
  controller.abort(new Error('gave up'))
  await expect(sent).rejects.toThrow('gave up')
})

test('closing the TeamServer ends every delay', async () => {
  const ready = await setUp()
  ready.teamServer.faults.add('delay=3600000')
  const sent = ready.teamServer.fetch('http://127.0.0.1/Contrast/api/ng/profile')
  await ready.teamServer.close()
  expect((await sent).status).toBe(401)
})

test('at msw a broken connection is the one error that msw has for it', async () => {
  const ready = await setUp()
  const server = setupServer(...teamServerHandlers(ready.teamServer, 'http://teamserver.test'))
  server.listen({ onUnhandledRequest: 'error' })
  onTestFinished(() => server.close())
  ready.teamServer.faults.add(['reset', '503', 'ok'])
  const send = () => fetch(`http://teamserver.test/Contrast${ready.path}`, ready.init)
  await expect(send()).rejects.toThrow(TypeError)
  expect((await send()).status).toBe(503)
  expect((await send()).status).toBe(202)
})

/** What came over a socket, and how it ended. */
async function rawOutcome({ teamServer, init, path }: Ready) {
  const { url } = await teamServer.listen()
  const { hostname, port } = new URL(url)
  const socket = connect({ host: hostname, port: Number(port) })
  await once(socket, 'connect')
  const lines = Object.entries({
    host: hostname,
    ...init.headers,
    'content-length': String(init.body.length),
  }).map(([name, value]) => `${name}: ${value}\r\n`)
  let bytes = ''
  let error: string | undefined
  socket.setEncoding('latin1')
  socket.on('data', (text: string) => {
    bytes += text
  })
  socket.on('error', ({ code }: NodeJS.ErrnoException) => {
    error = code
  })
  socket.write(`POST /Contrast${path} HTTP/1.1\r\n${lines.join('')}\r\n${init.body}`)
  await once(socket, 'close').catch(() => {})
  return { bytes, error }
}

test.each([
  ['reset', '', 'ECONNRESET'],
  ['reset;at=request-body', '', 'ECONNRESET'],
  ['reset;at=answer', '', 'ECONNRESET'],
  ['reset;at=answer-body', 'HTTP/1.1 202 Accepted', 'ECONNRESET'],
  ['reset;at=end', '"rejected":[]}', 'ECONNRESET'],
  ['half', 'HTTP/1.1 202 Accepted', undefined],
  ['garbage', 'this is no HTTP', undefined],
])('on the wire %s sends %j and ends with %j', async (text, part, code) => {
  const ready = await setUp()
  ready.teamServer.faults.add(text)
  const { bytes, error } = await rawOutcome(ready)
  expect(error).toBe(code)
  if (part === '') expect(bytes).toBe('')
  else expect(bytes).toContain(part)
})

test('the rules of one organization leave another one alone', async () => {
  const { teamServer, shop, init, path } = await setUp()
  const other = await teamServer.createOrganization({ name: 'Other' })
  shop.faults.add('503')
  const { userName, serviceKey } = other.agent
  const authorization = Buffer.from(`${userName}:${serviceKey}`).toString('base64')
  const send = (more: object) =>
    teamServer.fetch(`http://127.0.0.1/Contrast${path}`, {
      ...init,
      headers: { ...init.headers, ...more },
    })
  expect((await send({})).status).toBe(503)
  expect((await send({ authorization })).status).toBe(202)
})

test('whoever watches sees what was done on purpose, also where nothing was looked at', async () => {
  const events: object[] = []
  const teamServer = createTeamServer({ onExchange: (event) => events.push(event) })
  teamServer.faults.add(['503', 'delay=1'])
  for (let turn = 0; turn < 3; turn++) {
    await teamServer.fetch('http://127.0.0.1/Contrast/api/ng/profile')
  }
  expect(events).toMatchObject([
    { status: 503, fault: '503' },
    { status: 401, fault: 'delay=1', refusal: { reason: 'credentials-missing' } },
    { status: 401, refusal: { reason: 'credentials-missing' } },
  ])
  expect(events[0]).not.toHaveProperty('refusal')
  expect(events[2]).not.toHaveProperty('fault')
})

test('a rule for a report of a kind leaves the body to be read by whoever comes next', async () => {
  const ready = await setUp()
  ready.shop.faults.add({ do: '400', report: { rule: 'other' } })
  const [, [, send] = [] as never] = DOORS
  expect((await send(ready)).status).toBe(202)
  expect(await ready.stored()).toBe(1)
})
