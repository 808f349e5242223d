import { type BatchLimits, takeBatch } from '../buffer/batch.ts'
import type { Queue, QueuedReport } from '../buffer/queue.ts'
import type { Clock } from '../clock.ts'
import type { Events } from '../events/events.ts'
import type { DropReason } from '../events/messages.ts'
import type { Spool, SpoolEvents, SpooledReport } from '../spool/spool.ts'
import { createMemory, type Flight } from './memory.ts'
import type { TakenReport } from './spool-reader.ts'
import { createSpooling, type Spooling } from './spooling.ts'

/** Everything that waits to be delivered: a queue, what is under way, and a spool behind both. */
export interface Backlog {
  readonly queue: Pick<Queue, 'oldest' | 'sizeBytes' | 'sizeReports'>
  /** In memory, under way and on disk. */
  readonly waitingReports: number
  /** On disk, those included that memory has too. */
  readonly spooledReports: number
  /** Records on disk that were damaged and set aside. */
  readonly quarantinedReports: number
  /** Grows with each report. */
  readonly sequence: number
  /** That of the oldest report; `Infinity` when nothing waits. */
  readonly oldestSequence: number
  add(report: SpooledReport): void
  /** Takes the next batch out of the queue. */
  board(limits: BatchLimits): Flight
  /** These are accepted or refused. */
  settle(reports: readonly QueuedReport[]): void
  /** What is left of a batch waits again, in front. */
  land(flight: Flight): void
  /** TeamServer is out of reach, or that is over: meanwhile what memory holds goes to disk too. */
  noteAway(isAway: boolean): void
  /** Has everything on disk that waits now. @returns When it is, or cannot be. */
  writeAll(): Promise<void>
  /** The same at once. @param isEnding The process ends: what is on disk is let go of. */
  writeNow(isEnding: boolean): void
  /** Looks for what engines that are gone have left, soon and then every now and again. */
  beginAdopting(): void
  /** Has looked at least once, when it resolves. */
  adoptFirst(): Promise<void>
  /** Another spool from now on, or none. What memory holds goes along; what the disk alone has stays there. */
  moveTo(openSpool: OpenSpool | undefined): void
  /**
   * Lets go of everything. What is on disk goes on waiting there; what is not is dropped.
   *
   * @returns When the disk is let go of too.
   */
  close(): Promise<void>
}

export type OpenSpool = (events: SpoolEvents) => Spool

export interface BacklogOptions {
  readonly clock: Clock
  readonly queueLimitReports: number
  readonly spoolLimitBytes: number
  readonly durability: 'exit' | 'always'
  /** Absent where nothing goes to disk. */
  readonly openSpool: OpenSpool | undefined
  /** Reports of engines that are gone are here now. */
  onAdopted(countReports: number): void
  /** There is more to send than a moment ago. */
  onMore(): void
  onDropped(countReports: number, why: DropReason): void
  onWarning(kind: string, line: string): void
  readonly events: Events
}

/** Read from disk at a time. */
const TAKE_LIMIT_BYTES = 4_194_304

export function createBacklog(options: BacklogOptions): Backlog {
  const { clock, queueLimitReports } = options
  const isAlwaysWritten = options.durability === 'always'
  const memory = createMemory(queueLimitReports)
  const { queue, surplus, flights } = memory
  let { openSpool } = options
  let spooling = startSpooling()
  let sequence = 0
  // Since the queue was full: what comes new must not overtake what is on disk.
  let isSpilling = false
  let isAway = false
  // Whether all of memory is to be on disk, not only what it has no room for.
  let isAllToBeWritten = isAlwaysWritten
  let isClosed = false
  // By the end of the process, which an engine outlives by a few calls.
  let leftOnDisk = 0

  function startSpooling(): Spooling | undefined {
    if (openSpool === undefined) return undefined
    return createSpooling({
      openSpool,
      limitBytes: options.spoolLimitBytes,
      memory,
      clock,
      isAllToBeWritten: () => isAllToBeWritten,
      room,
      onTaken: takeIn,
      onAdopted: options.onAdopted,
      onLost: (countReports, why) => drop(countReports, `spool-${why}`),
      onNotTaken: doWithoutDisk,
      onWritten: refill,
      sequence: () => sequence,
      onWarning: options.onWarning,
      events: options.events,
    })
  }

  // --- In ---

  function add({ id, type, json, sizeBytes }: SpooledReport): void {
    sequence += 1
    // It leaves with those that it joins: the time is asked for once a batch, not once a report.
    const queuedAtMs = queue.oldest()?.queuedAtMs ?? clock.now()
    const report = { id, type, json, sizeBytes, sequence, queuedAtMs, place: undefined }
    if (isSpilling || queue.isFull) addPastQueue(report)
    else {
      queue.add(report)
      if (spooling !== undefined && isAllToBeWritten) spooling.writeSoon()
    }
  }

  function addPastQueue(report: QueuedReport): void {
    if (spooling?.isTaking !== true) {
      queue.add(report)
      doWithoutDisk()
      return
    }
    isSpilling = true
    surplus.add(report)
    give(surplus.takeSurplus(), 'disk-slow')
    spooling.writeSoon()
  }

  /** Memory has to do: the oldest goes. */
  function doWithoutDisk(): void {
    isSpilling = false
    for (const report of surplus.takeWhile(() => true)) queue.add(report)
    give(queue.takeSurplus(), 'queue-full')
  }

  /** Gives reports up. */
  function give(reports: readonly QueuedReport[], why: DropReason): void {
    if (reports.length === 0) return
    spooling?.settle(reports)
    drop(reports.length, why)
  }

  function drop(countReports: number, why: DropReason): void {
    if (countReports > 0) options.onDropped(countReports, why)
  }

  // --- Back from disk ---

  function room(): { readonly reports: number; readonly bytes: number } | undefined {
    const reports = queueLimitReports - queue.sizeReports
    if (reports * 2 < queueLimitReports || queue.isFull) return undefined
    // While nothing gets through, one batch to try it with is enough.
    if (isAway && queue.sizeReports + flights.size > 0) return undefined
    return { reports, bytes: TAKE_LIMIT_BYTES }
  }

  function refill(): void {
    if (isClosed || spooling === undefined) return
    if (spooling.restingReports > 0) {
      spooling.refill()
      return
    }
    isSpilling = surplus.sizeReports > 0
    if (!isSpilling || queue.isFull) return
    surplus.takeWhile((report) => {
      const hasRoom = !queue.isFull
      if (hasRoom) queue.add(report)
      return hasRoom
    })
    options.onMore()
  }

  function takeIn(reports: readonly TakenReport[], takenSequence: number): void {
    for (const { id, type, json, sizeBytes, place } of reports) {
      const since = { sequence: takenSequence, queuedAtMs: Number.NEGATIVE_INFINITY }
      queue.add({ id, type, json, sizeBytes, ...since, place })
    }
    refill()
    options.onMore()
  }

  return {
    queue,
    get waitingReports() {
      return memory.sizeReports + leftOnDisk + (spooling?.restingReports ?? 0)
    },
    get spooledReports() {
      return leftOnDisk + (spooling?.spooledReports ?? 0)
    },
    get quarantinedReports() {
      return spooling?.quarantinedReports ?? 0
    },
    get sequence() {
      return sequence
    },
    get oldestSequence() {
      return Math.min(memory.oldestSequence, spooling?.oldestSequence ?? Number.POSITIVE_INFINITY)
    },
    add,
    board(limits) {
      const flight: Flight = { parts: [takeBatch(queue, limits)] }
      flights.add(flight)
      refill()
      return flight
    },
    settle: (reports) => spooling?.settle(reports),
    land(flight) {
      flights.delete(flight)
      queue.putBack(flight.parts.flat())
      // With a disk, what was under way may stand beside a full queue.
      if (spooling?.isTaking !== true) doWithoutDisk()
      refill()
    },
    noteAway(isAwayNow) {
      isAway = isAwayNow
      isAllToBeWritten = isAlwaysWritten || isAway
      if (isAway) spooling?.writeSoon()
    },
    async writeAll() {
      await spooling?.writeAll()
    },
    writeNow(isEnding) {
      spooling?.writeNow()
      if (!isEnding || spooling === undefined) return
      leftOnDisk += spooling.closeNow()
      memory.keep(({ place }) => place === undefined)
      // For what is reported while the process ends.
      spooling = startSpooling()
    },
    beginAdopting: () => spooling?.beginAdopting(),
    async adoptFirst() {
      await spooling?.adoptFirst()
    },
    moveTo(next) {
      const left = spooling?.leave() ?? 0
      openSpool = next
      spooling = startSpooling()
      // First what is no longer ours: whoever is told of the rest may look at the counters.
      drop(left, 'left')
      if (spooling === undefined) doWithoutDisk()
      spooling?.beginAdopting()
      if (isAllToBeWritten || isSpilling) spooling?.writeSoon()
      refill()
    },
    async close() {
      isClosed = true
      const isClosing = spooling?.close()
      const lost: QueuedReport[] = []
      memory.forEach((report) => {
        if (report.place === undefined) lost.push(report)
      })
      memory.keep(() => false)
      drop(lost.length, 'closed')
      await isClosing
    },
  }
}
