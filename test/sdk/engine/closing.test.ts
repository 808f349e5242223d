import { expect, test } from 'vitest'
import { createMemoryDisk } from './memory-disk.ts'
import { FINDING, startScene } from './scene.ts'

test.each([0, 1, 3, 100])(
  'D-407: a hundred flushes at once with %i reports make one set of requests',
  async (count) => {
    const { report, engine, transport, advance } = startScene({ disk: createMemoryDisk() })
    report(count)
    const flushes = Promise.all(Array.from({ length: 100 }, () => engine.flush()))
    await advance(0)
    expect(await flushes).toEqual(Array(100).fill({ accepted: count, spooled: 0, waiting: 0 }))
    expect(transport.requests).toHaveLength(count === 0 ? 0 : 3)
  },
)

test('flush resolves with everything on disk when TeamServer does not answer', async () => {
  const disk = createMemoryDisk()
  const { report, engine, advance, clock } = startScene({ disk, script: () => 'silence' })
  report(30)
  const flushed = engine.flush({ timeoutMs: 2_000 })
  await advance(1_499)
  expect(disk.ids).toEqual([])
  await advance(1)
  expect(await flushed).toEqual({ accepted: 0, spooled: 30, waiting: 30 })
  expect(clock.livingTimers).toBe(0)
  expect(disk.ids).toHaveLength(30)
})

test('flush resolves at once, with everything on disk, when the engine holds', async () => {
  const disk = createMemoryDisk()
  const { report, engine, advance } = startScene({ disk, script: () => ({ status: 403 }) })
  report(30)
  const flushed = engine.flush()
  await advance(0)
  expect(await flushed).toEqual({ accepted: 0, spooled: 30, waiting: 30 })
})

test('close() called on the way of closing, by a plugin that is asked for its last reports, closes once', async () => {
  const asked: Promise<void>[] = []
  const eager = {
    name: 'eager',
    start: () => ({
      flush: () => {
        if (asked.length < 10) asked.push(scene.engine.close())
      },
    }),
  }
  const scene = startScene({ disk: createMemoryDisk(), options: { plugins: [eager] } })
  scene.report(1)
  const closing = scene.engine.close()
  await scene.advance(0)
  await closing
  expect(asked).toEqual([closing])
  expect(asked[0]).toBe(closing)
  expect(scene.engine.status()).toMatchObject({ state: 'closed', accepted: 1, dropped: 0 })
})

test('flush says what neither TeamServer nor the disk took', async () => {
  const disk = createMemoryDisk({ isFailing: () => true })
  const { report, engine, advance } = startScene({ disk, script: () => 'silence' })
  report(30)
  const flushed = engine.flush({ timeoutMs: 2_000 })
  await advance(2_000)
  expect(await flushed).toEqual({ accepted: 0, spooled: 0, waiting: 30 })
})

test('a flush delivers what rests on disk too', async () => {
  let isUp = false
  const { report, engine, advance } = startScene({
    disk: createMemoryDisk(),
    options: { queueLimitReports: 10, batchLimitReports: 5 },
    script: () => (isUp ? undefined : { status: 503 }),
  })
  report(100)
  await advance(6_000)
  expect(engine.status()).toMatchObject({ waiting: 100, spooled: 100 })
  isUp = true
  const flushed = engine.flush({ timeoutMs: 60_000 })
  report(1, 'later')
  await advance(30_000, 100)
  expect(await flushed).toMatchObject({ accepted: expect.any(Number), waiting: 0 })
  expect(engine.status()).toMatchObject({ accepted: 101, dropped: 0 })
})

test('D-406: close() while the server hangs ends in time with everything on disk, and is idempotent', async () => {
  const disk = createMemoryDisk()
  const { report, engine, advance, transport, clock } = startScene({
    disk,
    script: ({ call }) => (call === 'reports' ? 'silence' : undefined),
  })
  const ids = report(250)
  const closing = engine.close()
  expect(engine.close()).toBe(closing)
  let isResolved = false
  void closing.then(() => {
    isResolved = true
  })
  await advance(4_499)
  expect(isResolved).toBe(false)
  await advance(501)
  expect(isResolved).toBe(true)
  expect(transport.isClosed).toBe(true)
  expect(disk.ids.toSorted()).toEqual(ids.toSorted())
  expect(engine.status()).toMatchObject({
    state: 'closed',
    given: 250,
    accepted: 0,
    dropped: 0,
    waiting: 250,
    spooled: 250,
  })
  engine.report(FINDING)
  await advance(1_000_000)
  expect(engine.status()).toMatchObject({ given: 251, dropped: 1, waiting: 250 })
  expect(await engine.flush()).toEqual({ accepted: 0, spooled: 250, waiting: 250 })
  expect(clock.livingTimers).toBe(0)
})

test('D-406: without a spool, close() counts the rest as dropped', async () => {
  const { report, engine, advance, lines } = startScene({ script: () => 'silence' })
  report(250)
  const closing = engine.close()
  await advance(5_000)
  await closing
  expect(engine.status()).toMatchObject({ given: 250, dropped: 250, waiting: 0, spooled: 0 })
  expect(lines).toEqual(['warn: closed; undelivered reports that were dropped: 250'])
})

test('D-406: a disk that hangs holds close() no longer than closeTimeoutMs', async () => {
  const disk = createMemoryDisk({ wait: () => new Promise(() => {}) })
  const { report, engine, advance } = startScene({
    disk,
    options: { closeTimeoutMs: 1_000 },
    script: () => 'silence',
  })
  report(10)
  let isResolved = false
  void engine.close().then(() => {
    isResolved = true
  })
  await advance(999)
  expect(isResolved).toBe(false)
  await advance(1)
  expect(isResolved).toBe(true)
  expect(engine.status()).toMatchObject({ given: 10, dropped: 10, waiting: 0 })
})

test('a disk that hangs holds up no delivery, and a flush no longer than half a second', async () => {
  const disk = createMemoryDisk({ wait: () => new Promise(() => {}) })
  const { report, engine, advance } = startScene({ disk })
  report(10)
  const flushed = engine.flush()
  await advance(0)
  expect(engine.status()).toMatchObject({ accepted: 10 })
  await advance(500)
  expect(await flushed).toEqual({ accepted: 10, spooled: 0, waiting: 0 })
})

test('what plugins hand over last is on disk when close() has resolved', async () => {
  const disk = createMemoryDisk()
  const late = {
    name: 'late',
    start: (context: { report(report: typeof FINDING): void }) => ({
      stop: () => context.report(FINDING),
    }),
  }
  const { engine, advance } = startScene({
    disk,
    options: { plugins: [late] },
    script: () => ({ status: 403 }),
  })
  const closing = engine.close()
  await advance(5_000)
  await closing
  expect(engine.status()).toMatchObject({ given: 1, waiting: 1, spooled: 1, dropped: 0 })
})

test('what one engine left by close() is delivered by the next', async () => {
  const disk = createMemoryDisk()
  const first = startScene({ disk, script: () => ({ status: 503 }) })
  const ids = first.report(1_500)
  const closing = first.engine.close()
  await first.advance(5_000)
  await closing
  expect(first.engine.status()).toMatchObject({ waiting: 1_500, spooled: 1_500, dropped: 0 })
  const next = startScene({ disk })
  await next.advance(60_000, 1_000)
  expect(next.transport.storedIds.toSorted()).toEqual(ids.toSorted())
  expect(next.engine.status()).toMatchObject({ given: 1_500, accepted: 1_500, waiting: 0 })
})

test('D-408: two engines for two organizations in one process are independent, on disk too', async () => {
  const disk = createMemoryDisk()
  let isUp = false
  const scenes = ['agent_1@A', 'agent_2@B'].map((agentUserName, index) => ({
    scene: startScene({
      disk,
      options: { agentUserName, queueLimitReports: 10 },
      script: () => (isUp || index === 1 ? undefined : { status: 503 }),
    }),
    name: `engine-${index}`,
  }))
  for (const { scene, name } of scenes) scene.report(50, name)
  for (const { scene } of scenes) await scene.advance(30_000, 1_000)
  expect(scenes.map(({ scene }) => scene.engine.status().accepted)).toEqual([0, 50])
  isUp = true
  for (const { scene } of scenes) await scene.advance(120_000, 1_000)
  for (const { scene, name } of scenes) {
    expect(scene.transport.storedIds).toEqual(
      Array.from({ length: 50 }, (_, at) => `${name}-${at}`),
    )
    expect(scene.engine.status()).toMatchObject({ given: 50, accepted: 50, dropped: 0 })
  }
})

test('D-409: two engines of one name on one spool directory each have a part of their own', async () => {
  const disk = createMemoryDisk()
  let isUp = false
  const script = () => (isUp ? undefined : { status: 503 })
  const one = startScene({ disk, script })
  const other = startScene({ disk, script, clock: one.clock })
  one.report(20, 'one')
  other.report(20, 'other')
  await one.advance(120_000, 1_000)
  expect(disk.ids).toHaveLength(40)
  isUp = true
  await one.advance(120_000, 1_000)
  expect(one.transport.storedIds).toEqual(Array.from({ length: 20 }, (_, at) => `one-${at}`))
  expect(other.transport.storedIds).toEqual(Array.from({ length: 20 }, (_, at) => `other-${at}`))
  expect(disk.ids).toEqual([])
})
