import { fork, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

const here = (/** @type {string} */ name) => fileURLToPath(new URL(name, import.meta.url))

/** A sink of its own process. Every order is one at a time. */
export async function startSink() {
  const child = fork(here('sink.mjs'))
  const [{ result: url }] = await once(child, 'message')

  /** @param {string} order @param {unknown} [value] */
  async function give(order, value) {
    const answered = once(child, 'message')
    child.send({ order, value })
    const [{ result }] = await answered
    return result
  }

  return {
    url: /** @type {string} */ (url),
    /** @param {'up' | 'down' | 'hang' | 401 | 429 | 503} mode */
    setMode: (mode) => give('mode', mode),
    forget: () => give('forget'),
    /** @returns {Promise<{ different: number, twice: number, requests: number }>} */
    counts: () => give('counts'),
    async close() {
      child.disconnect()
      await once(child, 'exit')
    },
  }
}

/**
 * Runs a program of `programs/` with a reporter to its end.
 *
 * @param {string} program
 * @param {object} given
 * @param {string} given.reporter A module with `start(sinkUrl)`.
 * @param {string} [given.sinkUrl]
 * @param {string} given.folder Where it finds itself, and where the engine may keep files.
 * @param {readonly string[]} [given.argv]
 * @param {readonly string[]} [given.nodeOptions]
 * @param {number} [given.limitMs] When it is killed.
 * @param {(child: import('node:child_process').ChildProcess, line: string) => void} [given.onLine]
 */
export async function runProgram(program, given) {
  const {
    reporter,
    sinkUrl = '',
    folder,
    argv = [],
    nodeOptions = [],
    limitMs = 120_000,
    onLine,
  } = given
  const child = spawn(
    process.execPath,
    [...nodeOptions, here(`programs/${program}.mjs`), reporter, sinkUrl, ...argv],
    {
      cwd: folder,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { PATH: process.env.PATH, HOME: folder, XDG_STATE_HOME: folder, NODE_ENV: 'production' },
    },
  )
  let [stdout, stderr, doneAtMs] = ['', '', Number.NaN]
  child.stdout.setEncoding('utf8').on('data', (text) => {
    stdout += text
    if (text.includes('done')) doneAtMs = performance.now()
    for (const line of text.trim().split('\n')) onLine?.(child, line)
  })
  child.stderr.setEncoding('utf8').on('data', (text) => {
    stderr += text
  })
  const timer = setTimeout(() => child.kill('SIGKILL'), limitMs)
  const [code, signal] = await once(child, 'close')
  clearTimeout(timer)
  /** From the line `done` to the end. */
  const endMs = performance.now() - doneAtMs
  return { code, signal, stdout, stderr, endMs }
}

/** The same, for a program whose last line is JSON. @param {Parameters<typeof runProgram>} given */
export async function measureProgram(...given) {
  const { code, stdout, stderr } = await runProgram(...given)
  if (code !== 0) throw new Error(`${given[0]} ended with ${code}: ${stderr}`)
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '')
}
