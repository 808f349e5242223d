import { gunzipSync } from 'node:zlib'
import type { Answer, RequestHead } from '../core/exchange.ts'
import { printable } from '../printable.ts'
import { shownPath } from '../shown-path.ts'
import { createByteRing } from './byte-ring.ts'
import type { LoggedRequest } from './logged-request.ts'
import { shownHeaders } from './shown-headers.ts'

/** The newest requests of a TeamServer, taken or refused, and those that are under way. */
export interface RequestLog {
  /** A request has arrived. */
  begin(head: RequestHead, path: string): OpenEntry
  /** Those that are under way last, else oldest first. */
  list(): readonly LoggedRequest[]
  /** The answered ones in the order of their answers, from the one after this place on. */
  answeredAfter(place: number): readonly AnsweredRequest[]
  /** That of the newest answer; 0 before the first. */
  readonly lastPlace: number
  /** Tells of each request once it is answered. @returns Ends it. */
  watch(watcher: (answered: AnsweredRequest) => void): () => void
  /** How much the answered ones take. */
  readonly size: { readonly requests: number; readonly bytes: number }
  /** Forgets the answered ones, of one organization or all. */
  forget(organizationId?: string): void
}

/** With its place in the order of all answers: 1, 2, 3 … */
export interface AnsweredRequest {
  readonly place: number
  readonly request: LoggedRequest
}

/** A request that is not answered yet. */
export interface OpenEntry {
  /** Its body has come. @param bytes As on the wire; undefined where it is not to be shown. */
  received(bytes: Uint8Array | undefined): void
  /** @param showsBody Whether the answer's body may be shown. */
  answered(answer: Answer, showsBody: boolean): void
}

export interface RequestLogLimits {
  /** Requests kept. @default 1_000 */
  readonly requests: number
  /** Bytes that they take. @default 8_388_608 (8 MiB) */
  readonly bytes: number
}

export const DEFAULT_REQUEST_LOG: RequestLogLimits = { requests: 1_000, bytes: 8_388_608 }

const LONGEST_BODY_BYTES = 65_536
const LONGEST_ANSWER_CHARACTERS = 4_096
const LONGEST_NAME = 128

/**
 * Keeps what is answered as bytes, and parses it when somebody looks: a thousand parsed requests would be
 * a thousand trees for the garbage collector to walk.
 *
 * @param now The TeamServer's clock. @param elapsedMs A clock that only goes forward.
 */
export function createRequestLog(
  limits: RequestLogLimits,
  now: () => Date,
  elapsedMs: () => number,
): RequestLog {
  const ring = createByteRing(limits.bytes, limits.requests)
  const underWay = new Map<number, () => LoggedRequest>()
  const watchers = new Set<(answered: AnsweredRequest) => void>()
  let lastId = 0
  let lastPlace = 0

  return {
    begin(head, path) {
      const id = ++lastId
      const receivedAt = now()
      const begunMs = elapsedMs()
      let wire: Uint8Array | undefined
      let hasBody = false
      const known = (state: LoggedRequest['state']) => ({
        id,
        receivedAt,
        state,
        method: printable(head.method, 32),
        path: shownPath(path),
        headers: shownHeaders(head.headerNames(), head.header),
        ...(head.remoteAddress !== undefined && { remoteAddress: head.remoteAddress }),
      })
      underWay.set(id, () => known(hasBody ? 'answering' : 'receiving'))
      return {
        received(bytes) {
          hasBody = true
          wire = bytes
        },
        answered(answer, showsBody) {
          underWay.delete(id)
          const { organizationId, userName } = answer.about ?? {}
          const meta = JSON.stringify({
            place: ++lastPlace,
            ...known('answered'),
            ...(organizationId !== undefined && { organizationId }),
            ...(userName !== undefined && { userName: printable(userName, LONGEST_NAME) }),
            answer: {
              status: answer.status,
              headers: shownHeaders(Object.keys(answer.headers), (name) => answer.headers[name]),
              sizeBytes: Buffer.byteLength(answer.body),
              ...(showsBody &&
                typeof answer.body === 'string' && {
                  text: answer.body.slice(0, LONGEST_ANSWER_CHARACTERS),
                }),
              durationMs: Math.round((elapsedMs() - begunMs) * 1_000) / 1_000,
              ...(answer.refusal !== undefined && { refusal: answer.refusal }),
              ...(answer.fault !== undefined && { fault: answer.fault }),
            },
            ...(wire !== undefined && { bodyBytes: wire.length }),
          })
          const record = joined(meta, wire)
          ring.add(record)
          if (watchers.size === 0) return
          const told = parsed(record)
          for (const watcher of watchers) watcher(told)
        },
      }
    },
    list: () => [
      ...ring.records().map((record) => parsed(record).request),
      ...[...underWay.values()].map((read) => read()),
    ],
    answeredAfter: (after) =>
      ring
        .records()
        .map(parsed)
        .filter(({ place }) => place > after),
    get lastPlace() {
      return lastPlace
    },
    watch(watcher) {
      watchers.add(watcher)
      return () => watchers.delete(watcher)
    },
    get size() {
      return { requests: ring.sizeRecords, bytes: ring.sizeBytes }
    },
    forget(organizationId) {
      const records = organizationId === undefined ? [] : ring.records()
      ring.clear()
      for (const record of records) {
        if (parsed(record).request.organizationId !== organizationId) ring.add(record)
      }
    },
  }
}

/** One line of JSON, and the body behind it as it came. */
function joined(meta: string, wire: Uint8Array | undefined): Uint8Array {
  const line = Buffer.from(`${meta}\n`)
  return wire === undefined ? line : Buffer.concat([line, wire.subarray(0, LONGEST_BODY_BYTES)])
}

function parsed(record: Uint8Array): AnsweredRequest {
  const end = record.indexOf(0x0a)
  const { place, bodyBytes, receivedAt, ...meta } = JSON.parse(
    Buffer.from(record.subarray(0, end)).toString(),
  )
  const request: LoggedRequest = { ...meta, receivedAt: new Date(receivedAt) }
  if (bodyBytes === undefined) return { place, request }
  const text = bodyText(record.subarray(end + 1))
  const { answer, ...rest } = request
  const body = { sizeBytes: bodyBytes, text }
  return { place, request: answer === undefined ? { ...rest, body } : { ...rest, body, answer } }
}

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
