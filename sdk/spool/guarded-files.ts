import { constants, type Stats } from 'node:fs'
import { dirname } from 'node:path'
import { codeOf } from '../caught-error.ts'
import { ask, type Work } from './work.ts'

/** For its owner alone, whatever the umask. */
const DIRECTORY_MODE = 0o700
const FILE_MODE = 0o600
const WRITABLE_BY_OTHERS = 0o022

// Windows knows neither; there they count as nothing.
const NO_FOLLOW = constants.O_NOFOLLOW ?? 0
const NO_WAITING = constants.O_NONBLOCK ?? 0

/** What others may have planted or may change: its contents would be sent with our keys. */
export class UnsafeError extends Error {
  readonly code = 'UNSAFE'
}

/** Makes a directory, with those above it, unless it is there. @throws UnsafeError */
export function* ensureDirectory(path: string): Work<void> {
  if (yield* isDirectory(path)) return
  yield* ask('mkdir', dirname(path), { recursive: true, mode: DIRECTORY_MODE })
  try {
    yield* makeDirectory(path)
  } catch (error) {
    // Somebody was faster.
    if (codeOf(error) !== 'EEXIST') throw error
  }
  if (!(yield* isDirectory(path))) throw new UnsafeError(`${path} vanished`)
}

/** @returns Whether it is there. @throws UnsafeError When it is there and not safe to use. */
export function* isDirectory(path: string): Work<boolean> {
  let stats: Stats
  try {
    stats = yield* ask('lstat', path)
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return false
    throw error
  }
  if (stats.isSymbolicLink())
    throw new UnsafeError(`${path} is a symbolic link; name the directory itself`)
  if (!stats.isDirectory()) throw new UnsafeError(`${path} is not a directory`)
  refuseOthers(path, stats)
  return true
}

/** Makes a directory where nothing is yet, and sees to it that its name lasts. @throws `EEXIST` */
export function* makeDirectory(path: string): Work<void> {
  yield* ask('mkdir', path, { recursive: false, mode: DIRECTORY_MODE })
  const { mode } = yield* ask('lstat', path)
  if (!isWindows() && (mode & 0o777) !== DIRECTORY_MODE) yield* ask('chmod', path, DIRECTORY_MODE)
  yield* syncDirectory(dirname(path))
}

/** Makes a file where nothing is yet, for writing at its end. @throws `EEXIST` */
export function* createFile(path: string): Work<number> {
  const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_APPEND
  const file = yield* ask('open', path, flags | NO_FOLLOW, FILE_MODE)
  try {
    yield* ask('fchmod', file, FILE_MODE)
  } catch (error) {
    yield* closeQuietly(file)
    yield* unlinkQuietly(path)
    throw error
  }
  return file
}

/** Opens a regular file that only we can have written. @throws UnsafeError */
export function* openFile(
  path: string,
  access: 'read' | 'append',
): Work<{ readonly file: number; readonly sizeBytes: number }> {
  const wanted = access === 'read' ? constants.O_RDONLY : constants.O_WRONLY | constants.O_APPEND
  let file: number
  try {
    // Without O_NONBLOCK, opening a pipe waits for whoever is at its other end.
    file = yield* ask('open', path, wanted | NO_FOLLOW | NO_WAITING, FILE_MODE)
  } catch (error) {
    if (codeOf(error) === 'ELOOP') throw new UnsafeError(`${path} is a symbolic link`)
    throw error
  }
  try {
    const stats = yield* ask('fstat', file)
    if (!stats.isFile()) throw new UnsafeError(`${path} is no regular file`)
    refuseOthers(path, stats)
    return { file, sizeBytes: stats.size }
  } catch (error) {
    yield* closeQuietly(file)
    throw error
  }
}

/** Writes all of it. A disk that takes less says why with the next call. */
export function* writeWhole(file: number, bytes: Uint8Array): Work<void> {
  let written = 0
  while (written < bytes.length) {
    const count = yield* ask('write', file, bytes, written, bytes.length - written)
    if (count === 0) throw new ShortWriteError()
    written += count
  }
}

/** Makes names in a directory outlive a loss of power. Windows knows no such thing. */
export function* syncDirectory(path: string): Work<void> {
  if (isWindows()) return
  const file = yield* ask('open', path, constants.O_RDONLY, 0)
  try {
    yield* ask('fsync', file)
  } catch (error) {
    // Some file systems keep names without being asked, and say that they cannot be asked.
    if (codeOf(error) !== 'EINVAL') throw error
  } finally {
    yield* closeQuietly(file)
  }
}

/** A descriptor is gone after `close()`, whatever that says. */
export function* closeQuietly(file: number): Work<void> {
  try {
    yield* ask('close', file)
  } catch {}
}

/** @returns Whether the name is gone. */
export function* unlinkQuietly(path: string): Work<boolean> {
  try {
    yield* ask('unlink', path)
    return true
  } catch (error) {
    return codeOf(error) === 'ENOENT'
  }
}

class ShortWriteError extends Error {
  readonly code = 'short write'
}

function refuseOthers(path: string, { uid, mode }: Stats): void {
  if (isWindows()) return
  if (uid !== process.geteuid?.()) {
    throw new UnsafeError(
      `${path} belongs to another user (uid ${uid}); give it to uid ${process.geteuid?.()}`,
    )
  }
  if ((mode & WRITABLE_BY_OTHERS) !== 0) {
    const octal = (mode & 0o777).toString(8)
    throw new UnsafeError(
      `${path} can be written by its group or by others (mode ${octal}); take that right from them`,
    )
  }
}

function isWindows(): boolean {
  return process.platform === 'win32'
}
