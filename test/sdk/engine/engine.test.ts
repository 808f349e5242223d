import { inspect } from 'node:util'
import { expect, test } from 'vitest'
import { startEngine } from '../../../sdk/engine/start-engine.ts'
import { definePlugin } from '../../../sdk/plugins/plugin.ts'
import { createManualClock } from './manual-clock.ts'
import { createScriptedTransport, goodReply, refusal } from './scripted-transport.ts'
import {
  API_KEY,
  BARE,
  createLineLog,
  expectSumsUp,
  SERVICE_KEY,
  startTestEngine,
  until,
} from './test-engine.ts'

const FINDING = { type: 'finding', rule: 'cookie-flags-missing' } as const

test('the first report announces application and session, then goes out with both', async () => {
  const transport = createScriptedTransport()
  const engine = startTestEngine(
    { organizationApiKey: API_KEY, session: { metadata: { build: '7' } } },
    { transport },
  )
  engine.report({ ...FINDING, id: 'r-1', at: 5 })

  expect(await engine.flush()).toEqual({ accepted: 1, spooled: 0, waiting: 0 })
  const [application, session, reports] = transport.requests
  expect(transport.requests).toHaveLength(3)
  expect(application).toMatchObject({
    method: 'PUT',
    url: 'http://127.0.0.1:9/Contrast/api/ng/applications/create',
    json: { name: 'shop', language: 'Node', server: { name: 'test-host' } },
  })
  expect(session).toMatchObject({
    method: 'PUT',
    json: { application: 'shop', metadata: { build: '7' } },
  })
  expect(reports?.json).toEqual({
    batch: expect.stringMatching(/^[0-9a-f-]{36}$/),
    session: 'session-1',
    application: 'shop',
    reports: [{ ...FINDING, id: 'r-1', at: 5 }],
  })
  for (const { headers } of transport.requests) {
    expect(headers).toMatchObject({
      authorization: Buffer.from(`agent_1@Org:${SERVICE_KEY}`).toString('base64'),
      'api-key': API_KEY,
      'content-type': 'application/json',
      'user-agent': expect.stringMatching(/^teamserver-engine\/\S+$/),
    })
  }
  await engine.close()
})

test('a configured session is used, and none is opened', async () => {
  const transport = createScriptedTransport()
  const engine = startTestEngine({ session: { id: 'mine' } }, { transport })
  engine.report(FINDING)
  await engine.close()
  expect(transport.requestsOf('createSession')).toEqual([])
  expect(transport.requestsOf('reports')[0]?.json.session).toBe('mine')
})

test('reports go without a session when none is granted', async () => {
  const transport = createScriptedTransport(({ call }) =>
    call === 'createSession' ? refusal(400, 'body-malformed') : undefined,
  )
  const engine = startTestEngine({}, { transport })
  engine.report(FINDING)
  expect((await engine.flush()).accepted).toBe(1)
  expect(transport.requestsOf('reports')[0]?.json).not.toHaveProperty('session')
  await engine.close()
})

test('an engine that has nothing to report sends nothing before its first heartbeat', async () => {
  const clock = createManualClock()
  const transport = createScriptedTransport()
  startTestEngine({}, { transport, clock })
  await clock.advance(299_999)
  expect(transport.requests).toEqual([])
  await clock.advance(1)
  expect(transport.requests.map(({ call }) => call)).toEqual([
    'createApplication',
    'createSession',
    'heartbeat',
  ])
  await clock.advance(300_000)
  expect(transport.requestsOf('heartbeat')[1]?.json).toEqual({
    session: 'session-1',
    counters: { given: 0, accepted: 0, refused: 0, dropped: 0, waiting: 0 },
  })
})

test('the heartbeat period that the session answers is kept to', async () => {
  const clock = createManualClock()
  const transport = createScriptedTransport((request) =>
    request.call === 'createSession'
      ? {
          status: 200,
          body: {
            success: true,
            messages: [],
            session_id: 's',
            settings: { heartbeatPeriodMs: 60_000 },
          },
        }
      : undefined,
  )
  const engine = startTestEngine({}, { transport, clock })
  engine.report(FINDING)
  await clock.advance(5_000)
  await clock.advance(175_000)
  expect(transport.requestsOf('heartbeat')).toHaveLength(3)
})

test('reports leave when they have waited for company, or at once when a batch is full', async () => {
  const clock = createManualClock()
  const transport = createScriptedTransport()
  const engine = startTestEngine({ batchLimitReports: 2 }, { transport, clock })
  engine.report(FINDING)
  await clock.advance(4_999)
  expect(transport.requests).toEqual([])
  await clock.advance(1)
  expect(transport.requestsOf('reports')).toHaveLength(1)
  engine.report(FINDING)
  engine.report(FINDING)
  await clock.advance(0)
  expect(transport.requestsOf('reports')[1]?.json.reports).toHaveLength(2)
  expectSumsUp(engine)
})

test('a hundred flushes at once make one set of requests, and all resolve', async () => {
  const transport = createScriptedTransport()
  const engine = startTestEngine({}, { transport })
  engine.report(FINDING)
  const results = await Promise.all(Array.from({ length: 100 }, () => engine.flush()))
  expect(results).toEqual(Array(100).fill({ accepted: 1, spooled: 0, waiting: 0 }))
  expect(transport.requests).toHaveLength(3)
  await engine.close()
})

test('flush asks plugins for what they counted, also for what comes late', async () => {
  const transport = createScriptedTransport()
  const plugin = definePlugin({
    name: 'counting',
    start: (context) => ({
      async flush() {
        context.report({ type: 'activity', counts: { early: 1 } })
        await until(() => transport.storedIds.length === 1)
        context.report({ type: 'activity', counts: { late: 1 } })
      },
    }),
  })
  const engine = startTestEngine({ plugins: [plugin] }, { transport })
  expect(await engine.flush()).toEqual({ accepted: 2, spooled: 0, waiting: 0 })
  await engine.close()
})

test('flush returns when time is up, with what still waits, and keeps the process alive till then', async () => {
  const clock = createManualClock()
  const engine = startTestEngine({}, { clock, transport: createScriptedTransport(() => 'silence') })
  engine.report(FINDING)
  const flushed = engine.flush({ timeoutMs: 1_000 })
  expect(clock.livingTimers).toBe(1)
  await clock.advance(1_000)
  expect(await flushed).toEqual({ accepted: 0, spooled: 0, waiting: 1 })
  expect(clock.livingTimers).toBe(0)
})

test('close while TeamServer hangs ends in time, counts the rest as dropped, and is idempotent', async () => {
  const clock = createManualClock()
  const transport = createScriptedTransport(({ call }) =>
    call === 'reports' ? 'silence' : undefined,
  )
  const engine = startTestEngine({}, { clock, transport })
  engine.report(FINDING)
  const closing = engine.close()
  expect(engine.close()).toBe(closing)
  await clock.advance(5_000)
  await closing
  expect(transport.isClosed).toBe(true)
  engine.report(FINDING)
  await clock.advance(1_000_000)
  expect(engine.status()).toMatchObject({ state: 'closed', given: 2, dropped: 2, waiting: 0 })
  expect(await engine.flush()).toEqual({ accepted: 0, spooled: 0, waiting: 0 })
  expectSumsUp(engine)
  expect(clock.livingTimers).toBe(0)
})

test('an engine that is closed while it holds shows no hold any more', async () => {
  const transport = createScriptedTransport(() => refusal(401, 'credentials-wrong'))
  const engine = startTestEngine({}, { transport })
  engine.report(FINDING)
  await engine.flush()
  expect(engine.status()).toMatchObject({ state: 'holding', hold: { cause: 'credentials' } })
  await engine.close()
  expect(engine.status()).toMatchObject({ state: 'closed', lastError: '401 credentials-wrong' })
  expect(engine.status()).not.toHaveProperty('hold')
})

test('past the queue limit the oldest are dropped and counted, and the newest arrive', async () => {
  const clock = createManualClock()
  let isDown = true
  const transport = createScriptedTransport(() => (isDown ? new Error('down') : undefined))
  const engine = startTestEngine(
    { queueLimitReports: 10, batchLimitReports: 3 },
    { transport, clock, random: () => 0.5 },
  )
  for (let count = 0; count < 100; count++) engine.report({ ...FINDING, id: `r-${count}` })
  expect(engine.status()).toMatchObject({ given: 100, dropped: 90, waiting: 10 })
  await clock.advance(60_000)
  isDown = false
  await clock.advance(60_000)
  expect(transport.storedIds).toEqual(Array.from({ length: 10 }, (_, index) => `r-${90 + index}`))
  expectSumsUp(engine)
})

test('a plugin that throws costs one line and itself only', async () => {
  const logger = createLineLog()
  const transport = createScriptedTransport()
  const broken = definePlugin({
    name: 'broken',
    start() {
      throw new Error('out of order')
    },
  })
  const sound = definePlugin({ name: 'sound', start: (context) => context.report(FINDING) })
  const engine = startTestEngine({ plugins: [broken, sound], logger }, { transport })
  await engine.close()
  expect(engine.status().accepted).toBe(1)
  expect(logger.lines).toEqual(['warn: plugin broken failed in start: Error: out of order'])
})

test('a plugin is called back every so often until the engine closes', async () => {
  const clock = createManualClock()
  let calls = 0
  const plugin = definePlugin({
    name: 'ticking',
    start: (context) => {
      context.every(1_000, () => {
        calls += 1
        throw new Error('and goes on')
      })
    },
  })
  const engine = startTestEngine(
    { plugins: [plugin] },
    { clock, transport: createScriptedTransport() },
  )
  await clock.advance(3_500)
  expect(calls).toBe(3)
  await engine.close()
  await clock.advance(10_000)
  expect(calls).toBe(3)
})

test('a broken environment disables the engine with one line, and every method still works', async () => {
  const logger = createLineLog()
  const engine = startEngine({ logger }, { configuration: BARE })
  engine.report(FINDING)
  expect(await engine.flush()).toEqual({ accepted: 0, spooled: 0, waiting: 0 })
  engine.updateCredentials({ serviceKey: SERVICE_KEY })
  expect(engine.status()).toMatchObject({ state: 'disabled', given: 1, dropped: 1 })
  await engine.close()
  expect(engine.status().state).toBe('closed')
  expect(logger.lines).toHaveLength(1)
  expectSumsUp(engine)
})

test('an engine shows its status and never a key', async () => {
  const engine = startTestEngine(
    { organizationApiKey: API_KEY },
    { transport: createScriptedTransport() },
  )
  const shown =
    inspect(engine, { depth: 9, showHidden: true, getters: true }) + JSON.stringify(engine)
  expect(JSON.parse(JSON.stringify(engine))).toEqual(engine.status())
  expect(shown).not.toContain(SERVICE_KEY)
  expect(shown).not.toContain(API_KEY)
  expect(Object.isFrozen(engine.status())).toBe(true)
  await engine.close()
})

test('a key that was rotated is warned of once', async () => {
  const logger = createLineLog()
  const transport = createScriptedTransport((request) => ({
    ...goodReply(request),
    headers: { 'api-key-accepted-until': '2026-02-01T00:00:00.000Z' },
  }))
  const engine = startTestEngine({ organizationApiKey: API_KEY, logger }, { transport })
  engine.report(FINDING)
  await engine.close()
  expect(logger.lines).toEqual([expect.stringContaining('until 2026-02-01T00:00:00.000Z')])
})

test('a logger that throws or rejects does not reach the host', async () => {
  const angry = () => {
    throw new Error('disk full')
  }
  const rejecting = async () => Promise.reject(new Error('disk full'))
  const logger = { error: angry, warn: rejecting, info: angry, debug: angry }
  const transport = createScriptedTransport(() => refusal(401, 'credentials-wrong'))
  const engine = startTestEngine({ logger }, { transport })
  engine.report(FINDING)
  expect(await engine.flush()).toMatchObject({ waiting: 1 })
  await engine.close()
})
