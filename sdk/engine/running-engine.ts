import { inspect } from 'node:util'
import type { Clock } from '../clock.ts'
import type { Configuration } from '../configuration/configuration.ts'
import { readCredentialsUpdate, withCredentials } from '../configuration/credentials-update.ts'
import { withServerSettings } from '../configuration/server-settings.ts'
import { authorizationHeaders } from '../credentials/authorization.ts'
import { type Credentials, isComplete } from '../credentials/credentials.ts'
import { redact } from '../credentials/redact.ts'
import { createAnnouncement } from '../delivery/announcement.ts'
import type { OpenSpool } from '../delivery/backlog.ts'
import { createCalls } from '../delivery/calls.ts'
import { createCounters } from '../delivery/counters.ts'
import { holdMessage } from '../delivery/hold-message.ts'
import { createKeyExpiry } from '../delivery/key-expiry.ts'
import { createLineLimit } from '../delivery/line-limit.ts'
import { createOutbox } from '../delivery/outbox.ts'
import { serialize } from '../delivery/serialize.ts'
import { createUuidV7Maker } from '../delivery/uuid-v7.ts'
import { createEvents } from '../events/events.ts'
import { type Logger, mapLogger } from '../logger.ts'
import type { Plugin } from '../plugins/plugin.ts'
import { createRenewal, type RenewalSources } from '../renewal/renewal.ts'
import { withDeadline } from '../transport/deadline.ts'
import type { encodeBody } from '../transport/encode-body.ts'
import type { Transport } from '../transport/transport.ts'
import { VERSION } from '../version.ts'
import type { Settings } from '../wire/messages.ts'
import { tellRenewal } from './credential-events.ts'
import type { Engine, EngineStatus, FlushOptions, FlushResult } from './engine.ts'
import type { openSpool } from './open-spool.ts'
import { createPluginHost } from './plugin-host.ts'
import type { ProcessEnd } from './process-end.ts'
import { createStateWatch } from './state-watch.ts'
import { faultTeller } from './subscriber-faults.ts'
import { within } from './within.ts'

export interface RunningEngineOptions {
  readonly configuration: Configuration
  /** Where other keys are looked for while the engine runs. */
  readonly renewal: RenewalSources
  readonly plugins: readonly Plugin[]
  readonly transport: Transport
  readonly logger: Logger
  readonly clock: Clock
  random(): number
  readonly processEnd: ProcessEnd
  readonly openSpool: typeof openSpool
  readonly encodeBody: typeof encodeBody
}

/** Joins the rooms of the engine: plugins and the host hand over reports, the outbox gets them there. */
export function createRunningEngine(options: RunningEngineOptions): Engine {
  const { transport, clock } = options
  let { configuration } = options
  let knownCredentials: readonly Credentials[] = [configuration.credentials]
  const withoutKeys = (text: string) => redact(text, knownCredentials)
  const logger = mapLogger(options.logger, withoutKeys)
  const { url } = configuration
  const application = configuration.application.name
  const counters = createCounters()
  const limitLine = createLineLimit(clock.now)
  const closing = new AbortController()
  const stamps = { makeId: createUuidV7Maker(), wallClockMs: clock.wallClockMs }
  const events = createEvents({
    identity: () => ({ id: ownId(), application, url }),
    counters: () => ({ ...counters, waiting: outbox.waitingReports }),
    withoutKeys,
    onFault: faultTeller(logger, clock),
  })
  const keyExpiry = createKeyExpiry(logger.warn, events)
  let id: string | undefined
  let closed: Promise<void> | undefined
  let isClosed = false

  /** Made when somebody asks, since the start of a host need not wait for it. */
  function ownId(): string {
    id ??= stamps.makeId(clock.wallClockMs())
    return id
  }

  const calls = createCalls({
    url,
    userAgent: `teamserver-engine/${VERSION}`,
    send: withDeadline(transport.send, configuration.requestTimeoutMs, clock),
    encodeBody: options.encodeBody,
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
    onState: () => states.look(),
    events,
  })
  const states = createStateWatch(() => {
    const { hold, lastError: why, state } = outbox
    return isClosed ? { state: 'closed' } : { state, hold, why }
  }, events)
  const renewal = createRenewal({
    ...options.renewal,
    clock,
    logger,
    current: () => configuration,
    holdCause: () => outbox.hold?.cause,
    onRenewed: takeCredentials,
  })
  states.look()
  const plugins = createPluginHost({
    plugins: options.plugins,
    application: Object.freeze({ name: application, root: configuration.application.root }),
    activityPeriodMs: () => configuration.activityPeriodMs,
    report: take,
    clock,
    logger,
  })

  const ending = options.processEnd.join({ spoolNow }, { signals: configuration.signals })

  function spoolNow(): void {
    // Those that answer at once have handed over what they counted when it returns; there is no later.
    void plugins.flush()
    outbox.spoolNow(ending.isEnding)
  }

  function openSpoolOf(own: Configuration): OpenSpool | undefined {
    const { spoolDirectory } = own
    // Before there is a name, nobody could tell for whom it is.
    if (spoolDirectory === false || !isComplete(own.credentials)) return undefined
    return (events) => options.openSpool(spoolDirectory, own, clock, events)
  }

  function takeSettings(settings: Settings): void {
    configuration = withServerSettings(configuration, settings)
    plugins.retime()
  }

  function takeCredentials(changed: Configuration): void {
    const before = configuration.credentials
    configuration = changed
    const { credentials } = configuration
    knownCredentials = [...knownCredentials.slice(1 - LIMIT_KNOWN_CREDENTIALS), credentials]
    keyExpiry.forget()
    // Another caller may belong to another organization, which knows nothing of our session.
    const isOtherUser = credentials.agentUserName !== before.agentUserName
    if (isOtherUser && isComplete(before)) announcement.restart()
    // What the disk alone has was for the caller before, and stays there for it.
    if (isOtherUser) outbox.moveTo(openSpoolOf(configuration))
    tellRenewal(events, configuration)
    outbox.resume()
  }

  function take(given: unknown): void {
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
  }

  async function flush(limitMs: number): Promise<FlushResult> {
    const acceptedBefore = counters.accepted
    const untilMs = clock.now() + limitMs
    const leftMs = () => Math.max(0, untilMs - clock.now())
    const deliveryMs = () => Math.max(0, leftMs() - diskShareMs(limitMs))
    const handedOver = plugins.flush()
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
  }

  /** Of the time for a flush, what is kept for the disk to take what was not delivered. */
  function diskShareMs(limitMs: number): number {
    return configuration.spoolDirectory === false ? 0 : Math.min(LONGEST_DISK_SHARE_MS, limitMs / 4)
  }

  async function shutDown(): Promise<void> {
    const untilMs = clock.now() + configuration.closeTimeoutMs
    const leftMs = () => Math.max(0, untilMs - clock.now())
    await flush(configuration.closeTimeoutMs)
    plugins.stop()
    renewal.stop()
    // What plugins hand over last.
    if (outbox.waitingReports > outbox.spooledReports) await within(outbox.spool(), leftMs(), clock)
    ending.leave()
    const stopped = outbox.stop()
    isClosed = true
    closing.abort()
    transport.close()
    await within(stopped, leftMs(), clock)
    states.look()
  }

  function close(): Promise<void> {
    closed ??= shutDown()
    return closed
  }

  function status(): EngineStatus {
    const { hold, lastError, waitingReports } = outbox
    const { sessionId } = announcement
    return Object.freeze({
      state: isClosed ? 'closed' : outbox.state,
      ...counters,
      waiting: waitingReports,
      spooled: outbox.spooledReports,
      quarantined: outbox.quarantinedReports,
      ...(hold !== undefined && !isClosed && { hold }),
      ...(lastError !== undefined && { lastError: withoutKeys(lastError) }),
      ...(sessionId !== undefined && { sessionId }),
      application,
    })
  }

  const engine: Engine & { [inspect.custom](): EngineStatus } = {
    get id() {
      return ownId()
    },
    report(given) {
      try {
        if (closed === undefined) {
          take(given)
          // Nothing that is begun now gets done.
          if (ending.isEnding) spoolNow()
          return
        }
        counters.given += 1
        counters.dropped += 1
        events.to('reports:dropped')?.({ reports: 1, reason: 'closed' })
      } catch {
        // What nobody foresaw, such as a stack that is used up, is not the host's to catch.
      }
    },
    flush: (flushOptions) => flush(timeoutOf(flushOptions) ?? configuration.closeTimeoutMs),
    close,
    status,
    updateCredentials(update) {
      const given = readCredentialsUpdate(update)
      const changed = withCredentials(configuration, given)
      renewal.keep(given)
      for (const { level, text } of changed.notices) logger[level](text)
      takeCredentials(changed)
    },
    toJSON: status,
    [inspect.custom]: status,
    [Symbol.asyncDispose]: close,
  }
  return Object.freeze(engine)
}

/** Enough for a disk that is well, and little beside the delivery itself. */
const LONGEST_DISK_SHARE_MS = 500

/** Keys that were replaced may still stand in a late error; beyond these, nobody mentions them any more. */
const LIMIT_KNOWN_CREDENTIALS = 8

/** A flush neither throws nor rejects, so what is no duration counts as none given. */
function timeoutOf(options: FlushOptions | undefined): number | undefined {
  try {
    const timeoutMs = options?.timeoutMs
    if (typeof timeoutMs !== 'number' || Number.isNaN(timeoutMs)) return undefined
    return Math.max(0, timeoutMs)
  } catch {
    return undefined
  }
}
