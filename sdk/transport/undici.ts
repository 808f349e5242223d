import { clearTimeout, setTimeout } from 'node:timers'
import type { Agent, buildConnector } from 'undici'
import {
  type Answer,
  createAnswerBody,
  type Send,
  type Transport,
  TransportError,
} from './transport.ts'

export interface UndiciTransportOptions {
  /** Longest that a connection, TLS included, takes to come about. */
  readonly connectTimeoutMs: number
  /** Requests at a time. */
  readonly connections: number
}

/**
 * The default transport: undici's `Agent`, with connections that are kept and that never keep the
 * process alive. undici is loaded with the first request, since loading it takes tens of milliseconds.
 */
export function createUndiciTransport(options: UndiciTransportOptions): Transport {
  let loading: Promise<{ agent: Agent; request: typeof import('undici').request }> | undefined

  async function load() {
    const [undici, { Socket }] = await Promise.all([import('undici'), import('node:net')])
    const agent = new undici.Agent({
      connect: connectorThatLetsGo(undici.buildConnector, Socket, options.connectTimeoutMs),
      connections: options.connections,
      pipelining: 1,
      // The caller's deadline covers the whole exchange; these count only the silence between bytes.
      headersTimeout: 0,
      bodyTimeout: 0,
    })
    return { agent, request: undici.request }
  }

  const send: Send = async ({ method, url, headers, body }, signal) => {
    loading ??= load().catch((error: unknown) => {
      // A host that is out of files for a moment is not without a transport for good.
      loading = undefined
      throw error
    })
    const { agent, request } = await loading
    const response = await request(url, {
      dispatcher: agent,
      method,
      headers,
      body: body ?? null,
      signal,
    })
    const answerBody = createAnswerBody()
    // Leaving the loop by the limit destroys the body, and with it the connection.
    for await (const piece of response.body) answerBody.add(piece)
    return answerOf(response.statusCode, response.headers, answerBody.whole())
  }

  return {
    send,
    close() {
      loading?.then(({ agent }) => agent.destroy()).catch(() => {})
    },
  }
}

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

/**
 * Makes sockets that do not count for the process's life, and that undici cannot make count again
 * (it does so for each request under way).
 */
function connectorThatLetsGo(
  build: typeof buildConnector,
  Socket: typeof import('node:net').Socket,
  connectTimeoutMs: number,
): buildConnector.connector {
  const connect = build({
    // Said aloud, so that NODE_TLS_REJECT_UNAUTHORIZED=0 of the host does not reach the engine.
    rejectUnauthorized: true,
    minVersion: 'TLSv1.2',
    // undici's own timer keeps the process alive below one second.
    timeout: 0,
  })
  return (options, callback) => {
    const socket: unknown = connect(options, (...outcome) => {
      clearTimeout(timer)
      callback(...outcome)
    })
    const timer = setTimeout(() => {
      if (socket instanceof Socket) socket.destroy(connectTimeout(connectTimeoutMs))
    }, connectTimeoutMs).unref()
    if (!(socket instanceof Socket)) return
    // Each address that is tried is a handle of its own.
    socket.on('connectionAttempt', () => socket.unref())
    socket.ref = () => socket
  }
}

function connectTimeout(limitMs: number): TransportError {
  return new TransportError('ERR_CONNECT_TIMEOUT', `no connection within ${limitMs} ms`)
}
