import { join } from 'node:path'
import type { Clock } from '../clock.ts'
import {
  closeQuietly,
  createFile,
  ensureDirectory,
  syncDirectory,
  unlinkQuietly,
  writeWhole,
} from './guarded-files.ts'
import { ask, type Work } from './work.ts'

/** Where damaged bytes are kept for people; nothing in it is ever sent. */
export interface Quarantine {
  /** Keeps them in a file of their own. */
  keep(bytes: Uint8Array): Work<void>
}

const LIMIT_FILES = 16
const LIMIT_BYTES = 16 * 1_048_576

/** @param path The directory, which is made with the first damage. */
export function createQuarantine(path: string, clock: Clock): Quarantine {
  function* makeRoom(neededBytes: number): Work<void> {
    // Their names begin with when they were made.
    const names = (yield* ask('readdir', path)).filter((name) => NAME.test(name)).sort()
    const sizes: number[] = []
    for (const name of names) sizes.push((yield* ask('lstat', join(path, name))).size)
    let bytes = sizes.reduce((sum, size) => sum + size, neededBytes)
    for (const [index, name] of names.entries()) {
      if (names.length - index < LIMIT_FILES && bytes <= LIMIT_BYTES) break
      yield* unlinkQuietly(join(path, name))
      bytes -= sizes[index] ?? 0
    }
  }

  return {
    *keep(bytes) {
      const { randomBytes } = process.getBuiltinModule('node:crypto')
      const at = new Date(clock.wallClockMs()).toISOString().replace(/[-:.]/g, '')
      yield* ensureDirectory(path)
      yield* makeRoom(bytes.length)
      const name = join(path, `${at}-${randomBytes(4).toString('hex')}.damaged`)
      const file = yield* createFile(name)
      try {
        yield* writeWhole(file, bytes)
        yield* ask('fdatasync', file)
        yield* syncDirectory(path)
      } catch (error) {
        yield* unlinkQuietly(name)
        throw error
      } finally {
        yield* closeQuietly(file)
      }
    },
  }
}

const NAME = /^\d{8}T\d{9}Z-[0-9a-f]{8}\.damaged$/
