import { batchDueAtMs, takeBatch } from '../buffer/batch.ts'
import { createQueue, type QueuedReport } from '../buffer/queue.ts'
import type { Clock } from '../clock.ts'
import type { Logger } from '../logger.ts'
import type { Delivery, HoldCause } from '../transport/classify.ts'
import { describeFault } from '../transport/describe-fault.ts'
import type { Settings } from '../wire/messages.ts'
import type { Announcement } from './announcement.ts'
import type { ReportsAnswer } from './answers.ts'
import { type Calls, reportsEnvelopeBytes } from './calls.ts'
import type { MutableCounters } from './counters.ts'
import { createLineLimit } from './line-limit.ts'
import { createPace } from './pace.ts'

/** What a report is once it is JSON. */
export type SerializedReport = Pick<QueuedReport, 'id' | 'type' | 'json' | 'sizeBytes'>

/** Why nothing goes out, for people and programs. */
export interface HoldStatus {
  readonly cause: HoldCause
  readonly since: Date
  readonly message: string
}

/** Keeps reports until TeamServer took them, and gets them there. */
export interface Outbox {
  readonly state: 'starting' | 'running' | 'retrying' | 'holding'
  /** In the queue and under way. */
  readonly waitingReports: number
  readonly hold: HoldStatus | undefined
  /** What the last exchange failed with; absent while things work. */
  readonly lastError: string | undefined
  add(report: SerializedReport): void
  /**
   * Sends without waiting for company, until everything given before is settled, a hold begins, or
   * time is up. Keeps the process alive that long.
   */
  drain(limitMs: number): Promise<void>
  /** The keys were changed: ends a hold at once. */
  resume(): void
  /** Gives up what still waits, and every timer. The caller aborts what is under way. */
  stop(): void
}

export interface OutboxOptions {
  readonly calls: Calls
  readonly announcement: Announcement
  readonly clock: Clock
  /** Evenly from [0, 1). */
  random(): number
  readonly logger: Logger
  /** The outbox counts what is accepted, refused by TeamServer and dropped. */
  readonly counters: MutableCounters
  readonly url: string
  readonly application: string
  readonly queueLimitReports: number
  readonly batchLimitReports: number
  readonly batchLimitBytes: number
  readonly flushIntervalMs: number
  heartbeatPeriodMs(): number
  /** TeamServer answered a heartbeat with these. */
  onSettings(settings: Settings): void
  holdMessage(cause: HoldCause, why: string): string
  /** A hold has begun. */
  onHold?(cause: HoldCause): void
}

/** Requests at a time once things work. Until then, and to find out whether they do, one is enough. */
export const LANES = 1

/** A batch on its way, split into parts once something in it is refused. */
interface Flight {
  /** The first one is under way. */
  parts: (readonly QueuedReport[])[]
}

interface Waiter {
  /** The last report it waits for. */
  readonly sequence: number
  readonly settle: () => void
}

export function createOutbox(options: OutboxOptions): Outbox {
  const { calls, announcement, clock, counters, logger } = options
  const queue = createQueue(options.queueLimitReports)
  const pace = createPace({ now: clock.now, random: options.random })
  const limitLine = createLineLimit(clock.now)
  const flights = new Set<Flight>()
  const waiters = new Set<Waiter>()
  let sequence = 0
  let lanes = 0
  let lastHeartbeatMs = clock.now()
  let timer: { readonly atMs: number; cancel(): void } | undefined
  let hold: HoldStatus | undefined
  let lastError: string | undefined
  let isRetryingSaid = false
  let keysVersion = 0
  let isStopped = false

  arm()

  function countWaiting(): number {
    let count = queue.sizeReports
    for (const flight of flights) for (const part of flight.parts) count += part.length
    return count
  }

  // --- When: one timer for whatever comes first ---

  function wakeAtMs(): number {
    return Math.max(Math.min(reportsDueAtMs(), heartbeatDueAtMs()), pace.nextAtMs)
  }

  function reportsDueAtMs(): number {
    // Somebody waits for them, or they are the question whether things work again.
    const isPressing = waiters.size > 0 || pace.state !== 'clear'
    if (isPressing && queue.sizeReports > 0) return Number.NEGATIVE_INFINITY
    return batchDueAtMs(queue, options)
  }

  function heartbeatDueAtMs(): number {
    return lastHeartbeatMs + options.heartbeatPeriodMs()
  }

  function freeLanes(): number {
    const isProven = announcement.isDone && pace.state === 'clear'
    return (isProven ? LANES : 1) - lanes
  }

  function arm(): void {
    if (isStopped || freeLanes() <= 0) return
    const atMs = wakeAtMs()
    if (timer !== undefined && timer.atMs <= atMs) return
    timer?.cancel()
    timer = { atMs, cancel: clock.after(Math.max(0, atMs - clock.now()), wake) }
  }

  function wake(): void {
    timer = undefined
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
      for (let job: typeof firstJob | undefined = firstJob; job; job = nextJob()) await job()
    } catch (error) {
      // A slip of ours must neither reach the host nor run in circles.
      note({ status: 'retryable', why: describeFault(error) })
    } finally {
      lanes -= 1
      arm()
    }
  }

  function nextJob(): (() => Promise<void>) | undefined {
    const nowMs = clock.now()
    if (isStopped || wakeAtMs() > nowMs) return undefined
    if (!announcement.isDone) return announce
    return reportsDueAtMs() <= nowMs ? deliverBatch : beat
  }

  async function announce(): Promise<void> {
    await perform(() => announcement.next())
  }

  async function beat(): Promise<void> {
    const { given, accepted, refused, dropped } = counters
    const counts = { given, accepted, refused, dropped, waiting: countWaiting() }
    const session = announcement.sessionId
    const delivery = await perform(() =>
      calls.heartbeat({ ...(session !== undefined && { session }), counters: counts }),
    )
    if (!isToBeRepeated(delivery)) lastHeartbeatMs = clock.now()
    if (delivery.status === 'accepted') options.onSettings(delivery.body.settings)
  }

  async function deliverBatch(): Promise<void> {
    const session = announcement.sessionId
    const envelopeBytes = reportsEnvelopeBytes(session, options.application)
    const batch = takeBatch(queue, {
      ...options,
      batchLimitBytes: options.batchLimitBytes - envelopeBytes,
    })
    const flight: Flight = { parts: [batch] }
    flights.add(flight)
    try {
      await deliverParts(flight, session)
    } finally {
      flights.delete(flight)
      noteOverflow(queue.putBack(flight.parts.flat()))
      tellWaiters()
    }
  }

  async function deliverParts(flight: Flight, session: string | undefined): Promise<void> {
    for (let part = flight.parts[0]; part !== undefined; part = flight.parts[0]) {
      const reports = part
      const delivery = await perform(() => calls.reports(reports, session, options.application))
      // Whoever stopped the outbox has counted what was under way.
      if (isStopped || isToBeRepeated(delivery)) return
      flight.parts.shift()
      if (delivery.status === 'accepted') noteAccepted(reports, delivery.body)
      else flight.parts.unshift(...noteRefused(reports, delivery.why))
      tellWaiters()
      // Another caller took over: the session of this batch is not its own.
      if (!announcement.isDone) return
    }
  }

  // --- What came of it ---

  async function perform<Body>(call: () => Promise<Delivery<Body>>): Promise<Delivery<Body>> {
    const keysBefore = keysVersion
    const delivery = await call()
    // An answer to the old keys says nothing about the new ones.
    const isOutdated = delivery.status === 'hold' && keysBefore !== keysVersion
    if (!isStopped && !isOutdated) note(delivery)
    return delivery
  }

  function note(delivery: Delivery<unknown>): void {
    lastError = isToBeRepeated(delivery) ? delivery.why : undefined
    const change = pace.note(delivery)
    if (pace.holdCause === undefined) hold = undefined
    if (change === 'holding' && delivery.status === 'hold') beginHold(delivery.cause, delivery.why)
    if (change === 'retrying') sayRetrying(delivery)
    if (change === 'resumed') sayResumed()
  }

  function beginHold(cause: HoldCause, why: string): void {
    const message = options.holdMessage(cause, why)
    hold = Object.freeze({ cause, since: new Date(clock.wallClockMs()), message })
    isRetryingSaid = true
    logger.warn(`${message} Reports are kept.`)
    tellWaiters()
    options.onHold?.(cause)
  }

  function sayRetrying(delivery: Delivery<unknown>): void {
    const why = isToBeRepeated(delivery) ? delivery.why : ''
    const line = `TeamServer at ${options.url} is out of reach (${why}). Reports are kept and tried again`
    limitLine('retrying', line, (limited) => {
      isRetryingSaid = true
      logger.warn(limited)
    })
  }

  function sayResumed(): void {
    if (isRetryingSaid) logger.warn(`TeamServer at ${options.url} answers again: resumed`)
    isRetryingSaid = false
  }

  function noteAccepted(reports: readonly QueuedReport[], { rejected }: ReportsAnswer): void {
    counters.accepted += reports.length - rejected.length
    for (const { index, reason } of rejected) countRefused(reports[index], reason)
  }

  /** @returns The parts to try instead: one bad report is to cost only itself. */
  function noteRefused(reports: readonly QueuedReport[], why: string): (readonly QueuedReport[])[] {
    if (reports.length > 1) return halves(reports)
    countRefused(reports[0], why)
    return []
  }

  function countRefused(report: QueuedReport | undefined, why: string): void {
    counters.refused += 1
    const line = `TeamServer refused the report ${report?.id} (${report?.type}): ${why}`
    limitLine('refused', line, logger.warn)
  }

  function noteOverflow(droppedReports: number): void {
    if (droppedReports === 0) return
    counters.dropped += droppedReports
    const line = `the queue is full (queueLimitReports ${options.queueLimitReports}): the oldest reports are dropped`
    limitLine('overflow', line, logger.warn)
  }

  function tellWaiters(): void {
    for (const waiter of waiters) if (isSettled(waiter)) waiter.settle()
  }

  function isSettled(waiter: Waiter): boolean {
    if (isStopped || hold !== undefined) return true
    const isLater = (report: QueuedReport | undefined) =>
      report === undefined || report.sequence > waiter.sequence
    return isLater(queue.oldest()) && [...flights].every(({ parts }) => isLater(parts[0]?.[0]))
  }

  return {
    get state() {
      if (pace.state !== 'clear') return pace.state
      return announcement.isDone ? 'running' : 'starting'
    },
    get waitingReports() {
      return countWaiting()
    },
    get hold() {
      return hold
    },
    get lastError() {
      return lastError
    },
    add({ id, type, json, sizeBytes }) {
      sequence += 1
      noteOverflow(queue.add({ id, type, json, sizeBytes, sequence, queuedAtMs: clock.now() }))
      arm()
    },
    drain(limitMs) {
      return new Promise((resolve) => {
        const waiter: Waiter = { sequence, settle }
        const cancelTimer = clock.after(limitMs, settle, { keepsProcessAlive: true })
        function settle(): void {
          cancelTimer()
          waiters.delete(waiter)
          resolve()
        }
        waiters.add(waiter)
        if (isSettled(waiter)) settle()
        else arm()
      })
    },
    resume() {
      keysVersion += 1
      pace.release()
      hold = undefined
      arm()
    },
    stop() {
      counters.dropped += countWaiting()
      isStopped = true
      queue.clear()
      for (const flight of flights) flight.parts = []
      timer?.cancel()
      tellWaiters()
    },
  }
}

function isToBeRepeated<Body>(
  delivery: Delivery<Body>,
): delivery is Extract<Delivery<Body>, { status: 'hold' | 'retryable' }> {
  return delivery.status === 'hold' || delivery.status === 'retryable'
}

function halves<Item>(items: readonly Item[]): (readonly Item[])[] {
  const middle = Math.ceil(items.length / 2)
  return [items.slice(0, middle), items.slice(middle)]
}
