import type { CredentialsUpdate } from '../configuration/credentials-update.ts'
import type { Counters } from '../delivery/counters.ts'
import type { EngineState, HoldStatus } from '../events/messages.ts'
import type { GivenReport } from '../plugins/plugin.ts'

/** What a program holds in its hand: the engine in its application. */
export interface Engine extends AsyncDisposable {
  /** Names this engine in its events: a UUID, another one for each engine. */
  readonly id: string
  /**
   * Hands over a report. Returns at once and never throws; what is no report is refused and counted.
   *
   * The report is read now: what happens to the object later changes nothing. `id` and `at` are added
   * where they are missing. At most 256 KiB as JSON.
   */
  report(report: GivenReport): void
  /**
   * Sends what waits, without waiting for more. Never rejects. Resolves as soon as nothing waits, when
   * the engine holds, or when time is up; the process stays alive until then. What could not be
   * delivered is on disk by then (fsync): `waiting` above `spooled` says that the disk did not take it.
   */
  flush(options?: FlushOptions): Promise<FlushResult>
  /**
   * Flushes for `closeTimeoutMs` at most, then lets go of every timer, plugin, connection and file. What
   * is still undelivered waits on disk for the next engine, and is dropped where there is no spool. What
   * is reported from now on counts as dropped. Never rejects; once is enough.
   */
  close(): Promise<void>
  /** A snapshot. given = accepted + refused + dropped + waiting, at every moment. */
  status(): EngineStatus
  /**
   * Changes keys without a restart, from the next request on; ends a hold at once. A disabled engine
   * stays disabled.
   *
   * @throws {EngineError} `ERR_OPTION_INVALID`
   */
  updateCredentials(update: CredentialsUpdate): void
  /** As `status()`: no key shows. */
  toJSON(): EngineStatus
}

export interface FlushOptions {
  /** Longest wait. 0 to 2 147 483 647. @default closeTimeoutMs */
  readonly timeoutMs?: number | undefined
}

export interface FlushResult {
  /** Reports that TeamServer took while the call waited. */
  readonly accepted: number
  /** Of those still waiting: on disk. */
  readonly spooled: number
  /** Reports still waiting, those on disk included. */
  readonly waiting: number
}

export interface EngineStatus extends Counters {
  readonly state: EngineState
  /** In the queue, under way and on disk. */
  readonly waiting: number
  /** Of those that wait: on disk. */
  readonly spooled: number
  /** Records of the spool that were damaged and set aside since the start. */
  readonly quarantined: number
  /** Only while `state` is `holding`. */
  readonly hold?: HoldStatus
  /** What the last exchange failed with, or what disabled the engine; absent while things work. */
  readonly lastError?: string
  readonly sessionId?: string
  /** The application's name; unknown to a disabled engine. */
  readonly application?: string
}
