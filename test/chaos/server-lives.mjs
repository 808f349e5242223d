import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const COMMAND = fileURLToPath(new URL('../../dist/mock-server/mock-teamserver.js', import.meta.url))

/**
 * A real `mock-teamserver` that can be killed and started again: the same port, the same organization and
 * keys, but none of the reports.
 *
 * @param {string} folder
 */
export async function createServerLives(folder) {
  /** @type {import('node:child_process').ChildProcess | undefined} */
  let child
  let port = 0

  async function start() {
    const argv = [
      '--port',
      String(port),
      '--state',
      join(folder, 'state.json'),
      '--json',
      '--control',
    ]
    const started = spawn(process.execPath, [COMMAND, ...argv], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { PATH: process.env.PATH },
    })
    child = started
    let [stdout, stderr] = ['', '']
    started.stderr.on('data', (text) => {
      stderr += text
    })
    for await (const text of started.stdout) {
      stdout += text
      if (stdout.includes('\n')) break
    }
    if (!stdout.includes('\n')) throw new Error(`the server did not start: ${stderr}`)
    const line = JSON.parse(stdout)
    port = Number(new URL(line.url).port)
    return line
  }

  /** @param {NodeJS.Signals} signal */
  async function end(signal) {
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return
    const ended = once(child, 'exit')
    child.kill(signal)
    await ended
  }

  return {
    /** The line that the command prints for programs. */
    first: await start(),
    start,
    end,
    /** @param {'SIGSTOP' | 'SIGCONT'} signal */
    signal: (signal) => child?.kill(signal),
  }
}
