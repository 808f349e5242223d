import { setAside } from './damage.ts'
import { closeQuietly, openFile } from './guarded-files.ts'
import type { Part } from './part.ts'
import type { Quarantine } from './quarantine.ts'
import type { Line, RecordFormat, Region } from './record-format.ts'
import { readWhole, SEGMENT_LIMIT_BYTES, type Segment, segmentOf } from './segment.ts'
import { pause, type Work } from './work.ts'

/** What became of a file that another engine wrote. */
export interface AdoptedSegment {
  readonly segment: Segment
  readonly isDamaged: boolean
  /** Records that damage has cost; they are not in the segment. */
  readonly lostRecords: number
}

/** Bytes looked at before others have the main thread. */
const SLICE_BYTES = 65_536

/** Nothing of ours is longer: one report past the limit, and what was noted about the records. */
const LONGEST_BYTES = 2 * SEGMENT_LIMIT_BYTES

const NEW_LINE = 0x0a

/**
 * Reads a file that an engine left behind. What is damaged in it goes into quarantine.
 *
 * @returns `undefined` for a file that is none of ours, which stays as it is.
 * @throws UnsafeError
 */
export function* adoptSegment(
  { number, part, name }: { readonly number: number; readonly part: Part; readonly name: string },
  format: RecordFormat,
  quarantine: Quarantine,
): Work<AdoptedSegment | undefined> {
  const segment = segmentOf(number, part, name, 0)
  const bytes = yield* readFile(segment.path)
  if (bytes === undefined) return undefined
  const contents = yield* readContents(bytes, format)
  if (contents === undefined) return undefined

  segment.sizeBytes = bytes.length
  segment.isTorn = bytes.length > 0 && bytes.at(-1) !== NEW_LINE
  for (const [index, region] of contents.records) segment.records.add(index, region, 'resting')
  for (const index of contents.settled) segment.records.change(index, 'gone')
  const { damages } = contents
  if (damages.length > 0) {
    const regions = damages.map(({ region }) => region)
    const pieces = regions.map(({ start, end }) => bytes.subarray(start, end))
    yield* setAside({ segment, regions, pieces }, quarantine, format)
  }
  const lostRecords = damages.reduce((sum, damage) => sum + damage.lostRecords, 0)
  return { segment, isDamaged: damages.length > 0, lostRecords }
}

function* readFile(path: string): Work<Buffer | undefined> {
  const { file, sizeBytes } = yield* openFile(path, 'read')
  try {
    return sizeBytes <= LONGEST_BYTES ? yield* readWhole(file, 0, sizeBytes) : undefined
  } finally {
    yield* closeQuietly(file)
  }
}

interface Contents {
  readonly records: ReadonlyMap<number, Region>
  readonly settled: readonly number[]
  readonly damages: readonly DamagedRegion[]
}

interface DamagedRegion {
  readonly region: Region
  readonly lostRecords: number
}

/** @returns `undefined` when the header says that it is for something else. */
function* readContents(bytes: Buffer, format: RecordFormat): Work<Contents | undefined> {
  const records = new Map<number, Region>()
  const settled: number[] = []
  const setAside = new Set<string>()
  const damages: DamagedRegion[] = []
  let nextIndex = 0
  let damage: Region | undefined
  let pausedAt = 0

  function note(line: Line, region: Region): void {
    if (line.kind === 'settled') for (const index of line.indices) settled.push(index)
    if (line.kind === 'set-aside') for (const each of line.regions) setAside.add(keyOf(each))
    if (line.kind !== 'record') return
    records.set(line.index, region)
    // Records are numbered one by one: what is missing between two was damaged.
    const lostRecords = Math.max(0, line.index - nextIndex)
    if (damage !== undefined) damages.push({ region: damage, lostRecords })
    damage = undefined
    nextIndex = line.index + 1
  }

  for (const { start, end, line } of format.scan(bytes)) {
    if (line === undefined) {
      if (damage !== undefined) damages.push({ region: damage, lostRecords: 0 })
      damage = { start, end }
    } else {
      if (line.kind === 'header' && !line.isOurs) return undefined
      note(line, { start, end })
    }
    if (end - pausedAt > SLICE_BYTES) {
      pausedAt = end
      yield* pause()
    }
  }
  if (damage !== undefined) {
    const rest = bytes.subarray(damage.start, damage.end)
    damages.push({ region: damage, lostRecords: isLikeRecord(rest) ? 1 : 0 })
  }
  return { records, settled, damages: damages.filter(({ region }) => !setAside.has(keyOf(region))) }
}

/** At the end of a file, no next record tells how many are missing. */
function isLikeRecord(bytes: Buffer): boolean {
  return RECORD.test(bytes.toString('latin1', 0, RECORD_BYTES)) || bytes.includes('{')
}

const RECORD = /^.{8} R/s
const RECORD_BYTES = 10

function keyOf({ start, end }: Region): string {
  return `${start}-${end}`
}
