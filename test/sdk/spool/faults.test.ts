import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import {
  type FileCallName,
  type FileSystem,
  nodeFileSystem,
} from '../../../sdk/spool/file-system.ts'
import type { SpooledReport } from '../../../sdk/spool/spool.ts'
import { LOOP_TIMEOUT_MS, sampled, seed } from '../../loops.ts'
import { createFaultyFiles, type Fault, type FaultyFiles } from './faulty-files.ts'
import {
  freshDirectory,
  idsOf,
  quarantinedIn,
  reportsOf,
  segmentsIn,
  type TestSpool,
  testSpool,
  tree,
} from './test-spool.ts'

/** Longer than any wait of a spool after a failure. */
const NEXT_TRY_MS = 31_000

/** What an engine was told of its reports. */
interface Told {
  readonly spool: TestSpool
  /** On disk, and not settled. */
  readonly kept: Set<string>
  /** The disk did not take them. */
  readonly untaken: Set<string>
  readonly settled: Set<string>
}

/** A life of an engine: it inherits, writes, takes, settles and ends. */
async function live(directory: string, files: FaultyFiles): Promise<Told> {
  const spool = testSpool({ directory, files })
  const told = {
    spool,
    kept: new Set<string>(),
    untaken: new Set<string>(),
    settled: new Set<string>(),
  }

  async function write(reports: readonly SpooledReport[]): Promise<void> {
    const places = await spool.write(reports)
    for (const { id } of reports) (places ? told.kept : told.untaken).add(id)
    if (places) spool.rest(places)
    await spool.clock.advance(NEXT_TRY_MS)
  }

  async function deliver(reports: number): Promise<void> {
    const taken = await spool.take({ reports, bytes: 1_048_576 })
    spool.settle(taken.map(({ place }) => place))
    for (const { id } of taken) {
      told.settled.add(id)
      told.kept.delete(id)
    }
    await spool.clock.advance(NEXT_TRY_MS)
  }

  await spool.adopt()
  // What could not be inherited is tried again.
  await spool.clock.advance(NEXT_TRY_MS)
  await spool.adopt()
  for (const id of INHERITED) told.kept.add(id)
  await write(reportsOf(3, { name: 'first' }))
  await deliver(4)
  await write(reportsOf(3, { name: 'second', bytes: 40_000 }))
  await deliver(3)
  await write(reportsOf(3, { name: 'third' }))
  // The last word is at once.
  const last = reportsOf(2, { name: 'last' })
  const places = spool.writeSync(last)
  for (const { id } of last) (places ? told.kept : told.untaken).add(id)
  await spool.close()
  return told
}

const INHERITED = ['inherited-1', 'inherited-2', 'inherited-3']

async function inheritance(): Promise<string> {
  const directory = freshDirectory()
  const before = testSpool({ directory })
  await before.write(reportsOf(3, { name: 'inherited' }))
  return directory
}

async function recover(directory: string): Promise<string[]> {
  const spool = testSpool({ directory })
  await spool.adopt()
  return idsOf(await spool.takeAll())
}

const FAULTS: readonly Fault[] = [
  'EACCES',
  'EDQUOT',
  'EIO',
  'EMFILE',
  'ENOSPC',
  'EROFS',
  'short write',
]

test.each(FAULTS)(
  'D-302: %s of any one call costs no report, and is over when it is over',
  async (fault) => {
    const files = createFaultyFiles()
    files.failAt(0, fault)
    await live(await inheritance(), files)
    const calls = files.calls.length
    expect(calls).toBeGreaterThan(60)
    for (const nth of sampled(calls)) {
      const directory = await inheritance()
      files.failAt(nth + 1, fault)
      const { spool, kept, untaken } = await live(directory, files)
      const failed = files.calls[nth]
      files.mend()
      const context = `call ${nth + 1} (${failed}), seed ${seed}`
      const found = await recover(directory)
      expect(found.toSorted(), context).toEqual([...kept].toSorted())
      // A single failure costs at most the one write that it met.
      expect(untaken.size, context).toBeLessThanOrEqual(3)
      expect(spool.dropped, context).toEqual([])
      expect(quarantinedIn(directory), context).toEqual([])
    }
  },
  LOOP_TIMEOUT_MS,
)

test.each(FAULTS)(
  'D-302: %s of every call from one on loses nothing that is on disk, and throws nothing',
  async (fault) => {
    const files = createFaultyFiles()
    files.failAt(0, fault)
    await live(await inheritance(), files)
    for (const nth of sampled(files.calls.length)) {
      const directory = await inheritance()
      files.failAt(nth + 1, fault, { isForGood: true })
      const { kept, untaken, settled } = await live(directory, files)
      files.mend()
      const context = `from call ${nth + 1}, seed ${seed}`
      const found = new Set(await recover(directory))
      expect(
        [...kept].filter((id) => !found.has(id)),
        context,
      ).toEqual([])
      const known = new Set([...kept, ...untaken, ...settled])
      expect(
        [...found].filter((id) => !known.has(id)),
        context,
      ).toEqual([])
    }
  },
  LOOP_TIMEOUT_MS,
)

test('D-302: a fsync that failed is not tried again on the same file', async () => {
  const files = createFaultyFiles()
  const directory = freshDirectory()
  const spool = testSpool({ directory, files })
  await spool.write(reportsOf(2, { name: 'before' }))
  const [first = ''] = segmentsIn(directory)
  files.failAt(2, 'EIO')
  expect(await spool.write(reportsOf(2, { name: 'failed' }))).toBeUndefined()
  expect(files.calls.slice(0, 3)).toEqual(['write', 'fdatasync', 'ftruncate'])
  const sizeBytes = readFileSync(first).length
  files.mend()
  await spool.clock.advance(1_000)
  expect(await spool.write(reportsOf(2, { name: 'after' }))).toHaveLength(2)
  expect(segmentsIn(directory)).toHaveLength(2)
  expect(readFileSync(first)).toHaveLength(sizeBytes)
  expect(await recover(directory)).toEqual(['before-1', 'before-2', 'after-1', 'after-2'])
})

/** The real file system, with some calls that fail as long as they are named. */
function failing(...names: FileCallName[]): FileSystem & { names: FileCallName[] } {
  const files = {
    ...nodeFileSystem,
    names,
    call: ((name, ...given) => {
      if (!files.names.includes(name)) return nodeFileSystem.call(name, ...given)
      return Promise.reject(Object.assign(new Error(name), { code: 'EIO' }))
    }) as FileSystem['call'],
  }
  return files
}

test('D-302: what can be neither kept nor taken back is settled as soon as the disk takes that', async () => {
  const files = failing()
  const directory = freshDirectory()
  const spool = testSpool({ directory, files })
  await spool.write(reportsOf(2, { name: 'before' }))
  files.names = ['fdatasync', 'ftruncate']
  expect(await spool.write(reportsOf(2, { name: 'failed' }))).toBeUndefined()
  files.names = []
  await spool.clock.advance(NEXT_TRY_MS)
  await spool.take({ reports: 1, bytes: 1 })
  expect(await spool.write(reportsOf(2, { name: 'after' }))).toHaveLength(2)
  expect(await recover(directory)).toEqual(['before-1', 'before-2', 'after-1', 'after-2'])
})

test('D-302: half a note that cannot be taken back does not hide the next one', async () => {
  const files = createFaultyFiles()
  const directory = freshDirectory()
  const uncut = failing('ftruncate')
  const call = ((name, ...given) =>
    (name === 'ftruncate' ? uncut : files).call(name, ...given)) as FileSystem['call']
  const spool = testSpool({ directory, files: { ...files, call } })
  const places = (await spool.write(reportsOf(4, { name: 'r' }))) ?? []
  spool.rest(places)
  // The note takes half, its rest finds the disk full, and cutting it off fails.
  files.failAt(1, 'short write', { isForGood: true })
  spool.settle(places.slice(0, 1))
  await spool.take({ reports: 1, bytes: 1 })
  files.mend()
  spool.settle(places.slice(1, 2))
  await spool.take({ reports: 1, bytes: 1 })
  expect(await recover(directory)).toEqual(['r-3', 'r-4'])
})

test('D-302: a disk that fails is tried after 1, 2, 4, 8, 16, 30 and 30 seconds, with one warning', async () => {
  const files = createFaultyFiles()
  const directory = freshDirectory()
  const spool = testSpool({ directory, files })
  files.failAt(1, 'EROFS', { isForGood: true })
  for (const waitSeconds of [1, 2, 4, 8, 16, 30, 30]) {
    await spool.write(reportsOf(1))
    const { length } = files.calls
    await spool.clock.advance(waitSeconds * 1_000 - 1)
    expect(await spool.write(reportsOf(1))).toBeUndefined()
    expect([files.calls.length, spool.state]).toEqual([length, 'failing'])
    await spool.clock.advance(1)
  }
  files.mend()
  expect(await spool.write(reportsOf(1))).toHaveLength(1)
  expect(spool.state).toBe('ready')
  expect(spool.warnings).toEqual([
    `failing: the spool directory ${directory} cannot be used (EROFS): reports are kept in memory, and it is tried again`,
    `recovered: the spool directory ${directory} can be used again`,
  ])
})

test('D-302: what cannot be inherited now is inherited with the next look', async () => {
  const directory = await inheritance()
  const files = failing('read')
  const spool = testSpool({ directory, files })
  expect(await spool.adopt()).toBe(0)
  files.names = []
  expect(await spool.adopt()).toBe(3)
  expect(spool.warnings).toEqual([
    expect.stringMatching(/^unreadable: .*\.spool cannot be taken over now \(EIO\)$/),
  ])
})

test('D-302: what cannot be read now rests on, and is taken later', async () => {
  const files = createFaultyFiles()
  const directory = freshDirectory()
  const spool = testSpool({ directory, files })
  spool.rest((await spool.write(reportsOf(2, { name: 'r' }))) ?? [])
  files.failAt(1, 'EMFILE')
  expect(await spool.take({ reports: 2, bytes: 1_000 })).toEqual([])
  expect(spool.restingReports).toBe(2)
  expect(await spool.take({ reports: 2, bytes: 1_000 })).toEqual([])
  await spool.clock.advance(1_000)
  expect(idsOf(await spool.take({ reports: 2, bytes: 1_000 }))).toEqual(['r-1', 'r-2'])
})

test('a disk that fails for a day is not full of empty folders afterwards', async () => {
  const directory = freshDirectory()
  // It takes folders, and no files.
  const spool = testSpool({ directory, files: failing('fchmod') })
  for (let round = 0; round < 5; round++) {
    expect(await spool.write(reportsOf(1))).toBeUndefined()
    await spool.clock.advance(NEXT_TRY_MS)
  }
  expect(tree(directory)).toEqual([])
})

test.skipIf(!canMount())(
  'D-301: a disk that is full takes whole writes or none, and is used again when it has room',
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'small-disk-'))
    mount(folder)
    try {
      const directory = join(folder, 'spool')
      const ballast = join(folder, 'ballast')
      writeFileSync(ballast, Buffer.alloc(600 * 1_024))
      const spool = testSpool({ directory })
      const kept: string[] = []
      for (let round = 1; spool.state === 'ready'; round++) {
        const reports = reportsOf(10, { name: `round-${round}`, bytes: 3_000 })
        if (await spool.write(reports)) kept.push(...idsOf(reports))
      }
      expect(kept.length).toBeGreaterThan(50)
      // Not one byte of the write that failed is left.
      const lines = segmentsIn(directory).flatMap((path) => readFileSync(path, 'utf8').split('\n'))
      expect(lines.filter((line) => line.includes('"type":"finding"'))).toHaveLength(kept.length)
      await spool.clock.advance(NEXT_TRY_MS)
      expect(await spool.write(reportsOf(10, { bytes: 30_000 }))).toBeUndefined()
      rmSync(ballast)
      await spool.clock.advance(NEXT_TRY_MS)
      const later = reportsOf(10, { name: 'later', bytes: 3_000 })
      expect(await spool.write(later)).toHaveLength(10)
      expect(await recover(directory)).toEqual([...kept, ...idsOf(later)])
      expect(spool.warnings).toEqual([
        `failing: the spool directory ${directory} cannot be used (ENOSPC): reports are kept in memory, and it is tried again`,
        `recovered: the spool directory ${directory} can be used again`,
      ])
      expect(quarantinedIn(directory)).toEqual([])
    } finally {
      execFileSync('umount', ['-l', folder])
      rmSync(folder, { recursive: true })
    }
  },
)

function mount(folder: string): void {
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m,mode=700', 'tmpfs', folder], {
    stdio: 'ignore',
  })
}

/** Elsewhere the stand-in of D-302 has to do. */
function canMount(): boolean {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return false
  const folder = mkdtempSync(join(tmpdir(), 'small-disk-'))
  try {
    mount(folder)
    execFileSync('umount', ['-l', folder])
    return true
  } catch {
    return false
  } finally {
    rmSync(folder, { recursive: true })
  }
}
