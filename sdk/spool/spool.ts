import type { Place, QueuedReport } from '../buffer/queue.ts'

/** What a record holds of a report. */
export type SpooledReport = Pick<QueuedReport, 'id' | 'type' | 'json' | 'sizeBytes'>

/** A report that came back from the disk. */
export interface RecoveredReport extends SpooledReport {
  readonly place: Place
}

/**
 * Reports on disk: one engine's part of a spool directory, and the parts it adopted from engines that
 * are gone. Nothing here throws or rejects; a disk that fails is a state.
 *
 * A record is *held* while its report is in memory too, and *resting* when the disk alone has it.
 */
export interface Spool {
  /**
   * `failing`: the disk could not be used, and the first write after a while tries it again. Until then
   * `write()` asks nothing of the disk. `refused`: others could have forged what is in the directory.
   */
  readonly state: 'ready' | 'failing' | 'refused' | 'closed'
  /** Records that the disk alone has. They come back through `take()`. */
  readonly restingReports: number
  /** Records on disk that are not settled, held ones included. */
  readonly sizeReports: number
  /** What the files take on disk. */
  readonly sizeBytes: number
  /** Records that were damaged and set aside. */
  readonly quarantinedReports: number
  /**
   * Writes records and has them on disk (fsync) when it resolves.
   *
   * @returns A place for each, in their order, all held; `undefined` when the disk did not take them:
   *   then nothing of them will ever come back.
   */
  write(reports: readonly SpooledReport[]): Promise<readonly Place[] | undefined>
  /** The same at once. The process may end right after; where it does not, the spool goes on as before. */
  writeSync(reports: readonly SpooledReport[]): readonly Place[] | undefined
  /** The caller lets go of these reports: from held to resting. */
  rest(places: readonly Place[]): void
  /**
   * The oldest resting records, from resting to held; at least one, however large it is. Fewer, or none,
   * when there are no more, or while a file cannot be read: then they rest on, so wait before the next.
   */
  take(limits: { readonly reports: number; readonly bytes: number }): Promise<RecoveredReport[]>
  /** These are accepted, refused or dropped, and must not be sent by anyone again. */
  settle(places: readonly Place[]): void
  /**
   * Looks for parts whose engines are gone, and makes those its own: exactly one engine wins each.
   *
   * Of some owners it takes two minutes to tell, so ask again every now and then.
   *
   * @returns How many records that were; they rest.
   */
  adopt(): Promise<number>
  /** Lets go of files and timers; the records stay for whoever adopts them. */
  close(): Promise<void>
  /** The same at the end of the process, after `writeSync()`. */
  closeSync(): void
}

export interface SpoolEvents {
  /**
   * Records went: the limit was reached, or they cannot be read any more.
   *
   * @param restingReports Those that nobody else has.
   */
  onDropped(restingReports: number, why: SpoolLoss): void
  /** Held records that are no longer on disk: their reports are in memory alone again. */
  onForgotten(places: readonly Place[]): void
  /** A line for people, said when something changes; `kind` is for limiting how often it is said. */
  onWarning(kind: string, line: string): void
  /** The disk can be used again, or cannot. */
  onState(state: 'ready' | 'failing' | 'refused', why: string | undefined): void
  /** Damaged records of a file were set aside. */
  onQuarantined(path: string, records: number): void
}

export type SpoolLoss =
  /** The limit was reached. */
  | 'full'
  /** Damaged since they were written. */
  | 'damaged'
  /** Their file or their part is not there any more, or somebody else has it. */
  | 'gone'
