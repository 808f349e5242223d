import { join } from 'node:path'
import {
  closeQuietly,
  createFile,
  openFile,
  syncDirectory,
  unlinkQuietly,
  writeWhole,
} from './guarded-files.ts'
import type { Part } from './part.ts'
import type { RecordFormat, Region } from './record-format.ts'
import { createRecordTable, type RecordTable } from './record-table.ts'
import { ask, type Work } from './work.ts'

/** One file of records; only ever written to at its end. */
export interface Segment {
  /** Of all that this engine has, whoever wrote them. */
  readonly number: number
  readonly part: Part
  readonly path: string
  readonly records: RecordTable
  sizeBytes: number
  /** Open as long as records are added to it. */
  file: number | undefined
  /** The last line may be cut. */
  isTorn: boolean
  /** Settled records that the file does not know of. */
  unwritten: number[]
  /** Damaged bytes of it could not be put into quarantine: it stays for the next engine to try. */
  isToBeLeft: boolean
  /** On the clock that only goes forward: it could not be read, and is not tried before. */
  retryAtMs: number
  failedReads: number
}

/** Past it the next record begins a new file. */
export const SEGMENT_LIMIT_BYTES = 4 * 1_048_576

const SEGMENT_NAME = /^\d{8,15}\.spool$/

/** In the order in which they were written. */
export function segmentNamesAmong(names: readonly string[]): string[] {
  return names
    .filter((name) => SEGMENT_NAME.test(name))
    .sort((one, other) => Number.parseInt(one, 10) - Number.parseInt(other, 10))
}

export function segmentOf(number: number, part: Part, name: string, sizeBytes: number): Segment {
  return {
    number,
    part,
    path: join(part.path, name),
    records: createRecordTable(),
    sizeBytes,
    file: undefined,
    isTorn: false,
    unwritten: [],
    isToBeLeft: false,
    retryAtMs: Number.NEGATIVE_INFINITY,
    failedReads: 0,
  }
}

/** Makes a new file with its header, open for records. */
export function* createSegment(number: number, part: Part, format: RecordFormat): Work<Segment> {
  const name = `${String(number).padStart(8, '0')}.spool`
  const header = Buffer.from(format.header())
  const segment = segmentOf(number, part, name, header.length)
  segment.file = yield* createFile(segment.path)
  try {
    yield* writeWhole(segment.file, header)
    yield* syncDirectory(part.path)
  } catch (error) {
    yield* seal(segment)
    yield* unlinkQuietly(segment.path)
    throw error
  }
  return segment
}

/** Adds whole lines of records. @returns Where each of them is. */
export function* appendRecords(segment: Segment, lines: readonly string[]): Work<Region[]> {
  if (segment.file === undefined) throw new Error('the segment is sealed')
  const bytes = Buffer.from(lines.join(''))
  yield* writeWhole(segment.file, bytes)
  return lines.map((line) => {
    const start = segment.sizeBytes
    segment.sizeBytes += Buffer.byteLength(line)
    // Without the end of the line.
    return { start, end: segment.sizeBytes - 1 }
  })
}

/** Adds a line that is no record, and that may be lost with the power. */
export function* appendNote(segment: Segment, line: string): Work<void> {
  const isOpen = segment.file !== undefined
  const file = segment.file ?? (yield* openFile(segment.path, 'append')).file
  const bytes = Buffer.from(segment.isTorn ? `\n${line}` : line)
  try {
    yield* writeWhole(file, bytes)
    segment.isTorn = false
    segment.sizeBytes += bytes.length
  } catch (error) {
    segment.isTorn = !(yield* cut(file, segment.sizeBytes))
    yield* seal(segment)
    throw error
  } finally {
    if (!isOpen) yield* closeQuietly(file)
  }
}

/** Tells the file which records are settled. */
export function* writeSettled(segment: Segment, format: RecordFormat): Work<void> {
  const { unwritten } = segment
  if (unwritten.length === 0) return
  segment.unwritten = []
  try {
    yield* appendNote(segment, format.settled(unwritten.sort((one, other) => one - other)))
  } catch (error) {
    segment.unwritten.push(...unwritten)
    throw error
  }
}

/** No more records are added to it. */
export function* seal(segment: Segment): Work<void> {
  const { file } = segment
  segment.file = undefined
  if (file !== undefined) yield* closeQuietly(file)
}

/**
 * Takes back what was added after a write that failed, and adds no more.
 *
 * @param sizeBytes How long the file was before.
 * @returns Whether it is that long again.
 */
export function* takeBack(segment: Segment, sizeBytes: number): Work<boolean> {
  const { file } = segment
  segment.isTorn = file === undefined || !(yield* cut(file, sizeBytes))
  if (!segment.isTorn) segment.sizeBytes = sizeBytes
  yield* seal(segment)
  return !segment.isTorn
}

function* cut(file: number, sizeBytes: number): Work<boolean> {
  try {
    yield* ask('ftruncate', file, sizeBytes)
    return true
  } catch {
    return false
  }
}

/** @throws UnsafeError */
export function* readRegion(segment: Segment, { start, end }: Region): Work<Buffer> {
  const { file } = yield* openFile(segment.path, 'read')
  try {
    return yield* readWhole(file, start, end - start)
  } finally {
    yield* closeQuietly(file)
  }
}

/** Reads so many bytes, or fewer when the file ends. */
export function* readWhole(file: number, start: number, length: number): Work<Buffer> {
  const bytes = Buffer.allocUnsafe(length)
  let done = 0
  while (done < length) {
    const count = yield* ask('read', file, bytes, done, length - done, start + done)
    if (count === 0) break
    done += count
  }
  return bytes.subarray(0, done)
}
