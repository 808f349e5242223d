/** A report as it will be sent: serialized once, when it was handed over. */
export interface QueuedReport {
  readonly id: string
  readonly type: string
  /** One JSON object. */
  readonly json: string
  readonly sizeBytes: number
  /** Grows with each report of an engine. */
  readonly sequence: number
  /** On the clock that only goes forward. */
  readonly queuedAtMs: number
  /** Where the disk has it too; absent while memory alone has it. */
  place?: Place | undefined
}

/** A record of a spool: which file, and which record in it. */
export interface Place {
  readonly segment: number
  readonly index: number
}

/** Reports waiting in memory, oldest first. Something deeper, such as a disk, stands behind the same shape. */
export interface Queue {
  readonly sizeReports: number
  readonly sizeBytes: number
  oldest(): QueuedReport | undefined
  /** @returns How many of the oldest had to go to make room. */
  add(report: QueuedReport): number
  /** Takes the oldest out as long as `isWanted` says so. */
  takeWhile(isWanted: (report: QueuedReport) => boolean): QueuedReport[]
  /** Puts reports that were taken back in front, in their order. @returns As `add()`. */
  putBack(reports: readonly QueuedReport[]): number
  /** Forgets everything. @returns How many reports that were. */
  clear(): number
}

/** @param limitReports Past it the oldest report goes first. From 1. */
export function createQueue(limitReports: number): Queue {
  let slots: QueuedReport[] = []
  // Slots before this one are free: taking the oldest moves the mark, not a thousand reports.
  let first = 0
  let sizeBytes = 0

  function dropPastLimit(): number {
    const surplus = Math.max(0, slots.length - first - limitReports)
    for (let count = 0; count < surplus; count++) takeOldest()
    return surplus
  }

  function takeOldest(): QueuedReport | undefined {
    const report = slots[first]
    if (report === undefined) return undefined
    first++
    sizeBytes -= report.sizeBytes
    // At least half is free: moving the rest costs no more than what was taken since the last time.
    if (first * 2 >= slots.length) {
      slots = slots.slice(first)
      first = 0
    }
    return report
  }

  return {
    get sizeReports() {
      return slots.length - first
    },
    get sizeBytes() {
      return sizeBytes
    },
    oldest: () => slots[first],
    add(report) {
      slots.push(report)
      sizeBytes += report.sizeBytes
      return dropPastLimit()
    },
    takeWhile(isWanted) {
      const taken: QueuedReport[] = []
      for (let report = slots[first]; report && isWanted(report); report = slots[first]) {
        taken.push(report)
        takeOldest()
      }
      return taken
    },
    putBack(reports) {
      slots = [...reports, ...slots.slice(first)]
      first = 0
      for (const report of reports) sizeBytes += report.sizeBytes
      return dropPastLimit()
    },
    clear() {
      const sizeReports = slots.length - first
      slots = []
      first = 0
      sizeBytes = 0
      return sizeReports
    },
  }
}
