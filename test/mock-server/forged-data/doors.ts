import { Agent, request as httpRequest } from 'node:http'
import { http } from 'msw'
import { setupServer } from 'msw/node'
import { afterEach, onTestFinished } from 'vitest'
import { teamServerHandlers } from '../../../mock-server/adapters/msw.ts'
import type { TeamServer } from '../../../mock-server/index.ts'
import type { ReceivedAnswer, SentRequest } from './sent-request.ts'

/** A way into a TeamServer. */
export interface Door {
  readonly name: string
  /** The peer's address as the TeamServer sees it; undefined where there is no socket. */
  readonly remoteAddress: string | undefined
  /** Whether requests go over a connection. */
  readonly hasSocket: boolean
  /** Sends over a connection that is kept from one request to the next, where there is one. */
  send(request: SentRequest): Promise<ReceivedAnswer>
  /** Sends over a connection of its own. */
  sendAlone(request: SentRequest): Promise<ReceivedAnswer>
}

/** A door that reads bytes from a socket. */
export interface SocketDoor extends Door {
  readonly remoteAddress: string
  /** `host:port`. */
  readonly host: string
  readonly port: number
}

/** One row of the table of doors. */
export interface DoorKind<Opened extends Door = Door> {
  readonly name: string
  /**
   * Opens it for one test.
   *
   * @param from The address that requests are to come from; over a socket, one of 127.0.0.0/8.
   */
  open(teamServer: TeamServer, from?: string): Promise<Opened>
}

const WEB: DoorKind = {
  name: 'handle',
  async open({ handle }, from) {
    const send = async (request: SentRequest) =>
      received(await handle(toRequest('http://teamserver.test', request), fromAddress(from)))
    return { name: WEB.name, remoteAddress: from, hasSocket: false, send, sendAlone: send }
  },
}

/** One for all: of several that listen in a process, msw asks only the last. */
const mswServer = setupServer()
let isMswListening = false
let mswOrigins = 0
// While it listens, msw 3 reads along on every socket of the process, and knows no broken requests.
afterEach(() => {
  mswServer.resetHandlers()
  if (isMswListening) mswServer.close()
  isMswListening = false
})

function listenWithMsw(): void {
  if (!isMswListening) mswServer.listen({ onUnhandledRequest: 'bypass' })
  isMswListening = true
}

const MSW: DoorKind = {
  name: 'msw',
  async open(teamServer, from) {
    listenWithMsw()
    // Several TeamServers stand side by side in one test.
    const origin = `http://teamserver-${++mswOrigins}.test`
    mswServer.use(
      ...teamServerHandlers(teamServer, `${origin}/Contrast`, fromAddress(from)),
      // Also what is not under `/Contrast`: every row is asked here.
      http.all(`${origin}/*`, ({ request }) => teamServer.handle(request, fromAddress(from))),
    )
    const send = async (request: SentRequest) => received(await fetch(toRequest(origin, request)))
    return { name: MSW.name, remoteAddress: from, hasSocket: false, send, sendAlone: send }
  },
}

function toRequest(origin: string, { method, path, headers, body }: SentRequest): Request {
  const lines = new Headers()
  for (const [name, value] of headers) lines.append(name, value)
  const init = { method, headers: lines, ...(body === undefined ? {} : { body }) }
  return new Request(`${origin}${path}`, init)
}

async function received(response: Response): Promise<ReceivedAnswer> {
  return {
    status: response.status,
    headers: Object.fromEntries(response.headers),
    body: new Uint8Array(await response.arrayBuffer()),
    isConnectionReused: false,
  }
}

function fromAddress(remoteAddress: string | undefined): { remoteAddress?: string } {
  return remoteAddress === undefined ? {} : { remoteAddress }
}

export const NODE_HTTP: DoorKind<SocketDoor> = {
  name: 'node:http',
  async open(teamServer, from = '127.0.0.1') {
    const listener = await teamServer.listen({ port: 0 })
    const { host, hostname, port } = new URL(listener.url)
    const keepAlive = new Agent({ keepAlive: true })
    onTestFinished(() => keepAlive.destroy())

    const sendThrough = (agent: Agent | false) => (request: SentRequest) =>
      new Promise<ReceivedAnswer>((resolve, reject) => {
        const { method, path, headers, body = '' } = request
        const lines = [
          ['Host', host],
          ...headers,
          ...(method === 'GET' ? [] : [['Content-Length', String(Buffer.byteLength(body))]]),
        ]
        // As a flat list each line goes out as it stands, also a repeated one.
        const target = { hostname, port, method, path, localAddress: from }
        const options = { ...target, headers: lines.flat(), agent }
        const outgoing = httpRequest(options, (incoming) => {
          const chunks: Buffer[] = []
          incoming.on('data', (chunk) => chunks.push(chunk))
          incoming.on('error', reject)
          incoming.on('end', () => {
            const { date: _date, ...received } = incoming.headers as Record<string, string>
            resolve({
              status: incoming.statusCode ?? 0,
              headers: received,
              body: Buffer.concat(chunks),
              isConnectionReused: outgoing.reusedSocket,
            })
          })
        })
        outgoing.on('error', reject)
        outgoing.end(body)
      })

    return {
      name: NODE_HTTP.name,
      remoteAddress: from,
      hasSocket: true,
      send: sendThrough(keepAlive),
      sendAlone: sendThrough(false),
      host,
      port: Number(port),
    }
  },
}

/** Every door that a row has to hold at. */
const DOORS: readonly DoorKind[] = [WEB, NODE_HTTP, MSW]

/** Each door with its name, for `test.each` and `%s`. */
export const EACH_DOOR = DOORS.map((kind) => [kind.name, kind] as const)

/** Each row at each door, for `test.each`: what it is about and where, for `%s`, and then both. */
export function atEachDoor<Row extends { readonly id: string; readonly what: string }>(
  rows: readonly Row[],
): readonly (readonly [what: string, door: string, row: Row, kind: DoorKind])[] {
  return DOORS.flatMap((kind) =>
    rows.map((row) => [`${row.id}: ${row.what}`, kind.name, row, kind] as const),
  )
}
