import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import type { RefusalReason } from '../../sdk/wire/messages.ts'
import type { Answer, Core } from '../core/exchange.ts'
import { TeamServerError } from '../errors.ts'
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
  /** How often the two timeouts are looked at. @default 1_000 */
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
}

/** What listens on a port. */
export interface HttpListener {
  /** `http://host:port`, without a path. */
  readonly origin: string
  /** Ends every connection and frees the port. */
  close(): Promise<void>
}

/**
 * Opens a port and answers each request with what the core says.
 *
 * @throws `ERR_LISTEN`, naming the address and what the system said.
 */
export async function listenHttp(
  core: Core,
  { host = '127.0.0.1', port = 0 }: ListenOptions,
  limits: HttpLimits,
): Promise<HttpListener> {
  const server = createServer({
    maxHeaderSize: limits.headerBytes,
    headersTimeout: limits.headersTimeoutMs,
    requestTimeout: limits.requestTimeoutMs,
    connectionsCheckingInterval: limits.timeoutCheckMs,
    keepAliveTimeout: limits.keepAliveMs,
    // Node would answer a missing Host by itself, with an empty body: the door says it in JSON.
    requireHostHeader: false,
  })
  server.maxConnections = limits.connections
  // One more than is allowed, so that too many are seen: Node drops the rest in silence.
  server.maxHeadersCount = limits.headerLines + 1
  const latest = new WeakMap<Socket, NodeExchange>()
  const answer = (request: IncomingMessage, response: ServerResponse) => {
    const exchange: NodeExchange = { request, response }
    latest.set(request.socket, exchange)
    // What cannot be answered must at least not be kept waiting.
    answerRequest(core, limits, exchange).catch(() => request.socket.destroy())
  }
  server.on('request', answer)
  // Unasked, Node would say `100 Continue` before anyone has looked at the request.
  server.on('checkContinue', answer)
  server.on('checkExpectation', async (request: IncomingMessage, response: ServerResponse) => {
    const refused = await core.turnAway(
      'request-malformed',
      readHead(request, limits.headerLines).head,
    )
    write(response, refused, { isClosing: true, status: 417 })
  })
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) => {
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
    throw new TeamServerError('ERR_LISTEN', message, { cause })
  })
  return {
    origin: originOf(server.address() as AddressInfo),
    close: () => closeServer(server),
  }
}

async function answerRequest(
  core: Core,
  limits: HttpLimits,
  exchange: NodeExchange,
): Promise<void> {
  const { request, response } = exchange
  const { head, objection } = readHead(request, limits.headerLines)
  const answer =
    objection === undefined
      ? await core.answer(head, (limitBytes) => readBody(exchange, limitBytes))
      : await core.turnAway(objection, head)
  if (answer.disturbance !== undefined) {
    writeDisturbed(response, answer, answer.disturbance)
    return
  }
  const isClosing =
    objection !== undefined ||
    exchange.brokenBy !== undefined ||
    answer.status === 413 ||
    isTooMuchLeft(request, limits.drainBytes)
  write(response, answer, { isClosing, isHead: request.method === 'HEAD' })
  if (!request.complete) drain(exchange, limits.drainBytes)
}

function write(
  response: ServerResponse,
  answer: Answer,
  { isClosing = false, isHead = false, status = answer.status } = {},
): void {
  const hasBody = !isHead && status !== 204
  response.writeHead(status, {
    ...answer.headers,
    ...(hasBody ? { 'content-length': String(Buffer.byteLength(answer.body)) } : {}),
    ...(isClosing ? { connection: 'close' } : {}),
  })
  // Text as text: Node then writes it in one piece with the headers.
  response.end(hasBody ? answer.body : undefined)
}

/** Answers what the parser refused in the same shape as everything else, and closes. */
async function answerBrokenRequest(
  core: Core,
  error: NodeJS.ErrnoException,
  socket: Socket,
): Promise<void> {
  const { remoteAddress } = socket
  // What was sent cannot be trusted to be a method and a path.
  const answer = await core.turnAway(reasonOf(error), { method: '', target: '', remoteAddress })
  const phrases: Record<number, string> = {
    400: 'Bad Request',
    408: 'Request Timeout',
    431: 'Request Header Fields Too Large',
  }
  const headers = { ...answer.headers, 'content-length': String(Buffer.byteLength(answer.body)) }
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`)
  const head = [
    `HTTP/1.1 ${answer.status} ${phrases[answer.status]}`,
    ...lines,
    'connection: close',
  ]
  socket.end(`${head.join('\r\n')}\r\n\r\n${answer.body}`)
}

function reasonOf({ code }: NodeJS.ErrnoException): RefusalReason {
  if (code === 'HPE_HEADER_OVERFLOW') return 'headers-too-large'
  return code === 'ERR_HTTP_REQUEST_TIMEOUT' ? 'request-timeout' : 'request-malformed'
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })
}

function originOf({ address, family, port }: AddressInfo): string {
  const isAny = address === '::' || address === '0.0.0.0'
  const host = isAny ? '127.0.0.1' : family === 'IPv6' ? `[${address}]` : address
  return `http://${host}:${port}`
}

function describe(cause: unknown): string {
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined
  if (code === 'EADDRINUSE') return 'the port is in use (EADDRINUSE); choose another, or 0'
  if (code === 'EACCES') return 'not allowed (EACCES); choose a port above 1023'
  if (code === 'EADDRNOTAVAIL') return 'this machine has no such address (EADDRNOTAVAIL)'
  return cause instanceof Error ? cause.message : 'unknown error'
}
