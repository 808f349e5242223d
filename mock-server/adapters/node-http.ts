import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import type { RefusalReason } from '../../sdk/wire/messages.ts'
import type { Answer, BodyBytes, Core, RequestHead } from '../core/exchange.ts'
import { TeamServerError } from '../errors.ts'

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
  const answer = (request: IncomingMessage, response: ServerResponse) =>
    void answerRequest(core, limits, request, response)
  server.on('request', answer)
  // Unasked, Node would say `100 Continue` before anyone has looked at the request.
  server.on('checkContinue', answer)
  server.on('checkExpectation', async (request: IncomingMessage, response: ServerResponse) => {
    const refused = await core.turnAway('request-malformed', headOf(request))
    write(response, refused, { isClosing: true, status: 417 })
  })
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) => {
    void answerBrokenRequest(core, error, socket)
  })

  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause) => {
      const message = `cannot listen on ${host}:${port}: ${describe(cause)}`
      reject(new TeamServerError('ERR_LISTEN', message, { cause }))
    })
    server.listen(port, host, resolve)
  })
  return {
    origin: originOf(server.address() as AddressInfo),
    close: () => closeServer(server),
  }
}

async function answerRequest(
  core: Core,
  limits: HttpLimits,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const objection = objectionTo(request, limits)
  const head = headOf(request)
  const answer =
    objection === undefined
      ? await core.answer(head, (limitBytes) => readBody(request, response, limitBytes))
      : await core.turnAway(objection, head)
  const isClosing = objection !== undefined || isTooMuchLeft(request, limits)
  write(response, answer, { isClosing, isHead: request.method === 'HEAD' })
  if (!request.complete) drain(request, response, limits.drainBytes)
}

/** What the parser lets through and this door does not. */
function objectionTo(request: IncomingMessage, limits: HttpLimits): RefusalReason | undefined {
  const { rawHeaders } = request
  if (rawHeaders.length > limits.headerLines * 2) return 'headers-too-large'
  let hosts = 0
  for (let at = 0; at < rawHeaders.length; at += 2) {
    if (rawHeaders[at]?.toLowerCase() === 'host') hosts++
  }
  // Node takes two Host lines; and it takes any coding that ends in `chunked` and hands over
  // what it did not decode.
  const coding = request.headers['transfer-encoding']
  const isCodingKnown = coding === undefined || coding.toLowerCase() === 'chunked'
  return hosts === 1 && isCodingKnown ? undefined : 'request-malformed'
}

/**
 * Reads the head from `rawHeaders`: `headers` keeps only the first of several `Authorization`
 * lines, and `headersDistinct` throws on a header named `__proto__` in older releases of Node.
 */
function headOf(request: IncomingMessage): RequestHead {
  const { rawHeaders } = request
  const headers = new Map<string, string>()
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at]?.toLowerCase() ?? ''
    const value = rawHeaders[at + 1] ?? ''
    const before = headers.get(name)
    headers.set(name, before === undefined ? value : `${before}, ${value}`)
  }
  return {
    method: request.method ?? '',
    target: request.url ?? '',
    header: (name) => headers.get(name),
    remoteAddress: request.socket.remoteAddress,
  }
}

function readBody(
  request: IncomingMessage,
  response: ServerResponse,
  limitBytes: number,
): Promise<BodyBytes> {
  if (request.headers.expect !== undefined) response.writeContinue()
  return new Promise((resolve) => {
    const chunks: Buffer[] = []
    let size = 0
    const finish = (body: BodyBytes) => {
      request.off('data', take)
      request.pause()
      resolve(body)
    }
    const take = (chunk: Buffer) => {
      size += chunk.length
      if (size > limitBytes) finish({ status: 'too-large' })
      else chunks.push(chunk)
    }
    request.on('data', take)
    request.once('end', () => {
      const [only] = chunks
      const bytes = chunks.length === 1 && only !== undefined ? only : Buffer.concat(chunks)
      finish({ status: 'read', bytes })
    })
    request.once('error', () => finish({ status: 'cut-off' }))
    request.once('close', () => finish({ status: 'cut-off' }))
  })
}

/** True when more of the body is to come than is worth reading for the sake of the connection. */
function isTooMuchLeft(request: IncomingMessage, limits: HttpLimits): boolean {
  if (request.complete) return false
  return Number(request.headers['content-length'] ?? 0) > limits.drainBytes
}

/** Reads on after a refusal, so that the connection can be kept; too much, and it is closed. */
function drain(request: IncomingMessage, response: ServerResponse, limitBytes: number): void {
  let size = 0
  request.on('data', (chunk: Buffer) => {
    size += chunk.length
    if (size > limitBytes) endSoon(response)
  })
  request.on('error', () => {})
  request.resume()
}

/** Closes once the answer is out. An RST at once could overtake it. */
function endSoon(response: ServerResponse): void {
  const close = () => response.socket?.destroySoon()
  if (response.writableFinished) close()
  else response.once('finish', close)
}

function write(
  response: ServerResponse,
  answer: Answer,
  { isClosing = false, isHead = false, status = answer.status } = {},
): void {
  const body = typeof answer.body === 'string' ? Buffer.from(answer.body, 'utf8') : answer.body
  response.writeHead(status, {
    ...answer.headers,
    ...(isHead || status === 204 ? {} : { 'content-length': String(body.length) }),
    ...(isClosing ? { connection: 'close' } : {}),
  })
  response.end(isHead || status === 204 ? undefined : body)
}

/** Answers what the parser refused in the same shape as everything else, and closes. */
async function answerBrokenRequest(
  core: Core,
  error: NodeJS.ErrnoException,
  socket: Socket,
): Promise<void> {
  if (!socket.writable || error.code === 'ECONNRESET') {
    socket.destroy()
    return
  }
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
