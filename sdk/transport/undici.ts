import type { LookupFunction } from 'node:net'
import type { Agent, Dispatcher } from 'undici'
import { createConnector } from './connector.ts'
import { explainFault } from './explain-fault.ts'
import { type Network, PLAIN_NETWORK } from './network.ts'
import {
  type Answer,
  createAnswerBody,
  HEADERS_LIMIT_BYTES,
  INTERIM_ANSWERS_LIMIT,
  type Send,
  type Transport,
  TransportError,
  type TransportRequest,
} from './transport.ts'
import { ProxyAnswerError } from './tunnel.ts'

export interface UndiciTransportOptions {
  /** Longest that a connection, TLS included, takes to come about. */
  readonly connectTimeoutMs: number
  /** Requests at a time. */
  readonly connections: number
  /** @default PLAIN_NETWORK */
  readonly network?: Network
  /** Resolves names. @default dns.lookup */
  readonly lookup?: LookupFunction
}

/**
 * The default transport: undici's `Agent`, with connections that are kept and that never keep the
 * process alive. undici is loaded with the first request, since loading it takes tens of milliseconds.
 */
export function createUndiciTransport(options: UndiciTransportOptions): Transport {
  const { connectTimeoutMs, connections, lookup, network = PLAIN_NETWORK } = options
  const { proxy } = network
  let loading: Promise<Agent> | undefined

  async function load(): Promise<Agent> {
    const undici = await import('undici')
    return new undici.Agent({
      connect: createConnector({ undici, connectTimeoutMs, network, lookup }),
      connections,
      pipelining: 1,
      maxHeaderSize: HEADERS_LIMIT_BYTES,
      // The caller's deadline covers the whole exchange; these count only the silence between bytes.
      headersTimeout: 0,
      bodyTimeout: 0,
    })
  }

  const send: Send = async (given, signal) => {
    loading ??= load().catch((error: unknown) => {
      // A host that is out of files for a moment is not without a transport for good.
      loading = undefined
      throw error
    })
    const agent = await loading
    const interim = limitInterimAnswers(signal)
    try {
      const response = await agent.request({
        ...routeOf(given, network),
        method: given.method,
        body: given.body ?? null,
        signal: interim.signal,
        onInfo: interim.count,
      })
      return await readAnswer(response)
    } catch (error) {
      if (error instanceof ProxyAnswerError && error.statusCode === 407) return PROXY_ASKS
      throw explainFault(error, given.url, proxy)
    } finally {
      interim.end()
    }
  }

  return {
    send,
    close() {
      loading?.then((agent) => agent.destroy()).catch(() => {})
    },
  }
}

/**
 * Where a request goes: to its own host, or whole to the proxy if it is plain http, as proxies expect.
 *
 * @see RFC 9112, section 3.2.2
 */
function routeOf({ url, headers }: TransportRequest, { proxy }: Network) {
  const { protocol, origin, pathname, search, host } = new URL(url)
  if (proxy === undefined || protocol === 'https:')
    return { origin, path: pathname + search, headers }
  const { authorization } = proxy
  return {
    origin: proxy.url,
    path: url,
    headers: {
      ...headers,
      host,
      ...(authorization !== undefined && { 'proxy-authorization': authorization }),
    },
  }
}

async function readAnswer(response: Dispatcher.ResponseData): Promise<Answer> {
  const answerBody = createAnswerBody()
  // Leaving the loop by the limit destroys the body, and with it the connection.
  for await (const piece of response.body) answerBody.add(piece)
  return answerOf(response.statusCode, response.headers, answerBody.whole())
}

/** Gives up on a server that answers `1xx` without end. */
function limitInterimAnswers(signal: AbortSignal) {
  const controller = new AbortController()
  const onAbort = () => controller.abort(signal.reason)
  let answers = 0
  if (signal.aborted) onAbort()
  signal.addEventListener('abort', onAbort)
  return {
    signal: controller.signal,
    count() {
      answers += 1
      if (answers <= INTERIM_ANSWERS_LIMIT) return
      controller.abort(
        new TransportError(
          'ERR_ANSWER_TOO_LARGE',
          'the answer has no end of interim answers (1xx)',
        ),
      )
    },
    end: () => signal.removeEventListener('abort', onAbort),
  }
}

/** What a proxy says that wants other credentials, or any, before it lets a tunnel through. */
const PROXY_ASKS: Answer = Object.freeze({
  status: 407,
  header: () => null,
  body: new Uint8Array(),
})

function answerOf(
  status: number,
  headers: Record<string, string | string[] | undefined>,
  body: Uint8Array,
): Answer {
  return {
    status,
    body,
    header(name) {
      const value = Object.hasOwn(headers, name) ? headers[name] : undefined
      return Array.isArray(value) ? value.join(', ') : (value ?? null)
    },
  }
}
