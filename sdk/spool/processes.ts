import { readFileSync, readlinkSync } from 'node:fs'
import { codeOf } from '../caught-error.ts'

/** Who a part belongs to: a thread of a process of a machine. */
export interface Owner {
  /** A hash; the same for processes that can see each other by their numbers. */
  readonly machine: string
  readonly pid: number
  /** When the process began, in whatever unit the system counts; '0' where nobody can tell. */
  readonly startedAt: string
  /** 0 is the main thread. */
  readonly thread: number
}

/** The processes of this machine, as far as a spool asks about them. */
export interface Processes {
  readonly self: Owner
  /** @returns When the process with this number began; `gone` without one, `unknown` if nobody can tell. */
  startedAt(pid: number): string
}

export const GONE = 'gone'
export const UNKNOWN = 'unknown'

/** Reads /proc where there is one, which waits for no disk. */
export function systemProcesses(): Processes {
  const { hostname } = process.getBuiltinModule('node:os')
  const { createHash } = process.getBuiltinModule('node:crypto')
  const { threadId } = process.getBuiltinModule('node:worker_threads')
  // A boot ends all processes, and a number means another process in another namespace.
  const boot = orNothing(() => readFileSync('/proc/sys/kernel/random/boot_id', 'latin1'))
  const namespace = orNothing(() => readlinkSync('/proc/self/ns/pid'))
  const machine = createHash('sha256').update(`${hostname()}\n${boot}\n${namespace}`).digest('hex')
  const ownStart = startInProc(process.pid)
  return {
    self: {
      machine: machine.slice(0, MACHINE_DIGITS),
      pid: process.pid,
      startedAt: ownStart ?? '0',
      thread: threadId,
    },
    startedAt: (pid) => (isGone(pid) ? GONE : (startInProc(pid) ?? UNKNOWN)),
  }
}

const MACHINE_DIGITS = 12

function isGone(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return isZombie(pid)
  } catch (error) {
    return codeOf(error) === 'ESRCH'
  }
}

/** One that ended, and whose parent has not asked how. */
function isZombie(pid: number): boolean {
  return /^[ZX]/.test(fieldsOf(pid)?.[0] ?? '')
}

function startInProc(pid: number): string | undefined {
  return fieldsOf(pid)?.[STARTED_AT]
}

/** The 22nd field; the state, after the name of the program, is the third. */
const STARTED_AT = 22 - 3

function fieldsOf(pid: number): string[] | undefined {
  const text = orNothing(() => readFileSync(`/proc/${pid}/stat`, 'latin1'))
  // The name stands in parentheses and may hold anything, parentheses and spaces too.
  return text === '' ? undefined : text.slice(text.lastIndexOf(')') + 2).split(' ')
}

function orNothing(read: () => string): string {
  try {
    return read()
  } catch {
    return ''
  }
}
