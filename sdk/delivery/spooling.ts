import type { Place, QueuedReport } from '../buffer/queue.ts'
import type { Spool, SpoolEvents, SpoolLoss } from '../spool/spool.ts'
import { createSpoolReader, type SpoolReader, type SpoolReaderOptions } from './spool-reader.ts'
import { keyOf, placesOf, quietly } from './spool-use.ts'
import { createSpoolWriter, type SpoolWriter, type SpoolWriterOptions } from './spool-writer.ts'

/** One spool at work: what memory holds gets to disk in good time, and comes back when there is room. */
export interface Spooling
  extends Pick<SpoolWriter, 'isTaking' | 'settle' | 'writeAll' | 'writeNow' | 'writeSoon'>,
    Pick<SpoolReader, 'adoptFirst' | 'beginAdopting' | 'refill'> {
  /** Reports that the disk alone has. */
  readonly restingReports: number
  /** As in `Resting`. */
  readonly oldestSequence: number
  /** Reports on disk, those included that memory has too. */
  readonly spooledReports: number
  /** Records that were damaged and set aside. */
  readonly quarantinedReports: number
  /**
   * Lets go of the disk. What memory holds stays there, and nobody else is to send it.
   *
   * @returns How many reports stay on disk, for an engine of the same name.
   */
  leave(): number
  /** Lets go of the disk. What memory holds of it rests, and stays for the next engine. */
  close(): Promise<void>
  /** The same at the end of the process. @returns How many reports stay on disk. */
  closeNow(): number
}

export interface SpoolingOptions
  extends Omit<SpoolWriterOptions, 'isForgotten' | 'onRest' | 'spool' | 'spooledReports' | 'state'>,
    Omit<SpoolReaderOptions, 'isForgotten' | 'onRead' | 'spool' | 'spooledReports'> {
  /** Nothing is touched before something has to be written or looked for. */
  openSpool(events: SpoolEvents): Spool
  /** Reports that the disk alone had are no more. */
  onLost(countReports: number, why: SpoolLoss): void
  onWarning(kind: string, line: string): void
}

export function createSpooling(options: SpoolingOptions): Spooling {
  const { memory } = options
  // Keys of places that were forgotten before anybody here knew of them.
  const forgottenEarly = new Set<string>()
  let spool: Spool | undefined
  let isOver = false
  const shared = {
    ...options,
    spool: opened,
    spooledReports,
    isForgotten: (place: Place) => forgottenEarly.has(keyOf(place)),
  }
  const reader = createSpoolReader({ ...shared, onRead: onIdle })
  const writer = createSpoolWriter({
    ...shared,
    state: () => spool?.state ?? 'ready',
    onRest: rest,
    onWritten: onIdle,
  })
  const { resting } = reader

  function opened(): Spool {
    spool ??= options.openSpool({
      onDropped: (countReports, why) => options.onLost(resting.remove(countReports), why),
      onForgotten: forget,
      onWarning: options.onWarning,
      onState: (state, why) => options.events.to('spool:state')?.({ state, why }),
      onQuarantined: (file, records) => options.events.to('spool:quarantined')?.({ records, file }),
    })
    return spool
  }

  function onIdle(): void {
    if (writer.busy === undefined && reader.busy === undefined) forgottenEarly.clear()
    options.onWritten()
  }

  function forget(places: readonly Place[]): void {
    const keys = new Set(places.map(keyOf))
    memory.forEach((report) => {
      if (report.place === undefined || !keys.delete(keyOf(report.place))) return
      report.place = undefined
      writer.noteLetGo(report)
    })
    if (writer.busy === undefined && reader.busy === undefined) return
    for (const key of keys) forgottenEarly.add(key)
  }

  function rest(reports: readonly QueuedReport[]): void {
    opened().rest(placesOf(reports))
    resting.add(reports.length, reports[0]?.sequence ?? 0)
  }

  function memoryOnDisk(): QueuedReport[] {
    const placed: QueuedReport[] = []
    memory.forEach((report) => {
      if (report.place !== undefined) placed.push(report)
    })
    return placed
  }

  /** Not what the spool has: it counts what is still being written, also for a report that is accepted by now. */
  function spooledReports(): number {
    return resting.sizeReports + (isOver ? 0 : memoryOnDisk().length)
  }

  function stop(): void {
    isOver = true
    writer.stop()
    reader.stop()
  }

  async function finish(): Promise<void> {
    stop()
    await Promise.all([writer.busy, reader.busy])
    await quietly(async () => spool?.close())
  }

  return {
    get isTaking() {
      return writer.isTaking
    },
    get restingReports() {
      return resting.sizeReports
    },
    get oldestSequence() {
      return resting.oldestSequence
    },
    get spooledReports() {
      return spooledReports()
    },
    get quarantinedReports() {
      return spool?.quarantinedReports ?? 0
    },
    writeSoon: writer.writeSoon,
    writeAll: writer.writeAll,
    writeNow: writer.writeNow,
    settle: writer.settle,
    refill: reader.refill,
    beginAdopting: reader.beginAdopting,
    adoptFirst: reader.adoptFirst,
    leave() {
      const placed = memoryOnDisk()
      writer.settle(placed)
      for (const report of placed) report.place = undefined
      void finish()
      return resting.remove(resting.sizeReports)
    },
    close() {
      const placed = memoryOnDisk()
      if (placed.length > 0) rest(placed)
      return finish()
    },
    closeNow() {
      const placed = memoryOnDisk()
      if (placed.length > 0) rest(placed)
      stop()
      spool?.closeSync()
      return resting.remove(resting.sizeReports)
    },
  }
}
