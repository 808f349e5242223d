import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/** The built package, as users run it. */
export const DIST = fileURLToPath(new URL('../../dist', import.meta.url))

/** How a program ended, and all that it printed. */
export interface Ended {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
}

/** A program under way. */
export interface Program {
  readonly child: ChildProcessWithoutNullStreams
  /** Waits until standard error holds a text; the end of the program ends the wait too. */
  untilStderr(text: string): Promise<void>
  readonly ended: Promise<Ended>
}

/** Starts Node in a folder, with nothing of this process's environment but its path. */
export function startProgram(
  folder: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Program {
  const { PATH = '' } = process.env
  const child = spawn(process.execPath, args, { cwd: folder, env: { PATH, HOME: folder, ...env } })
  let [stdout, stderr] = ['', '']
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text
  })
  const ended = new Promise<Ended>((resolve) => {
    child.on('close', (code, signal) => resolve({ code, signal, stdout, stderr }))
  })
  const untilStderr = (text: string) =>
    new Promise<void>((resolve) => {
      const look = () => {
        if (stderr.includes(text)) resolve()
      }
      child.stderr.on('data', look)
      child.on('close', resolve)
      look()
    })
  return { child, untilStderr, ended }
}

/** Runs Node to its own end. */
export function runProgram(...args: Parameters<typeof startProgram>): Promise<Ended> {
  return startProgram(...args).ended
}
