import { existsSync } from 'node:fs'
import { expect, test } from 'vitest'
import {
  bare,
  freshDirectory,
  idsOf,
  reportsOf,
  segmentsIn,
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
