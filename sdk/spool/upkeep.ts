import { unlinkQuietly } from './guarded-files.ts'
import { type Holdings, liveRecordsOf } from './holdings.ts'
import type { Parts } from './part.ts'
import type { RecordFormat } from './record-format.ts'
import { type Segment, seal, writeSettled } from './segment.ts'
import type { Work } from './work.ts'

export interface UpkeepOptions {
  readonly limitBytes: number
  readonly holdings: Holdings
  readonly parts: Parts
  readonly format: RecordFormat
}

/** Keeps what is on disk small, ours and up to date. What fails is tried again with the next time. */
export interface Upkeep {
  /**
   * Removes files without records, and has the others know what is settled.
   *
   * @param isIdle Also the file that records are still added to, however small it is.
   */
  tidy(isIdle: boolean): Work<void>
  /** Gives the oldest files up until the rest is within the limit. @param inUse Not these. */
  makeRoom(inUse?: ReadonlySet<Segment>): Work<void>
  /** Touches the leases, and lets go of parts that are not there any more. */
  findLostParts(): Work<void>
  /** Lets go of everything; what still has records is anyone's. */
  release(): Work<void>
  /** The same at the end of the process: descriptors are left to it, as one may just be in use. */
  leave(): Work<void>
}

/** An open file without records goes when it has this size: it is not made anew for each batch. */
const WORTH_REMOVING_BYTES = 65_536

export function createUpkeep({ limitBytes, holdings, parts, format }: UpkeepOptions): Upkeep {
  function* tidySegment(segment: Segment, isIdle: boolean): Work<void> {
    const isClosed = segment.file === undefined
    const isToGo = isClosed || isIdle || segment.sizeBytes >= WORTH_REMOVING_BYTES
    const isDone = liveRecordsOf(segment) === 0 && isToGo
    if (isDone && !segment.isToBeLeft && (yield* removed(segment))) return
    const isWritten = yield* writeSettledQuietly(segment)
    if (isDone && segment.isToBeLeft && isWritten) holdings.remove(segment)
  }

  function* writeSettledQuietly(segment: Segment): Work<boolean> {
    try {
      yield* writeSettled(segment, format)
      return true
    } catch {
      // Kept in memory until the disk takes it.
      return false
    }
  }

  function* releaseParts(): Work<void> {
    for (const part of holdings.parts) {
      try {
        yield* parts.release(part)
      } catch {
        // Under our name it is free when this process ends.
      }
    }
  }

  function* removed(segment: Segment): Work<boolean> {
    yield* seal(segment)
    if (!(yield* unlinkQuietly(segment.path))) return false
    holdings.remove(segment)
    return true
  }

  function* tidyParts(): Work<void> {
    for (const part of holdings.parts) {
      const isInUse = holdings.segments.some((segment) => segment.part === part)
      if (isInUse || !part.isRead) continue
      holdings.removePart(part)
      try {
        yield* parts.remove(part)
      } catch {
        // Something that is not ours is in it.
      }
    }
  }

  function* tidy(isIdle: boolean): Work<void> {
    for (const segment of holdings.segments) yield* tidySegment(segment, isIdle)
    if (isIdle) yield* tidyParts()
  }

  return {
    tidy,
    *makeRoom(inUse = new Set()) {
      let sizeBytes = holdings.sizeBytes
      for (const segment of holdings.segments) {
        if (sizeBytes <= limitBytes) return
        if (inUse.has(segment) || segment === holdings.segments.at(-1)) continue
        sizeBytes -= segment.sizeBytes
        yield* seal(segment)
        segment.unwritten.push(...segment.records.indicesOf('held'))
        segment.unwritten.push(...segment.records.indicesOf('resting'))
        holdings.giveUp(segment, 'full')
        yield* tidySegment(segment, true)
      }
    },
    *findLostParts() {
      for (const part of holdings.parts) {
        if (!(yield* parts.touch(part))) holdings.losePart(part)
      }
    },
    *release() {
      yield* tidy(true)
      for (const segment of holdings.segments) yield* seal(segment)
      yield* releaseParts()
    },
    *leave() {
      for (const segment of holdings.segments) {
        const isDone = liveRecordsOf(segment) === 0 && !segment.isToBeLeft
        if (isDone && (yield* unlinkQuietly(segment.path))) holdings.remove(segment)
        else yield* writeSettledQuietly(segment)
      }
      yield* tidyParts()
      yield* releaseParts()
    },
  }
}
