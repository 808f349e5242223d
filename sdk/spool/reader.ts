import { codeOf } from '../caught-error.ts'
import type { Clock } from '../clock.ts'
import { setAside } from './damage.ts'
import { retryDelayMs } from './health.ts'
import type { Holdings } from './holdings.ts'
import type { Quarantine } from './quarantine.ts'
import type { RecordFormat, Region } from './record-format.ts'
import { readRegion, type Segment } from './segment.ts'
import type { RecoveredReport, SpoolEvents } from './spool.ts'
import type { Upkeep } from './upkeep.ts'
import type { Work } from './work.ts'

export interface ReaderOptions {
  readonly clock: Clock
  readonly holdings: Holdings
  readonly format: RecordFormat
  readonly quarantine: Quarantine
  readonly upkeep: Upkeep
  /** Records that were there once cannot be read any more. */
  onDamage(path: string, lostRecords: number): void
  onDropped: SpoolEvents['onDropped']
}

export interface TakeLimits {
  readonly reports: number
  readonly bytes: number
}

/** Takes the oldest resting records; a file that cannot be read now is passed over for a while. */
export function* takeRecords(limits: TakeLimits, options: ReaderOptions): Work<RecoveredReport[]> {
  const { clock, holdings } = options
  const taken: RecoveredReport[] = []
  let takenBytes = 0

  function isWanted(sizeBytes: number, count: number): boolean {
    if (count >= limits.reports) return false
    // One that is larger than what was asked for goes alone.
    return count === 0 || takenBytes + sizeBytes <= limits.bytes
  }

  for (const segment of holdings.segments) {
    if (segment.retryAtMs > clock.now()) continue
    let count = taken.length
    const indices = segment.records.restingWhile((index) => {
      const { start, end } = segment.records.regionOf(index)
      if (!isWanted(end - start, count)) return false
      takenBytes += end - start
      count += 1
      return true
    })
    if (indices.length > 0) taken.push(...(yield* readRecords(segment, indices, options)))
    const isFull = segment.records.restingRecords > 0 && segment.retryAtMs <= clock.now()
    if (isFull || taken.length >= limits.reports) break
  }
  return taken
}

function* readRecords(
  segment: Segment,
  indices: readonly number[],
  options: ReaderOptions,
): Work<RecoveredReport[]> {
  const { records, number } = segment
  const start = records.regionOf(indices[0] ?? 0).start
  const { end } = records.regionOf(indices.at(-1) ?? 0)
  let bytes: Buffer
  try {
    bytes = yield* readRegion(segment, { start, end })
  } catch (error) {
    yield* noteFailure(segment, error, options)
    return []
  }
  segment.failedReads = 0
  const found: RecoveredReport[] = []
  const damaged: Region[] = []
  for (const index of indices) {
    const region = records.regionOf(index)
    const line = bytes.subarray(region.start - start, region.end - start)
    const report = options.format.parseRecord(line, index)
    records.change(index, report === undefined ? 'gone' : 'held')
    if (report === undefined) damaged.push(region)
    else found.push({ ...report, place: { segment: number, index } })
  }
  if (damaged.length === 0) return found
  options.onDamage(segment.path, damaged.length)
  options.onDropped(damaged.length, 'damaged')
  const pieces = damaged.map((region) => bytes.subarray(region.start - start, region.end - start))
  const regions = withLineEnds(damaged)
  yield* setAside({ segment, regions, pieces }, options.quarantine, options.format)
  return found
}

/** As whoever reads the file anew finds them: up to the next record that is whole. */
function withLineEnds(lines: readonly Region[]): Region[] {
  const regions: Region[] = []
  for (const { start, end } of lines) {
    const last = regions.at(-1)
    if (last?.end === start) regions.splice(-1, 1, { start: last.start, end: end + 1 })
    else regions.push({ start, end: end + 1 })
  }
  return regions
}

function* noteFailure(segment: Segment, error: unknown, options: ReaderOptions): Work<void> {
  const { clock, holdings, upkeep } = options
  segment.failedReads += 1
  segment.retryAtMs = clock.now() + retryDelayMs(segment.failedReads)
  if (codeOf(error) !== 'ENOENT') return
  try {
    yield* upkeep.findLostParts()
  } catch {
    return
  }
  // Its part is there, and the file alone is not.
  if (!holdings.segments.includes(segment)) return
  holdings.giveUp(segment, 'gone')
  holdings.remove(segment)
}
