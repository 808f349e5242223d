import { batchDueAtMs } from '../buffer/batch.ts'
import type { QueuedReport } from '../buffer/queue.ts'
import type { Clock } from '../clock.ts'
import type { Events } from '../events/events.ts'
import type { HoldStatus } from '../events/messages.ts'
import type { Logger } from '../logger.ts'
import type { SpooledReport } from '../spool/spool.ts'
import type { Delivery, HoldCause } from '../transport/classify.ts'
import { describeFault } from '../transport/describe-fault.ts'
import type { Settings } from '../wire/messages.ts'
import { createAlarm } from './alarm.ts'
import type { Announcement } from './announcement.ts'
import { createBacklog, type OpenSpool } from './backlog.ts'
import { type Calls, reportsEnvelopeBytes } from './calls.ts'
import type { MutableCounters } from './counters.ts'
import { tellExchange } from './exchange-event.ts'
import { createHeartbeat } from './heartbeat.ts'
import { createLineLimit } from './line-limit.ts'
import type { Flight } from './memory.ts'
import { isToBeRepeated } from './pace.ts'
import { createStanding } from './standing.ts'
import { createTally } from './tally.ts'
import { createWaiters } from './waiters.ts'

/** Keeps reports until TeamServer took them, and gets them there. */
export interface Outbox {
  readonly state: 'starting' | 'running' | 'retrying' | 'holding'
  /** In the queue, under way and on disk. */
  readonly waitingReports: number
  /** On disk, those included that memory has too. */
  readonly spooledReports: number
  /** Records on disk that were damaged and set aside. */
  readonly quarantinedReports: number
  readonly hold: HoldStatus | undefined
  /** What the last exchange failed with; absent while things work. */
  readonly lastError: string | undefined
  add(report: SpooledReport): void
  /**
   * Sends without waiting for company, until everything given before is settled, a hold begins, or
   * time is up. Keeps the process alive that long.
   *
   * @returns Whether everything given before is settled.
   */
  drain(limitMs: number): Promise<boolean>
  /** What engines that are gone have left on disk waits here, when it resolves. */
  adopt(): Promise<void>
  /** Has everything that waits now on disk. @returns When it is, or cannot be. */
  spool(): Promise<void>
  /** As `writeNow()` of `Backlog`. */
  spoolNow(isEnding: boolean): void
  /** The keys were changed: ends a hold at once. */
  resume(): void
  /** As in `Backlog`. */
  moveTo(openSpool: OpenSpool | undefined): void
  /**
   * Lets go of every timer. What is on disk stays there, what is not is dropped. The caller aborts what
   * is under way.
   *
   * @returns When the disk is let go of too.
   */
  stop(): Promise<void>
}

export interface OutboxOptions {
  readonly calls: Calls
  readonly announcement: Announcement
  readonly clock: Clock
  /** When the engine began, on the clock. */
  readonly startedAtMs: number
  /** Evenly from [0, 1). */
  random(): number
  readonly logger: Logger
  /** The outbox counts what is accepted, refused by TeamServer and dropped, and what it adopts. */
  readonly counters: MutableCounters
  readonly url: string
  readonly application: string
  readonly queueLimitReports: number
  readonly batchLimitReports: number
  readonly batchLimitBytes: number
  readonly flushIntervalMs: number
  readonly spoolLimitBytes: number
  readonly durability: 'exit' | 'always'
  /** Absent where nothing goes to disk. */
  readonly openSpool: OpenSpool | undefined
  heartbeatPeriodMs(): number
  /** TeamServer answered a heartbeat with these. */
  onSettings(settings: Settings): void
  holdMessage(cause: HoldCause, why: string): string
  /** A hold has begun, or has another cause. */
  onHold(): void
  /** The state may be another than before. */
  onState(): void
  readonly events: Events
}

/** Requests at a time once things work. Until then, and to find out whether they do, one is enough. */
export const LANES = 2

export function createOutbox(options: OutboxOptions): Outbox {
  const { calls, announcement, clock, batchLimitReports, batchLimitBytes } = options
  const limitLine = createLineLimit(clock.now)
  const tally = createTally({ ...options, warn })
  const standing = createStanding({
    ...options,
    warn,
    onAway: (isAway) => backlog.noteAway(isAway),
    onHold() {
      waiters.look()
      options.onHold()
    },
  })
  const backlog = createBacklog({
    ...options,
    onAdopted: tally.noteAdopted,
    onMore: arm,
    onDropped(countReports, why) {
      tally.noteDropped(countReports, why)
      waiters.look()
    },
    onWarning: warn,
  })
  const heartbeat = createHeartbeat({
    ...options,
    waitingReports: () => backlog.waitingReports,
  })
  const waiters = createWaiters(clock, isSettled)
  const alarm = createAlarm(clock, wake)
  let lanes = 0
  let isStopped = false

  backlog.beginAdopting()
  arm()

  function warn(kind: string, line: string, onSaid?: () => void): void {
    limitLine(kind, line, (limited) => {
      onSaid?.()
      options.logger.warn(limited)
    })
  }

  // --- When: one alarm for whatever comes first ---

  function wakeAtMs(): number {
    return Math.max(Math.min(reportsDueAtMs(), heartbeat.dueAtMs), standing.nextAtMs)
  }

  function reportsDueAtMs(): number {
    // Somebody waits for them, or they are the question whether things work again.
    const isPressing = !waiters.isEmpty || standing.state !== 'clear'
    if (isPressing && backlog.queue.sizeReports > 0) return Number.NEGATIVE_INFINITY
    return batchDueAtMs(backlog.queue, options)
  }

  function freeLanes(): number {
    const isProven = announcement.isDone && standing.state === 'clear'
    return (isProven ? LANES : 1) - lanes
  }

  function arm(): void {
    // One that rings at once needs no second look: every report of a burst comes by here.
    if (!isStopped && !alarm.isDue && freeLanes() > 0) alarm.set(wakeAtMs())
  }

  function wake(): void {
    while (freeLanes() > 0) {
      const job = nextJob()
      if (job === undefined) break
      void runLane(job)
    }
    arm()
  }

  // --- What: one job after the other ---

  async function runLane(firstJob: () => Promise<void>): Promise<void> {
    lanes += 1
    try {
      let job: typeof firstJob | undefined = firstJob
      while (job !== undefined) {
        await job()
        arm()
        // Others may have taken this lane's place meanwhile: it counts itself.
        job = freeLanes() >= 0 ? nextJob() : undefined
      }
    } catch (error) {
      // A slip of ours must neither reach the host nor run in circles.
      standing.begin()({ status: 'retryable', why: describeFault(error) })
    } finally {
      lanes -= 1
      arm()
    }
  }

  function nextJob(): (() => Promise<void>) | undefined {
    const nowMs = clock.now()
    if (isStopped || wakeAtMs() > nowMs) return undefined
    if (!announcement.isDone) return announce
    return reportsDueAtMs() <= nowMs ? deliverBatch : () => heartbeat.beat(perform)
  }

  async function announce(): Promise<void> {
    await perform(() => announcement.next())
  }

  async function deliverBatch(): Promise<void> {
    const session = announcement.sessionId
    const envelopeBytes = reportsEnvelopeBytes(session, options.application)
    const flight = backlog.board({
      ...options,
      batchLimitBytes: options.batchLimitBytes - envelopeBytes,
    })
    try {
      await deliverParts(flight, session)
    } finally {
      backlog.land(flight)
      waiters.look()
    }
  }

  async function deliverParts(flight: Flight, session: string | undefined): Promise<void> {
    for (let part = flight.parts[0]; part !== undefined; part = flight.parts[0]) {
      const reports = part
      const delivery = await perform(() => calls.reports(reports, session, options.application))
      // Whoever stopped the outbox has counted what was under way.
      if (isStopped || isToBeRepeated(delivery)) return
      flight.parts.shift()
      flight.parts.unshift(...settle(reports, delivery))
      waiters.look()
      // Another caller took over: the session of this batch is not its own.
      if (!announcement.isDone) return
    }
  }

  /** @returns The parts to try instead: one bad report is to cost only itself. */
  function settle(
    reports: readonly QueuedReport[],
    delivery: Awaited<ReturnType<Calls['reports']>>,
  ): (readonly QueuedReport[])[] {
    if (delivery.status !== 'accepted' && reports.length > 1) return halves(reports)
    backlog.settle(reports)
    if (delivery.status === 'accepted') tally.noteAccepted(reports, delivery.body)
    else tally.noteRefused(reports[0], delivery.why)
    return []
  }

  async function perform<Body>(call: () => Promise<Delivery<Body>>): Promise<Delivery<Body>> {
    const attempt = standing.setbacks + 1
    const note = standing.begin()
    const delivery = await call()
    // Whoever stopped the outbox has told what there was to tell.
    if (isStopped) return delivery
    note(delivery)
    tellExchange(options.events, delivery, { attempt, waitMs: standing.nextAtMs - clock.now() })
    options.onState()
    return delivery
  }

  function isSettled(sequence: number): boolean {
    return isStopped || standing.hold !== undefined || backlog.oldestSequence > sequence
  }

  return {
    get state() {
      if (standing.state !== 'clear') return standing.state
      return announcement.isDone ? 'running' : 'starting'
    },
    get waitingReports() {
      return backlog.waitingReports
    },
    get spooledReports() {
      return backlog.spooledReports
    },
    get quarantinedReports() {
      return backlog.quarantinedReports
    },
    get hold() {
      return standing.hold
    },
    get lastError() {
      return standing.lastError
    },
    add(report) {
      backlog.add(report)
      // In between, one report more makes nothing due any earlier.
      const { sizeReports, sizeBytes } = backlog.queue
      const isFull = sizeReports >= batchLimitReports || sizeBytes >= batchLimitBytes
      if (sizeReports === 1 || isFull) arm()
    },
    async drain(limitMs) {
      const { sequence } = backlog
      const waited = waiters.wait(sequence, limitMs)
      arm()
      await waited
      return backlog.oldestSequence > sequence
    },
    adopt: backlog.adoptFirst,
    spool: backlog.writeAll,
    spoolNow: backlog.writeNow,
    resume() {
      standing.release()
      options.onState()
      arm()
    },
    moveTo: backlog.moveTo,
    async stop() {
      isStopped = true
      alarm.cancel()
      const isClosing = backlog.close()
      waiters.look()
      await isClosing
    },
  }
}

function halves<Item>(items: readonly Item[]): (readonly Item[])[] {
  const middle = Math.ceil(items.length / 2)
  return [items.slice(0, middle), items.slice(middle)]
}
