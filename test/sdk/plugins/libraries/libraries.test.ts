import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test, vi } from 'vitest'
import { createLibrariesRun, libraries } from '../../../../sdk/plugins/libraries/libraries.ts'
import { createRecordingContext } from '../recording-context.ts'
import { createTree } from './tree.ts'

const repository = fileURLToPath(new URL('../../../..', import.meta.url))

test('this repository reports its libraries as its lock file has them', async () => {
  const { context, reports, lines } = createRecordingContext(repository)
  await libraries().start(context)?.flush?.()

  const lock = JSON.parse(readFileSync(`${repository}/package-lock.json`, 'utf8'))
  const undici = lock.packages['node_modules/undici']
  expect(undici.integrity).toMatch(/^sha512-/)
  expect(reports).toContainEqual({
    type: 'library',
    language: 'Node',
    name: 'undici',
    version: undici.version,
    license: 'MIT',
    hash: undici.integrity,
    dependency: 'direct',
    file: 'node_modules/undici',
  })
  expect(reports.length).toBeGreaterThan(100)
  expect(lines).toEqual([])
})

const tree = {
  'node_modules/a/package.json': { name: 'a', version: '1.0.0' },
  'node_modules/b/package.json': { name: 'b', version: '1.0.0' },
  'node_modules/c/package.json': { name: 'c', version: '1.0.0' },
}

test('nothing is read before the host had its first turn, then the search begins by itself', async () => {
  const { context, reports } = createRecordingContext(createTree(tree))
  createLibrariesRun(context)
  expect(reports).toEqual([])
  await vi.waitFor(() => expect(reports).toHaveLength(3))
})

test('each library is reported once, however often the engine flushes', async () => {
  const { context, reports } = createRecordingContext(createTree(tree))
  const run = createLibrariesRun(context)
  await Promise.all([run.flush?.(), run.flush?.()])
  await run.flush?.()
  expect(reports).toHaveLength(3)
})

test('past the limit the search ends with one warning', async () => {
  const { context, reports, lines } = createRecordingContext(createTree(tree))
  await createLibrariesRun(context, 2).flush?.()
  expect(reports).toHaveLength(2)
  expect(lines).toEqual(['warn more than 2 are installed, the others are not reported'])
})

test('as many libraries as the limit allows are no reason to warn', async () => {
  const { context, reports, lines } = createRecordingContext(createTree(tree))
  await createLibrariesRun(context, 3).flush?.()
  expect(reports).toHaveLength(3)
  expect(lines).toEqual([])
})

test('damaged files make one line, which holds nothing of what is in them', async () => {
  const root = createTree({
    ...tree,
    'package-lock.json': 'hunter2',
    'node_modules/broken/package.json': '{"password": "hunter2"',
  })
  const { context, reports, lines } = createRecordingContext(root)
  await createLibrariesRun(context).flush?.()
  expect(reports).toHaveLength(3)
  expect(lines).toEqual([
    'debug 2 unreadable, left out: package-lock.json, node_modules/broken/package.json',
  ])
})

test('after stop nothing more is reported', async () => {
  const { context, reports } = createRecordingContext(createTree(tree))
  const run = createLibrariesRun(context)
  const flushed = run.flush?.()
  run.stop?.()
  await flushed
  await run.flush?.()
  expect(reports).toEqual([])
})
