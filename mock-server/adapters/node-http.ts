import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import type { RefusalReason } from '../../sdk/wire/messages.ts'
import { codeOf, isError } from '../caught-error.ts'
import type { ListenerCertificates, TlsOptions } from '../certificates/listener-certificates.ts'
import type { Core } from '../core/exchange.ts'
import { TeamServerError } from '../errors.ts'
import { endOfTurn } from './end-of-turn.ts'
import { writeAlone, writeAnswer } from './node-answer.ts'
import { followConnections, type NodeConnections } from './node-connections.ts'
import { writeDisturbed } from './node-disturbance.ts'
import {
  breakOff,
  drain,
  isOver,
  isTooMuchLeft,
  type NodeExchange,
  readBody,
} from './node-exchange.ts'
import { readHead } from './node-request-head.ts'
import { writeStream } from './node-stream.ts'

/** What the socket's side of the mock takes. Every limit is an option, so that tests can be small. */
export interface HttpLimits {
  /** Request line and headers together. @default 16_384 */
  readonly headerBytes: number
  /** Header lines. @default 100 */
  readonly headerLines: number
  /** From the first byte to the end of the headers. @default 10_000 */
  readonly headersTimeoutMs: number
  /** From the first byte to the end of the body. @default 30_000 */
  readonly requestTimeoutMs: number
  /** How long an answer may wait for its reader to take it. @default 28_000 */
  readonly answerTimeoutMs: number
  /** How often the three timeouts are looked at. @default 1_000 */
  readonly timeoutCheckMs: number
  /** How long an idle connection stays open. @default 5_000 */
  readonly keepAliveMs: number
  /** Connections at a time; more are closed at once. @default 1_000 */
  readonly connections: number
  /** What is still read of a refused request's body, to keep its connection. @default 65_536 */
  readonly drainBytes: number
}

export const DEFAULT_HTTP_LIMITS: HttpLimits = {
  headerBytes: 16_384,
  headerLines: 100,
  headersTimeoutMs: 10_000,
  requestTimeoutMs: 30_000,
  answerTimeoutMs: 28_000,
  timeoutCheckMs: 1_000,
  keepAliveMs: 5_000,
  connections: 1_000,
  drainBytes: 65_536,
}

export interface ListenOptions {
  /** @default '127.0.0.1' */
  readonly host?: string
  /** 0 takes a free one. @default 0 */
  readonly port?: number
  /** Speaks TLS, with a certificate made on the spot or with one that is brought. @default plain */
  readonly tls?: boolean | TlsOptions
}

/** What listens on a port. */
export interface HttpListener {
  /** `http://host:port` or `https://host:port`, without a path. */
  readonly origin: string
  /** With TLS, what clients are to trust and to show. */
  readonly certificates: ListenerCertificates | undefined
  /** Ends every connection and frees the port. */
  close(): Promise<void>
}

/**
 * Opens a port and answers each request with what the core says.
 *
 * @throws `ERR_LISTEN`, naming the address and what the system said; `ERR_OPTION_INVALID` for `tls`.
 */
export async function listenHttp(
  core: Core,
  { host = '127.0.0.1', port = 0, tls = false }: ListenOptions,
  limits: HttpLimits,
): Promise<HttpListener> {
  const secure = tls === false ? undefined : await loadTls()
  const certificates = await secure?.certificatesFor(host, typeof tls === 'boolean' ? {} : tls)
  const options = {
    maxHeaderSize: limits.headerBytes,
    headersTimeout: limits.headersTimeoutMs,
    requestTimeout: limits.requestTimeoutMs,
    connectionsCheckingInterval: limits.timeoutCheckMs,
    keepAliveTimeout: limits.keepAliveMs,
    // Node would answer a missing Host by itself, with an empty body: the door says it in JSON.
    requireHostHeader: false,
  }
  const server =
    secure === undefined || certificates === undefined
      ? createServer(options)
      : secure.createServer({
          ...options,
          ...certificates.server,
          handshakeTimeout: limits.headersTimeoutMs,
        })
  server.maxConnections = limits.connections
  // One more than is allowed, so that too many are seen: Node drops the rest in silence.
  server.maxHeadersCount = limits.headerLines + 1
  const connections = followConnections(server, limits)
  const latest = new WeakMap<Socket, NodeExchange>()
  const answer = (request: IncomingMessage, response: ServerResponse) => {
    const exchange: NodeExchange = { request, response }
    latest.set(request.socket, exchange)
    // What cannot be answered must at least not be kept waiting.
    answerRequest(core, limits, exchange, connections).catch(() => request.socket.destroy())
  }
  server.on('request', answer)
  // Unasked, Node would say `100 Continue` before anyone has looked at the request.
  server.on('checkContinue', answer)
  server.on('checkExpectation', async (request: IncomingMessage, response: ServerResponse) => {
    const refused = await core.turnAway(
      'request-malformed',
      readHead(request, limits.headerLines).head,
    )
    writeAnswer(response, refused, { isClosing: true, status: 417 })
  })
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) => {
    if (isOfTls(error)) {
      // Nobody there could read an answer.
      void core.turnAway('request-malformed', unreadHead(socket), `tls: ${error.code}`)
      socket.destroy()
      return
    }
    if (!socket.writable || error.code === 'ECONNRESET') {
      socket.destroy()
      return
    }
    const exchange = latest.get(socket)
    const answerAlone = () => void answerBrokenRequest(core, error, socket)
    if (exchange === undefined || isOver(exchange)) answerAlone()
    else if (exchange.request.complete) exchange.response.once('finish', answerAlone)
    else breakOff(exchange, reasonOf(error))
  })

  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    // Throws at once for what is no port.
    server.listen(port, host, resolve)
  }).catch((cause) => {
    const message = `cannot listen on ${host}:${port}: ${describe(cause)}`
    connections.end()
    throw new TeamServerError('ERR_LISTEN', message, { cause })
  })
  return {
    origin: originOf(
      certificates === undefined ? 'http' : 'https',
      server.address() as AddressInfo,
    ),
    certificates,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        connections.end()
      }),
  }
}

/** Loaded by whoever speaks TLS: a plain door is open sooner. */
async function loadTls() {
  const { createServer } = await import('node:https')
  const { certificatesFor } = await import('../certificates/listener-certificates.ts')
  return { createServer, certificatesFor }
}

async function answerRequest(
  core: Core,
  limits: HttpLimits,
  exchange: NodeExchange,
  connections: NodeConnections,
): Promise<void> {
  const { request, response } = exchange
  const { head, objection } = readHead(request, limits.headerLines)
  const answer =
    objection === undefined
      ? await core.answer(head, (limitBytes) => readBody(exchange, head, limitBytes))
      : await core.turnAway(objection, head)
  // On the only connection there is no other answer to wait for.
  if (connections.count > 1) await endOfTurn()
  if (answer.disturbance !== undefined) {
    writeDisturbed(response, answer, answer.disturbance)
    return
  }
  if (answer.stream !== undefined) {
    request.resume()
    await writeStream(response, answer, answer.stream)
    return
  }
  const isClosing =
    objection !== undefined ||
    exchange.brokenBy !== undefined ||
    answer.status === 413 ||
    isTooMuchLeft(request, limits.drainBytes)
  writeAnswer(response, answer, { isClosing, isHead: request.method === 'HEAD' })
  if (!request.complete) drain(exchange, limits.drainBytes)
}

/** Answers what the parser refused in the same shape as everything else, and closes. */
async function answerBrokenRequest(
  core: Core,
  error: NodeJS.ErrnoException,
  socket: Socket,
): Promise<void> {
  writeAlone(socket, await core.turnAway(reasonOf(error), unreadHead(socket)))
}

/** What was sent cannot be trusted to be a method and a path. */
function unreadHead({ remoteAddress }: Socket) {
  return { method: '', target: '', remoteAddress }
}

/** True for what goes wrong below HTTP: another protocol, a certificate that is not taken. */
function isOfTls({ code = '' }: NodeJS.ErrnoException): boolean {
  return /^ERR_(SSL|TLS)_/.test(code)
}

function reasonOf({ code }: NodeJS.ErrnoException): RefusalReason {
  if (code === 'HPE_HEADER_OVERFLOW') return 'headers-too-large'
  return code === 'ERR_HTTP_REQUEST_TIMEOUT' ? 'request-timeout' : 'request-malformed'
}

function originOf(scheme: string, { address, family, port }: AddressInfo): string {
  const isAny = address === '::' || address === '0.0.0.0'
  const host = isAny ? '127.0.0.1' : family === 'IPv6' ? `[${address}]` : address
  return `${scheme}://${host}:${port}`
}

function describe(cause: unknown): string {
  const code = codeOf(cause)
  if (code === 'EADDRINUSE') return 'the port is in use (EADDRINUSE); choose another, or 0'
  if (code === 'EACCES') return 'not allowed (EACCES); choose a port above 1023'
  if (code === 'EADDRNOTAVAIL') return 'this machine has no such address (EADDRNOTAVAIL)'
  return isError(cause) ? cause.message : 'unknown error'
}
