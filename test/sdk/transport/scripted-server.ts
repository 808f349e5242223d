import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import {
  type AddressInfo,
  createServer as createTcpServer,
  type Server,
  type Socket,
} from 'node:net'
import { createServer as createTlsServer, type TlsOptions } from 'node:tls'
import { gunzipSync } from 'node:zlib'
import { onTestFinished } from 'vitest'

/** What happens to a batch of reports in place of an answer, on the wire. */
export type Fault = (socket: Socket, request: IncomingMessage, response: ServerResponse) => void

export interface ServerScript {
  readonly tls?: TlsOptions
  /** One for each batch that comes in, in turn; `undefined` and those after the last are answered well. */
  readonly faults?: readonly (Fault | undefined)[]
  /** Takes a new connection away before a byte is read. @returns Whether it did. */
  readonly onConnection?: (socket: Socket, index: number) => boolean
  /** @default 127.0.0.1 */
  readonly host?: string
}

/** As much of a TeamServer as takes reports, on a real socket. */
export interface ScriptedServer {
  readonly port: number
  /** With `localhost`. */
  readonly url: string
  /** Ids of reports that were answered for, in the order of their arrival: each once, as TeamServer has it. */
  readonly storedIds: readonly string[]
  /** The same with what came again. */
  readonly receivedIds: readonly string[]
  readonly requests: readonly IncomingMessage[]
  /** Connections on which a byte of HTTP came in are those of `requests`; these are all. */
  readonly connections: number
  /** Batches that came in, those with a fault too. */
  readonly batches: number
  /** Resolves with the next connection that ends. */
  nextEnd(): Promise<Socket>
}

export async function startScriptedServer(script: ServerScript = {}): Promise<ScriptedServer> {
  const faults = [...(script.faults ?? [])]
  const storedIds: string[] = []
  const receivedIds: string[] = []
  const requests: IncomingMessage[] = []
  const ends = new Set<(socket: Socket) => void>()
  let [connections, batches] = [0, 0]

  const http = createServer(async (request, response) => {
    requests.push(request)
    if (request.url?.endsWith('/reports')) {
      batches += 1
      const fault = faults.shift()
      if (fault !== undefined) return fault(request.socket, request, response)
    }
    const body = await readBody(request)
    const { status, answer, ids } = goodAnswer(body)
    receivedIds.push(...ids)
    storedIds.push(...ids.filter((id) => !storedIds.includes(id)))
    response.writeHead(status, { 'content-type': 'application/json' })
    response.end(JSON.stringify(answer))
  })
  const accept = (socket: Socket) => {
    socket.on('error', () => {})
    socket.on('close', () => {
      for (const tell of ends) tell(socket)
      ends.clear()
    })
    if (script.onConnection?.(socket, connections++)) return
    http.emit('connection', socket)
  }
  const { tls } = script
  const server: Server =
    tls === undefined
      ? createTcpServer(accept)
      : createTlsServer(tls, accept).on('tlsClientError', () => {})
  const port = await listen(server, script.host)
  return {
    port,
    url: `${tls === undefined ? 'http' : 'https'}://localhost:${port}`,
    storedIds,
    receivedIds,
    requests,
    get connections() {
      return connections
    },
    get batches() {
      return batches
    },
    nextEnd: () => new Promise((resolve) => ends.add(resolve)),
  }
}

/** Listens on a free port until the test is over; then every connection is gone. */
export async function listen(server: Server, host = '127.0.0.1'): Promise<number> {
  const sockets = new Set<Socket>()
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.on('error', () => {}).on('close', () => sockets.delete(socket))
  })
  await new Promise<void>((resolve) => server.listen(0, host, () => resolve()))
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  return (server.address() as AddressInfo).port
}

interface EngineBody {
  readonly name?: string
  readonly batch?: string
  readonly reports?: readonly { readonly id: string }[]
}

async function readBody(request: IncomingMessage): Promise<EngineBody> {
  const pieces: Buffer[] = []
  for await (const piece of request) pieces.push(piece)
  const bytes = Buffer.concat(pieces)
  const isZipped = request.headers['content-encoding'] === 'gzip'
  return JSON.parse((isZipped ? gunzipSync(bytes) : bytes).toString())
}

function goodAnswer({ name, batch, reports = [] }: EngineBody) {
  const success = { success: true, messages: [] }
  const ids = reports.map(({ id }) => id)
  return batch === undefined
    ? {
        status: 200,
        ids,
        answer: { ...success, application: { app_id: 'a', name }, session_id: 's', settings: {} },
      }
    : { status: 202, ids, answer: { ...success, batch, added: ids.length, known: 0, rejected: [] } }
}
