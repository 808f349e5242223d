import { execFile } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const read = (file: string) => readFileSync(join(ROOT, file), 'utf8')
const manifest = JSON.parse(read('package.json'))

function filesIn(folder: string, ending: RegExp): readonly string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => ending.test(file))
    .map((file) => join(folder, file))
}

test('S-701: two packages run with it, and nothing runs by itself where it is installed', () => {
  expect(Object.keys(manifest.dependencies)).toEqual(['undici', 'yaml'])
  expect(Object.keys(manifest.peerDependencies)).toEqual(Object.keys(manifest.peerDependenciesMeta))
  for (const { optional } of Object.values<{ optional: boolean }>(manifest.peerDependenciesMeta)) {
    expect(optional).toBe(true)
  }
  const atConsumers = ['preinstall', 'install', 'postinstall', 'prepare', 'prepublish']
  expect(Object.keys(manifest.scripts).filter((name) => atConsumers.includes(name))).toEqual([])
  expect(manifest.bundleDependencies ?? manifest.optionalDependencies).toBeUndefined()
})

test('S-702: each locked package comes from the public registry and has its SHA-512', () => {
  const { lockfileVersion, packages } = JSON.parse(read('package-lock.json'))
  expect(lockfileVersion).toBe(3)
  const { '': _root, ...locked } = packages
  expect(Object.keys(locked).length).toBeGreaterThan(100)
  for (const [name, { resolved, integrity, link }] of Object.entries<Record<string, string>>(
    locked,
  )) {
    expect([name, integrity]).toEqual([name, expect.stringMatching(/^sha512-[A-Za-z0-9+/]{86}==$/)])
    // Without an address npm asks the registry that it is set up with.
    if (resolved !== undefined) expect(resolved).toMatch(/^https:\/\/registry\.npmjs\.org\//)
    expect([name, link]).toEqual([name, undefined])
  }
})

test('S-703: the gate installs without running a script of any package', () => {
  const installs = read('.ci/run').match(/^npm (ci|install).*$/gm)
  expect(installs).toEqual([expect.stringMatching(/^npm ci .*--ignore-scripts/)])
})

test('S-704: dependencies stand at or above their floors, in the major that runs on Node 20', () => {
  const { undici, yaml } = manifest.dependencies
  expect(manifest.engines.node).toBe('^20.19.0 || >=22.3.0')
  expect(atLeast(undici, [7, 29, 0])).toBe(true)
  expect(undici).toMatch(/^\^7\./)
  expect(atLeast(yaml, [2, 8, 3])).toBe(true)
  expect(yaml).toMatch(/^\^2\./)
})

function atLeast(range: string, floor: readonly number[]): boolean {
  const version = range.replace(/^\^/, '').split('.').map(Number)
  const at = floor.findIndex((part, index) => version[index] !== part)
  return at === -1 || Number(version[at]) > Number(floor[at])
}

test('S-705: what is built is packed to the same bytes each time', async () => {
  const pack = async () => {
    const args = ['pack', '--dry-run', '--json', '--ignore-scripts', '--loglevel=error']
    const { stdout } = await promisify(execFile)('npm', args, { cwd: ROOT, encoding: 'utf8' })
    const [{ files, integrity }] = JSON.parse(stdout)
    return { files, integrity }
  }
  // That two builds are the same bytes is checked where two are made: `npm run check:package`.
  expect(await pack()).toEqual(await pack())
})

test('S-706: no source makes code out of text, and the engine starts no process', () => {
  const sources = [...filesIn('sdk', /\.ts$/), ...filesIn('mock-server', /\.ts$/)]
  const bundles = filesIn('dist', /\.(js|cjs|mjs)$/)
  expect(sources.length).toBeGreaterThan(200)
  expect(bundles.length).toBeGreaterThan(5)
  const holding = (files: readonly string[], pattern: RegExp) =>
    files.filter((file) => pattern.test(read(file)))
  expect(holding([...sources, ...bundles], /\beval\(|\bnew Function\(/)).toEqual([])
  expect(holding(sources, /\bimport\((?!')|\brequire\((?!')/)).toEqual([])
  expect(holding(filesIn('sdk', /\.ts$/), /child_process'/)).toEqual([])
})
