import { existsSync } from 'node:fs'
import { expect, test } from 'vitest'
import { nodeFileSystem } from '../../../sdk/spool/file-system.ts'
import { createManualClock } from '../engine/manual-clock.ts'
import {
  bare,
  freshDirectory,
  idsOf,
  reportsOf,
  segmentsIn,
  type TestSpool,
  testSpool,
  tree,
} from './test-spool.ts'

test('reports that were written come back whole, in their order, to the next engine', async () => {
  const directory = freshDirectory()
  const reports = reportsOf(2_500, { name: 'r' })
  const before = testSpool({ directory })
  const places = await before.write(reports)
  expect(places).toHaveLength(2_500)
  expect([before.restingReports, before.sizeReports]).toEqual([0, 2_500])

  const after = testSpool({ directory })
  expect(await after.adopt()).toBe(2_500)
  expect([after.restingReports, after.sizeReports]).toEqual([2_500, 2_500])
  const taken = await after.takeAll()
  expect(taken.map(bare)).toEqual(reports)
  expect([after.restingReports, after.sizeReports]).toEqual([0, 2_500])
  after.settle(taken.map(({ place }) => place))
  await after.close()
  expect(tree(directory)).toEqual([])
  expect([...before.warnings, ...after.warnings]).toEqual([])
})

test('making a spool touches nothing', async () => {
  const directory = freshDirectory()
  const spool = testSpool({ directory })
  expect(await spool.adopt()).toBe(0)
  expect(await spool.take({ reports: 1, bytes: 1 })).toEqual([])
  await spool.close()
  expect(existsSync(directory)).toBe(false)
  expect(spool.warnings).toEqual([])
})

test('what is settled does not come back, and neither does what is taken twice', async () => {
  const directory = freshDirectory()
  const before = testSpool({ directory })
  const places = (await before.write(reportsOf(10, { name: 'r' }))) ?? []
  before.settle(places.filter((_, index) => index % 3 === 0))
  before.rest(places)
  expect(before.restingReports).toBe(6)
  const first = await before.take({ reports: 4, bytes: 1_000_000 })
  const second = await before.take({ reports: 4, bytes: 1_000_000 })
  expect([idsOf(first), idsOf(second)]).toEqual([
    ['r-2', 'r-3', 'r-5', 'r-6'],
    ['r-8', 'r-9'],
  ])
  await before.close()
  const after = testSpool({ directory })
  expect(await after.adopt()).toBe(6)
  expect(idsOf(await after.takeAll())).toEqual(['r-2', 'r-3', 'r-5', 'r-6', 'r-8', 'r-9'])
})

test('taking stops at its limits, and a report larger than them comes alone', async () => {
  const directory = freshDirectory()
  const spool = testSpool({ directory })
  spool.rest((await spool.write(reportsOf(3, { bytes: 1_000 }))) ?? [])
  expect(await spool.take({ reports: 10, bytes: 10 })).toHaveLength(1)
  expect(await spool.take({ reports: 10, bytes: 2_500 })).toHaveLength(2)
})

test('the end of the process writes at once, also while another write is under way', async () => {
  const directory = freshDirectory()
  const before = testSpool({ directory })
  const underWay = before.write(reportsOf(500, { name: 'under-way' }))
  expect(before.writeSync(reportsOf(700, { name: 'last' }))).toHaveLength(700)
  before.closeSync()
  expect(segmentsIn(directory).length).toBeGreaterThan(0)
  await underWay
  const after = testSpool({ directory })
  await after.adopt()
  const ids = new Set(idsOf(await after.takeAll()))
  expect(idsOf(reportsOf(700, { name: 'last' })).filter((id) => !ids.has(id))).toEqual([])
})

test('a part that is still being read is nobody’s to tidy up', async () => {
  const directory = freshDirectory()
  for (const name of ['one', 'two']) await testSpool({ directory }).write(reportsOf(2, { name }))
  const clock = createManualClock()
  let reads = 0
  const spool: TestSpool = testSpool({
    directory,
    clock,
    files: {
      ...nodeFileSystem,
      // Between the first part and the second, everything that a timer does comes in between.
      call: async (name, ...given) => {
        if (name === 'readdir' && ++reads === 3) {
          await clock.advance(15_000)
          await spool.write(reportsOf(1, { name: 'three' }))
        }
        return nodeFileSystem.call(name, ...given)
      },
    },
  })
  expect(await spool.adopt()).toBe(4)
  expect(tree(directory).filter((path) => path.endsWith('lease'))).toHaveLength(3)
  expect(await spool.takeAll()).toHaveLength(4)
})

test('what is put back to rest is taken again, in the same order', async () => {
  const spool = testSpool({ directory: freshDirectory() })
  spool.rest((await spool.write(reportsOf(5, { name: 'r' }))) ?? [])
  const taken = await spool.take({ reports: 3, bytes: 1_000_000 })
  expect(idsOf(await spool.take({ reports: 1, bytes: 1 }))).toEqual(['r-4'])
  spool.rest(taken.slice(1).map(({ place }) => place))
  expect(idsOf(await spool.takeAll())).toEqual(['r-2', 'r-3', 'r-5'])
})

test('a write at once, in the middle of another and at the limit, leaves that one alone', async () => {
  const directory = freshDirectory()
  const last = reportsOf(40, { name: 'last', bytes: 50_000 })
  let isToWrite = false
  const spool: TestSpool = testSpool({
    directory,
    limitBytes: 1_048_576,
    files: {
      ...nodeFileSystem,
      call: async (name, ...given) => {
        if (name === 'fdatasync' && isToWrite) {
          isToWrite = false
          expect(spool.writeSync(last)).toHaveLength(40)
        }
        return nodeFileSystem.call(name, ...given)
      },
    },
  })
  for (let round = 0; round < 4; round++) await spool.write(reportsOf(5, { bytes: 50_000 }))
  isToWrite = true
  const underWay = await spool.write(reportsOf(1, { name: 'under-way', bytes: 50_000 }))
  expect(underWay).toHaveLength(1)
  expect(spool.state).toBe('ready')
  spool.closeSync()
  const after = testSpool({ directory })
  await after.adopt()
  expect(idsOf(await after.takeAll())).toEqual(
    expect.arrayContaining(['under-way-1', ...idsOf(last)]),
  )
})
