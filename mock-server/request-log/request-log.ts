import type { Answer, RequestHead } from '../core/exchange.ts'
import { createByteRing } from './byte-ring.ts'
import type { LoggedRequest } from './logged-request.ts'
import { type AnsweredRequest, LONGEST_BODY_BYTES, readRecord, recordLine } from './record.ts'

/** The newest requests of a TeamServer, taken or refused, and those that are under way. */
export interface RequestLog {
  /** A request has arrived. @param isPathKnown Nothing of its sender's is in the path. */
  begin(head: RequestHead, path: string, isPathKnown: boolean): OpenEntry
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

export type { AnsweredRequest } from './record.ts'

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

/**
 * How much may wait to be written: answered requests, and bytes of their bodies. A prime number: whoever
 * sends requests in turns must not find the writing behind the same one each time.
 */
const UNWRITTEN = { requests: 61, bytes: 65_536 }

export const DEFAULT_REQUEST_LOG: RequestLogLimits = { requests: 1_000, bytes: 8_388_608 }

/**
 * Keeps what is answered as bytes, and parses it when somebody looks: a thousand parsed requests would be
 * a thousand trees for the garbage collector to walk. The bytes are written once the answer is out, or
 * when somebody looks: nobody has to wait for them.
 *
 * @param now The TeamServer's clock. @param elapsedMs A clock that only goes forward.
 * @param later Does something soon, when answers that are ready are out.
 */
export function createRequestLog(
  limits: RequestLogLimits,
  now: () => Date,
  elapsedMs: () => number,
  later: (work: () => void) => void,
): RequestLog {
  const ring = createByteRing(limits.bytes, limits.requests)
  const underWay = new Map<number, () => LoggedRequest>()
  const watchers = new Set<(answered: AnsweredRequest) => void>()
  /** Writes what was answered and stands nowhere yet, each, oldest first. */
  let unwritten: (() => void)[] = []
  let unwrittenBytes = 0
  let lastId = 0
  let lastPlace = 0
  let latestMs = 0

  /** A clock that gives no time is told of by the core, which refuses; the log goes by the moment before. */
  function readMs(): number {
    try {
      latestMs = now().getTime()
    } catch {}
    return latestMs
  }

  function write(): void {
    const due = unwritten
    unwritten = []
    unwrittenBytes = 0
    for (const each of due) each()
  }

  function writeLater(line: () => void, bytes: number): void {
    unwritten.push(line)
    unwrittenBytes += bytes
    const isMuch = unwritten.length >= UNWRITTEN.requests || unwrittenBytes > UNWRITTEN.bytes
    if (isMuch || watchers.size > 0) write()
    else if (unwritten.length === 1) later(write)
  }

  function records(): readonly Uint8Array[] {
    write()
    return ring.records()
  }

  return {
    begin(head, path, isPathKnown) {
      const id = ++lastId
      const receivedAtMs = readMs()
      const begunMs = elapsedMs()
      let wire: Uint8Array | undefined
      let hasBody = false
      const headIn = (state: LoggedRequest['state']) => ({
        id,
        receivedAtMs,
        state,
        head,
        path,
        isPathKnown,
      })
      underWay.set(id, () => {
        const line = recordLine(headIn(hasBody ? 'answering' : 'receiving'))
        return readRecord(Buffer.from(line)).request
      })
      return {
        received(bytes) {
          hasBody = true
          wire = bytes
        },
        answered(answer, showsBody) {
          underWay.delete(id)
          const place = ++lastPlace
          const durationMs = elapsedMs() - begunMs
          writeLater(() => {
            const line = recordLine(headIn('answered'), {
              place,
              answer,
              durationMs,
              showsBody,
              bodyBytes: wire?.length,
            })
            const body = wire?.subarray(0, LONGEST_BODY_BYTES)
            ring.add(`${line}\n`, body)
            if (watchers.size === 0) return
            const told = readRecord(Buffer.concat([Buffer.from(`${line}\n`), body ?? NOTHING]))
            for (const watcher of watchers) watcher(told)
          }, wire?.length ?? 0)
        },
      }
    },
    list: () => [
      ...records().map((record) => readRecord(record).request),
      ...[...underWay.values()].map((read) => read()),
    ],
    answeredAfter: (after) =>
      records()
        .map(readRecord)
        .filter(({ place }) => place > after),
    get lastPlace() {
      return lastPlace
    },
    watch(watcher) {
      // Those of before are not for it.
      write()
      watchers.add(watcher)
      return () => watchers.delete(watcher)
    },
    get size() {
      write()
      return { requests: ring.sizeRecords, bytes: ring.sizeBytes }
    },
    forget(organizationId) {
      const all = records()
      ring.clear()
      for (const record of organizationId === undefined ? [] : all) {
        if (readRecord(record).request.organizationId !== organizationId) ring.add('', record)
      }
    },
  }
}

const NOTHING = new Uint8Array()
