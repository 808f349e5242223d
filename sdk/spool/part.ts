import { join } from 'node:path'
import { codeOf } from '../caught-error.ts'
import type { Clock } from '../clock.ts'
import {
  closeQuietly,
  createFile,
  isDirectory,
  makeDirectory,
  unlinkQuietly,
} from './guarded-files.ts'
import { formatPartName, type PartName, parsePartName } from './part-name.ts'
import { GONE, type Processes, UNKNOWN } from './processes.ts'
import { ask, type Work } from './work.ts'

/** One folder of a spool directory; all of its files belong to whoever its name names. */
export interface Part {
  readonly name: string
  readonly path: string
  /** Names of its files that were looked at. */
  readonly knownFiles: Set<string>
  /** Whether all of its files were looked at: without any that count, it may go. */
  isRead: boolean
}

/** How often an owner touches the lease of a part. */
export const LEASE_PERIOD_MS = 15_000

/** A lease that was not touched for so long has no owner any more. */
export const LEASE_MS = 120_000

export interface PartsOptions {
  readonly directory: string
  readonly destination: string
  readonly processes: Processes
  readonly clock: Clock
}

/** What can be done with the parts of a spool directory. */
export interface Parts {
  make(): Work<Part>
  /** @returns Whether nobody owns it any more. */
  isAbandoned(name: string, parsed: PartName): Work<boolean>
  /** @returns `undefined` when somebody else was faster. @throws UnsafeError */
  takeOver(name: string): Work<Part | undefined>
  /** Says that its owner lives. @returns Whether the part is still there under its name. */
  touch(part: Part): Work<boolean>
  /** From now on anyone may take it over. */
  release(part: Part): Work<void>
  /** Removes it, unless something that is not ours is in it. */
  remove(part: Part): Work<void>
}

export function createParts({ directory, destination, processes, clock }: PartsOptions): Parts {
  const { self } = processes

  function partOf(name: string, isRead: boolean): Part {
    return { name, path: join(directory, name), knownFiles: new Set(), isRead }
  }

  function ownName(): string {
    return formatPartName({ destination, owner: self })
  }

  function* touchLease(path: string): Work<void> {
    const now = new Date(clock.wallClockMs())
    yield* ask('lutimes', join(path, LEASE), now, now)
  }

  function* makeLease(path: string): Work<void> {
    try {
      yield* closeQuietly(yield* createFile(join(path, LEASE)))
    } catch (error) {
      // Somebody else wants this part as well.
      if (codeOf(error) !== 'EEXIST') throw error
    }
    yield* touchLease(path)
  }

  function* renewLease(path: string): Work<void> {
    try {
      yield* touchLease(path)
    } catch (error) {
      if (codeOf(error) !== 'ENOENT') throw error
      yield* makeLease(path)
    }
  }

  function* leaseAgeMs(path: string): Work<number> {
    // The wall clocks of two machines differ, and either may be set back: far ahead is as far.
    const age = (changedAtMs: number) => Math.abs(clock.wallClockMs() - changedAtMs)
    try {
      return age((yield* ask('lstat', join(path, LEASE))).mtimeMs)
    } catch (error) {
      if (codeOf(error) !== 'ENOENT') throw error
      // Its owner ended, or is about to make one.
      return age((yield* ask('lstat', path)).mtimeMs)
    }
  }

  function* remove({ path }: Part): Work<void> {
    yield* unlinkQuietly(join(path, LEASE))
    yield* ask('rmdir', path)
  }

  function* removeQuietly(part: Part): Work<void> {
    try {
      yield* remove(part)
    } catch {}
  }

  return {
    remove,
    *make() {
      const part = partOf(ownName(), true)
      try {
        yield* makeDirectory(part.path)
        yield* makeLease(part.path)
      } catch (error) {
        // A disk that fails for a day is not to be full of empty folders afterwards.
        yield* removeQuietly(part)
        throw error
      }
      return part
    },
    *isAbandoned(name, { owner }) {
      if (owner === undefined) return true
      if (owner.machine === self.machine) {
        const startedAt = processes.startedAt(owner.pid)
        if (startedAt === GONE) return true
        if (startedAt !== UNKNOWN && owner.startedAt !== '0') {
          if (startedAt !== owner.startedAt) return true
          // Its process lives. Of its threads nobody can tell, so they have their leases.
          if (owner.thread === 0) return false
        }
      }
      return (yield* leaseAgeMs(join(directory, name))) > LEASE_MS
    },
    *takeOver(name) {
      const path = join(directory, name)
      const part = partOf(ownName(), false)
      try {
        if (!(yield* isDirectory(path))) return undefined
        // First the lease: under our name, an old one would make it anyone's again.
        yield* renewLease(path)
        yield* ask('rename', path, part.path)
      } catch (error) {
        if (codeOf(error) === 'ENOENT') return undefined
        throw error
      }
      return part
    },
    *touch(part) {
      try {
        yield* touchLease(part.path)
        return true
      } catch (error) {
        if (codeOf(error) === 'ENOENT') return false
        throw error
      }
    },
    *release(part) {
      const released = formatPartName({ destination, owner: undefined })
      yield* ask('rename', part.path, join(directory, released))
    },
  }
}

const LEASE = 'lease'

/** The parts among the names of a spool directory. */
export function partsAmong(names: readonly string[]): { name: string; parsed: PartName }[] {
  return names.flatMap((name) => {
    const parsed = parsePartName(name)
    return parsed === undefined ? [] : [{ name, parsed }]
  })
}
