import { gunzipSync } from 'node:zlib'
import type { Answer, RequestHead } from '../core/exchange.ts'
import { visible } from '../printable.ts'
import { shownPath } from '../shown-path.ts'
import type { LoggedRequest } from './logged-request.ts'
import { headersText, quoted } from './shown-headers.ts'

/** A request with its place in the order of all answers: 1, 2, 3 … */
export interface AnsweredRequest {
  readonly place: number
  readonly request: LoggedRequest
}

export interface RecordHead {
  readonly id: number
  readonly receivedAtMs: number
  readonly state: LoggedRequest['state']
  readonly head: RequestHead
  /** Without the query. */
  readonly path: string
  /** Whether it is one of the protocol's own, with nothing of the sender's in it. */
  readonly isPathKnown: boolean
}

export interface RecordAnswer {
  readonly place: number
  readonly answer: Answer
  readonly durationMs: number
  readonly showsBody: boolean
  /** Of the body as it came; undefined where it is not to be shown. */
  readonly bodyBytes: number | undefined
}

export const LONGEST_BODY_BYTES = 65_536
const LONGEST_ANSWER_CHARACTERS = 4_096
const LONGEST_NAME = 128

/**
 * Writes a request as one line of JSON. By hand, field by field: it is written with every request, and
 * an object made for `JSON.stringify` alone costs more than all of this.
 */
export function recordLine(
  { id, receivedAtMs, state, head, path, isPathKnown }: RecordHead,
  answered?: RecordAnswer,
): string {
  const { remoteAddress } = head
  return (
    `{"id":${id},"receivedAt":${receivedAtMs},"state":"${state}"` +
    `,"method":${quoted(visible(head.method, 32))}` +
    `,"path":${isPathKnown ? `"${path}"` : quoted(shownPath(path))}` +
    `,"headers":${headersText(head.headerNames(), head.header)}` +
    optional('remoteAddress', remoteAddress) +
    (answered === undefined ? '' : answerText(answered)) +
    '}'
  )
}

/** Written where there is none, so that the time it takes does not tell whether there is one. */
const NO_ORGANIZATION = '-'.repeat(36)

function answerText({ place, answer, durationMs, showsBody, bodyBytes }: RecordAnswer): string {
  const { about, body, headers, refusal, fault } = answer
  const userName = about?.userName
  const text = showsBody && typeof body === 'string' ? body : undefined
  return (
    optional('organizationId', about?.organizationId ?? NO_ORGANIZATION) +
    optional('userName', userName && visible(userName, LONGEST_NAME)) +
    (about?.isApiKeyAsked === true ? ',"isApiKeyAsked":true' : '') +
    `,"answer":{"status":${answer.status}` +
    `,"headers":${answerHeadersText(headers)}` +
    `,"sizeBytes":${Buffer.byteLength(body)}` +
    optional('text', text?.slice(0, LONGEST_ANSWER_CHARACTERS)) +
    `,"durationMs":${Math.round(durationMs * 1_000) / 1_000}` +
    (refusal === undefined ? '' : `,"refusal":${JSON.stringify(refusal)}`) +
    optional('fault', fault) +
    `},"place":${place}` +
    (bodyBytes === undefined ? '' : `,"bodyBytes":${bodyBytes}`)
  )
}

/** Most answers have the same headers as the one before: the very same object. */
function answerHeadersText(headers: Answer['headers']): string {
  if (headers !== latestHeaders) {
    latestHeadersText = headersText(Object.keys(headers), (name) => headers[name])
    latestHeaders = headers
  }
  return latestHeadersText
}

let latestHeaders: Answer['headers'] | undefined
let latestHeadersText = ''

function optional(name: string, text: string | undefined): string {
  return text === undefined ? '' : `,"${name}":${quoted(text)}`
}

/** Reads a line, and the body behind it. */
export function readRecord(record: Uint8Array): AnsweredRequest {
  const end = record.indexOf(LINE_END)
  const { place, bodyBytes, receivedAt, organizationId, ...meta } = JSON.parse(
    Buffer.from(record.subarray(0, end === -1 ? undefined : end)).toString(),
  )
  const request: LoggedRequest = {
    ...meta,
    ...(organizationId === undefined || organizationId === NO_ORGANIZATION
      ? {}
      : { organizationId }),
    receivedAt: new Date(receivedAt),
  }
  if (bodyBytes === undefined) return { place, request }
  const text = bodyText(record.subarray(end + 1))
  const { answer, ...rest } = request
  const body = { sizeBytes: bodyBytes, text }
  return { place, request: answer === undefined ? { ...rest, body } : { ...rest, body, answer } }
}

const LINE_END = 0x0a

/** A body in gzip shows its beginning where it is not whole. */
function bodyText(wire: Uint8Array): string {
  if (wire[0] !== 0x1f || wire[1] !== 0x8b) return Buffer.from(wire).toString('utf8')
  try {
    // Z_SYNC_FLUSH: what is cut off ends where it was cut.
    const inflated = gunzipSync(wire, { finishFlush: 2, maxOutputLength: 16 * LONGEST_BODY_BYTES })
    return inflated.subarray(0, LONGEST_BODY_BYTES).toString('utf8')
  } catch {
    return ''
  }
}
