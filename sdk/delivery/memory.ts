import { createQueue, type Queue, type QueuedReport } from '../buffer/queue.ts'

/** Reports that leave in one request, in parts once something in it is refused. */
export interface Flight {
  /** The first one is under way. */
  parts: (readonly QueuedReport[])[]
}

/** What memory holds of reports that are not settled. */
export interface Memory {
  /** Waiting to be sent. */
  readonly queue: Queue
  /** Past the limit of the queue, on the way to disk: newer than all that wait. */
  readonly surplus: Queue
  /** Under way. */
  readonly flights: Set<Flight>
  readonly sizeReports: number
  /** Of what waits, without what is under way. */
  readonly sizeBytes: number
  /** `Infinity` when there is nothing. */
  readonly oldestSequence: number
  /** What is under way first, then from the oldest to the newest. */
  forEach(visit: (report: QueuedReport) => void): void
  /** Forgets all others. What is kept waits in the queue. */
  keep(isToBeKept: (report: QueuedReport) => boolean): void
}

/** The most that the queue takes, whatever its number of reports: 32 MiB. */
export const QUEUE_LIMIT_BYTES = 33_554_432

/** The most that may be on the way to disk: 16 MiB. A disk that is slower than the host loses the rest. */
export const SURPLUS_LIMIT_BYTES = 16_777_216

export function createMemory(queueLimitReports: number): Memory {
  const queue = createQueue({ reports: queueLimitReports, bytes: QUEUE_LIMIT_BYTES })
  const surplus = createQueue({ reports: Number.POSITIVE_INFINITY, bytes: SURPLUS_LIMIT_BYTES })
  const flights = new Set<Flight>()

  function forEach(visit: (report: QueuedReport) => void): void {
    for (const { parts } of flights)
      for (const part of parts) for (const report of part) visit(report)
    queue.forEach(visit)
    surplus.forEach(visit)
  }

  return {
    queue,
    surplus,
    flights,
    get sizeReports() {
      let count = queue.sizeReports + surplus.sizeReports
      for (const { parts } of flights) for (const part of parts) count += part.length
      return count
    },
    get sizeBytes() {
      return queue.sizeBytes + surplus.sizeBytes
    },
    get oldestSequence() {
      let oldest = Math.min(sequenceOf(queue.oldest()), sequenceOf(surplus.oldest()))
      for (const { parts } of flights) oldest = Math.min(oldest, sequenceOf(parts[0]?.[0]))
      return oldest
    },
    forEach,
    keep(isToBeKept) {
      const all: QueuedReport[] = []
      forEach((report) => all.push(report))
      for (const flight of flights) flight.parts = []
      queue.takeWhile(() => true)
      surplus.takeWhile(() => true)
      queue.putBack(all.filter(isToBeKept))
    },
  }
}

function sequenceOf(report: QueuedReport | undefined): number {
  return report?.sequence ?? Number.POSITIVE_INFINITY
}
