import { closeSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { codeOf } from '../caught-error.ts'
import { TeamServerError } from '../errors.ts'

/** Locks that this process holds: after a restart of a container, its number may be the old one. */
const held = new Set<string>()

/**
 * Keeps other processes from a file, by a lock beside it that holds the number of this one. The lock
 * of a process that is gone is taken over.
 *
 * @returns How to let it go.
 * @throws `ERR_STATE_FILE` when another one holds it.
 */
export function lockFile(file: string): () => void {
  const lock = `${file}.lock`
  if (!create(lock) && !(takeOver(lock, file) && create(lock))) throw inUse(lock, file)
  held.add(lock)
  return () => {
    if (held.delete(lock)) rmSync(lock, { force: true })
  }
}

function create(lock: string): boolean {
  try {
    const opened = openSync(lock, 'wx', 0o600)
    try {
      writeFileSync(opened, `${process.pid}\n`)
    } finally {
      closeSync(opened)
    }
    return true
  } catch (cause) {
    if (codeOf(cause) === 'EEXIST') return false
    throw new TeamServerError(
      'ERR_STATE_FILE',
      `${lock}: it cannot be made (${codeOf(cause) ?? 'unknown error'})`,
      {
        cause,
      },
    )
  }
}

/** Moves the lock of a process that is gone away; of several that try, one succeeds. */
function takeOver(lock: string, file: string): boolean {
  const holder = holderOf(lock)
  if (holder === undefined) return true
  if (Number.isNaN(holder) || isAlive(holder, lock)) return false
  const stale = `${file}.lock.${process.pid}`
  try {
    renameSync(lock, stale)
  } catch {
    return true
  }
  const moved = holderOf(stale)
  if (moved === holder) {
    rmSync(stale, { force: true })
    return true
  }
  // Somebody was faster, and it is their lock that was moved: they get it back.
  renameSync(stale, lock)
  return false
}

/** Undefined when there is no lock any more, NaN when nobody can tell. */
function holderOf(lock: string): number | undefined {
  try {
    return Number.parseInt(readFileSync(lock, 'utf8'), 10)
  } catch (cause) {
    return codeOf(cause) === 'ENOENT' ? undefined : Number.NaN
  }
}

function isAlive(pid: number, lock: string): boolean {
  if (pid === process.pid) return held.has(lock)
  try {
    process.kill(pid, 0)
    return true
  } catch (cause) {
    return codeOf(cause) !== 'ESRCH'
  }
}

function inUse(lock: string, file: string): TeamServerError {
  const holder = holderOf(lock)
  const who = holder === undefined || Number.isNaN(holder) ? 'another process' : `process ${holder}`
  return new TeamServerError(
    'ERR_STATE_FILE',
    `${file}: ${who} works with it; end that one, or delete ${lock} if it is no mock TeamServer`,
  )
}
