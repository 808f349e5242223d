import type { Place, QueuedReport } from '../buffer/queue.ts'
import type { Clock } from '../clock.ts'
import type { Events } from '../events/events.ts'
import type { Spool } from '../spool/spool.ts'
import { createAlarm } from './alarm.ts'
import { type Memory, SURPLUS_LIMIT_BYTES } from './memory.ts'
import { placesOf, quietly } from './spool-use.ts'

/** Gets what memory holds to disk, in good time and never all at once. */
export interface SpoolWriter {
  /** Whether the disk takes reports, as far as one can tell. */
  readonly isTaking: boolean
  /** The write under way. */
  readonly busy: Promise<void> | undefined
  /** Writes before long what is to be written, unless that is under way. */
  writeSoon(): void
  /** Writes all that memory alone has at this moment. @returns When that is done, or was not possible. */
  writeAll(): Promise<void>
  /** The same at once. */
  writeNow(): void
  /** These are no concern of the disk any more, whatever becomes of a write under way. */
  settle(reports: readonly QueuedReport[]): void
  /** The disk let go of this one: memory alone has it. */
  noteLetGo(report: QueuedReport): void
  stop(): void
}

export interface SpoolWriterOptions {
  /** Opens it, if it is not open. */
  spool(): Spool
  /** That of a spool that may not be open. */
  state(): Spool['state']
  readonly limitBytes: number
  readonly memory: Memory
  readonly clock: Clock
  /** Whether all of memory is to be on disk, not only what it has no room for. */
  isAllToBeWritten(): boolean
  /** Whether the disk let go of a place before anybody here knew of it. */
  isForgotten(place: Place): boolean
  /** These are on disk, and leave memory. */
  onRest(reports: readonly QueuedReport[]): void
  /** The disk took nothing: memory has to do without it for a while. */
  onNotTaken(): void
  /** A write ended. */
  onWritten(): void
  /** @returns The newest one. */
  sequence(): number
  /** Reports on disk. */
  spooledReports(): number
  readonly events: Events
}

/** Longest that a report waits for others on its way to disk. */
const WRITE_DELAY_MS = 200
/**
 * What is on its way to disk does not wait past this: the other half is for what comes meanwhile. Below it
 * a burst gets the time of `WRITE_DELAY_MS` to leave for TeamServer, which is cheaper than by way of the disk.
 */
const URGENT_BYTES = SURPLUS_LIMIT_BYTES / 2
/** In one piece, so that a disk that is busy never holds the host up for long. */
const WRITE_LIMIT_BYTES = 1_048_576
/** Until a disk that failed is tried again. */
const RETRY_MS = 5_000

export function createSpoolWriter(options: SpoolWriterOptions): SpoolWriter {
  const { memory, clock } = options
  const beingWritten = new Set<QueuedReport>()
  // What the disk let go of for want of room.
  const letGo = new WeakSet<QueuedReport>()
  const alarm = createAlarm(clock, () => void begin(options.isAllToBeWritten()))
  let writing: Promise<void> | undefined
  let retryAtMs = Number.NEGATIVE_INFINITY
  let isStopped = false

  function isTaking(): boolean {
    const state = options.state()
    return !isStopped && (state === 'ready' || (state === 'failing' && clock.now() >= retryAtMs))
  }

  function writeSoon(): void {
    const isUrgent = memory.surplus.sizeBytes >= URGENT_BYTES
    if (isStopped || writing !== undefined || (alarm.isSet && !isUrgent)) return
    const state = options.state()
    if (state === 'refused' || state === 'closed') return
    alarm.set(Math.max(clock.now() + (isUrgent ? 0 : WRITE_DELAY_MS), retryAtMs))
  }

  function begin(isAll: boolean): Promise<void> {
    writing ??= write(isAll).then(end)
    return writing
  }

  /** Piece by piece, what is there now: what comes later waits for company. */
  async function write(isAll: boolean): Promise<boolean> {
    const through = options.sequence()
    let isTaken = true
    for (let reports = unplaced(isAll, through); reports.length > 0; ) {
      isTaken = await writePiece(reports)
      reports = isTaken && !isStopped ? unplaced(isAll, through) : []
    }
    return isTaken
  }

  function end(isTaken: boolean): void {
    writing = undefined
    if (isStopped) return
    if (!isTaken) {
      retryAtMs = clock.now() + RETRY_MS
      options.onNotTaken()
    }
    if (hasUnplaced()) writeSoon()
    options.onWritten()
  }

  async function writePiece(reports: readonly QueuedReport[]): Promise<boolean> {
    for (const report of reports) beingWritten.add(report)
    const begunAtMs = clock.now()
    const places = await quietly(() => options.spool().write(reports))
    notePlaces(reports, places)
    restSurplus()
    if (places !== undefined) tellWritten(reports, begunAtMs)
    return places !== undefined
  }

  function tellWritten(reports: readonly QueuedReport[], begunAtMs: number): void {
    options.events.to('spool:written')?.({
      reports: reports.length,
      bytes: reports.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
      spooled: options.spooledReports(),
      durationMs: clock.now() - begunAtMs,
    })
  }

  function notePlaces(
    reports: readonly QueuedReport[],
    places: readonly Place[] | undefined,
  ): void {
    const needless: Place[] = []
    for (const [index, report] of reports.entries()) {
      const isWaitedFor = beingWritten.delete(report)
      const place = places?.[index]
      if (place === undefined) continue
      if (!isWaitedFor || report.place !== undefined) needless.push(place)
      else if (!options.isForgotten(place)) report.place = place
    }
    if (needless.length > 0) options.spool().settle(needless)
  }

  /** What is on disk and has no room in memory leaves it. */
  function restSurplus(): void {
    options.onRest(memory.surplus.takeWhile(({ place }) => place !== undefined))
  }

  /** @param through The newest one that counts. */
  function unplaced(
    isAll: boolean,
    through: number,
    limitBytes = WRITE_LIMIT_BYTES,
  ): QueuedReport[] {
    const found: QueuedReport[] = []
    let sizeBytes = 0
    // Otherwise what fills the spool by itself would push itself out again and again.
    const isTooMuch = memory.sizeBytes * 2 > options.limitBytes
    const source = isAll ? memory : memory.surplus
    source.forEach((report) => {
      if (report.place !== undefined || report.sequence > through || sizeBytes >= limitBytes) return
      if (isTooMuch && letGo.has(report)) return
      found.push(report)
      sizeBytes += report.sizeBytes
    })
    return found
  }

  function hasUnplaced(): boolean {
    return unplaced(options.isAllToBeWritten(), Number.POSITIVE_INFINITY, 1).length > 0
  }

  return {
    get isTaking() {
      return isTaking()
    },
    get busy() {
      return writing
    },
    writeSoon,
    async writeAll() {
      await writing
      if (isTaking()) await begin(true)
    },
    writeNow() {
      if (isStopped) return
      const reports = unplaced(true, Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY)
      if (reports.length === 0) return
      const begunAtMs = clock.now()
      const places = options.spool().writeSync(reports)
      for (const [index, report] of reports.entries()) report.place = places?.[index]
      restSurplus()
      if (places !== undefined) tellWritten(reports, begunAtMs)
    },
    settle(reports) {
      for (const report of reports) beingWritten.delete(report)
      const places = placesOf(reports)
      if (places.length > 0) options.spool().settle(places)
    },
    noteLetGo: (report) => void letGo.add(report),
    stop() {
      isStopped = true
      alarm.cancel()
      beingWritten.clear()
    },
  }
}
