import { chmodSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { expect, test } from 'vitest'
import { createManualClock } from '../engine/manual-clock.ts'
import { createMemoryDisk } from '../engine/memory-disk.ts'
import { FINDING, startScene } from '../engine/scene.ts'
import { createSteadyDisk } from '../engine/steady-disk.ts'
import { SERVICE_KEY } from '../engine/test-engine.ts'
import { createFaultyFiles } from '../spool/faulty-files.ts'
import { freshDirectory, segmentsIn } from '../spool/test-spool.ts'
import { NONE, overhear } from './overhear.ts'

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
