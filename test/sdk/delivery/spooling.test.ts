import { expect, test } from 'vitest'
import { createManualClock } from '../engine/manual-clock.ts'
import { createMemoryDisk } from '../engine/memory-disk.ts'
import { FINDING, startScene } from '../engine/scene.ts'
import { API_KEY, expectSumsUp, SERVICE_KEY } from '../engine/test-engine.ts'

const DOWN = () => Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' })

test('while TeamServer takes reports, the disk is not written to', async () => {
  const disk = createMemoryDisk()
  const { advance, report, engine } = startScene({ disk })
  for (let turn = 0; turn < 10; turn++) {
    report(100, `turn-${turn}`)
    await advance(10_000)
  }
  await engine.flush()
  expect(engine.status()).toMatchObject({ accepted: 1_000, waiting: 0, spooled: 0 })
  expect(new Set(disk.uses)).toEqual(new Set(['adopt']))
})

test('D-102: ten minutes away, everything is on disk soon after it was given, and gets there', async () => {
  const disk = createMemoryDisk()
  let isUp = false
  const { advance, report, engine, transport } = startScene({
    disk,
    script: () => (isUp ? undefined : { status: 503 }),
  })
  const ids: string[] = []
  for (let second = 0; second < 600; second++) {
    ids.push(...report(1, `s-${second}`))
    await advance(200)
    if (second > 5) expect(engine.status().spooled).toBe(second + 1)
    await advance(800)
  }
  expect(transport.requests.length).toBeLessThanOrEqual(48)
  expect(disk.ids).toEqual(ids)
  isUp = true
  await advance(61_000)
  expect(transport.storedIds).toEqual(ids)
  expect(engine.status()).toMatchObject({ accepted: 600, dropped: 0, waiting: 0, spooled: 0 })
  expect(disk.ids).toEqual([])
  expect(disk.written.join()).not.toMatch(new RegExp(`${SERVICE_KEY}|${API_KEY}`))
})

test('a report that is accepted while the disk still writes it never counts as on disk', async () => {
  const disk = createMemoryDisk()
  let endWriting = () => {}
  const isWritten = new Promise<void>((resolve) => {
    endWriting = resolve
  })
  const openSpool: typeof disk.openSpool = (...given) => {
    const spool = disk.openSpool(...given)
    const write: typeof spool.write = async (reports) => {
      const places = await spool.write(reports)
      // Written, and not yet sure to outlive a crash.
      await isWritten
      return places
    }
    return Object.create(spool, { write: { value: write } })
  }
  const { advance, report, engine } = startScene({
    disk: { ...disk, openSpool },
    options: { durability: 'always' },
  })
  report(2)
  await advance(200)
  expect(disk.ids).toHaveLength(2)
  expect(engine.status()).toMatchObject({ waiting: 2, spooled: 0 })
  await advance(5_000)
  expect(engine.status()).toMatchObject({ accepted: 2, waiting: 0, spooled: 0 })
  endWriting()
  await advance(0)
  expect(engine.status()).toMatchObject({ accepted: 2, waiting: 0, spooled: 0 })
  expect(disk.ids).toEqual([])
})

test('with durability "always" a report is on disk 200 ms after it was given, and leaves it when accepted', async () => {
  const disk = createMemoryDisk()
  const { advance, report, engine } = startScene({ disk, options: { durability: 'always' } })
  report(3)
  await advance(199)
  expect(disk.ids).toEqual([])
  await advance(1)
  expect(disk.ids).toEqual(['r-0', 'r-1', 'r-2'])
  expect(engine.status()).toMatchObject({ waiting: 3, spooled: 3, accepted: 0 })
  await advance(5_000)
  expect(engine.status()).toMatchObject({ waiting: 0, spooled: 0, accepted: 3 })
  expect(disk.ids).toEqual([])
})

test('what is accepted while it is being written does not stay on disk', async () => {
  const clock = createManualClock()
  const disk = createMemoryDisk({
    wait: () => new Promise((resolve) => void clock.after(1_000, resolve)),
  })
  const options = { durability: 'always', flushIntervalMs: 300 } as const
  const { advance, report, engine } = startScene({ clock, disk, options })
  report(3)
  await advance(300)
  expect(engine.status()).toMatchObject({ accepted: 3, waiting: 0 })
  await advance(5_000)
  expect(disk.written).toHaveLength(3)
  expect(disk.ids).toEqual([])
})

test('D-501: a burst of ten times the queue limit in one tick is delivered whole, in order', async () => {
  const disk = createMemoryDisk()
  const { advance, report, engine, transport } = startScene({ disk })
  const ids = report(10_000)
  await advance(60_000, 1_000)
  expect(transport.storedIds).toEqual(ids)
  expect(engine.status()).toMatchObject({ dropped: 0, refused: 0, waiting: 0 })
  expect(disk.ids).toEqual([])
})

test('reports that come while others rest on disk do not overtake them', async () => {
  const disk = createMemoryDisk()
  const clock = createManualClock()
  let isUp = false
  const { advance, report, engine, transport } = startScene({
    clock,
    disk,
    options: { queueLimitReports: 20, batchLimitReports: 3 },
    script({ call }) {
      if (!isUp) return DOWN()
      if (call !== 'reports') return undefined
      return new Promise((resolve) => void clock.after(1_000, () => resolve(undefined)))
    },
  })
  const ids = report(100)
  await advance(60_000, 1_000)
  isUp = true
  // Slower than it comes back, so that the queue has room the whole time.
  for (let turn = 0; turn < 60; turn++) {
    ids.push(...report(1, `turn-${turn}`))
    await advance(1_000)
  }
  await advance(120_000, 1_000)
  const placeOf = (id: string) => transport.storedIds.indexOf(id)
  // Two batches under way may pass each other, and no more.
  for (const [index, id] of ids.entries()) expect(Math.abs(placeOf(id) - index)).toBeLessThan(10)
  expect(engine.status()).toMatchObject({ accepted: 160, dropped: 0, waiting: 0, spooled: 0 })
})

test('D-311: at the limit of the spool the oldest on disk are dropped and counted, and memory keeps its own', async () => {
  const disk = createMemoryDisk({ limitReports: 50 })
  let isUp = false
  const { advance, report, engine, transport, lines } = startScene({
    disk,
    options: { queueLimitReports: 10, batchLimitReports: 5 },
    script: () => (isUp ? undefined : DOWN()),
  })
  await advance(5_000)
  for (let turn = 0; turn < 20; turn++) {
    report(10, `turn-${turn}`)
    await advance(1_000)
  }
  const { dropped, waiting } = engine.status()
  expect(dropped + waiting).toBe(200)
  expect(dropped).toBe(200 - 50)
  isUp = true
  await advance(120_000, 1_000)
  expect(engine.status()).toMatchObject({ accepted: 50, dropped: 150, waiting: 0 })
  // What memory has is the oldest and stays; of the rest the newest are there.
  expect(transport.storedIds.slice(-40)).toEqual(
    Array.from({ length: 40 }, (_, index) => `turn-${16 + Math.trunc(index / 10)}-${index % 10}`),
  )
  expect(lines.join()).toContain('spoolLimitBytes 67108864')
})

test('D-301: while the disk fails memory has to do, and once it is well it takes reports again', async () => {
  let isFull = true
  let isUp = false
  const disk = createMemoryDisk({ isFailing: () => isFull })
  const { advance, report, engine, transport } = startScene({
    disk,
    options: { queueLimitReports: 10 },
    script: () => (isUp ? undefined : DOWN()),
  })
  report(30)
  await advance(60_000, 1_000)
  expect(engine.status()).toMatchObject({ waiting: 10, dropped: 20, spooled: 0 })
  // Asked now and then.
  expect(disk.uses.filter((use) => use === 'write').length).toBeLessThanOrEqual(15)
  isFull = false
  await advance(6_000)
  expect(engine.status()).toMatchObject({ waiting: 10, dropped: 20, spooled: 10 })
  report(30, 'later')
  await advance(1_000)
  expect(engine.status()).toMatchObject({ waiting: 40, dropped: 20, spooled: 40 })
  isUp = true
  await advance(120_000, 1_000)
  expect(transport.storedIds).toEqual([
    ...Array.from({ length: 10 }, (_, index) => `r-${20 + index}`),
    ...Array.from({ length: 30 }, (_, index) => `later-${index}`),
  ])
})

test('a disk that cannot be read for a while is asked again, without a busy loop', async () => {
  let isBroken = true
  let isUp = false
  const disk = createMemoryDisk({ isFailing: (use) => use === 'take' && isBroken })
  const { advance, report, engine } = startScene({
    disk,
    options: { queueLimitReports: 10, batchLimitReports: 5 },
    script: () => (isUp ? undefined : DOWN()),
  })
  report(30)
  await advance(6_000)
  isUp = true
  await advance(60_000, 1_000)
  expect(engine.status()).toMatchObject({ accepted: 10, waiting: 20, spooled: 20 })
  expect(disk.uses.filter((use) => use === 'take').length).toBeLessThanOrEqual(20)
  isBroken = false
  await advance(6_000)
  expect(engine.status()).toMatchObject({ accepted: 30, waiting: 0 })
})

test('D-404: at the end of the process everything is on disk, what is under way included', async () => {
  const disk = createMemoryDisk()
  const clock = createManualClock()
  const first = startScene({ clock, disk, script: () => 'silence' })
  first.report(5)
  await first.advance(5_000)
  expect(first.transport.requests).toHaveLength(1)
  first.report(5, 'late')
  expect(disk.ids).toEqual([])
  first.exit()
  expect(disk.ids).toHaveLength(10)
  expect(first.engine.status()).toMatchObject({ waiting: 10, spooled: 10, dropped: 0 })
  first.report(1, 'in-the-exit-listener-of-the-host')
  expect(disk.ids).toHaveLength(11)
  expect(first.engine.status()).toMatchObject({ given: 11, waiting: 11, spooled: 11 })

  disk.loseEngines()
  const next = startScene({ clock, disk })
  await next.advance(10_000)
  expect(next.transport.storedIds.toSorted()).toEqual(
    [...Array(5).keys()]
      .flatMap((index) => [`late-${index}`, `r-${index}`])
      .concat('in-the-exit-listener-of-the-host-0')
      .toSorted(),
  )
  expect(next.engine.status()).toMatchObject({ given: 11, accepted: 11, waiting: 0 })
  expect(disk.ids).toEqual([])
})

test('an engine that saved what waits and lives on delivers it once, and nothing stays on disk', async () => {
  const disk = createMemoryDisk()
  const { advance, report, engine, transport, signal } = startScene({ disk })
  report(5)
  signal()
  signal()
  expect(disk.ids).toHaveLength(5)
  report(5, 'late')
  await advance(5_000)
  expect(transport.storedIds).toHaveLength(10)
  expect(engine.status()).toMatchObject({ accepted: 10, waiting: 0, spooled: 0 })
  expect(disk.ids).toEqual([])
})

test('what engines that are gone have left is looked for soon after the start, and every minute', async () => {
  const disk = createMemoryDisk()
  const clock = createManualClock()
  const first = startScene({ clock, disk, script: DOWN })
  first.report(3, 'first')
  first.exit()
  const next = startScene({ clock, disk })
  await next.advance(999)
  expect(next.engine.status()).toMatchObject({ given: 0 })
  await next.advance(1)
  expect(next.engine.status()).toMatchObject({ given: 3, accepted: 3 })

  const second = startScene({ clock, disk, script: DOWN })
  second.report(3, 'second')
  second.exit()
  await next.advance(59_999)
  expect(next.engine.status()).toMatchObject({ given: 3 })
  await next.advance(1)
  expect(next.engine.status()).toMatchObject({ given: 6, accepted: 6, waiting: 0 })
})

test('a flush delivers what the engine before had to leave, also at once after the start', async () => {
  const disk = createMemoryDisk()
  const first = startScene({ disk, script: DOWN })
  first.report(3)
  first.exit()
  const next = startScene({ disk })
  const flushed = next.engine.flush()
  await next.advance(0)
  expect(await flushed).toEqual({ accepted: 3, spooled: 0, waiting: 0 })
})

test('more than a disk takes in one go is dropped from the oldest on, and said', async () => {
  const disk = createMemoryDisk()
  const { report, engine, lines, advance } = startScene({ disk, options: { queueLimitReports: 1 } })
  const title = 'x'.repeat(200_000)
  for (let count = 0; count < 100; count++) {
    engine.report({ ...FINDING, id: `big-${count}`, title })
    expectSumsUp(engine)
  }
  const { dropped, waiting } = engine.status()
  // 16 MiB wait for the disk beside the one in the queue.
  expect({ dropped, waiting }).toEqual({ dropped: 16, waiting: 84 })
  expect(lines).toEqual([expect.stringContaining('more is reported at once than gets to disk')])
  report(1, 'last')
  await advance(60_000, 1_000)
  expect(engine.status()).toMatchObject({ accepted: 85, dropped: 16 })
})
