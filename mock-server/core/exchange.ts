import type { RefusalReason } from '../../sdk/wire/messages.ts'
import type { Disturbance } from './disturbance.ts'

/** The head of a request, as a door read it. */
export interface RequestHead {
  /** In upper case, as sent. */
  readonly method: string
  /** Path and query as sent, starting with a slash. */
  readonly target: string
  /** A header by its lower-case name; repeated lines joined by `, `; undefined when absent. */
  readonly header: (name: string) => string | undefined
  /** The names that are there, in lower case, in the order of the wire. */
  readonly headerNames: () => Iterable<string>
  /** The peer; undefined at doors without a socket. */
  readonly remoteAddress: string | undefined
  /** Whether it came over TLS, so that a cookie may be bound to it. @default false */
  readonly isSecure?: boolean
}

/** What came of reading a body. */
export type BodyBytes =
  | { readonly status: 'read'; readonly bytes: Uint8Array }
  | { readonly status: 'too-large' }
  /** The sender went away. */
  | { readonly status: 'cut-off' }
  /** The door can no longer tell what belongs to it. */
  | { readonly status: 'broken'; readonly reason: RefusalReason }

/** Reads the body once, giving up as soon as it is larger than the limit. */
export type ReadBody = (limitBytes: number) => Promise<BodyBytes>

/** What the core gives back: plain, so that each door can write it in its own way. */
export interface Answer {
  readonly status: number
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | Uint8Array
  /** In place of the body: pieces of text, without an end. Only the door with a socket writes it. */
  readonly stream?: AnswerStream
  /** For the journal: set on every answer that turns a request away. */
  readonly refusal?: { readonly reason: RefusalReason; readonly detail: string }
  /** On the answer to a batch: what became of its reports. */
  readonly reports?: {
    readonly accepted: number
    readonly known: number
    readonly rejected: number
  }
  /** What was done to the request on purpose. */
  readonly fault?: string
  /** Who asked, as far as it could be told. */
  readonly about?: {
    readonly organizationId?: string | undefined
    readonly userName?: string | undefined
    /** Whether both layers were asked for, once the caller is known. */
    readonly isApiKeyAsked?: boolean | undefined
  }
  /** How the door is to spoil it on its way. */
  readonly disturbance?: Disturbance
}

/** Begins a stream. @param leaving Aborted when nobody reads it any more. */
export type AnswerStream = (leaving: AbortSignal) => AsyncIterable<string>

/** The whole TeamServer behind its doors. No function rejects. */
export interface Core {
  /** @param note What is done to the request on purpose, for whoever watches. */
  answer(head: RequestHead, readBody: ReadBody, note?: FaultNote): Promise<Answer>
  /**
   * Notes a request that a door turned away, since no clear request could be made of it.
   *
   * @param detail The exact reason, for the audit log alone. @default the class
   */
  turnAway(
    reason: RefusalReason,
    head: {
      readonly method: string
      readonly target: string
      readonly remoteAddress?: string | undefined
    },
    detail?: string,
  ): Promise<Answer>
  /** Tells whoever watches of a request that met a fault and was not looked at. */
  noteFault(head: RequestHead, fault: NotedFault): void
}

/** What is done to a request on purpose. */
export interface FaultNote {
  /** As it was planted. */
  readonly text: string
  /** The answer does not arrive whole. */
  readonly isAnswerLost: boolean
}

/** A fault in place of a decision. */
export interface NotedFault extends FaultNote {
  readonly status: number
  readonly organizationId: string | undefined
}
