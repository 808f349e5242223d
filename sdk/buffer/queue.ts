/** A report as it will be sent: serialized once, when it was handed over. */
export interface QueuedReport {
  readonly id: string
  readonly type: string
  /** One JSON object. */
  readonly json: string
  readonly sizeBytes: number
  /** Grows with each report of an engine. */
  readonly sequence: number
  /** When it, or the oldest that it waits with, was handed over; on the clock that only goes forward. */
  readonly queuedAtMs: number
  /** Where the disk has it too; absent while memory alone has it. */
  place: Place | undefined
}

/** A record of a spool: which file, and which record in it. */
export interface Place {
  readonly segment: number
  readonly index: number
}

/** Reports waiting in memory, oldest first. */
export interface Queue {
  readonly sizeReports: number
  readonly sizeBytes: number
  /** One report more, of any size, is one too many. */
  readonly isFull: boolean
  oldest(): QueuedReport | undefined
  add(report: QueuedReport): void
  /** Takes the oldest out as long as `isWanted` says so. */
  takeWhile(isWanted: (report: QueuedReport) => boolean): QueuedReport[]
  /** Takes out the oldest that are past the limits. */
  takeSurplus(): readonly QueuedReport[]
  /** Puts reports that were taken back in front, in their order. */
  putBack(reports: readonly QueuedReport[]): void
  forEach(visit: (report: QueuedReport) => void): void
}

export interface QueueLimits {
  /** From 1. */
  readonly reports: number
  readonly bytes: number
}

export function createQueue(limits: QueueLimits): Queue {
  let slots: QueuedReport[] = []
  // Slots before this one are free: taking the oldest moves the mark, not a thousand reports.
  let first = 0
  let sizeBytes = 0

  function takeOldest(): void {
    const report = slots[first]
    if (report === undefined) return
    first++
    sizeBytes -= report.sizeBytes
    // At least half is free: moving the rest costs no more than what was taken since the last time.
    if (first * 2 >= slots.length) {
      slots = slots.slice(first)
      first = 0
    }
  }

  function takeWhile(isWanted: (report: QueuedReport) => boolean): QueuedReport[] {
    const taken: QueuedReport[] = []
    for (let report = slots[first]; report && isWanted(report); report = slots[first]) {
      taken.push(report)
      takeOldest()
    }
    return taken
  }

  function isPastLimits(): boolean {
    const sizeReports = slots.length - first
    // A single report that is larger than all the room is kept all the same.
    return sizeReports > limits.reports || (sizeBytes > limits.bytes && sizeReports > 1)
  }

  return {
    get sizeReports() {
      return slots.length - first
    },
    get sizeBytes() {
      return sizeBytes
    },
    get isFull() {
      return slots.length - first >= limits.reports || sizeBytes >= limits.bytes
    },
    oldest: () => slots[first],
    add(report) {
      slots.push(report)
      sizeBytes += report.sizeBytes
    },
    takeWhile,
    takeSurplus: () => (isPastLimits() ? takeWhile(isPastLimits) : NONE),
    putBack(reports) {
      if (reports.length === 0) return
      slots = [...reports, ...slots.slice(first)]
      first = 0
      for (const report of reports) sizeBytes += report.sizeBytes
    },
    forEach(visit) {
      for (let index = first; index < slots.length; index++) visit(slots[index] as QueuedReport)
    },
  }
}

const NONE: readonly QueuedReport[] = Object.freeze([])
