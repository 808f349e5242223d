import { execFile } from 'node:child_process'
import { cp, mkdir, mkdtemp, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const run = promisify(execFile)

/** A folder in which the packed package is installed, with what the reader has beside it. */
export interface Place {
  readonly folder: string
  readonly [Symbol.asyncDispose]: () => Promise<void>
}

/** Copies an example out of the checkout and installs it as its reader would, without a network. */
export async function installExample(name: string, beside: readonly string[] = []): Promise<Place> {
  const place = await installPackage(beside)
  await cp(join(ROOT, 'examples', name), place.folder, { recursive: true })
  return place
}

/** An empty project with the packed package, and packages of the checkout beside it. */
export async function installPackage(beside: readonly string[] = []): Promise<Place> {
  const folder = await mkdtemp(join(tmpdir(), 'example-'))
  const modules = join(folder, 'node_modules')
  const installed = join(modules, 'teamserver-engine')
  await mkdir(join(modules, '.bin'), { recursive: true })
  await cp(await unpackedPackage(), installed, { recursive: true })
  for (const name of ['undici', 'yaml', ...beside]) {
    await symlink(join(ROOT, 'node_modules', name), join(modules, name))
  }
  for (const [name, file] of [
    ['mock-teamserver', 'teamserver-engine/dist/mock-server/mock-teamserver.js'],
    ...(beside.includes('vitest') ? [['vitest', 'vitest/vitest.mjs']] : []),
  ] as const) {
    await symlink(join('..', file), join(modules, '.bin', name))
  }
  return { folder, [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }) }
}

/** Runs a command of an example, `npx` and `npm test` among them; it may fail. */
export async function runCommand(
  folder: string,
  [file, ...args]: readonly [string, ...string[]],
  env: Readonly<Record<string, string>> = {},
): Promise<{ readonly code: number; readonly stdout: string; readonly stderr: string }> {
  const path = [dirname(process.execPath), process.env.PATH].join(delimiter)
  const quiet = { npm_config_offline: 'true', npm_config_update_notifier: 'false', NO_COLOR: '1' }
  const options = { cwd: folder, env: { PATH: path, HOME: folder, ...quiet, ...env } }
  return run(file, args, options).then(
    ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
    ({ code, stdout, stderr }) => ({ code, stdout, stderr }),
  )
}

let unpacked: Promise<string> | undefined

/** The package as it would be published, unpacked once for each test file. */
function unpackedPackage(): Promise<string> {
  unpacked ??= unpack()
  return unpacked
}

/** Takes the folder away that `installPackage()` copies from: for `afterAll()`. */
export async function forgetPackage(): Promise<void> {
  if (unpacked !== undefined) await rm(dirname(await unpacked), { recursive: true, force: true })
}

async function unpack(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'packed-'))
  const pack = ['pack', '--json', '--ignore-scripts', '--loglevel=error']
  const { stdout } = await run('npm', [...pack, '--pack-destination', folder], { cwd: ROOT })
  const [{ filename }] = JSON.parse(stdout) as [{ filename: string }]
  await run('tar', ['xzf', join(folder, filename), '-C', folder])
  return join(folder, 'package')
}
