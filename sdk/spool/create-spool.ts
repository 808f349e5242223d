import { join, resolve } from 'node:path'
import type { Place } from '../buffer/queue.ts'
import type { Clock } from '../clock.ts'
import { adoptParts } from './adoption.ts'
import { type FileSystem, nodeFileSystem } from './file-system.ts'
import { createHealth } from './health.ts'
import { createHoldings } from './holdings.ts'
import { LEASE_PERIOD_MS } from './part.ts'
import type { Processes } from './processes.ts'
import { takeRecords } from './reader.ts'
import { createRooms, QUARANTINE, type Rooms } from './rooms.ts'
import type { Spool, SpoolEvents, SpooledReport } from './spool.ts'
import { runLater, runNow, type Work } from './work.ts'

export interface SpoolOptions {
  /** Made with the first write, looked at with the first `adopt()`. */
  readonly directory: string
  /** What the reports are for, such as URL and agent user name. Only a hash of it gets on disk. */
  readonly destination: string
  /** Past it the oldest records go first; from 1. One file more than that may be on disk. */
  readonly limitBytes: number
  readonly clock: Clock
  readonly events: SpoolEvents
  /** @default The one of Node. */
  readonly files?: FileSystem
  /** @default Those of this machine. */
  readonly processes?: Processes
}

interface PendingWrite {
  readonly reports: readonly SpooledReport[]
  settle(places: readonly Place[] | undefined): void
}

/** What waits is written together, up to so much. */
const TOGETHER_BYTES = 1_048_576

/** Costs nothing by itself: the first call that needs the disk does. */
export function createSpool(options: SpoolOptions): Spool {
  const { clock, events, limitBytes, files = nodeFileSystem } = options
  const directory = resolve(options.directory)
  const holdings = createHoldings(events)
  const health = createHealth(directory, clock, events)
  const pending: PendingWrite[] = []
  const said = new Set<string>()
  let rooms: Rooms | undefined
  let turns: Promise<unknown> = Promise.resolve()
  let adopting: Promise<number> | undefined
  let isTidyDue = false
  let cancelTick: (() => void) | undefined
  let isEnding = false
  let quarantinedReports = 0

  /** Made with the first use, since they load parts of Node. */
  function open(): Rooms {
    rooms ??= createRooms({
      ...options,
      directory,
      holdings,
      onDamage,
      warnOnce,
      isEnding: () => isEnding,
    })
    cancelTick ??= clock.after(LEASE_PERIOD_MS, tick)
    return rooms
  }

  /** What is found with each look at the directory is told with the first. */
  function warnOnce(kind: string, line: string): void {
    if (said.has(line) || said.size >= SAID_LIMIT) return
    said.add(line)
    events.onWarning(kind, line)
  }

  function onDamage(path: string, lostReports: number): void {
    quarantinedReports += lostReports
    events.onWarning(
      'damaged',
      `${path} is damaged: what could not be read was put into ${join(directory, QUARANTINE)} (reports: ${lostReports})`,
    )
    events.onQuarantined(path, lostReports)
  }

  // --- In turn: one work with our own files at a time ---

  function inTurn<Outcome>(deed: () => Promise<Outcome>): Promise<Outcome> {
    const done = turns.then(deed)
    turns = done.catch(ignore)
    return done
  }

  function workInTurn(work: () => Work<void>): void {
    void inTurn(() => runLater(work(), files)).catch(ignore)
  }

  function tick(): void {
    cancelTick = clock.after(LEASE_PERIOD_MS, tick)
    workInTurn(function* () {
      const { upkeep } = open()
      yield* upkeep.findLostParts()
      yield* upkeep.tidy(true)
    })
  }

  async function writePending(): Promise<void> {
    const writes = takePending()
    let places: readonly Place[] | undefined
    try {
      if (writes.length > 0 && health.isToBeTried()) {
        const reports = writes.flatMap((write) => write.reports)
        places = await runLater(open().writer.write(reports), files)
        health.noteSuccess()
      }
    } catch (error) {
      health.noteFailure(error)
    }
    let next = 0
    for (const { reports, settle } of writes) {
      settle(places?.slice(next, next + reports.length))
      next += reports.length
    }
    keepWithinLimit()
  }

  /** Into a file of its own, and that alone: other work may be under way. */
  function* writeApart(reports: readonly SpooledReport[]): Work<readonly Place[]> {
    const writer = open().makeWriter()
    const places = yield* writer.write(reports)
    yield* writer.finish()
    return places
  }

  /** One write may have been larger than all that is allowed. */
  function keepWithinLimit(): void {
    if (holdings.sizeBytes > limitBytes) workInTurn(() => open().upkeep.makeRoom())
  }

  function takePending(): PendingWrite[] {
    let sizeBytes = 0
    let count = 0
    for (const { reports } of pending) {
      for (const report of reports) sizeBytes += report.sizeBytes
      if (count > 0 && sizeBytes > TOGETHER_BYTES) break
      count += 1
    }
    return pending.splice(0, count)
  }

  async function adoptAll(): Promise<number> {
    try {
      const { segments, parts } = await runLater(adoptParts(open().adoption), files)
      if (isEnding) return 0
      holdings.addInFront(segments)
      for (const part of parts) part.isRead = true
      // Later, when the caller knows how many there are.
      workInTurn(function* () {
        const { upkeep } = open()
        yield* upkeep.makeRoom()
        yield* upkeep.tidy(true)
      })
      return segments.reduce((sum, { records }) => sum + records.restingRecords, 0)
    } catch (error) {
      health.noteFailure(error)
      return 0
    }
  }

  return {
    get state() {
      return health.state
    },
    get restingReports() {
      return holdings.restingRecords
    },
    get sizeReports() {
      return holdings.liveRecords
    },
    get sizeBytes() {
      return holdings.sizeBytes
    },
    get quarantinedReports() {
      return quarantinedReports
    },
    async write(reports) {
      if (isEnding) return undefined
      if (reports.length === 0) return []
      return new Promise((settle) => {
        pending.push({ reports, settle })
        void inTurn(writePending)
      })
    },
    writeSync(reports) {
      if (health.state === 'refused' || health.state === 'closed') return undefined
      if (reports.length === 0) return []
      try {
        return runNow(writeApart(reports), files)
      } catch (error) {
        health.noteFailure(error)
        return undefined
      } finally {
        keepWithinLimit()
      }
    },
    rest: (places) => holdings.change(places, 'held', 'resting'),
    async take(limits) {
      if (isEnding || holdings.restingRecords === 0) return []
      return inTurn(() => runLater(takeRecords(limits, open().reader), files)).catch(() => [])
    },
    settle(places) {
      holdings.settle(places)
      if (isTidyDue || isEnding || rooms === undefined) return
      isTidyDue = true
      workInTurn(function* () {
        isTidyDue = false
        yield* open().upkeep.tidy(false)
      })
    },
    adopt() {
      if (isEnding || health.state === 'refused') return Promise.resolve(0)
      adopting ??= adoptAll().finally(() => {
        adopting = undefined
      })
      return adopting
    },
    async close() {
      isEnding = true
      await adopting
      await inTurn(async () => {
        cancelTick?.()
        if (rooms !== undefined && health.state !== 'closed') {
          await runLater(rooms.upkeep.release(), files)
        }
        health.close()
      }).catch(ignore)
    },
    closeSync() {
      isEnding = true
      cancelTick?.()
      try {
        if (rooms !== undefined && health.state !== 'closed') runNow(rooms.upkeep.leave(), files)
      } catch {
        // What it would have tidied is the next engine's to tidy.
      }
      health.close()
    },
  }
}

/** Nobody reads more, and they are kept. */
const SAID_LIMIT = 100

function ignore(): void {}
