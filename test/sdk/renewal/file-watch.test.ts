import { mkdirSync, renameSync, statSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { NO_FILE, readSmallFile } from '../../../sdk/configuration/small-file.ts'
import { createFileWatch, stampOfFile } from '../../../sdk/renewal/file-watch.ts'
import { freshFolder } from '../configuration/try-resolve.ts'
import { createManualClock } from '../engine/manual-clock.ts'

/** Watches a scripted state of one file, every second. */
function watchScripted(periodMs: () => number | undefined = () => 1_000) {
  const clock = createManualClock()
  const seen = { stamp: 'a', looks: 0, changesAtMs: [] as number[] }
  const watch = createFileWatch({
    files: [{ path: '/file', stamp: 'a' }],
    clock,
    periodMs,
    onChange: () => void seen.changesAtMs.push(clock.now()),
    async stampOfPath() {
      seen.looks += 1
      return seen.stamp
    },
  })
  return { clock, seen, watch }
}

test('a file that stays as it is is looked at every period, and never read', async () => {
  const { clock, seen } = watchScripted()
  await clock.advance(60_000)
  expect(seen).toMatchObject({ looks: 60, changesAtMs: [] })
})

test('a change is told once, when it has stayed for a moment', async () => {
  const { clock, seen } = watchScripted()
  await clock.advance(500)
  seen.stamp = 'b'
  await clock.advance(10_000)
  expect(seen.changesAtMs).toEqual([1_100])
})

test('a file that is still being written is left to its writer', async () => {
  const { clock, seen } = watchScripted()
  for (const stamp of ['b', 'c', 'd', 'e']) {
    seen.stamp = stamp
    await clock.advance(stamp === 'b' ? 1_000 : 100)
  }
  expect(seen.changesAtMs).toEqual([])
  await clock.advance(10_000)
  expect(seen.changesAtMs).toEqual([1_400])
})

test('what is back as it was before anybody read it is no change', async () => {
  const { clock, seen } = watchScripted()
  seen.stamp = 'b'
  await clock.advance(1_000)
  seen.stamp = 'a'
  await clock.advance(10_000)
  expect(seen.changesAtMs).toEqual([])
})

test('without a period it looks when it is asked to, and not before', async () => {
  let periodMs: number | undefined
  const { clock, seen, watch } = watchScripted(() => periodMs)
  await clock.advance(3_600_000)
  expect(seen.looks).toBe(0)
  periodMs = 500
  watch.look()
  await clock.advance(1_000)
  expect(seen.looks).toBe(3)
})

test('once it is stopped it looks no more, and keeps no process alive before', async () => {
  const { clock, seen, watch } = watchScripted()
  await clock.advance(1_500)
  expect(clock.livingTimers).toBe(0)
  watch.stop()
  watch.look()
  await clock.advance(10_000)
  expect(seen.looks).toBe(1)
})

/** A file with something in it, in a folder of its own. */
function writtenFile(): { readonly folder: string; readonly file: string } {
  const folder = freshFolder()
  const file = join(folder, 'keys.yaml')
  writeFileSync(file, 'one')
  return { folder, file }
}

test('the state in which a file was read is the state that is looked for', async () => {
  const { file } = writtenFile()
  expect(readSmallFile(file, 100)).toMatchObject({ status: 'read', stamp: await stampOfFile(file) })
})

test('what is not there, and what cannot be looked at, has one state', async () => {
  const { folder, file } = writtenFile()
  expect(await stampOfFile(join(folder, 'nothing.yaml'))).toBe(NO_FILE)
  expect(await stampOfFile(join(file, 'below.yaml'))).toBe(NO_FILE)
})

test.each<[string, (path: string, folder: string) => void]>([
  ['written over', (path) => writeFileSync(path, 'two and more')],
  ['touched', (path) => utimesSync(path, 0, 0)],
  [
    'replaced by another of the same size and time',
    (path, folder) => {
      const { atime, mtime } = statSync(path)
      writeFileSync(join(folder, 'new'), 'two')
      utimesSync(join(folder, 'new'), atime, mtime)
      renameSync(join(folder, 'new'), path)
    },
  ],
  ['moved away', (path) => renameSync(path, `${path}.old`)],
])('a file that is %s has another state', async (_how, change) => {
  const { folder, file } = writtenFile()
  const before = await stampOfFile(file)
  change(file, folder)
  expect(await stampOfFile(file)).not.toBe(before)
})

test.skipIf(process.platform === 'win32')(
  'a link that points elsewhere is another file, as where containers swap a folder',
  async () => {
    const folder = freshFolder()
    for (const version of ['v1', 'v2']) {
      mkdirSync(join(folder, version))
      writeFileSync(join(folder, version, 'keys.yaml'), version)
    }
    symlinkSync('v1', join(folder, '..data'))
    symlinkSync('..data/keys.yaml', join(folder, 'keys.yaml'))
    const before = await stampOfFile(join(folder, 'keys.yaml'))
    symlinkSync('v2', join(folder, '..data_tmp'))
    renameSync(join(folder, '..data_tmp'), join(folder, '..data'))
    expect(await stampOfFile(join(folder, 'keys.yaml'))).not.toBe(before)
  },
)
