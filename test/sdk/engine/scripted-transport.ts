import { gunzipSync } from 'node:zlib'
import type { Answer, Transport } from '../../../sdk/transport/transport.ts'
import { ENGINE_PATHS, type EngineCall } from '../../../sdk/wire/paths.ts'

export interface SeenRequest {
  readonly call: EngineCall
  readonly method: string
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly json: SeenBody
}

/** What tests read of bodies; the other calls have no reports. */
export interface SeenBody {
  readonly name?: string
  readonly batch?: string
  readonly session?: string
  readonly reports: readonly { readonly id: string; readonly title?: string }[]
}

export type Reply =
  | { status: number; headers?: Record<string, string>; body?: unknown }
  | Error
  /** Never answers. */
  | 'silence'

/** What it has to say; nothing where TeamServer is to answer as it does. */
export type Script = (request: SeenRequest) => Reply | undefined | Promise<Reply | undefined>

export interface ScriptedTransport extends Transport {
  readonly requests: SeenRequest[]
  requestsOf(call: EngineCall): SeenRequest[]
  /** Ids that a good answer was given for, in order of arrival. */
  readonly storedIds: string[]
  readonly isClosed: boolean
}

/** Answers as a TeamServer does, except where the script has something else to say. */
export function createScriptedTransport(script: Script = () => undefined): ScriptedTransport {
  const requests: SeenRequest[] = []
  const storedIds: string[] = []
  let isClosed = false

  return {
    requests,
    storedIds,
    requestsOf: (call) => requests.filter((request) => request.call === call),
    get isClosed() {
      return isClosed
    },
    close() {
      isClosed = true
    },
    async send({ method, url, headers, body }, signal) {
      const call = callOf(url)
      const bytes = Buffer.from(body ?? [])
      const plain = headers['content-encoding'] === 'gzip' ? gunzipSync(bytes) : bytes
      const request = { call, method, url, headers, json: JSON.parse(plain.toString()) }
      requests.push(request)
      const scripted = script(request)
      const reply = (scripted instanceof Promise ? await scripted : scripted) ?? goodReply(request)
      if (reply instanceof Error) throw reply
      if (reply === 'silence') return new Promise((_, reject) => rejectOnAbort(signal, reject))
      if (call === 'reports' && reply.status === 202) storedIds.push(...acceptedIds(request, reply))
      return answerOf(reply)
    },
  }
}

/** An answer as a transport gives it: JSON, unless the body is text. */
export function answerOf(reply: Exclude<Reply, Error | 'silence'>): Answer {
  const isText = typeof reply.body === 'string'
  const headers = new Headers({
    'content-type': isText ? 'text/html' : 'application/json',
    ...reply.headers,
  })
  const text = isText ? String(reply.body) : JSON.stringify(reply.body ?? '')
  return {
    status: reply.status,
    header: (name) => headers.get(name),
    body: Buffer.from(reply.body === undefined ? '' : text),
  }
}

export function refusal(status: number, reason: string): Reply {
  return { status, body: { success: false, messages: ['no'], reason } }
}

export function goodReply({ call, json }: SeenRequest): Exclude<Reply, Error | 'silence'> {
  const success = { success: true, messages: [] }
  switch (call) {
    case 'createApplication':
      return { status: 201, body: { ...success, application: { app_id: 'a', name: json.name } } }
    case 'createSession':
      return { status: 200, body: { ...success, session_id: 'session-1', settings: {} } }
    case 'heartbeat':
      return { status: 200, body: { ...success, settings: {} } }
    default: {
      const { batch, reports } = json
      return {
        status: 202,
        body: { ...success, batch, added: reports.length, known: 0, rejected: [] },
      }
    }
  }
}

function acceptedIds({ json }: SeenRequest, reply: { body?: unknown }): string[] {
  const { rejected } = reply.body as { rejected?: { index: number }[] }
  const places = new Set(rejected?.map(({ index }) => index))
  const ids = json.reports.map(({ id }) => id)
  return ids.filter((_, index) => !places.has(index))
}

function callOf(url: string): EngineCall {
  const calls = Object.keys(ENGINE_PATHS) as EngineCall[]
  const call = calls.find((name) => url.endsWith(ENGINE_PATHS[name]))
  if (call === undefined) throw new Error(`no call of an engine: ${url}`)
  return call
}

function rejectOnAbort(signal: AbortSignal, reject: (reason: unknown) => void): void {
  signal.addEventListener('abort', () => reject(signal.reason))
}
