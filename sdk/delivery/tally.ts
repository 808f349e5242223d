import type { QueuedReport } from '../buffer/queue.ts'
import type { Events } from '../events/events.ts'
import type { DropReason } from '../events/messages.ts'
import type { ReportsAnswer } from './answers.ts'
import type { MutableCounters } from './counters.ts'

/** Counts what becomes of reports, and says what people should know of it. */
export interface Tally {
  /** A batch was answered; some of it may have been refused by name. */
  noteAccepted(reports: readonly QueuedReport[], answer: ReportsAnswer): void
  noteRefused(report: QueuedReport | undefined, why: string): void
  noteDropped(countReports: number, why: DropReason): void
  /** Engines that are gone had given these: they count as given by us. */
  noteAdopted(countReports: number): void
}

export interface TallyOptions {
  readonly counters: MutableCounters
  readonly queueLimitReports: number
  readonly spoolLimitBytes: number
  /** Says a line unless one of its kind was said a moment ago. */
  warn(kind: string, line: string): void
  readonly events: Events
}

export function createTally(options: TallyOptions): Tally {
  const { counters, events } = options

  function tellRefused(report: QueuedReport | undefined, reason: string): void {
    options.warn(
      'refused',
      `TeamServer refused the report ${report?.id} (${report?.type}): ${reason}`,
    )
    events.to('reports:refused')?.({
      reports: 1,
      by: 'teamserver',
      reason,
      id: report?.id,
      type: report?.type,
    })
  }

  return {
    noteAccepted(reports, { rejected }) {
      const accepted = reports.length - rejected.length
      // All of them first: whoever is told of one may look at the counters.
      counters.accepted += accepted
      counters.refused += rejected.length
      if (accepted > 0) events.to('reports:accepted')?.({ reports: accepted })
      for (const { index, reason } of rejected) tellRefused(reports[index], reason)
    },
    noteRefused(report, why) {
      counters.refused += 1
      tellRefused(report, why)
    },
    noteDropped(countReports, why) {
      counters.dropped += countReports
      options.warn(`dropped ${why}`, dropLine(why, countReports, options))
      events.to('reports:dropped')?.({ reports: countReports, reason: why })
    },
    noteAdopted(countReports) {
      counters.given += countReports
    },
  }
}

function dropLine(why: DropReason, countReports: number, options: TallyOptions): string {
  switch (why) {
    case 'queue-full':
      return `the queue is full (queueLimitReports ${options.queueLimitReports}): the oldest reports are dropped`
    case 'disk-slow':
      return 'more is reported at once than gets to disk: the oldest reports on the way there are dropped'
    case 'spool-full':
      return `the spool is full (spoolLimitBytes ${options.spoolLimitBytes}): the oldest reports on disk are dropped (${countReports})`
    case 'spool-damaged':
      return `reports on disk that cannot be read any more are dropped: ${countReports}`
    case 'spool-gone':
      return `files of the spool are gone; reports in them that were dropped: ${countReports}`
    case 'left':
      return `reports that stay on disk for an engine with the agent user name of before: ${countReports}`
    case 'disabled':
    case 'closed':
      return `closed; undelivered reports that were dropped: ${countReports}`
  }
}
