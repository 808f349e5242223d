import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { delimiter, dirname } from 'node:path'

/**
 * Runs a program to its end, on a Node of one's choice: every `node` and `npm` below it is that one too.
 *
 * @param {string} node The executable of that Node.
 * @param {readonly string[]} command `node`, `npm` or a path, and its arguments.
 * @param {{ cwd: string, env?: Readonly<Record<string, string>> }} where
 * @returns {Promise<{ code: number | null, stdout: string, stderr: string }>}
 */
export async function runOn(node, [file = '', ...args], { cwd, env = {} }) {
  const child = spawn(file, args, {
    cwd,
    env: { ...ownEnvironment(), PATH: `${dirname(node)}${delimiter}${process.env.PATH}`, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let [stdout, stderr] = ['', '']
  child.stdout.setEncoding('utf8').on('data', (text) => {
    stdout += text
  })
  child.stderr.setEncoding('utf8').on('data', (text) => {
    stderr += text
  })
  const [code] = await once(child, 'close')
  return { code, stdout, stderr }
}

/**
 * The same, where anything but 0 ends the whole.
 *
 * @param {Parameters<typeof runOn>} args
 */
export async function mustRunOn(...args) {
  const { code, stdout, stderr } = await runOn(...args)
  if (code !== 0) throw new Error(`${args[1].join(' ')} ended with ${code}\n${stdout}\n${stderr}`)
  return stdout
}

/** Without what npm tells the scripts it runs: a copy is nobody's script. */
function ownEnvironment() {
  return Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^npm_|^(INIT_CWD|NODE_OPTIONS)$/i.test(name)),
  )
}
