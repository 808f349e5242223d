import type { Place, QueuedReport } from '../buffer/queue.ts'
import type { Clock } from '../clock.ts'
import type { Spool, SpoolEvents, SpooledReport } from '../spool/spool.ts'
import type { Memory } from './memory.ts'
import { createResting } from './resting.ts'

/** One spool at work: what memory holds gets to disk in good time, and comes back when there is room. */
export interface Spooling {
  /** Whether the disk takes reports, as far as one can tell. */
  readonly isTaking: boolean
  /** Reports that the disk alone has. */
  readonly restingReports: number
  /** As in `Resting`. */
  readonly oldestSequence: number
  /** Reports on disk, those included that memory has too. */
  readonly spooledReports: number
  /** Records that were damaged and set aside. */
  readonly quarantinedReports: number
  /** Writes before long what is to be written, unless that is under way. */
  writeWithin(delayMs: number): void
  /** Writes all that memory alone has at this moment. @returns When that is done, or was not possible. */
  writeAll(): Promise<void>
  /** The same at once. */
  writeNow(): void
  /** These are accepted, refused or dropped: nobody is to send them again. */
  settle(reports: readonly QueuedReport[]): void
  /** Fetches resting reports, if there is room for them. */
  refill(): void
  /** Looks for what engines that are gone have left, soon and then every now and again. */
  beginAdopting(): void
  /** Has looked at least once, when it resolves. */
  adoptFirst(): Promise<void>
  /**
   * Lets go of the disk. What memory holds stays there, and nobody else is to send it.
   *
   * @returns How many reports stay on disk, for an engine of the same name.
   */
  leave(): number
  /** Lets go of the disk. What memory holds of it rests, and stays for the next engine. */
  close(): Promise<void>
  /** The same at the end of the process. @returns How many reports stay on disk. */
  closeNow(): number
}

export interface SpoolingOptions {
  /** Nothing is touched before something has to be written or looked for. */
  openSpool(events: SpoolEvents): Spool
  readonly limitBytes: number
  readonly memory: Memory
  readonly clock: Clock
  /** Whether all of memory is to be on disk, not only what it has no room for. */
  isAllToBeWritten(): boolean
  /** What may be fetched now; `undefined` when nothing. */
  room(): { readonly reports: number; readonly bytes: number } | undefined
  /** Reports came back. @param sequence The one to give them. */
  onTaken(reports: readonly TakenReport[], sequence: number): void
  /** An engine that is gone had given these. */
  onAdopted(countReports: number): void
  /** Reports that the disk alone had are no more. */
  onLost(countReports: number): void
  /** The disk took nothing: memory has to do without it for a while. */
  onNotTaken(): void
  /** More of memory may be free. */
  onWritten(): void
  /** @returns The newest one. */
  sequence(): number
  onWarning(kind: string, line: string): void
}

/** A report from the disk, which may have let go of it meanwhile. */
export type TakenReport = SpooledReport & Pick<QueuedReport, 'place'>

/** In one piece, so that a disk that is busy never holds the host up for long. */
const WRITE_LIMIT_BYTES = 1_048_576
/** Until a disk that failed is tried again. */
const RETRY_MS = 5_000
/** Engines that are gone are looked for soon after the start, which itself stays quick. */
const FIRST_ADOPTION_MS = 1_000
const ADOPTION_PERIOD_MS = 60_000

export function createSpooling(options: SpoolingOptions): Spooling {
  const { memory, clock } = options
  const resting = createResting()
  const beingWritten = new Set<QueuedReport>()
  // What the disk let go of for want of room.
  const letGo = new WeakSet<QueuedReport>()
  // Places that were forgotten before anybody here knew of them.
  const forgottenEarly = new Set<string>()
  let spool: Spool | undefined
  let timer: { readonly atMs: number; cancel(): void } | undefined
  let cancelAdoption: (() => void) | undefined
  let cancelRefill: (() => void) | undefined
  let writing: Promise<void> | undefined
  let reading: Promise<void> | undefined
  let retryAtMs = Number.NEGATIVE_INFINITY
  let hasAdopted = false
  let isOver = false

  function opened(): Spool {
    spool ??= options.openSpool({
      onDropped: (countReports) => options.onLost(resting.remove(countReports)),
      onForgotten: forget,
      onWarning: options.onWarning,
    })
    return spool
  }

  function isTaking(): boolean {
    const state = spool?.state ?? 'ready'
    return !isOver && (state === 'ready' || (state === 'failing' && clock.now() >= retryAtMs))
  }

  // --- To disk ---

  function writeWithin(delayMs: number): void {
    if (isOver || writing !== undefined || !isOpenForWriting()) return
    const atMs = Math.max(clock.now() + delayMs, retryAtMs)
    if (timer !== undefined && timer.atMs <= atMs) return
    timer?.cancel()
    timer = { atMs, cancel: clock.after(Math.max(0, atMs - clock.now()), onTimer) }
  }

  function onTimer(): void {
    timer = undefined
    void beginWriting(options.isAllToBeWritten() || spool?.state === 'failing')
  }

  function beginWriting(isAll: boolean): Promise<void> {
    writing ??= write(isAll).then(endWriting)
    return writing
  }

  function isOpenForWriting(): boolean {
    return spool === undefined || spool.state === 'ready' || spool.state === 'failing'
  }

  /** Piece by piece, what is there now: what comes later waits for company. */
  async function write(isAll: boolean): Promise<boolean> {
    const through = options.sequence()
    let isTaken = true
    for (let reports = unplaced(isAll, through); reports.length > 0; ) {
      isTaken = await writePiece(reports)
      reports = isTaken && !isOver ? unplaced(isAll, through) : []
    }
    return isTaken
  }

  function endWriting(isTaken: boolean): void {
    writing = undefined
    forgetEarlyOnes()
    if (isOver) return
    if (!isTaken) {
      retryAtMs = clock.now() + RETRY_MS
      options.onNotTaken()
    }
    if (hasUnplaced()) writeWithin(memory.surplus.sizeReports > 0 ? 0 : WRITE_DELAY_MS)
    options.onWritten()
  }

  async function writePiece(reports: readonly QueuedReport[]): Promise<boolean> {
    for (const report of reports) beingWritten.add(report)
    const places = await quietly(() => opened().write(reports))
    notePlaces(reports, places)
    restSurplus()
    return places !== undefined
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

  function notePlaces(
    reports: readonly QueuedReport[],
    places: readonly Place[] | undefined,
  ): void {
    const needless: Place[] = []
    for (const [index, report] of reports.entries()) {
      const isWaitedFor = beingWritten.delete(report)
      const place = places?.[index]
      if (place === undefined) continue
      if (isWaitedFor && report.place === undefined && !forgottenEarly.has(textOf(place))) {
        report.place = place
      } else needless.push(place)
    }
    if (needless.length > 0) spool?.settle(needless)
  }

  /** What is on disk and has no room in memory leaves it. */
  function restSurplus(): void {
    const reports = memory.surplus.takeWhile(({ place }) => place !== undefined)
    const sequence = reports[0]?.sequence ?? 0
    spool?.rest(placesOf(reports))
    resting.add(reports.length, sequence)
  }

  function forget(places: readonly Place[]): void {
    const texts = new Set(places.map(textOf))
    memory.forEach((report) => {
      if (report.place === undefined || !texts.delete(textOf(report.place))) return
      report.place = undefined
      letGo.add(report)
    })
    if (writing !== undefined || reading !== undefined) {
      for (const text of texts) forgottenEarly.add(text)
    }
  }

  function forgetEarlyOnes(): void {
    if (writing === undefined && reading === undefined) forgottenEarly.clear()
  }

  // --- From disk ---

  function refill(): void {
    if (isOver || reading !== undefined || resting.sizeReports === 0) return
    const room = options.room()
    if (room !== undefined) reading = take(room)
  }

  async function take(room: { readonly reports: number; readonly bytes: number }): Promise<void> {
    const reports = (await quietly(() => opened().take(room))) ?? []
    reading = undefined
    if (isOver) {
      spool?.rest(placesOf(reports))
      return
    }
    const sequence = Math.min(resting.oldestSequence, options.sequence())
    // One that was never counted was given by somebody.
    options.onAdopted(reports.length - resting.remove(reports.length))
    const taken = reports.map((report) =>
      forgottenEarly.has(textOf(report.place)) ? { ...report, place: undefined } : report,
    )
    forgetEarlyOnes()
    options.onTaken(taken, sequence)
    if (reports.length > 0) return
    cancelRefill?.()
    cancelRefill = clock.after(RETRY_MS, refill)
  }

  async function adopt(): Promise<void> {
    hasAdopted = true
    const countReports = (await quietly(() => opened().adopt())) ?? 0
    reading = undefined
    forgetEarlyOnes()
    if (isOver) return
    resting.addInFront(countReports, options.sequence())
    options.onAdopted(countReports)
    refill()
  }

  function adoptIn(delayMs: number): void {
    cancelAdoption = clock.after(delayMs, () => {
      adoptIn(ADOPTION_PERIOD_MS)
      reading ??= adopt()
    })
  }

  // --- The end ---

  function stop(): void {
    isOver = true
    timer?.cancel()
    cancelAdoption?.()
    cancelRefill?.()
    beingWritten.clear()
  }

  async function finish(): Promise<void> {
    stop()
    await Promise.all([writing, reading])
    await quietly(async () => spool?.close())
  }

  function memoryOnDisk(): QueuedReport[] {
    const placed: QueuedReport[] = []
    memory.forEach((report) => {
      if (report.place !== undefined) placed.push(report)
    })
    return placed
  }

  function restMemory(): void {
    const placed = memoryOnDisk()
    spool?.rest(placesOf(placed))
    resting.add(placed.length, 0)
  }

  function settle(reports: readonly QueuedReport[]): void {
    for (const report of reports) beingWritten.delete(report)
    const places = placesOf(reports)
    if (places.length > 0) spool?.settle(places)
  }

  return {
    get isTaking() {
      return isTaking()
    },
    get restingReports() {
      return resting.sizeReports
    },
    get oldestSequence() {
      return resting.oldestSequence
    },
    get spooledReports() {
      // Not what the spool has: it counts what is still being written, also for a report that is accepted by now.
      return resting.sizeReports + (isOver ? 0 : memoryOnDisk().length)
    },
    get quarantinedReports() {
      return spool?.quarantinedReports ?? 0
    },
    writeWithin,
    async writeAll() {
      await writing
      if (isTaking()) await beginWriting(true)
    },
    writeNow() {
      if (isOver) return
      const reports = unplaced(true, Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY)
      if (reports.length === 0) return
      const places = opened().writeSync(reports)
      for (const [index, report] of reports.entries()) report.place = places?.[index]
      restSurplus()
    },
    settle,
    refill,
    beginAdopting: () => adoptIn(FIRST_ADOPTION_MS),
    async adoptFirst() {
      if (!hasAdopted && !isOver) reading ??= adopt()
      await reading
    },
    leave() {
      const placed = memoryOnDisk()
      settle(placed)
      for (const report of placed) report.place = undefined
      void finish()
      return resting.remove(resting.sizeReports)
    },
    close() {
      restMemory()
      return finish()
    },
    closeNow() {
      restMemory()
      stop()
      spool?.closeSync()
      return resting.remove(resting.sizeReports)
    },
  }
}

/** Longest that a report waits for others on its way to disk. */
export const WRITE_DELAY_MS = 200

function placesOf(reports: readonly { readonly place: Place | undefined }[]): Place[] {
  return reports.flatMap(({ place }) => (place === undefined ? [] : [place]))
}

function textOf({ segment, index }: Place): string {
  return `${segment}:${index}`
}

/** A spool neither throws nor rejects; should it, that is a disk that failed, and no concern of the host. */
async function quietly<Result>(work: () => Promise<Result>): Promise<Result | undefined> {
  try {
    return await work()
  } catch {
    return undefined
  }
}
