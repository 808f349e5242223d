/**
 * How many reports the disk alone has, and since when: they come back in the order in which they came
 * to rest, so that numbers are enough.
 */
export interface Resting {
  readonly sizeReports: number
  /** None is smaller; `Infinity` when there is none. */
  readonly oldestSequence: number
  /** @param sequence That of the first of them. */
  add(countReports: number, sequence: number): void
  /** These come back before all others. */
  addInFront(countReports: number, sequence: number): void
  /** The oldest leave. @returns How many there were to leave. */
  remove(countReports: number): number
}

export function createResting(): Resting {
  let groups: { countReports: number; readonly sequence: number }[] = []
  let sizeReports = 0

  return {
    get sizeReports() {
      return sizeReports
    },
    get oldestSequence() {
      return Math.min(...groups.map(({ sequence }) => sequence))
    },
    add(countReports, sequence) {
      if (countReports === 0) return
      const last = groups.at(-1)
      if (last !== undefined && last.countReports < FEW_REPORTS && last.sequence <= sequence) {
        last.countReports += countReports
      } else groups.push({ countReports, sequence })
      sizeReports += countReports
    },
    addInFront(countReports, sequence) {
      if (countReports === 0) return
      groups.unshift({ countReports, sequence })
      sizeReports += countReports
    },
    remove(countReports) {
      const removed = Math.min(countReports, sizeReports)
      sizeReports -= removed
      for (let left = removed; left > 0; ) {
        const group = groups[0]
        if (group === undefined) break
        const leaving = Math.min(left, group.countReports)
        group.countReports -= leaving
        left -= leaving
        if (group.countReports === 0) groups = groups.slice(1)
      }
      return removed
    },
  }
}

/** Smaller groups are joined: what is known of each report is a little less exact, and takes no room. */
const FEW_REPORTS = 1_000
