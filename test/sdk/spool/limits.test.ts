import { readdirSync, readFileSync, statSync } from 'node:fs'
import { expect, test } from 'vitest'
import { type FileSystem, nodeFileSystem } from '../../../sdk/spool/file-system.ts'
import {
  bytesIn,
  freshDirectory,
  idsOf,
  processAlone,
  reportsOf,
  STARTED_AT,
  segmentsIn,
  testSpool,
  tree,
} from './test-spool.ts'

const MIB = 1_048_576

test('a file takes 4 MiB at most', async () => {
  const directory = freshDirectory()
  const spool = testSpool({ directory })
  await spool.write(reportsOf(300, { bytes: 40_000 }))
  const sizes = segmentsIn(directory).map((path) => statSync(path).size)
  expect(sizes).toHaveLength(3)
  expect(Math.max(...sizes)).toBeLessThanOrEqual(4 * MIB)
  expect(Math.max(...sizes)).toBeGreaterThan(3.9 * MIB)
})

test('D-311: at its limit the oldest go and are counted, the newest stay', async () => {
  const directory = freshDirectory()
  const limitBytes = 8 * MIB
  const spool = testSpool({ directory, limitBytes })
  for (let round = 0; round < 30; round++) {
    const reports = reportsOf(20, { name: `round-${round}`, bytes: 50_000 })
    const places = (await spool.write(reports)) ?? []
    expect(places).toHaveLength(20)
    spool.rest(places)
    expect(bytesIn(directory)).toBeLessThanOrEqual(limitBytes + 4 * MIB)
    expect(bytesIn(directory)).toBe(spool.sizeBytes)
  }
  const droppedReports = spool.dropped.reduce((sum, count) => sum + count, 0)
  expect(droppedReports + spool.restingReports).toBe(600)
  expect(spool.restingReports * 50_000).toBeGreaterThan(limitBytes / 2)
  const all = Array.from({ length: 30 }, (_, round) =>
    idsOf(reportsOf(20, { name: `round-${round}` })),
  ).flat()
  expect(idsOf(await spool.takeAll())).toEqual(all.slice(droppedReports))
})

test('D-311: of records that memory has too, their places are told instead', async () => {
  const directory = freshDirectory()
  const spool = testSpool({ directory, limitBytes: MIB })
  const held = (await spool.write(reportsOf(4, { bytes: 50_000 }))) ?? []
  for (let round = 0; round < 30; round++) {
    spool.rest((await spool.write(reportsOf(1, { bytes: 50_000 }))) ?? [])
  }
  expect(spool.forgotten).toEqual(held)
  expect(bytesIn(directory)).toBeLessThanOrEqual(1.25 * MIB)
})

test('D-311: one write that is larger than the limit is told first, and dropped then', async () => {
  const directory = freshDirectory()
  const spool = testSpool({ directory, limitBytes: MIB })
  const told: string[] = []
  const places = await spool.write(reportsOf(40, { bytes: 50_000 }))
  told.push(`written ${places?.length}, forgotten ${spool.forgotten.length}`)
  spool.rest(places ?? [])
  await spool.takeAll()
  expect(told).toEqual(['written 40, forgotten 0'])
  expect(bytesIn(directory)).toBeLessThanOrEqual(1.25 * MIB)
  expect(spool.dropped.reduce((sum, count) => sum + count, 0)).toBeGreaterThan(15)
})

test('D-311: the oldest go while a large write is under way, not after it', async () => {
  const directory = freshDirectory()
  const sizes: number[] = []
  const files: FileSystem = {
    ...nodeFileSystem,
    call: (name, ...given) => {
      if (name === 'fdatasync') sizes.push(bytesIn(directory))
      return nodeFileSystem.call(name, ...given)
    },
  }
  const limitBytes = 4 * MIB
  const spool = testSpool({ directory, files, limitBytes })
  for (let round = 0; round < 8; round++) await spool.write(reportsOf(10, { bytes: 50_000 }))
  expect(await spool.write(reportsOf(60, { bytes: 50_000 }))).toHaveLength(60)
  expect(Math.max(...sizes)).toBeGreaterThan(0.9 * limitBytes)
  expect(Math.max(...sizes)).toBeLessThanOrEqual(1.25 * limitBytes)
})

test('D-311: what is inherited counts too, and goes first', async () => {
  const directory = freshDirectory()
  const dead = testSpool({ directory })
  await dead.write(reportsOf(100, { name: 'old', bytes: 50_000 }))
  const spool = testSpool({ directory, limitBytes: 4 * MIB })
  await spool.write(reportsOf(2, { name: 'new', bytes: 50_000 }))
  expect(await spool.adopt()).toBe(100)
  const kept = idsOf(await spool.takeAll())
  const droppedReports = spool.dropped.reduce((sum, count) => sum + count, 0)
  expect(kept).toEqual(idsOf(reportsOf(100, { name: 'old' })).slice(droppedReports))
  expect(spool.forgotten).toEqual([])
  expect(bytesIn(directory)).toBeLessThanOrEqual(8 * MIB)
})

test('D-311: a file that cannot be removed is removed later, and nothing of it comes back', async () => {
  const directory = freshDirectory()
  const files: FileSystem = {
    ...nodeFileSystem,
    call: (name, ...given) =>
      name === 'unlink'
        ? Promise.reject(Object.assign(new Error('unlink'), { code: 'EIO' }))
        : nodeFileSystem.call(name, ...given),
  }
  const stuck = testSpool({ directory, files, limitBytes: MIB })
  stuck.rest((await stuck.write(reportsOf(40, { bytes: 50_000 }))) ?? [])
  const kept = idsOf(await stuck.takeAll())
  expect(kept.length).toBeLessThan(30)
  await stuck.close()
  const spool = testSpool({ directory, limitBytes: MIB })
  expect(await spool.adopt()).toBe(kept.length)
  expect(idsOf(await spool.takeAll())).toEqual(kept)
  expect(bytesIn(directory)).toBeLessThanOrEqual(1.25 * MIB)
})

test('D-206: reports for another organization are kept aside, and told in one warning', async () => {
  const directory = freshDirectory()
  const shop = testSpool({ directory, destination: 'https://teamserver.test\nagent_1@Shop' })
  await shop.write(reportsOf(3, { name: 'shop' }))
  await shop.close()
  const before = segmentsIn(directory).map((path) => readFileSync(path, 'utf8'))
  const bank = testSpool({ directory, destination: 'https://teamserver.test\nagent_2@Bank' })
  expect([await bank.adopt(), await bank.adopt()]).toEqual([0, 0])
  expect(await bank.takeAll()).toEqual([])
  expect(bank.warnings).toEqual([
    `foreign-parts: ${directory} has reports for another URL or agent user name (parts: 1). They are kept there, and an engine with those settings delivers them`,
  ])
  await bank.close()
  expect(segmentsIn(directory).map((path) => readFileSync(path, 'utf8'))).toEqual(before)
  const again = testSpool({ directory, destination: 'https://teamserver.test\nagent_1@Shop' })
  expect(await again.adopt()).toBe(3)
})

test('D-206: an engine for another organization that lives is nobody’s business', async () => {
  const directory = freshDirectory()
  const shop = testSpool({ directory, destination: 'shop' })
  await shop.write(reportsOf(3))
  // Of every process, the one of the shop too, it says that it lives.
  const processes = { ...processAlone(), startedAt: () => STARTED_AT }
  const bank = testSpool({ directory, destination: 'bank', processes })
  expect(await bank.adopt()).toBe(0)
  expect(bank.warnings).toEqual([])
})

test('D-205: nothing on disk says for whom the reports are', async () => {
  const directory = freshDirectory()
  const spool = testSpool({
    directory,
    destination: 'https://teamserver.test/Contrast/api\nagent_1@Shop',
  })
  await spool.write(reportsOf(1))
  const text = tree(directory).join('\n') + segmentsIn(directory).map((path) => readFileSync(path))
  for (const word of ['teamserver.test', 'agent_1', 'Shop']) expect(text).not.toContain(word)
})

test('what is delivered takes no room: files without records go, and so do empty parts', async () => {
  const directory = freshDirectory()
  const spool = testSpool({ directory })
  const places = (await spool.write(reportsOf(300, { bytes: 40_000 }))) ?? []
  expect(segmentsIn(directory)).toHaveLength(3)
  spool.settle(places)
  await spool.take({ reports: 1, bytes: 1 })
  spool.rest((await spool.write(reportsOf(1))) ?? [])
  expect(segmentsIn(directory)).toHaveLength(1)
  spool.settle((await spool.takeAll()).map(({ place }) => place))
  await spool.clock.advance(15_000)
  await spool.close()
  expect(readdirSync(directory)).toEqual([])
})
