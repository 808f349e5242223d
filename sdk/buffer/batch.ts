import type { Queue, QueuedReport } from './queue.ts'

export interface BatchLimits {
  /** Most reports in one request. */
  readonly batchLimitReports: number
  /** Most bytes of reports in one request, before compression. */
  readonly batchLimitBytes: number
  /** Longest that a report waits for company. */
  readonly flushIntervalMs: number
}

/** Takes the next batch out of the queue. A report larger than a batch goes alone. */
export function takeBatch(queue: Queue, limits: BatchLimits): QueuedReport[] {
  let countReports = 0
  let sizeBytes = 0
  return queue.takeWhile((report) => {
    countReports += 1
    sizeBytes += report.sizeBytes + COMMA_BYTES
    if (countReports === 1) return true
    return countReports <= limits.batchLimitReports && sizeBytes <= limits.batchLimitBytes
  })
}

/** @returns When the next batch is to leave, on the queue's clock; `Infinity` when nothing waits. */
export function batchDueAtMs(
  queue: Pick<Queue, 'oldest' | 'sizeBytes' | 'sizeReports'>,
  limits: BatchLimits,
): number {
  const oldest = queue.oldest()
  if (oldest === undefined) return Number.POSITIVE_INFINITY
  const isFull =
    queue.sizeReports >= limits.batchLimitReports || queue.sizeBytes >= limits.batchLimitBytes
  return isFull ? oldest.queuedAtMs : oldest.queuedAtMs + limits.flushIntervalMs
}

const COMMA_BYTES = 1
