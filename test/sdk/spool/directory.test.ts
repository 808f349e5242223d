import {
  chmodSync,
  chownSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { rounds } from '../../loops.ts'
import {
  freshDirectory,
  idsOf,
  reportsOf,
  segmentsIn,
  type TestSpool,
  testSpool,
  tree,
} from './test-spool.ts'

const umask = process.umask()
afterEach(() => void process.umask(umask))

const isRoot = process.getuid?.() === 0

function modeOf(path: string): string {
  return (lstatSync(path).mode & 0o777).toString(8)
}

/** What a directory refuses: neither is anything written, nor read. */
async function expectRefused(directory: string, why: string): Promise<void> {
  const before = tree(dirname(directory))
  const spool = testSpool({ directory })
  expect(await spool.write(reportsOf(1))).toBeUndefined()
  expect(await spool.adopt()).toBe(0)
  expect(await spool.write(reportsOf(1))).toBeUndefined()
  expect(spool.writeSync(reportsOf(1))).toBeUndefined()
  expect(spool.state).toBe('refused')
  expect(spool.warnings).toEqual([
    `refused: the spool directory is not used, and reports are kept in memory alone: ${directory} ${why}`,
  ])
  await spool.close()
  expect(tree(dirname(directory))).toEqual(before)
}

test.each([0o000, 0o022, 0o277, 0o777])(
  'D-312: directories have mode 700 and files 600 with umask %o',
  async (mask) => {
    const directory = freshDirectory()
    process.umask(mask)
    const spool = testSpool({ directory })
    expect(await spool.write(reportsOf(1))).toHaveLength(1)
    writeFileSync(segmentsIn(directory)[0] ?? '', 'damage', { flag: 'a' })
    const after = testSpool({ directory })
    await after.adopt()
    after.writeSync(reportsOf(1))
    process.umask(umask)
    const modes = tree(directory).map((path) => modeOf(join(directory, path)))
    expect(modeOf(directory)).toBe('700')
    expect(new Set(modes)).toEqual(new Set(['700', '600']))
    expect(tree(directory).filter((path) => path.endsWith('.damaged'))).toHaveLength(1)
  },
)

test('D-309: a directory that is missing is made, with those above it', async () => {
  const directory = join(freshDirectory(), 'of', 'the', 'shop')
  const spool = testSpool({ directory })
  expect(await spool.write(reportsOf(1))).toHaveLength(1)
  expect(spool.warnings).toEqual([])
})

test('D-309: a directory that is none is refused with one warning', async () => {
  const directory = freshDirectory()
  writeFileSync(directory, '')
  await expectRefused(directory, 'is not a directory')
})

test('D-309: a directory that cannot be made is tried again, with one warning', async () => {
  const file = freshDirectory()
  writeFileSync(file, '')
  const directory = join(file, 'spool')
  const spool = testSpool({ directory })
  for (let round = 0; round < 3; round++) {
    expect(await spool.write(reportsOf(1))).toBeUndefined()
    expect(await spool.adopt()).toBe(0)
    await spool.clock.advance(31_000)
  }
  expect(spool.state).toBe('failing')
  expect(spool.warnings).toEqual([
    `failing: the spool directory ${directory} cannot be used (ENOTDIR): reports are kept in memory, and it is tried again`,
  ])
  rmSync(file)
  expect(await spool.write(reportsOf(1))).toHaveLength(1)
})

test.skipIf(isRoot)('D-309: a directory that is not writable is tried again', async () => {
  const directory = freshDirectory()
  mkdirSync(directory, { mode: 0o500 })
  const spool = testSpool({ directory })
  expect(await spool.write(reportsOf(1))).toBeUndefined()
  expect(spool.warnings).toEqual([
    `failing: the spool directory ${directory} cannot be used (EACCES): reports are kept in memory, and it is tried again`,
  ])
  chmodSync(directory, 0o700)
})

test('D-309: a directory that is deleted during the run is made anew, and what was lost is told', async () => {
  const directory = freshDirectory()
  const spool = testSpool({ directory })
  const held = (await spool.write(reportsOf(2, { name: 'held' }))) ?? []
  spool.rest((await spool.write(reportsOf(3, { name: 'resting' }))) ?? [])
  rmSync(directory, { recursive: true })
  expect(await spool.write(reportsOf(1, { name: 'new' }))).toHaveLength(1)
  expect([spool.forgotten, spool.dropped, spool.state]).toEqual([held, [3], 'ready'])
  spool.closeSync()
  const after = testSpool({ directory })
  await after.adopt()
  expect(idsOf(await after.takeAll())).toEqual(['new-1'])
})

test('D-309: a directory that is deleted while nothing is written is noticed within 15 seconds', async () => {
  const directory = freshDirectory()
  const spool = testSpool({ directory })
  const held = await spool.write(reportsOf(2))
  rmSync(directory, { recursive: true })
  await spool.clock.advance(15_000)
  await spool.close()
  expect(spool.forgotten).toEqual(held)
})

test('D-309: a file that is deleted alone costs its own records', async () => {
  const directory = freshDirectory()
  const spool = testSpool({ directory })
  spool.rest((await spool.write(reportsOf(2))) ?? [])
  rmSync(segmentsIn(directory)[0] ?? '')
  expect(await spool.takeAll()).toEqual([])
  expect([spool.dropped, spool.sizeReports]).toEqual([[2], 0])
  expect(await spool.write(reportsOf(1))).toHaveLength(1)
})

const FOREIGN_FILES = rounds(100_000)

test(`D-309: ${FOREIGN_FILES} files in it hold nobody up`, async () => {
  const directory = freshDirectory()
  await testSpool({ directory }).write(reportsOf(10))
  const file = join(directory, 'foreign')
  // One file may have 65 000 names, and a new name costs less than a new file.
  for (let count = 0; count < FOREIGN_FILES; count++) {
    if (count % 50_000 === 0) writeFileSync(`${file}-${count}`, '')
    else linkSync(`${file}-${count - (count % 50_000)}`, `${file}-${count}`)
  }
  const spool = testSpool({ directory })
  const beganAtMs = performance.now()
  expect(await spool.adopt()).toBe(10)
  expect(performance.now() - beganAtMs).toBeLessThan(1_000)
}, 60_000)

test('D-310: a directory that is a symbolic link is refused, also with a slash at its end', async () => {
  const real = freshDirectory()
  const directory = freshDirectory()
  mkdirSync(real, { mode: 0o700 })
  symlinkSync(real, directory)
  await expectRefused(directory, 'is a symbolic link; name the directory itself')
  const spool = testSpool({ directory: `${directory}/` })
  expect(await spool.write(reportsOf(1))).toBeUndefined()
})

test('D-310: a directory below a symbolic link is the host’s to choose', async () => {
  const real = freshDirectory()
  const link = freshDirectory()
  mkdirSync(real, { mode: 0o700 })
  symlinkSync(real, link)
  expect(await testSpool({ directory: join(link, 'spool') }).write(reportsOf(1))).toHaveLength(1)
})

test.each([
  ['its group', 0o770],
  ['others', 0o702],
  ['everyone', 0o1777],
])('D-310: a directory that %s can write to is refused', async (_who, mode) => {
  const directory = freshDirectory()
  mkdirSync(directory)
  chmodSync(directory, mode)
  const octal = (mode & 0o777).toString(8)
  await expectRefused(
    directory,
    `can be written by its group or by others (mode ${octal}); take that right from them`,
  )
})

test.skipIf(!isRoot)('D-310: a directory of someone else is refused', async () => {
  const directory = freshDirectory()
  mkdirSync(directory, { mode: 0o700 })
  chownSync(directory, 4_242, 0)
  await expectRefused(directory, 'belongs to another user (uid 4242); give it to uid 0')
})

test('a directory that others may only read is used as it is', async () => {
  const directory = freshDirectory()
  mkdirSync(directory)
  chmodSync(directory, 0o755)
  expect(await testSpool({ directory }).write(reportsOf(1))).toHaveLength(1)
  expect(modeOf(directory)).toBe('755')
})

interface Planted {
  readonly what: string
  /** Makes the part of a dead engine, or its file, into something that others may have made. */
  plant(part: string, file: string): void
  readonly why: string
  readonly needsRoot?: boolean
}

const PLANTED: readonly Planted[] = [
  {
    what: 'a part that is a symbolic link',
    plant(part) {
      const elsewhere = freshDirectory()
      renameSync(part, elsewhere)
      symlinkSync(elsewhere, part)
    },
    why: 'is a symbolic link',
  },
  {
    what: 'a part that others can write to',
    plant: (part) => chmodSync(part, 0o777),
    why: 'can be written by its group or by others (mode 777)',
  },
  {
    what: 'a part of someone else',
    plant: (part) => chownSync(part, 4_242, 0),
    why: 'belongs to another user (uid 4242)',
    needsRoot: true,
  },
  {
    what: 'a file that is a symbolic link',
    plant(_part, file) {
      const elsewhere = freshDirectory()
      renameSync(file, elsewhere)
      symlinkSync(elsewhere, file)
    },
    why: 'is a symbolic link',
  },
  {
    what: 'a file that others can write to',
    plant: (_part, file) => chmodSync(file, 0o666),
    why: 'can be written by its group or by others (mode 666)',
  },
  {
    what: 'a file of someone else',
    plant: (_part, file) => chownSync(file, 4_242, 0),
    why: 'belongs to another user (uid 4242)',
    needsRoot: true,
  },
  {
    what: 'a file that is a directory',
    plant(_part, file) {
      rmSync(file)
      mkdirSync(file)
    },
    why: 'is no regular file',
  },
]

test.each(PLANTED.filter(({ needsRoot }) => isRoot || needsRoot !== true))(
  'D-310: $what is not read, with one warning, and the rest is',
  async ({ plant, why }) => {
    const directory = freshDirectory()
    const honest = testSpool({ directory })
    await honest.write(reportsOf(2, { name: 'honest' }))
    const [honestFile] = segmentsIn(directory)
    await testSpool({ directory }).write(reportsOf(2, { name: 'forged' }))
    const file = segmentsIn(directory).find((path) => path !== honestFile) ?? ''
    plant(dirname(file), file)

    const spool = testSpool({ directory })
    expect([await spool.adopt(), await spool.adopt()]).toEqual([2, 0])
    expect(idsOf(await spool.takeAll())).toEqual(['honest-1', 'honest-2'])
    expect(spool.warnings).toEqual([expect.stringContaining(why)])
    expect(spool.warnings[0]).toMatch(/^unsafe: /)
    // It can go on.
    expect(await spool.write(reportsOf(1))).toHaveLength(1)
    await spool.close()
  },
)

test('D-310: a file that becomes a symbolic link after it was inherited is not read', async () => {
  const directory = freshDirectory()
  await testSpool({ directory }).write(reportsOf(2))
  const spool: TestSpool = testSpool({ directory })
  expect(await spool.adopt()).toBe(2)
  const [file = ''] = segmentsIn(directory)
  const elsewhere = freshDirectory()
  renameSync(file, elsewhere)
  symlinkSync(elsewhere, file)
  expect(await spool.takeAll()).toEqual([])
  expect(readFileSync(elsewhere, 'utf8')).toContain('finding')
  expect(existsSync(file)).toBe(true)
})
