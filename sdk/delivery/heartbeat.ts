import type { Clock } from '../clock.ts'
import type { Events } from '../events/events.ts'
import type { Delivery } from '../transport/classify.ts'
import type { Settings } from '../wire/messages.ts'
import type { Announcement } from './announcement.ts'
import type { Calls } from './calls.ts'
import type { Counters } from './counters.ts'
import { isToBeRepeated } from './pace.ts'

/** Tells TeamServer now and then that the application lives. */
export interface Heartbeat {
  /** On the clock; `Infinity` while one is under way. */
  readonly dueAtMs: number
  /** @param perform Makes a call, and takes note of how things stand. */
  beat(perform: Perform): Promise<void>
}

export type Perform = <Body>(call: () => Promise<Delivery<Body>>) => Promise<Delivery<Body>>

export interface HeartbeatOptions {
  readonly calls: Calls
  readonly announcement: Announcement
  readonly clock: Clock
  /** When the engine began: the first one comes a period later. */
  readonly startedAtMs: number
  readonly counters: Counters
  waitingReports(): number
  heartbeatPeriodMs(): number
  /** TeamServer answered with these. */
  onSettings(settings: Settings): void
  readonly events: Events
}

export function createHeartbeat(options: HeartbeatOptions): Heartbeat {
  const { calls, announcement, clock } = options
  let lastMs = options.startedAtMs
  let isUnderWay = false

  return {
    get dueAtMs() {
      return isUnderWay ? Number.POSITIVE_INFINITY : lastMs + options.heartbeatPeriodMs()
    },
    async beat(perform) {
      const { given, accepted, refused, dropped } = options.counters
      const counters = { given, accepted, refused, dropped, waiting: options.waitingReports() }
      const session = announcement.sessionId
      isUnderWay = true
      try {
        const delivery = await perform(() =>
          calls.heartbeat({ ...(session !== undefined && { session }), counters }),
        )
        if (!isToBeRepeated(delivery)) lastMs = clock.now()
        if (delivery.status !== 'accepted') return
        options.onSettings(delivery.body.settings)
        options.events.to('heartbeat')?.({
          periodMs: options.heartbeatPeriodMs(),
          sessionId: session,
        })
      } finally {
        isUnderWay = false
      }
    },
  }
}
