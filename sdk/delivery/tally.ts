import type { QueuedReport } from '../buffer/queue.ts'
import type { ReportsAnswer } from './answers.ts'
import type { DropCause } from './backlog.ts'
import type { MutableCounters } from './counters.ts'

/** Counts what becomes of reports, and says what people should know of it. */
export interface Tally {
  /** A batch was answered; some of it may have been refused by name. */
  noteAccepted(reports: readonly QueuedReport[], answer: ReportsAnswer): void
  noteRefused(report: QueuedReport | undefined, why: string): void
  noteDropped(countReports: number, why: DropCause): void
  /** Engines that are gone had given these: they count as given by us. */
  noteAdopted(countReports: number): void
}

export interface TallyOptions {
  readonly counters: MutableCounters
  readonly queueLimitReports: number
  readonly spoolLimitBytes: number
  /** Says a line unless one of its kind was said a moment ago. */
  warn(kind: string, line: string): void
}

export function createTally(options: TallyOptions): Tally {
  const { counters } = options

  function noteRefused(report: QueuedReport | undefined, why: string): void {
    counters.refused += 1
    options.warn('refused', `TeamServer refused the report ${report?.id} (${report?.type}): ${why}`)
  }

  return {
    noteAccepted(reports, { rejected }) {
      counters.accepted += reports.length - rejected.length
      for (const { index, reason } of rejected) noteRefused(reports[index], reason)
    },
    noteRefused,
    noteDropped(countReports, why) {
      counters.dropped += countReports
      options.warn(`dropped ${why}`, dropLine(why, countReports, options))
    },
    noteAdopted(countReports) {
      counters.given += countReports
    },
  }
}

function dropLine(why: DropCause, countReports: number, options: TallyOptions): string {
  switch (why) {
    case 'queue-full':
      return `the queue is full (queueLimitReports ${options.queueLimitReports}): the oldest reports are dropped`
    case 'disk-slow':
      return 'more is reported at once than gets to disk: the oldest reports on the way there are dropped'
    case 'disk':
      return `reports on disk are dropped, the oldest first (${countReports}): the spool is full (spoolLimitBytes ${options.spoolLimitBytes}), or its files are damaged or gone`
    case 'left':
      return `reports that stay on disk for an engine with the agent user name of before: ${countReports}`
    case 'closed':
      return `closed; undelivered reports that were dropped: ${countReports}`
  }
}
