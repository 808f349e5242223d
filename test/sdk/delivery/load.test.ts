import { expect, test } from 'vitest'
import { createMemoryDisk } from '../engine/memory-disk.ts'
import { FINDING, startScene } from '../engine/scene.ts'

const DOWN = () => Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' })

test('D-502: a burst of 10 000 without a spool drops exactly 9 000, and the newest 1 000 arrive', async () => {
  let isUp = false
  const { advance, report, engine, transport, lines } = startScene({
    script: () => (isUp ? undefined : DOWN()),
  })
  const ids = report(10_000)
  expect(engine.status()).toMatchObject({ given: 10_000, dropped: 9_000, waiting: 1_000 })
  expect(lines).toEqual([expect.stringContaining('queueLimitReports 1000')])
  await advance(60_000, 1_000)
  isUp = true
  await advance(120_000, 1_000)
  expect(transport.storedIds).toEqual(ids.slice(9_000))
  expect(engine.status()).toMatchObject({ accepted: 1_000, dropped: 9_000, waiting: 0 })
})

test('memory is bounded in bytes as well, whatever the number of reports', () => {
  const { engine } = startScene({ script: DOWN })
  const title = 'x'.repeat(250_000)
  for (let count = 0; count < 200; count++) engine.report({ ...FINDING, title })
  const { waiting, dropped } = engine.status()
  expect(waiting + dropped).toBe(200)
  expect(waiting * 250_000).toBeLessThanOrEqual(32 * 1_048_576)
  expect(waiting).toBeGreaterThanOrEqual(130)
})

test('D-503: a loop that the host blocks costs one failure a block, no report and no burst of timers', async () => {
  let isSlow = false
  const { clock, advance, report, engine, transport, lines } = startScene({
    options: { batchLimitReports: 10 },
    script: ({ call }) => (call === 'reports' && isSlow ? 'silence' : undefined),
  })
  for (let block = 0; block < 5; block++) {
    isSlow = true
    report(40, `block-${block}`)
    await advance(0)
    const before = transport.requests.length
    // Nothing runs for 10 s; then every timer that came due meanwhile does.
    clock.sleep(10_000)
    isSlow = false
    await advance(0)
    expect(engine.status()).toMatchObject({ state: 'retrying', dropped: 0 })
    expect(transport.requests.length - before).toBeLessThanOrEqual(1)
    await advance(60_000, 1_000)
    expect(engine.status()).toMatchObject({ state: 'running', waiting: 0 })
  }
  expect(engine.status()).toMatchObject({ given: 200, accepted: 200, dropped: 0 })
  expect(lines.filter((line) => line.includes('out of reach'))).toHaveLength(5)
})

test.each([
  ['a year on', '2027-01-01T00:00:00Z'],
  ['a year back', '2025-01-01T00:00:00Z'],
  ['1970', '1970-01-01T00:00:00Z'],
])('D-504: a wall clock set to %s changes no wait and no order', async (_, wallClock) => {
  const disk = createMemoryDisk()
  let isUp = false
  const { clock, advance, report, transport } = startScene({
    disk,
    options: { queueLimitReports: 10, batchLimitReports: 5 },
    script: () => (isUp ? undefined : { status: 503, headers: { 'retry-after': '60' } }),
  })
  const ids = report(20, 'before')
  await advance(0)
  const before = transport.requests.length
  clock.setWallClock(Date.parse(wallClock))
  ids.push(...report(20, 'after'))
  await advance(59_000, 1_000)
  expect(transport.requests).toHaveLength(before)
  isUp = true
  await advance(20_000, 1_000)
  expect(transport.storedIds).toEqual(ids)
})

test('D-505: after eight hours of sleep there is one attempt at once, then backoff', async () => {
  const { clock, advance, report, transport } = startScene({ script: DOWN })
  report(500)
  await advance(60_000, 1_000)
  const before = transport.requests.length
  clock.sleep(8 * 3_600_000)
  await advance(0)
  expect(transport.requests).toHaveLength(before + 1)
  await advance(15_000, 1_000)
  expect(transport.requests.length).toBeLessThanOrEqual(before + 2)
})

test('D-505: a machine that fell asleep with all well goes on with one failure at most', async () => {
  const { clock, advance, report, engine, transport } = startScene()
  report(5, 'before')
  await advance(10_000)
  report(5, 'after')
  const before = transport.requests.length
  clock.sleep(8 * 3_600_000)
  await advance(0)
  // The reports, and the sign of life that was due.
  expect(transport.requests.length - before).toBe(2)
  await advance(10_000, 1_000)
  expect(engine.status()).toMatchObject({ accepted: 10, waiting: 0 })
  expect(transport.requests.length - before).toBe(2)
})

test('D-507: a server ten times slower than the host bounds memory and disk, and every drop is counted', async () => {
  const disk = createMemoryDisk({ limitReports: 500 })
  const { clock, advance, report, engine, transport } = startScene({
    disk,
    options: { queueLimitReports: 100, batchLimitReports: 10 },
    // Two batches of 10 at a time, each in 2 s: 10 reports a second.
    script: ({ call }) =>
      call === 'reports'
        ? new Promise((resolve) => void clock.after(2_000, () => resolve(undefined)))
        : undefined,
  })
  for (let second = 0; second < 600; second++) {
    report(100, `s-${second}`)
    await advance(1_000, 500)
    const { waiting } = engine.status()
    expect(waiting).toBeLessThanOrEqual(500 + 100 + 20 + 100)
  }
  await advance(300_000, 1_000)
  const { given, accepted, dropped, waiting } = engine.status()
  expect({ given, waiting, sum: accepted + dropped }).toEqual({
    given: 60_000,
    waiting: 0,
    sum: 60_000,
  })
  expect(accepted).toBeGreaterThanOrEqual(5_000)
  expect(new Set(transport.storedIds).size).toBe(accepted)
  expect(disk.ids).toEqual([])
}, 120_000)
