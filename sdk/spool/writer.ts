import type { Place } from '../buffer/queue.ts'
import { codeOf } from '../caught-error.ts'
import { ensureDirectory, unlinkQuietly } from './guarded-files.ts'
import { type Holdings, liveRecordsOf } from './holdings.ts'
import type { Part, Parts } from './part.ts'
import type { RecordFormat } from './record-format.ts'
import {
  appendRecords,
  createSegment,
  SEGMENT_LIMIT_BYTES,
  type Segment,
  seal,
  takeBack,
} from './segment.ts'
import type { SpooledReport } from './spool.ts'
import type { Upkeep } from './upkeep.ts'
import { ask, type Work } from './work.ts'

export interface WriterOptions {
  readonly directory: string
  readonly limitBytes: number
  readonly holdings: Holdings
  readonly parts: Parts
  readonly format: RecordFormat
  readonly upkeep: Pick<Upkeep, 'findLostParts' | 'makeRoom'>
}

/** Adds records to one file after the other. */
export interface Writer {
  /**
   * Has them all on disk, or none.
   *
   * @throws What the file system failed with. What was written by then is taken back.
   */
  write(reports: readonly SpooledReport[]): Work<Place[]>
  /** The next write begins a new file. */
  finish(): Work<void>
}

/** Encoded and written at a time, so that the main thread has pauses. */
const CHUNK_BYTES = 131_072

/** What a line takes beside the JSON: checksum, kind, length, index, id and type. */
const OVERHEAD_BYTES = 256

export function createWriter(options: WriterOptions): Writer {
  const { directory, holdings, parts, format, upkeep } = options
  // Going over the limit costs the oldest file: with a small limit, only a part of what is there.
  const segmentLimitBytes = Math.min(SEGMENT_LIMIT_BYTES, Math.ceil(options.limitBytes / 4))
  let current: Segment | undefined
  let isUnsynced = false

  function* writableFor(sizeBytes: number, inUse: ReadonlySet<Segment>): Work<Segment> {
    if (current?.file !== undefined && current.sizeBytes + sizeBytes <= segmentLimitBytes) {
      return current
    }
    yield* finish()
    yield* upkeep.makeRoom(inUse)
    const part = holdings.ownPart ?? (yield* makePart())
    current = yield* createSegment(holdings.takeNumber(), part, format)
    holdings.add(current)
    return current
  }

  function* makePart(): Work<Part> {
    yield* ensureDirectory(directory)
    const part = yield* parts.make()
    holdings.addOwnPart(part)
    return part
  }

  /** The next record begins a new file. */
  function* finish(): Work<void> {
    yield* sync()
    const finished = current
    current = undefined
    if (finished !== undefined) yield* seal(finished)
  }

  function* sync(): Work<void> {
    if (!isUnsynced || current?.file === undefined) return
    yield* ask('fdatasync', current.file)
    isUnsynced = false
  }

  function* writeAll(reports: readonly SpooledReport[], begun: Map<Segment, Begun>): Work<Place[]> {
    const places: Place[] = []
    while (places.length < reports.length) {
      const rest = reports.slice(places.length)
      const segment = yield* writableFor(sizeOf(rest[0]), new Set(begun.keys()))
      const { records, sizeBytes } = segment
      if (!begun.has(segment)) begun.set(segment, { sizeBytes, firstIndex: records.nextIndex })
      const firstIndex = records.nextIndex
      const lines = leading(rest, segmentLimitBytes - sizeBytes).map((report, offset) =>
        format.record(firstIndex + offset, report),
      )
      isUnsynced = true
      const regions = yield* appendRecords(segment, lines)
      for (const [offset, region] of regions.entries()) {
        const index = firstIndex + offset
        records.add(index, region, 'held')
        places.push({ segment: segment.number, index })
      }
    }
    yield* sync()
    // Whoever took our part over may not have seen these.
    if (current && !(yield* parts.touch(current.part))) throw new PartLostError()
    return places
  }

  function* undo(begun: ReadonlyMap<Segment, Begun>): Work<void> {
    current = undefined
    isUnsynced = false
    for (const [segment, { sizeBytes, firstIndex }] of begun) {
      const { records, unwritten } = segment
      const isTakenBack = yield* takeBack(segment, sizeBytes)
      for (let index = firstIndex; index < records.nextIndex; index++) {
        records.change(index, 'gone')
        if (!isTakenBack) unwritten.push(index)
      }
      if (liveRecordsOf(segment) === 0 && (yield* unlinkQuietly(segment.path))) {
        holdings.remove(segment)
      }
    }
  }

  return {
    finish,
    *write(reports) {
      for (let attempt = 1; ; attempt++) {
        const begun = new Map<Segment, Begun>()
        try {
          return yield* writeAll(reports, begun)
        } catch (error) {
          yield* undo(begun)
          if (codeOf(error) !== 'ENOENT' || attempt > 1) throw error
          yield* upkeep.findLostParts()
        }
      }
    },
  }
}

/** How a segment was before a write began. */
interface Begun {
  readonly sizeBytes: number
  readonly firstIndex: number
}

class PartLostError extends Error {
  readonly code = 'ENOENT'
}

/** As many reports as go into one call of the file system; at least one. */
function leading(reports: readonly SpooledReport[], roomBytes: number): readonly SpooledReport[] {
  const limitBytes = Math.min(CHUNK_BYTES, roomBytes)
  let sizeBytes = 0
  let count = 0
  for (const report of reports) {
    sizeBytes += sizeOf(report)
    if (count > 0 && sizeBytes > limitBytes) break
    count += 1
  }
  return reports.slice(0, count)
}

function sizeOf(report: SpooledReport | undefined): number {
  return (report?.sizeBytes ?? 0) + OVERHEAD_BYTES
}
