import type { Clock } from '../clock.ts'
import type { Configuration } from '../configuration/configuration.ts'
import type { CredentialsUpdate } from '../configuration/credentials-update.ts'
import { withServerSettings } from '../configuration/server-settings.ts'
import { authorizationHeaders } from '../credentials/authorization.ts'
import { isComplete } from '../credentials/credentials.ts'
import type { KnownKeys } from '../credentials/known-keys.ts'
import { createAnnouncement } from '../delivery/announcement.ts'
import type { OpenSpool } from '../delivery/backlog.ts'
import { createCalls } from '../delivery/calls.ts'
import type { MutableCounters } from '../delivery/counters.ts'
import { holdMessage } from '../delivery/hold-message.ts'
import { createKeyExpiry } from '../delivery/key-expiry.ts'
import { createLineLimit } from '../delivery/line-limit.ts'
import { createOutbox, LANES } from '../delivery/outbox.ts'
import { type Stamps, serialize } from '../delivery/serialize.ts'
import type { Events } from '../events/events.ts'
import type { Logger } from '../logger.ts'
import { createRenewal, type RenewalSources } from '../renewal/renewal.ts'
import { withDeadline } from '../transport/deadline.ts'
import { encodeBody } from '../transport/encode-body.ts'
import { createFetchTransport, type Fetch } from '../transport/fetch.ts'
import type { Transport } from '../transport/transport.ts'
import { createUndiciTransport } from '../transport/undici.ts'
import { VERSION } from '../version.ts'
import type { Settings } from '../wire/messages.ts'
import { tellRenewal } from './credential-events.ts'
import type { EngineStatus, FlushResult } from './engine.ts'
import { openSpool } from './open-spool.ts'
import { within } from './within.ts'

/**
 * Everything between an engine and its TeamServer: reports become JSON here, wait, and get there.
 *
 * The build keeps it in a file of its own, which is read when an engine has its first report, so that
 * a host does not wait for it when it starts.
 */
export interface Uplink {
  /** Keys and periods change while it works. */
  readonly configuration: Configuration
  /** In the queue, under way and on disk. */
  readonly waitingReports: number
  status(): UplinkStatus
  /** Hands over a report, or what is none; never throws because of it. */
  take(given: unknown): void
  /** As `flush()` of `Engine`. @param handOver Asks for what the plugins have counted. */
  flush(limitMs: number, handOver: () => Promise<void>): Promise<FlushResult>
  /** Other keys count from now on. @param changed What the update makes of the configuration. */
  takeUpdate(update: CredentialsUpdate, changed: Configuration): void
  /** As `writeNow()` of `Backlog`. */
  spoolNow(isEnding: boolean): void
  /** Has on disk what is not. @returns When it is, cannot be, or time is up. */
  spoolRest(limitMs: number): Promise<void>
  /** Lets go of everything; what is not on disk is dropped. @returns When the disk is let go of too. */
  close(): Promise<void>
}

/** As in `EngineStatus`. */
export type UplinkStatus = Omit<EngineStatus, keyof MutableCounters | 'application'>

export interface UplinkOptions {
  readonly configuration: Configuration
  /** Where other keys are looked for while the engine runs. */
  readonly renewal: RenewalSources
  /** When the engine began, on the clock. */
  readonly startedAtMs: number
  /** What reports are stamped with. */
  readonly stamps: Stamps
  readonly events: Events
  readonly counters: MutableCounters
  readonly knownKeys: KnownKeys
  readonly logger: Logger
  readonly clock: Clock
  random(): number
  /** Stands in for undici. */
  readonly fetch: Fetch | undefined
  /** TeamServer changed a period. */
  onSettings(): void
  /** The state may be another than before. */
  onState(): void
  /** Stand in for the network, the disk and gzip in tests. */
  readonly transport: Transport | undefined
  readonly openSpool: typeof openSpool | undefined
  readonly encodeBody: typeof encodeBody | undefined
}

export function createUplink(options: UplinkOptions): Uplink {
  const { clock, counters, events, knownKeys, logger, stamps } = options
  let { configuration } = options
  const transport = options.transport ?? createTransport(options)
  const { url } = configuration
  const application = configuration.application.name
  const limitLine = createLineLimit(clock.now)
  const closing = new AbortController()
  const keyExpiry = createKeyExpiry(logger.warn, events)
  const openOnDisk = options.openSpool ?? openSpool

  const calls = createCalls({
    url,
    userAgent: `teamserver-engine/${VERSION}`,
    send: withDeadline(transport.send, configuration.requestTimeoutMs, clock),
    encodeBody: options.encodeBody ?? encodeBody,
    signal: closing.signal,
    ready: () => renewal.ready(),
    authorization: () =>
      isComplete(configuration.credentials)
        ? authorizationHeaders(configuration.credentials)
        : undefined,
    onAnswer: keyExpiry.look,
    wallClockMs: clock.wallClockMs,
    isMeasured: () => events.to('exchange') !== undefined,
    now: clock.now,
  })
  const announcement = createAnnouncement({
    calls,
    configuration,
    onSettings: takeSettings,
    onRefused: (what, why) =>
      logger.warn(`TeamServer at ${url} refused ${what} (${why}). Reports go out without`),
  })
  const outbox = createOutbox({
    ...configuration,
    calls,
    announcement,
    clock,
    startedAtMs: options.startedAtMs,
    random: options.random,
    logger,
    counters,
    application,
    openSpool: openSpoolOf(configuration),
    heartbeatPeriodMs: () => configuration.heartbeatPeriodMs,
    onSettings: takeSettings,
    holdMessage: (cause, why) =>
      holdMessage(cause, {
        url,
        application,
        why,
        originOf: (setting) => configuration.origins[setting].where,
        hasApiKey: configuration.credentials.organizationApiKey !== undefined,
      }),
    onHold: () => renewal.hold(),
    onState: options.onState,
    events,
  })
  const renewal = createRenewal({
    ...options.renewal,
    clock,
    logger,
    current: () => configuration,
    holdCause: () => outbox.hold?.cause,
    onRenewed: takeCredentials,
  })

  function openSpoolOf(own: Configuration): OpenSpool | undefined {
    const { spoolDirectory } = own
    // Before there is a name, nobody could tell for whom it is.
    if (spoolDirectory === false || !isComplete(own.credentials)) return undefined
    return (events) => openOnDisk(spoolDirectory, own, clock, events)
  }

  function takeSettings(settings: Settings): void {
    configuration = withServerSettings(configuration, settings)
    options.onSettings()
  }

  function takeCredentials(changed: Configuration): void {
    const before = configuration.credentials
    configuration = changed
    const { credentials } = configuration
    knownKeys.add(credentials)
    keyExpiry.forget()
    // Another caller may belong to another organization, which knows nothing of our session.
    const isOtherUser = credentials.agentUserName !== before.agentUserName
    if (isOtherUser && isComplete(before)) announcement.restart()
    // What the disk alone has was for the caller before, and stays there for it.
    if (isOtherUser) outbox.moveTo(openSpoolOf(configuration))
    tellRenewal(events, configuration)
    outbox.resume()
  }

  /** Of the time for a flush, what is kept for the disk to take what was not delivered. */
  function diskShareMs(limitMs: number): number {
    return configuration.spoolDirectory === false ? 0 : Math.min(LONGEST_DISK_SHARE_MS, limitMs / 4)
  }

  return {
    get configuration() {
      return configuration
    },
    get waitingReports() {
      return outbox.waitingReports
    },
    status() {
      const { hold, lastError } = outbox
      const { sessionId } = announcement
      return {
        state: outbox.state,
        waiting: outbox.waitingReports,
        spooled: outbox.spooledReports,
        quarantined: outbox.quarantinedReports,
        ...(hold !== undefined && { hold }),
        ...(lastError !== undefined && { lastError: knownKeys.redact(lastError) }),
        ...(sessionId !== undefined && { sessionId }),
      }
    },
    take(given) {
      const serialization = serialize(given, stamps)
      counters.given += 1
      if (serialization.status === 'serialized') {
        outbox.add(serialization)
        return
      }
      const { reason } = serialization
      counters.refused += 1
      limitLine('report', `a report was not taken: ${reason}`, logger.warn)
      events.to('reports:refused')?.({ reports: 1, by: 'engine', reason })
    },
    async flush(limitMs, handOver) {
      const acceptedBefore = counters.accepted
      const untilMs = clock.now() + limitMs
      const leftMs = () => Math.max(0, untilMs - clock.now())
      const deliveryMs = () => Math.max(0, leftMs() - diskShareMs(limitMs))
      const handedOver = handOver()
      // A process that is short lived delivers what the one before it had to leave.
      const adopted = outbox.adopt()
      await outbox.drain(deliveryMs())
      await within(handedOver, deliveryMs(), clock)
      await within(adopted, Math.min(LONGEST_DISK_SHARE_MS, deliveryMs()), clock)
      // What came late, from a plugin or the disk.
      const isSettled = await outbox.drain(deliveryMs())
      if (!isSettled) await within(outbox.spool(), leftMs(), clock)
      const accepted = counters.accepted - acceptedBefore
      return { accepted, spooled: outbox.spooledReports, waiting: outbox.waitingReports }
    },
    takeUpdate(update, changed) {
      renewal.keep(update)
      for (const { level, text } of changed.notices) logger[level](text)
      takeCredentials(changed)
    },
    spoolNow: outbox.spoolNow,
    async spoolRest(limitMs) {
      renewal.stop()
      if (outbox.waitingReports > outbox.spooledReports)
        await within(outbox.spool(), limitMs, clock)
    },
    close() {
      const stopped = outbox.stop()
      closing.abort()
      transport.close()
      return stopped
    },
  }
}

function createTransport({ fetch, configuration }: UplinkOptions): Transport {
  if (fetch !== undefined) return createFetchTransport(fetch)
  return createUndiciTransport({
    connectTimeoutMs: configuration.requestTimeoutMs,
    connections: LANES,
    network: configuration.network,
  })
}

/** Enough for a disk that is well, and little beside the delivery itself. */
const LONGEST_DISK_SHARE_MS = 500
