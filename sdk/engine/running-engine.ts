import { inspect } from 'node:util'
import type { Configuration } from '../configuration/configuration.ts'
import { readCredentialsUpdate, withCredentials } from '../configuration/credentials-update.ts'
import { createKnownKeys } from '../credentials/known-keys.ts'
import { createCounters } from '../delivery/counters.ts'
import { createLineLimit } from '../delivery/line-limit.ts'
import { createUuidV7Maker } from '../delivery/uuid-v7.ts'
import { createEvents } from '../events/events.ts'
import type { DropReason } from '../events/messages.ts'
import { mapLogger } from '../logger.ts'
import type { Plugin } from '../plugins/plugin.ts'
import { describeFault } from '../transport/describe-fault.ts'
import type { Engine, EngineStatus, FlushOptions, FlushResult } from './engine.ts'
import { createPluginHost } from './plugin-host.ts'
import type { ProcessEnd } from './process-end.ts'
import { createStateWatch } from './state-watch.ts'
import { faultTeller } from './subscriber-faults.ts'
import { createUplink, type Uplink, type UplinkOptions, type UplinkStatus } from './uplink.ts'
import { within } from './within.ts'

export interface RunningEngineOptions
  extends Omit<
    UplinkOptions,
    'counters' | 'events' | 'knownKeys' | 'onSettings' | 'onState' | 'stamps' | 'startedAtMs'
  > {
  readonly plugins: readonly Plugin[]
  readonly processEnd: ProcessEnd
}

/** The side of the engine that the host and the plugins see. The uplink comes with the first report. */
export function createRunningEngine(options: RunningEngineOptions): Engine {
  const { configuration, clock } = options
  const knownKeys = createKnownKeys(configuration.credentials)
  const logger = mapLogger(options.logger, knownKeys.redact)
  const application = configuration.application.name
  const counters = createCounters()
  const limitLine = createLineLimit(clock.now)
  const startedAtMs = clock.now()
  const stamps = { makeId: createUuidV7Maker(), wallClockMs: clock.wallClockMs }
  const events = createEvents({
    identity: () => ({ id: ownId(), application, url: configuration.url }),
    counters: () => ({ ...counters, waiting: uplink?.waitingReports ?? 0 }),
    withoutKeys: knownKeys.redact,
    onFault: faultTeller(logger, clock),
  })
  const states = createStateWatch(() => {
    const { state, hold, lastError } = uplink?.status() ?? NOT_YET
    return isClosed ? { state: 'closed' } : { state, hold, why: lastError }
  }, events)
  let id: string | undefined
  let uplink: Uplink | undefined
  let closed: Promise<void> | undefined
  let isClosed = false

  /** Made when somebody asks, since the start of a host need not wait for it. */
  function ownId(): string {
    id ??= stamps.makeId(clock.wallClockMs())
    return id
  }

  states.look()
  const plugins = createPluginHost({
    plugins: options.plugins,
    application: Object.freeze({ name: application, root: configuration.application.root }),
    activityPeriodMs: () => current().activityPeriodMs,
    report: take,
    clock,
    logger,
  })
  const ending = options.processEnd.join({ spoolNow }, { signals: configuration.signals })
  // Also without a report: there may be some on disk, and TeamServer is to hear that we are alive.
  const cancelReach = clock.after(FIRST_REACH_MS, () => void reach())

  /** @returns `undefined` where it cannot be loaded, as in a host that is out of files: the next need tries again. */
  function reach(): Uplink | undefined {
    try {
      uplink ??= createUplink({
        ...options,
        startedAtMs,
        stamps,
        events,
        logger,
        counters,
        knownKeys,
        onSettings: () => plugins.retime(),
        onState: () => states.look(),
      })
    } catch (error) {
      const line = `what sends reports cannot be loaded (${describeFault(error)}). They are dropped`
      limitLine('uplink', line, logger.warn)
    }
    return uplink
  }

  function take(report: unknown): void {
    const reached = reach()
    if (reached === undefined) drop('disabled')
    else reached.take(report)
  }

  function drop(reason: DropReason): void {
    counters.given += 1
    counters.dropped += 1
    events.to('reports:dropped')?.({ reports: 1, reason })
  }

  async function flush(limitMs: number): Promise<FlushResult> {
    return (await reach()?.flush(limitMs, plugins.flush)) ?? { accepted: 0, spooled: 0, waiting: 0 }
  }

  function current(): Configuration {
    return uplink?.configuration ?? configuration
  }

  function spoolNow(): void {
    // Those that answer at once have handed over what they counted when it returns; there is no later.
    void plugins.flush()
    uplink?.spoolNow(ending.isEnding)
  }

  async function shutDown(): Promise<void> {
    const { closeTimeoutMs } = configuration
    const untilMs = clock.now() + closeTimeoutMs
    const leftMs = () => Math.max(0, untilMs - clock.now())
    cancelReach()
    await flush(closeTimeoutMs)
    plugins.stop()
    // What plugins hand over last.
    await uplink?.spoolRest(leftMs())
    ending.leave()
    const stopped = uplink?.close()
    isClosed = true
    if (stopped !== undefined) await within(stopped, leftMs(), clock)
    states.look()
  }

  function close(): Promise<void> {
    // Begun in a moment: what is called on the way, a plugin or a logger, may close the engine too.
    closed ??= Promise.resolve().then(shutDown)
    return closed
  }

  function status(): EngineStatus {
    const { state, waiting, spooled, quarantined, hold, ...others } = uplink?.status() ?? NOT_YET
    return Object.freeze({
      state: isClosed ? 'closed' : state,
      ...counters,
      waiting,
      spooled,
      quarantined,
      ...(hold !== undefined && !isClosed && { hold }),
      ...others,
      application,
    })
  }

  const engine: Engine & { [inspect.custom](): EngineStatus } = {
    get id() {
      return ownId()
    },
    report(given) {
      try {
        if (closed !== undefined) return drop('closed')
        take(given)
        // Nothing that is begun now gets done.
        if (ending.isEnding) spoolNow()
      } catch {
        // What nobody foresaw, such as a stack that is used up, is not the host's to catch.
      }
    },
    flush: (flushOptions) => flush(timeoutOf(flushOptions) ?? configuration.closeTimeoutMs),
    close,
    status,
    updateCredentials(update) {
      const given = readCredentialsUpdate(update)
      const changed = withCredentials(current(), given)
      reach()?.takeUpdate(given, changed)
    },
    toJSON: status,
    [inspect.custom]: status,
    [Symbol.asyncDispose]: close,
  }
  return Object.freeze(engine)
}

/** A host that starts has other things to do; reports that an engine before us left can wait so long. */
const FIRST_REACH_MS = 500

/** How things stand before anybody has asked TeamServer. */
const NOT_YET: UplinkStatus = Object.freeze({
  state: 'starting',
  waiting: 0,
  spooled: 0,
  quarantined: 0,
})

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
