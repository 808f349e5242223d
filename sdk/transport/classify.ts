import type { EngineCall } from '../wire/paths.ts'
import { retryAfterMs } from './retry-after.ts'
import type { Answer } from './transport.ts'

/** Why the engine holds: something has to be set right, by a person, before reports can go out. */
export type HoldCause =
  /** Nothing was sent: the function `credentials` has given none yet. */
  | 'no-credentials'
  /** 401: layer one, the generated credentials. */
  | 'credentials'
  /** 401: layer two, the organization API key. */
  | 'api-key'
  /** 401 that does not say which of the two. */
  | 'unauthorized'
  /** 403: the address that the request came from. */
  | 'address'
  /** 403: the caller belongs to another organization. */
  | 'organization'
  /** 403: the caller is known and may not report. */
  | 'role'
  /** 403 that does not say why. */
  | 'forbidden'
  /** 404, 410: nobody answers under this path. */
  | 'path'
  /** 407: a proxy wants credentials. */
  | 'proxy'
  /** 409: the application is archived. */
  | 'archived'
  /** A redirect, or a success in words that are not TeamServer's: a portal or a proxy. */
  | 'not-teamserver'

/** What an answer means for what was sent. */
export type Delivery<Body> = Verdict<Body> & {
  /** Only where something was sent, and somebody wants to know. */
  readonly exchange?: Exchange
}

type Verdict<Body> =
  | { readonly status: 'accepted'; readonly body: Body }
  /** Never to be taken as it is. */
  | { readonly status: 'refused'; readonly why: string }
  /** The same, by its size. */
  | { readonly status: 'too-large'; readonly why: string }
  /** Keep everything, and wait for a person. */
  | { readonly status: 'hold'; readonly cause: HoldCause; readonly why: string }
  /** Keep everything, and try again. */
  | { readonly status: 'retryable'; readonly retryAfterMs?: number; readonly why: string }

/** A request and its answer, as they went. */
export interface Exchange {
  readonly call: EngineCall
  /** In the body. */
  readonly reports: number
  /** The body as JSON. */
  readonly bodyBytes: number
  /** The body as it was sent. */
  readonly sentBytes: number
  readonly durationMs: number
  /** Of the answer; absent where there was none. */
  readonly httpStatus: number | undefined
}

/**
 * Reads what an answer means.
 *
 * @param readBody Gives the parsed body its type when it has the documented shape, else `undefined`.
 * @param wallClockMs What a date in `Retry-After` is measured from.
 */
export function classify<Body>(
  answer: Answer,
  readBody: (body: unknown) => Body | undefined,
  wallClockMs: number,
): Delivery<Body> {
  const { status } = answer
  if (status >= 200 && status < 300) {
    const body = readBody(readJson(answer))
    if (body !== undefined) return { status: 'accepted', body }
    return { status: 'hold', cause: 'not-teamserver', why: `${status} without TeamServer's answer` }
  }
  // A redirect that fetch was told not to follow shows as 0.
  if (status === 0 || (status >= 300 && status < 400)) {
    const why = status === 0 ? 'a redirect' : `${status} redirect`
    return { status: 'hold', cause: 'not-teamserver', why }
  }
  const reason = readReason(answer)
  const why = reason === undefined ? String(status) : `${status} ${reason}`
  if (isRetryable(status))
    return retryable(why, retryAfterMs(answer.header('retry-after'), wallClockMs))
  if (status === 413) return { status: 'too-large', why }
  const frontWhy = status === 400 ? whyOfFront(answer) : undefined
  if (frontWhy !== undefined) return { status: 'hold', cause: 'not-teamserver', why: frontWhy }
  const cause = holdCause(status, reason)
  return cause === undefined ? { status: 'refused', why } : { status: 'hold', cause, why }
}

/**
 * What stands before TeamServer answers 400 to a connection that it does not like: the report is not to
 * blame. The words are those of nginx, Apache, Go and Tomcat.
 */
function whyOfFront({ body }: Answer): string | undefined {
  const text = Buffer.from(body.subarray(0, 1_024)).toString('latin1')
  if (/SSL certificate (was sent|error)/i.test(text)) {
    return '400 of a server that wants a client certificate: see certificate.certFile'
  }
  return /plain HTTP (request was sent )?to (an? )?(HTTPS|SSL-enabled)|HTTP request to an HTTPS|requires TLS/i.test(
    text,
  )
    ? '400 of a port that speaks TLS: write https:// in url'
    : undefined
}

function isRetryable(status: number): boolean {
  return RETRYABLE_CLIENT_ERRORS.has(status) || status < 200 || status >= 500
}

/** Request timeout, too early, too many requests, and TeamServer's own "too many". */
const RETRYABLE_CLIENT_ERRORS: ReadonlySet<number> = new Set([408, 425, 429, 439])

function retryable(why: string, waitMs: number | undefined): Delivery<never> {
  if (waitMs === undefined) return { status: 'retryable', why }
  return { status: 'retryable', retryAfterMs: waitMs, why }
}

function holdCause(status: number, reason: string | undefined): HoldCause | undefined {
  switch (status) {
    case 401:
      if (reason === 'credentials-missing' || reason === 'credentials-wrong') return 'credentials'
      return reason === 'api-key-wrong' ? 'api-key' : 'unauthorized'
    case 403:
      if (reason === 'address-refused') return 'address'
      if (reason === 'organization-refused') return 'organization'
      return reason === 'role-refused' ? 'role' : 'forbidden'
    case 404:
    case 410:
      return 'path'
    case 407:
      return 'proxy'
    case 409:
      return 'archived'
    default:
      return undefined
  }
}

/** @returns The class of a refusal: a word, or `undefined` when the body holds none. */
function readReason(answer: Answer): string | undefined {
  const body = readJson(answer)
  if (typeof body !== 'object' || body === null || !('reason' in body)) return undefined
  // It goes into log lines: a word and nothing else.
  return typeof body.reason === 'string' && /^[a-z-]{1,64}$/.test(body.reason)
    ? body.reason
    : undefined
}

/** @returns `undefined` for anything that is not JSON, by its content type or by its bytes. */
function readJson(answer: Answer): unknown {
  if (!/^application\/json\s*(;|$)/i.test(answer.header('content-type') ?? '')) return undefined
  try {
    return JSON.parse(UTF8.decode(answer.body))
  } catch {
    return undefined
  }
}

const UTF8 = new TextDecoder('utf-8', { fatal: true })
