import type { QueuedReport } from '../buffer/queue.ts'
import { classify, type Delivery } from '../transport/classify.ts'
import { describeFault } from '../transport/describe-fault.ts'
import type { EncodedBody } from '../transport/encode-body.ts'
import type { Answer, Send } from '../transport/transport.ts'
import type {
  CreateApplicationRequest,
  CreateSessionRequest,
  HeartbeatRequest,
} from '../wire/messages.ts'
import { ENGINE_METHODS, ENGINE_PATHS, type EngineCall } from '../wire/paths.ts'
import {
  type ReportsAnswer,
  readApplicationAnswer,
  readHeartbeatAnswer,
  readSessionAnswer,
  reportsAnswerReader,
  type SessionAnswer,
} from './answers.ts'
import { createUuidV7Maker } from './uuid-v7.ts'

/** The calls of an engine, each as one exchange. Nothing here throws: a fault is a `Delivery`. */
export interface Calls {
  createApplication(request: CreateApplicationRequest): Promise<Delivery<{ readonly name: string }>>
  createSession(request: CreateSessionRequest): Promise<Delivery<SessionAnswer>>
  reports(
    reports: readonly QueuedReport[],
    session: string | undefined,
    application: string,
  ): Promise<Delivery<ReportsAnswer>>
  heartbeat(request: HeartbeatRequest): Promise<Delivery<Pick<SessionAnswer, 'settings'>>>
}

export interface CallsOptions {
  /** Up to and with `/Contrast/api`. */
  readonly url: string
  readonly userAgent: string
  /** A deadline included. */
  readonly send: Send
  encodeBody(json: string): Promise<EncodedBody>
  /** Aborts what is under way when the engine closes. */
  readonly signal: AbortSignal
  /** What a request has to wait for, if anything. Never rejects. */
  ready?(): Promise<void> | undefined
  /** Asked for each request, so that a changed key counts for the next one; `undefined` while there are no keys. */
  authorization(): Readonly<Record<string, string>> | undefined
  /** Sees every answer that came whole. */
  onAnswer(answer: Answer): void
  wallClockMs(): number
  /** Whether somebody wants to know how exchanges went. */
  isMeasured(): boolean
  /** What durations are measured with, in milliseconds. */
  now(): number
}

export function createCalls(options: CallsOptions): Calls {
  const makeBatchId = createUuidV7Maker()

  async function exchange<Body>(
    call: EngineCall,
    json: string,
    readBody: (body: unknown) => Body | undefined,
    reports = 0,
  ): Promise<Delivery<Body>> {
    const begunAtMs = options.now()
    let sentBytes = 0
    let httpStatus: number | undefined

    function measured(delivery: Delivery<Body>): Delivery<Body> {
      if (!options.isMeasured()) return delivery
      const durationMs = options.now() - begunAtMs
      const bodyBytes = Buffer.byteLength(json)
      const exchange = { call, reports, bodyBytes, sentBytes, durationMs, httpStatus }
      return { ...delivery, exchange }
    }

    try {
      const ready = options.ready?.()
      if (ready !== undefined) await ready
      // Before anything else is waited for: the session in the body is that of these keys.
      const authorization = options.authorization()
      if (authorization === undefined) {
        return { status: 'hold', cause: 'no-credentials', why: 'nothing was sent' }
      }
      const { bytes, headers } = await options.encodeBody(json)
      const request = {
        method: ENGINE_METHODS[call],
        url: options.url + ENGINE_PATHS[call],
        headers: { 'user-agent': options.userAgent, ...headers, ...authorization },
        body: bytes,
      }
      sentBytes = bytes.byteLength
      const answer = await options.send(request, options.signal)
      httpStatus = answer.status
      options.onAnswer(answer)
      return measured(classify(answer, readBody, options.wallClockMs()))
    } catch (error) {
      return measured({ status: 'retryable', why: describeFault(error) })
    }
  }

  return {
    createApplication: (request) =>
      exchange('createApplication', JSON.stringify(request), readApplicationAnswer),
    createSession: (request) =>
      exchange('createSession', JSON.stringify(request), readSessionAnswer),
    heartbeat: (request) => exchange('heartbeat', JSON.stringify(request), readHeartbeatAnswer),
    reports(reports, session, application) {
      const batch = makeBatchId(options.wallClockMs())
      const head = reportsHead(batch, session, application)
      const json = `${head}${reports.map((report) => report.json).join(',')}${REPORTS_TAIL}`
      return exchange('reports', json, reportsAnswerReader(batch, reports.length), reports.length)
    },
  }
}

/** What a body of reports takes beside the reports themselves and the commas between them. */
export function reportsEnvelopeBytes(session: string | undefined, application: string): number {
  return Buffer.byteLength(reportsHead(ANY_UUID, session, application)) + REPORTS_TAIL.length
}

/** Each report is JSON already, so the body is put together around them. An absent session leaves no trace. */
function reportsHead(batch: string, session: string | undefined, application: string): string {
  return `${JSON.stringify({ batch, session, application }).slice(0, -1)},"reports":[`
}

const REPORTS_TAIL = ']}'
const ANY_UUID = '00000000-0000-0000-0000-000000000000'
