import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { startEngine } from '../../../sdk/engine/start-engine.ts'
import { CHANNELS } from '../../../sdk/events/channels.ts'
import { createManualClock } from '../engine/manual-clock.ts'
import { FINDING } from '../engine/scene.ts'
import { BARE } from '../engine/test-engine.ts'
import { CHANNEL_NAMES, listen } from './listener.ts'
import { NONE, overhear } from './overhear.ts'

test('an engine that works: its state, each exchange, what was accepted, and its sign of life', async () => {
  const clock = createManualClock()
  const { heard, report, advance, engine, engineOf } = overhear({
    clock,
    script: () => {
      clock.sleep(30)
      return undefined
    },
  })
  report(2)
  await advance(6_000)
  await advance(300_000)
  await engine.close()

  const waiting = { ...NONE, given: 2, waiting: 2 }
  const accepted = { ...NONE, given: 2, accepted: 2 }
  const exchange = { engine: engineOf, attempt: 1, durationMs: 30, outcome: 'accepted' }
  const size = (bytes: number) => ({ bodyBytes: bytes, sentBytes: bytes })
  expect(heard).toEqual([
    ['teamserver-engine:state', { engine: engineOf, counters: NONE, state: 'starting' }],
    [
      'teamserver-engine:exchange',
      {
        ...exchange,
        counters: waiting,
        call: 'createApplication',
        reports: 0,
        ...size(expect.any(Number)),
        httpStatus: 201,
      },
    ],
    [
      'teamserver-engine:exchange',
      {
        ...exchange,
        counters: waiting,
        call: 'createSession',
        reports: 0,
        ...size('{"application":"shop"}'.length),
        httpStatus: 200,
      },
    ],
    [
      'teamserver-engine:state',
      { engine: engineOf, counters: waiting, state: 'running', previous: 'starting' },
    ],
    [
      'teamserver-engine:exchange',
      {
        ...exchange,
        counters: waiting,
        call: 'reports',
        reports: 2,
        ...size(expect.any(Number)),
        httpStatus: 202,
      },
    ],
    ['teamserver-engine:reports:accepted', { engine: engineOf, counters: accepted, reports: 2 }],
    [
      'teamserver-engine:exchange',
      {
        ...exchange,
        counters: accepted,
        call: 'heartbeat',
        reports: 0,
        ...size(
          '{"session":"session-1","counters":{"given":2,"accepted":2,"refused":0,"dropped":0,"waiting":0}}'
            .length,
        ),
        httpStatus: 200,
      },
    ],
    [
      'teamserver-engine:heartbeat',
      { engine: engineOf, counters: accepted, periodMs: 300_000, sessionId: 'session-1' },
    ],
    [
      'teamserver-engine:state',
      { engine: engineOf, counters: accepted, state: 'closed', previous: 'running' },
    ],
  ])
})

test('the body of an exchange is measured as JSON and as it was sent', async () => {
  const { on, report, advance, transport } = overhear({
    encodeBody: async (json) => ({
      bytes: new Uint8Array(gzipSync(json)),
      headers: { 'content-encoding': 'gzip' },
    }),
    options: { application: { name: 'käse'.repeat(50) } },
  })
  report(1)
  await advance(6_000)
  const bodies = transport.requests.map(({ json }) => JSON.stringify(json))
  expect(bodies).toHaveLength(3)
  expect(
    on('teamserver-engine:exchange').map(({ bodyBytes, sentBytes }) => ({ bodyBytes, sentBytes })),
  ).toEqual(
    bodies.map((json) => ({
      bodyBytes: new TextEncoder().encode(json).length,
      sentBytes: gzipSync(json).length,
    })),
  )
})

test('what is dropped for want of room, at the end, after it, and by an engine that is off', async () => {
  const { on, report, advance, engine, engineOf } = overhear({
    options: { queueLimitReports: 2, session: { id: 's' } },
    script: () => ({ status: 503 }),
  })
  report(3)
  await advance(6_000)
  const closed = engine.close()
  await advance(6_000)
  await closed
  engine.report(FINDING)
  expect(on('teamserver-engine:reports:dropped')).toEqual([
    {
      engine: engineOf,
      counters: { ...NONE, given: 3, dropped: 1, waiting: 2 },
      reports: 1,
      reason: 'queue-full',
    },
    {
      engine: engineOf,
      counters: { ...NONE, given: 3, dropped: 3 },
      reports: 2,
      reason: 'closed',
    },
    {
      engine: engineOf,
      counters: { ...NONE, given: 4, dropped: 4 },
      reports: 1,
      reason: 'closed',
    },
  ])
})

test('an engine that is off tells why, and drops what it is given', async () => {
  const { heard } = listen()
  const engine = startEngine({ logger: false }, { configuration: BARE })
  engine.report(FINDING)
  await engine.close()
  const { id } = engine
  expect(heard).toEqual([
    [
      'teamserver-engine:state',
      {
        engine: { id },
        counters: NONE,
        state: 'disabled',
        why: expect.stringContaining('CONTRAST__API__URL'),
      },
    ],
    [
      'teamserver-engine:reports:dropped',
      {
        engine: { id },
        counters: { ...NONE, given: 1, dropped: 1 },
        reports: 1,
        reason: 'disabled',
      },
    ],
    [
      'teamserver-engine:state',
      {
        engine: { id },
        counters: { ...NONE, given: 1, dropped: 1 },
        state: 'closed',
        previous: 'disabled',
        why: expect.any(String),
      },
    ],
  ])
})

test('these are all the channels there are', () => {
  expect(Object.values(CHANNELS).map(({ name }) => name)).toEqual(CHANNEL_NAMES)
})
