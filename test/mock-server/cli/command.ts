import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { ROOT } from '../root.ts'

/** A run of `mock-teamserver`, from its start to its end. */
export interface Command {
  /** Everything on standard output, once it holds the text. */
  until(text: string): Promise<string>
  /** Asks it to end, and tells how it did. */
  end(signal?: NodeJS.Signals): Promise<Ending>
  readonly ended: Promise<Ending>
}

export interface Ending {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
}

const running = new Set<ChildProcess>()

/** Starts the built command with these arguments. */
export function startCommand(...argv: readonly string[]): Command {
  const child = spawn(process.execPath, [`${ROOT}dist/mock-server/mock-teamserver.js`, ...argv], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env.PATH },
  })
  running.add(child)
  let stdout = ''
  let stderr = ''
  let wake = () => {}
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text
    wake()
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text
  })
  const ended = once(child, 'close').then(([code, signal]): Ending => {
    running.delete(child)
    wake()
    return { code, signal, stdout, stderr }
  })
  return {
    async until(text) {
      while (!stdout.includes(text)) {
        if (!running.has(child)) throw new Error(`it ended without ${text}: ${stderr}`)
        await new Promise<void>((resolve) => {
          wake = resolve
        })
      }
      return stdout
    },
    async end(signal = 'SIGTERM') {
      child.kill(signal)
      return ended
    },
    ended,
  }
}

/** Ends what a failed test left running. */
export function endCommands(): void {
  for (const child of running) child.kill('SIGKILL')
}

/** What `--json` prints. */
export interface StartLine {
  readonly url: string
  readonly organization: { readonly id: string; readonly name: string }
  readonly agent: { readonly userName: string; readonly serviceKey: string; readonly token: string }
  readonly apiKey: { readonly enabled: boolean; readonly value: string }
  readonly admin: Person
  readonly superadmin: Person
  readonly control: { readonly url: string; readonly token: string } | null
  /** Only with TLS; null where the certificate was brought. */
  readonly tls?: { readonly ca: string | null }
}

interface Person {
  readonly userName: string
  /** Null where an earlier start has shown it. */
  readonly password: string | null
  readonly serviceKey: string
}

/** Starts the command on a free port and reads the line that it prints when it is ready. */
export async function startForPrograms(
  ...argv: readonly string[]
): Promise<Command & { readonly line: StartLine }> {
  const command = startCommand('--port', '0', '--json', ...argv)
  const line: StartLine = JSON.parse(await command.until('\n'))
  return { ...command, line }
}
