import type { HoldCause } from '../transport/classify.ts'
import type { EngineCall } from '../wire/paths.ts'

/**
 * The channels of `node:diagnostics_channel` that every engine of a process publishes on, and what a
 * message on each of them is.
 *
 * A message is frozen, holds no key, and is about a moment: nothing in it changes later.
 */
export interface EngineEvents {
  /** An engine has started, or is in another state than before. */
  readonly 'teamserver-engine:state': StateMessage
  /** A request was answered, or failed. */
  readonly 'teamserver-engine:exchange': ExchangeMessage
  /** TeamServer has taken a sign of life. */
  readonly 'teamserver-engine:heartbeat': HeartbeatMessage
  /** TeamServer has taken reports. */
  readonly 'teamserver-engine:reports:accepted': AcceptedMessage
  /** A report will never be taken as it is. */
  readonly 'teamserver-engine:reports:refused': RefusedMessage
  /** The engine has given reports up. */
  readonly 'teamserver-engine:reports:dropped': DroppedMessage
  /** The disk can, or cannot, be used. */
  readonly 'teamserver-engine:spool:state': SpoolStateMessage
  /** Reports are on disk (fsync). */
  readonly 'teamserver-engine:spool:written': WrittenMessage
  /** Reports of engines that are gone were taken over. */
  readonly 'teamserver-engine:spool:adopted': AdoptedMessage
  /** Records on disk were damaged, and set aside. */
  readonly 'teamserver-engine:spool:quarantined': QuarantinedMessage
  /** Other keys count from now on. */
  readonly 'teamserver-engine:credentials:renewed': RenewedMessage
  /** TeamServer does not take the keys: the engine holds. */
  readonly 'teamserver-engine:credentials:refused': CredentialsRefusedMessage
  /** A key in use was replaced, and is accepted only a while longer. */
  readonly 'teamserver-engine:credentials:rotated': RotatedMessage
}

/** In every message. */
export interface EngineMessage {
  readonly engine: EngineIdentity
  /** As in `status()`: given = accepted + refused + dropped + waiting. */
  readonly counters: EventCounters
}

/** Which of the engines of this process it is. */
export interface EngineIdentity {
  /** As `engine.id`: a UUID of its own for each engine. */
  readonly id: string
  /** The application's name; absent for an engine that is disabled. */
  readonly application?: string
  /** Of TeamServer, up to and with `/Contrast/api`; absent for an engine that is disabled. */
  readonly url?: string
}

export interface EventCounters {
  readonly given: number
  readonly accepted: number
  readonly refused: number
  readonly dropped: number
  readonly waiting: number
}

export type EngineState =
  /** Switched off, or without a usable configuration. */
  | 'disabled'
  /** TeamServer does not know of us yet. */
  | 'starting'
  | 'running'
  /** TeamServer is out of reach. */
  | 'retrying'
  /** Somebody has to set something right first. */
  | 'holding'
  | 'closed'

/** Why nothing goes out, for people and programs. */
export interface HoldStatus {
  readonly cause: HoldCause
  readonly since: Date
  readonly message: string
}

export interface StateMessage extends EngineMessage {
  readonly state: EngineState
  /** Absent in the first message of an engine. */
  readonly previous?: EngineState
  /** Only while `state` is `holding`. Another cause is another message. */
  readonly hold?: HoldStatus
  /** What the last exchange failed with, or what disabled the engine. */
  readonly why?: string
}

export interface ExchangeMessage extends EngineMessage {
  readonly call: EngineCall
  /** In the body; 0 for a call without reports. */
  readonly reports: number
  /** From 1; one more for each failure before it, in a row. */
  readonly attempt: number
  /** The body as JSON. */
  readonly bodyBytes: number
  /** The body as it was sent: gzipped where that pays. */
  readonly sentBytes: number
  /** From the first look at the body to the end of the answer. */
  readonly durationMs: number
  /** Of the answer; absent where there was none, 0 for a redirect that `fetch` would not show. */
  readonly httpStatus?: number
  readonly outcome: ExchangeOutcome
  /** Only where `outcome` is `hold`. */
  readonly cause?: HoldCause
  /** What the answer or the fault was; absent where `outcome` is `accepted`. */
  readonly why?: string
  /** Until the next request may leave; absent where that is at once. */
  readonly retryInMs?: number
}

export type ExchangeOutcome =
  | 'accepted'
  /** Not as it is: a batch of several goes out in halves. */
  | 'refused'
  /** The same, by its size. */
  | 'too-large'
  /** Everything is kept, and somebody has to set something right. */
  | 'hold'
  /** Everything is kept, and tried again. */
  | 'retryable'

export interface HeartbeatMessage extends EngineMessage {
  /** Until the next one. */
  readonly periodMs: number
  readonly sessionId?: string
}

export interface AcceptedMessage extends EngineMessage {
  readonly reports: number
}

export interface RefusedMessage extends EngineMessage {
  readonly reports: 1
  /** Who said no: the engine refuses what is no report, TeamServer whatever it will. */
  readonly by: 'engine' | 'teamserver'
  readonly reason: string
  /** Of the report; absent where it is none. */
  readonly id?: string
  readonly type?: string
}

export interface DroppedMessage extends EngineMessage {
  readonly reports: number
  readonly reason: DropReason
}

export type DropReason =
  /** No room in memory, and no disk to go to: the oldest. */
  | 'queue-full'
  /** More came in one go than the disk takes: the oldest. */
  | 'disk-slow'
  /** The limit of the spool was reached: the oldest. */
  | 'spool-full'
  /** What was on disk cannot be read any more. */
  | 'spool-damaged'
  /** What was on disk was deleted, or somebody else delivers it. */
  | 'spool-gone'
  /** Left on disk, for an engine with the agent user name of before. */
  | 'left'
  /** Undelivered at the end, without a disk; or reported after it. */
  | 'closed'
  /** Reported to an engine that is disabled. */
  | 'disabled'

export interface SpoolStateMessage extends EngineMessage {
  /** `failing`: tried again by and by. `refused`: not used any more, since others could write there. */
  readonly state: 'ready' | 'failing' | 'refused'
  /** Absent when it is `ready` again. */
  readonly why?: string
}

export interface WrittenMessage extends EngineMessage {
  readonly reports: number
  /** Of their JSON. */
  readonly bytes: number
  /** Reports on disk now. */
  readonly spooled: number
  readonly durationMs: number
}

export interface AdoptedMessage extends EngineMessage {
  /** They count as given by this engine. */
  readonly reports: number
  /** Reports on disk now. */
  readonly spooled: number
}

export interface QuarantinedMessage extends EngineMessage {
  /** As far as one can tell. */
  readonly records: number
  /** The file that was damaged. */
  readonly file: string
}

export interface RenewedMessage extends EngineMessage {
  /** Where each comes from, for people; no value. The organization API key is absent where there is none. */
  readonly origins: {
    readonly agentUserName: string
    readonly serviceKey: string
    readonly organizationApiKey?: string
  }
}

export interface CredentialsRefusedMessage extends EngineMessage {
  readonly cause: HoldCause
  /** 1: the generated credentials. 2: the organization API key. Absent where nobody said which. */
  readonly layer?: 1 | 2
  readonly message: string
}

export interface RotatedMessage extends EngineMessage {
  readonly key: 'serviceKey' | 'organizationApiKey'
  readonly acceptedUntil: Date
}
