import type { QueuedReport } from '../buffer/queue.ts'
import type { Clock } from '../clock.ts'
import type { Events } from '../events/events.ts'
import type { Spool, SpooledReport } from '../spool/spool.ts'
import { createResting, type Resting } from './resting.ts'
import { placesOf, quietly } from './spool-use.ts'

/** Brings reports back from disk, those of engines that are gone too. */
export interface SpoolReader {
  readonly resting: Resting
  /** What is under way. */
  readonly busy: Promise<void> | undefined
  /** Fetches resting reports, if there is room for them. */
  refill(): void
  /** Looks for what engines that are gone have left, soon and then every now and again. */
  beginAdopting(): void
  /** Has looked at least once, when it resolves. */
  adoptFirst(): Promise<void>
  stop(): void
}

export interface SpoolReaderOptions {
  /** Opens it, if it is not open. */
  spool(): Spool
  readonly clock: Clock
  /** What may be fetched now; `undefined` when nothing. */
  room(): { readonly reports: number; readonly bytes: number } | undefined
  /** Reports came back. @param sequence The one to give them. */
  onTaken(reports: readonly TakenReport[], sequence: number): void
  /** An engine that is gone had given these. */
  onAdopted(countReports: number): void
  /** Whether the disk let go of a place before anybody here knew of it. */
  isForgotten(place: NonNullable<TakenReport['place']>): boolean
  /** A look or a fetch ended. */
  onRead(): void
  /** @returns The newest one. */
  sequence(): number
  /** Reports on disk. */
  spooledReports(): number
  readonly events: Events
}

/** A report from the disk, which may have let go of it meanwhile. */
export type TakenReport = SpooledReport & Pick<QueuedReport, 'place'>

/** Until a disk that gave nothing is asked again. */
const RETRY_MS = 5_000
/** Engines that are gone are looked for soon after the start, which itself stays quick. */
const FIRST_ADOPTION_MS = 500
const ADOPTION_PERIOD_MS = 60_000

export function createSpoolReader(options: SpoolReaderOptions): SpoolReader {
  const { clock } = options
  const resting = createResting()
  let reading: Promise<void> | undefined
  let cancelAdoption: (() => void) | undefined
  let cancelRetry: (() => void) | undefined
  let hasAdopted = false
  let isStopped = false

  function refill(): void {
    const isWaiting = reading !== undefined || cancelRetry !== undefined
    if (isStopped || isWaiting || resting.sizeReports === 0) return
    const room = options.room()
    if (room !== undefined) reading = take(room)
  }

  async function take(room: { readonly reports: number; readonly bytes: number }): Promise<void> {
    const reports = (await quietly(() => options.spool().take(room))) ?? []
    reading = undefined
    if (isStopped) {
      // They stay for whoever comes next.
      options.spool().rest(placesOf(reports))
      return
    }
    const sequence = Math.min(resting.oldestSequence, options.sequence())
    const uncounted = reports.length - resting.remove(reports.length)
    const taken = reports.map((report) =>
      options.isForgotten(report.place) ? { ...report, place: undefined } : report,
    )
    if (reports.length === 0) cancelRetry = clock.after(RETRY_MS, retry)
    options.onTaken(taken, sequence)
    // One that was never counted was given by somebody.
    noteAdopted(uncounted)
    options.onRead()
  }

  function retry(): void {
    cancelRetry = undefined
    refill()
  }

  async function adopt(): Promise<void> {
    hasAdopted = true
    const countReports = (await quietly(() => options.spool().adopt())) ?? 0
    reading = undefined
    if (isStopped) return
    resting.addInFront(countReports, options.sequence())
    noteAdopted(countReports)
    options.onRead()
  }

  function noteAdopted(countReports: number): void {
    if (countReports === 0) return
    options.onAdopted(countReports)
    options.events.to('spool:adopted')?.({
      reports: countReports,
      spooled: options.spooledReports(),
    })
  }

  function adoptIn(delayMs: number): void {
    cancelAdoption = clock.after(delayMs, () => {
      adoptIn(ADOPTION_PERIOD_MS)
      reading ??= adopt()
    })
  }

  return {
    resting,
    get busy() {
      return reading
    },
    refill,
    beginAdopting: () => adoptIn(FIRST_ADOPTION_MS),
    async adoptFirst() {
      if (!hasAdopted && !isStopped) reading ??= adopt()
      await reading
    },
    stop() {
      isStopped = true
      cancelAdoption?.()
      cancelRetry?.()
    },
  }
}
