import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** Runs a program of `programs/`, whose last line is JSON. @param {string} name @param {readonly string[]} [argv] */
export async function runProgram(name, argv = []) {
  const path = fileURLToPath(new URL(`./programs/${name}.mjs`, import.meta.url))
  const { stdout } = await run(process.execPath, ['--expose-gc', path, ...argv])
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '')
}
