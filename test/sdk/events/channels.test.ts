import { chmodSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { startEngine } from '../../../sdk/engine/start-engine.ts'
import { CHANNELS } from '../../../sdk/events/channels.ts'
import { createManualClock } from '../engine/manual-clock.ts'
import { createMemoryDisk } from '../engine/memory-disk.ts'
import { FINDING, type SceneOptions, startScene } from '../engine/scene.ts'
import { goodReply, refusal } from '../engine/scripted-transport.ts'
import { createSteadyDisk } from '../engine/steady-disk.ts'
import { API_KEY, BARE, SERVICE_KEY } from '../engine/test-engine.ts'
import { createFaultyFiles } from '../spool/faulty-files.ts'
import { freshDirectory, segmentsIn } from '../spool/test-spool.ts'
import { CHANNEL_NAMES, listen } from './listener.ts'

const URL = 'http://127.0.0.1:9/Contrast/api'
const DOWN = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' })
const NONE = { given: 0, accepted: 0, refused: 0, dropped: 0, waiting: 0 }

/** A scene that is listened to from before its start. */
function overhear(options: SceneOptions = {}) {
  const listener = listen()
  const scene = startScene(options)
  const { id } = scene.engine
  return { ...scene, ...listener, engineOf: { id, application: 'shop', url: URL } }
}

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

test('away and back: the attempts are counted, and the wait is told', async () => {
  const replies = [DOWN, { status: 503, headers: { 'retry-after': '7' } }, DOWN, undefined, DOWN]
  const { heard, on, report, advance, engineOf } = overhear({
    options: { session: { id: 's' } },
    script: ({ call }) => (call === 'reports' ? replies.shift() : undefined),
  })
  report(1)
  await advance(60_000, 500)

  const counters = { ...NONE, given: 1, waiting: 1 }
  const after = { ...NONE, given: 1, accepted: 1 }
  const told = heard.filter(([, message]) => !('call' in message) || message.call === 'reports')
  const exchange = {
    engine: engineOf,
    counters,
    call: 'reports',
    reports: 1,
    bodyBytes: expect.any(Number),
    sentBytes: expect.any(Number),
    durationMs: 0,
  }
  const why = 'ECONNREFUSED'
  expect(told.slice(2)).toEqual([
    [
      'teamserver-engine:exchange',
      {
        ...exchange,
        attempt: 1,
        outcome: 'retryable',
        why: 'connect ECONNREFUSED',
        retryInMs: 250,
      },
    ],
    [
      'teamserver-engine:state',
      {
        engine: engineOf,
        counters,
        state: 'retrying',
        previous: 'running',
        why: `connect ${why}`,
      },
    ],
    [
      'teamserver-engine:exchange',
      {
        ...exchange,
        attempt: 2,
        httpStatus: 503,
        outcome: 'retryable',
        why: '503',
        retryInMs: 7_000,
      },
    ],
    [
      'teamserver-engine:exchange',
      {
        ...exchange,
        attempt: 3,
        outcome: 'retryable',
        why: 'connect ECONNREFUSED',
        retryInMs: 1_000,
      },
    ],
    [
      'teamserver-engine:exchange',
      { ...exchange, attempt: 4, httpStatus: 202, outcome: 'accepted' },
    ],
    [
      'teamserver-engine:state',
      { engine: engineOf, counters, state: 'running', previous: 'retrying' },
    ],
    ['teamserver-engine:reports:accepted', { engine: engineOf, counters: after, reports: 1 }],
  ])

  report(1, 'next')
  await advance(6_000)
  const [failed, accepted] = on('teamserver-engine:exchange').slice(-2)
  expect(failed).toMatchObject({ attempt: 1, outcome: 'retryable', retryInMs: 250 })
  expect(accepted).toMatchObject({ attempt: 2, outcome: 'accepted' })
})

test.each([
  ['credentials', 1, refusal(401, 'credentials-wrong')],
  ['organization', 1, refusal(403, 'organization-refused')],
  ['role', 1, refusal(403, 'role-refused')],
  ['api-key', 2, refusal(401, 'api-key-wrong')],
  ['unauthorized', undefined, { status: 401 }],
] as const)('keys that are refused with the cause %s: layer %s', async (cause, layer, reply) => {
  let isRefused = true
  const { heard, on, report, advance, engine, engineOf } = overhear({
    options: { organizationApiKey: API_KEY },
    script: () => (isRefused ? reply : undefined),
  })
  report(1)
  await advance(6_000)
  const { hold } = engine.status()
  const counters = { ...NONE, given: 1, waiting: 1 }
  const common = { engine: engineOf, counters }
  expect(on('teamserver-engine:exchange').at(-1)).toMatchObject({
    outcome: 'hold',
    cause,
    why: expect.stringMatching(/^40[13]/),
    retryInMs: 30_000,
  })
  expect(heard.slice(-2)).toEqual([
    [
      'teamserver-engine:state',
      {
        ...common,
        state: 'holding',
        previous: 'starting',
        hold: { cause, since: new Date('2026-01-01T00:00:05.000Z'), message: hold?.message },
        why: expect.stringMatching(/^40[13]/),
      },
    ],
    [
      'teamserver-engine:credentials:refused',
      { ...common, cause, message: hold?.message, ...(layer !== undefined && { layer }) },
    ],
  ])

  isRefused = false
  const before = heard.length
  engine.updateCredentials({ serviceKey: 'An0therKeyAn0therKey01' })
  expect(heard.slice(before)).toEqual([
    [
      'teamserver-engine:credentials:renewed',
      {
        ...common,
        origins: {
          agentUserName: 'option agentUserName',
          serviceKey: 'updateCredentials serviceKey',
          organizationApiKey: 'option organizationApiKey',
        },
      },
    ],
    [
      'teamserver-engine:state',
      { ...common, state: 'starting', previous: 'holding', why: expect.any(String) },
    ],
  ])
})

test('a hold for another reason than the keys refuses no keys', async () => {
  const { heard, on, report, advance } = overhear({ script: () => ({ status: 404 }) })
  report(1)
  await advance(6_000)
  expect(on('teamserver-engine:state').at(-1)?.hold?.cause).toBe('path')
  expect(heard.map(([name]) => name)).not.toContain('teamserver-engine:credentials:refused')
})

test('a hold that gets another cause is told again', async () => {
  const reasons = ['credentials-wrong', 'credentials-wrong', 'api-key-wrong']
  const { on, report, advance } = overhear({
    script: () => refusal(401, reasons.shift() ?? 'api-key-wrong'),
  })
  report(1)
  await advance(1_000_000, 10_000)
  expect(on('teamserver-engine:state').map(({ state, hold }) => `${state} ${hold?.cause}`)).toEqual(
    ['starting undefined', 'holding credentials', 'holding api-key'],
  )
  expect(on('teamserver-engine:credentials:refused').map(({ layer }) => layer)).toEqual([1, 2])
})

test('a key that was rotated is told once, with the moment of its end', async () => {
  const until = '2026-01-02T00:00:00.000Z'
  const { on, report, advance, engineOf } = overhear({
    script: (request) => ({
      ...goodReply(request),
      headers: { 'service-key-accepted-until': until, 'api-key-accepted-until': until },
    }),
  })
  report(1)
  await advance(6_000)
  const counters = { ...NONE, given: 1, waiting: 1 }
  const acceptedUntil = new Date(until)
  expect(on('teamserver-engine:credentials:rotated')).toEqual([
    { engine: engineOf, counters, key: 'serviceKey', acceptedUntil },
    { engine: engineOf, counters, key: 'organizationApiKey', acceptedUntil },
  ])
})

test('what is refused: by the engine, and by TeamServer one by one', async () => {
  const { on, report, advance, engine, engineOf } = overhear({
    options: { session: { id: 's' } },
    script: (request) =>
      request.call === 'reports'
        ? {
            status: 202,
            body: {
              ...(goodReply(request).body as object),
              rejected: [
                { index: 0, reason: 'severity must be one of note, low' },
                { index: 2, reason: 'no' },
              ],
            },
          }
        : undefined,
  })
  engine.report({ type: 'finding' } as never)
  report(3)
  await advance(6_000)

  const engineRefused = { given: 1, accepted: 0, refused: 1, dropped: 0, waiting: 0 }
  const counters = { given: 4, accepted: 1, refused: 3, dropped: 0, waiting: 0 }
  expect(on('teamserver-engine:reports:refused')).toEqual([
    {
      engine: engineOf,
      counters: engineRefused,
      reports: 1,
      by: 'engine',
      reason: 'a finding needs a rule',
    },
    {
      engine: engineOf,
      counters,
      reports: 1,
      by: 'teamserver',
      reason: 'severity must be one of note, low',
      id: 'r-0',
      type: 'finding',
    },
    {
      engine: engineOf,
      counters,
      reports: 1,
      by: 'teamserver',
      reason: 'no',
      id: 'r-2',
      type: 'finding',
    },
  ])
  expect(on('teamserver-engine:reports:accepted')).toEqual([
    { engine: engineOf, counters, reports: 1 },
  ])
})

test('of a batch that is rejected whole, nothing is told as accepted', async () => {
  const { heard, on, report, advance } = overhear({
    options: { session: { id: 's' } },
    script: (request) =>
      request.call === 'reports'
        ? {
            status: 202,
            body: {
              ...(goodReply(request).body as object),
              rejected: [{ index: 0, reason: 'no' }],
            },
          }
        : undefined,
  })
  report(1)
  await advance(6_000)
  expect(on('teamserver-engine:reports:refused')).toHaveLength(1)
  expect(heard.map(([name]) => name)).not.toContain('teamserver-engine:reports:accepted')
})

test('a report that TeamServer refuses alone is told once, its batches each', async () => {
  const { on, report, advance } = overhear({
    options: { session: { id: 's' } },
    script: ({ call, json }) =>
      call === 'reports' && json.reports.some(({ id }) => id === 'r-1')
        ? refusal(json.reports.length > 1 ? 413 : 400, 'body-malformed')
        : undefined,
  })
  report(2)
  await advance(6_000)
  const batches = on('teamserver-engine:exchange').filter(({ call }) => call === 'reports')
  expect(batches.map(({ reports, outcome, attempt }) => ({ reports, outcome, attempt }))).toEqual([
    { reports: 2, outcome: 'too-large', attempt: 1 },
    { reports: 1, outcome: 'accepted', attempt: 1 },
    { reports: 1, outcome: 'refused', attempt: 1 },
  ])
  expect(on('teamserver-engine:reports:refused')).toMatchObject([
    { by: 'teamserver', reason: '400 body-malformed', id: 'r-1', type: 'finding' },
  ])
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

test('reports that get to disk, at the end of the process too, and those who take them over', async () => {
  const disk = createMemoryDisk()
  const clock = createManualClock()
  const { on, report, advance, exit, engineOf } = overhear({
    disk: {
      openSpool: (...given) => {
        const spool = disk.openSpool(...given)
        const write: typeof spool.write = async (reports) => {
          clock.sleep(20)
          return await spool.write(reports)
        }
        return Object.create(spool, { write: { value: write } })
      },
    },
    clock,
    options: { session: { id: 's' } },
    script: () => ({ status: 503, headers: { 'retry-after': '300' } }),
  })
  report(2)
  await advance(6_000)
  report(1, 'late')
  exit()
  const jsonBytes = disk.written.map((json) => Buffer.byteLength(json))
  const [first = 0, second = 0, third = 0] = jsonBytes
  expect(on('teamserver-engine:spool:written')).toEqual([
    {
      engine: engineOf,
      counters: { ...NONE, given: 2, waiting: 2 },
      reports: 2,
      bytes: first + second,
      spooled: 2,
      durationMs: 20,
    },
    {
      engine: engineOf,
      counters: { ...NONE, given: 3, waiting: 3 },
      reports: 1,
      bytes: third,
      spooled: 3,
      durationMs: 0,
    },
  ])

  disk.loseEngines()
  const next = startScene({ disk, options: { session: { id: 's' } } })
  await next.advance(1_000)
  expect(on('teamserver-engine:spool:adopted')).toEqual([
    {
      engine: { ...engineOf, id: next.engine.id },
      counters: { ...NONE, given: 3, waiting: 3 },
      reports: 3,
      spooled: 3,
    },
  ])
})

test('a disk at its limit drops the oldest, and says that it was for that', async () => {
  const { on, report, advance, engine } = overhear({
    disk: createSteadyDisk(freshDirectory(), { limitBytes: 2_048 }),
    options: { queueLimitReports: 2, session: { id: 's' } },
    script: () => ({ status: 503, headers: { 'retry-after': '300' } }),
  })
  for (let turn = 0; turn < 50; turn++) {
    report(1, `turn-${turn}`)
    await advance(1_000)
  }
  const { dropped } = engine.status()
  expect(dropped).toBeGreaterThan(0)
  const told = on('teamserver-engine:reports:dropped')
  expect(new Set(told.map(({ reason }) => reason))).toEqual(new Set(['spool-full']))
  expect(told.reduce((sum, { reports }) => sum + reports, 0)).toBe(dropped)
})

test('a disk that fails, and works again', async () => {
  const files = createFaultyFiles()
  const { on, report, advance, engineOf } = overhear({
    disk: createSteadyDisk(freshDirectory(), { files }),
    options: { session: { id: 's' } },
    script: () => ({ status: 503, headers: { 'retry-after': '300' } }),
  })
  files.failAt(1, 'ENOSPC', { isForGood: true })
  report(1)
  await advance(6_000)
  files.mend()
  await advance(60_000, 1_000)
  const counters = { ...NONE, given: 1, waiting: 1 }
  expect(on('teamserver-engine:spool:state')).toEqual([
    { engine: engineOf, counters, state: 'failing', why: 'ENOSPC' },
    { engine: engineOf, counters, state: 'ready' },
  ])
})

test('a directory that others could write to is refused, with the reason', async () => {
  const directory = freshDirectory()
  mkdirSync(directory)
  chmodSync(directory, 0o777)
  const { on, report, advance } = overhear({
    disk: createSteadyDisk(directory),
    options: { session: { id: 's' } },
    script: () => ({ status: 503, headers: { 'retry-after': '300' } }),
  })
  report(1)
  await advance(20_000, 1_000)
  const told = on('teamserver-engine:spool:state')
  expect(told.map(({ state }) => state)).toEqual(['refused'])
  expect(told[0]?.why).toContain(directory)
})

/** A spool of one engine that rests on disk: 100 reports, of which memory has 2 at most. */
async function restingScene() {
  const directory = freshDirectory()
  let isUp = false
  const scene = overhear({
    disk: createSteadyDisk(directory),
    options: { session: { id: 's' }, queueLimitReports: 2 },
    script: () => (isUp ? undefined : { status: 503, headers: { 'retry-after': '300' } }),
  })
  scene.report(100)
  await scene.advance(10_000, 1_000)
  const [file = ''] = segmentsIn(directory)
  return {
    ...scene,
    file,
    async deliver() {
      isUp = true
      await scene.advance(400_000, 1_000)
    },
  }
}

test('records that are damaged on disk are told, and what they cost', async () => {
  const { on, engine, engineOf, file, deliver } = await restingScene()
  const bytes = readFileSync(file)
  const at = bytes.indexOf('"r-50"')
  bytes.write('?', at + 1)
  writeFileSync(file, bytes)
  await deliver()
  expect(engine.status()).toMatchObject({ given: 100, accepted: 99, dropped: 1, quarantined: 1 })
  expect(on('teamserver-engine:spool:quarantined')).toEqual([
    { engine: engineOf, counters: expect.any(Object), records: 1, file },
  ])
  expect(on('teamserver-engine:reports:dropped')).toMatchObject([
    { reports: 1, reason: 'spool-damaged' },
  ])
})

test('files of the spool that somebody deletes are told, and what they cost', async () => {
  const { on, engine, file, deliver } = await restingScene()
  rmSync(dirname(file), { recursive: true })
  await deliver()
  const { dropped } = engine.status()
  expect(dropped).toBeGreaterThan(90)
  const told = on('teamserver-engine:reports:dropped')
  expect(new Set(told.map(({ reason }) => reason))).toEqual(new Set(['spool-gone']))
  expect(told.reduce((sum, { reports }) => sum + reports, 0)).toBe(dropped)
})

test('what an engine leaves behind for one of the user name before counts as left', async () => {
  const { on, engine } = await restingScene()
  engine.updateCredentials({ agentUserName: 'agent_2@Org', serviceKey: SERVICE_KEY })
  const { dropped } = engine.status()
  expect(dropped).toBeGreaterThan(90)
  expect(on('teamserver-engine:reports:dropped')).toMatchObject([
    { reports: dropped, reason: 'left', counters: { given: 100, dropped, waiting: 100 - dropped } },
  ])
})

test('more at once than gets to disk is told as that', async () => {
  const { on, engine } = overhear({ disk: createMemoryDisk(), options: { queueLimitReports: 1 } })
  // 20 MiB in one go, past a queue that holds one report.
  for (let count = 0; count < 80; count++)
    engine.report({ ...FINDING, evidence: 'x'.repeat(255 * 1_024) })
  const told = on('teamserver-engine:reports:dropped')
  expect(new Set(told.map(({ reason }) => reason))).toEqual(new Set(['disk-slow']))
  expect(told.reduce((sum, { reports }) => sum + reports, 0)).toBe(engine.status().dropped)
})

test('these are all the channels there are', () => {
  expect(Object.values(CHANNELS).map(({ name }) => name)).toEqual(CHANNEL_NAMES)
})
