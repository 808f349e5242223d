import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, readFile, symlink, watch } from 'node:fs/promises'
import { join } from 'node:path'
import { temporaryFolder } from '../end-to-end/download.ts'
import { DIST } from '../end-to-end/program.ts'

/** Stands between the outputs of two blocks; no answer holds it. */
const SEPARATOR = '\u001e'

/** What the blocks of a page printed, one after another, and what they complained about. */
export interface Typed {
  readonly outputs: readonly string[]
  readonly stderr: string
}

/** Whether a command is there to be run. */
export function isInstalled(command: string): boolean {
  return spawnSync(command, ['--version']).error === undefined
}

/**
 * Types the blocks of a page as its reader does, in a folder where the package is installed: the
 * first into a terminal that it keeps, the others one after another into a second one. Control-C
 * ends the first when the others are through.
 *
 * @param whenReady A file that the first writes once the others can follow.
 */
export async function typeBlocks(
  [first = '', ...others]: readonly string[],
  whenReady: string,
): Promise<Typed> {
  await using place = await temporaryFolder({ 'package.json': '{"name":"shop"}' })
  await mkdir(join(place.folder, 'node_modules/.bin'), { recursive: true })
  await symlink(
    join(DIST, 'mock-server/mock-teamserver.js'),
    join(place.folder, 'node_modules/.bin/mock-teamserver'),
  )
  const server = openTerminal(place.folder, first)
  const terminals = [server]
  try {
    await untilWritten(place.folder, whenReady, server.ended)
    const script = others.map((block) => `${block}\nprintf '\\036'`).join('\n')
    const second = openTerminal(place.folder, `set -eu\n${script}`)
    terminals.push(second)
    const { stdout, stderr } = await second.ended
    // The first prints nothing where it can be read; whatever follows the last block is nobody's.
    return { outputs: ['', ...stdout.split(SEPARATOR)].slice(0, -1), stderr }
  } finally {
    for (const { child } of terminals) interrupt(child)
    await Promise.all(terminals.map(({ ended }) => ended))
  }
}

/** Waits for a whole line in a file. */
async function untilWritten(folder: string, name: string, ended: Promise<unknown>): Promise<void> {
  const stop = new AbortController()
  ended.then(() => stop.abort(new Error(`the first block ended without a line in ${name}`)))
  const file = join(folder, name)
  const isWritten = async () => (await readFile(file, 'utf8').catch(() => '')).endsWith('\n')
  if (await isWritten()) return
  for await (const _change of watch(folder, { signal: stop.signal })) {
    if (await isWritten()) return
  }
}

function openTerminal(folder: string, typed: string) {
  const { PATH = '' } = process.env
  // A group of its own: Control-C reaches every process of a terminal.
  const child = spawn('bash', ['-c', typed], {
    cwd: folder,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH, HOME: folder, npm_config_update_notifier: 'false', npm_config_offline: 'true' },
  })
  let [stdout, stderr] = ['', '']
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text
  })
  const ended = once(child, 'close').then(() => ({ stdout, stderr }))
  return { child, ended }
}

function interrupt({ pid, exitCode, signalCode }: ChildProcess): void {
  if (pid === undefined || exitCode !== null || signalCode !== null) return
  process.kill(-pid, 'SIGINT')
}
