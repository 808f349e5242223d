/** One thing that goes wrong with one request, or, as `ok`, nothing at all. */
export type Fault =
  | OkFault
  | StatusFault
  | ResetFault
  | HangFault
  | HalfFault
  | SlowFault
  | GarbageFault
  | PortalFault
  | RedirectFault
  | TruncatedGzipFault

/** What every fault may have beside its own. */
interface Delayed {
  /** A wait on top. @default none */
  readonly delay?: Delay
}

/** The request is answered as it deserves. */
export interface OkFault extends Delayed {
  readonly kind: 'ok'
}

/** An answer of this status; nothing is looked at or stored. */
export interface StatusFault extends Delayed {
  readonly kind: 'status'
  /** 200 to 599. */
  readonly status: number
  /** The value of `Retry-After`, as it is to be sent: seconds, a date, or nonsense. */
  readonly retryAfter?: string
}

/** The connection is reset: an RST on the wire. */
export interface ResetFault extends Delayed {
  readonly kind: 'reset'
  readonly at: ResetPoint
}

export type ResetPoint =
  /** As soon as the headers are there; nothing is looked at or stored. */
  | 'request'
  /** Inside the body of the request; nothing is stored. */
  | 'request-body'
  /** In place of an answer: what was sent is stored all the same. */
  | 'answer'
  /** Inside the body of the answer; what was sent is stored. */
  | 'answer-body'
  /** After the whole answer. */
  | 'end'

/** Never an answer; what was sent is stored. The caller has to give up. */
export interface HangFault extends Delayed {
  readonly kind: 'hang'
}

/** Half of the answer's body, and then the connection ends, in good order. */
export interface HalfFault extends Delayed {
  readonly kind: 'half'
}

/** The answer byte by byte. */
export interface SlowFault extends Delayed {
  readonly kind: 'slow'
  /** Bytes at a time. From 1. */
  readonly bytes: number
  readonly everyMs: number
}

/** Bytes that are no HTTP. */
export interface GarbageFault extends Delayed {
  readonly kind: 'garbage'
}

/** 200 and an HTML page, as of a proxy that wants somebody to sign in; nothing is stored. */
export interface PortalFault extends Delayed {
  readonly kind: 'portal'
}

/** A redirect to somewhere else; nothing is stored. */
export interface RedirectFault extends Delayed {
  readonly kind: 'redirect'
  /** 301, 302, 303, 307 or 308. @default 307 */
  readonly status: number
  readonly location: string
}

/** The right answer, in gzip, cut off before its end. */
export interface TruncatedGzipFault extends Delayed {
  readonly kind: 'truncated-gzip'
}

/** How long, and where. */
export interface Delay {
  readonly length: DelayLength
  /** Before the body is read, before the answer's headers, or inside its body. @default 'headers' */
  readonly at: 'request' | 'headers' | 'body'
}

export type DelayLength =
  | { readonly kind: 'fixed'; readonly ms: number }
  /** Evenly from one to the other. */
  | { readonly kind: 'range'; readonly fromMs: number; readonly toMs: number }
  /** As network latency is: half of them shorter than the median, a few much longer. */
  | { readonly kind: 'log-normal'; readonly medianMs: number; readonly sigma: number }
