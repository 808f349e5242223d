import { once } from 'node:events'
import { connect } from 'node:net'

/** An answer as it stood on the wire. */
export interface RawAnswer {
  readonly status: number
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** A TCP connection that is spoken to byte by byte. */
export interface RawConnection {
  write(bytes: string | Uint8Array): void
  /** The answers so far, once there are so many or the other side has closed. */
  answers(count: number): Promise<readonly RawAnswer[]>
  /** Every byte that came, once the other side has closed. */
  untilClosed(): Promise<string>
  readonly isClosed: boolean
  close(): void
  /** Goes away without a word of goodbye. */
  reset(): void
}

/** @param url Of a listener: `http://host:port/Contrast`. */
export async function openRaw(url: string): Promise<RawConnection> {
  const { hostname, port } = new URL(url)
  const socket = connect({ host: hostname.replace(/[[\]]/g, ''), port: Number(port) })
  let received = ''
  let isClosed = false
  let wake = () => {}
  socket.setEncoding('latin1')
  socket.on('data', (text: string) => {
    received += text
    wake()
  })
  // What matters is what came; a reset after it is one way to close.
  socket.on('error', () => {})
  socket.on('close', () => {
    isClosed = true
    wake()
  })
  await once(socket, 'connect')

  const until = async (isTrue: () => boolean) => {
    while (!isTrue()) {
      await new Promise<void>((resolve) => {
        wake = resolve
      })
    }
  }
  return {
    write: (bytes) => void socket.write(bytes),
    async answers(count) {
      await until(() => isClosed || readAnswers(received).length >= count)
      return readAnswers(received)
    },
    async untilClosed() {
      await until(() => isClosed)
      return received
    },
    get isClosed() {
      return isClosed
    },
    close: () => void socket.destroy(),
    reset: () => void socket.resetAndDestroy(),
  }
}

/** Sends bytes on a connection of their own and reads every answer until it is closed. */
export async function sendRaw(
  url: string,
  bytes: string | Uint8Array,
): Promise<readonly RawAnswer[]> {
  const connection = await openRaw(url)
  connection.write(bytes)
  return readAnswers(await connection.untilClosed())
}

/** A request's head with these lines, and its body. */
export function rawRequest(line: string, headers: readonly string[], body = ''): string {
  return `${[`${line} HTTP/1.1`, ...headers].join('\r\n')}\r\n\r\n${body}`
}

/** The whole answers at the start of a text; interim ones (1xx) stand alone, without a body. */
export function readAnswers(text: string): readonly RawAnswer[] {
  const answers: RawAnswer[] = []
  let rest = text
  for (;;) {
    const end = rest.indexOf('\r\n\r\n')
    const status = Number(/^HTTP\/1\.1 (\d{3}) /.exec(rest)?.[1])
    if (end === -1 || Number.isNaN(status)) return answers
    const headers = Object.fromEntries(
      rest
        .slice(0, end)
        .split('\r\n')
        .slice(1)
        .map((each) => [
          each.slice(0, each.indexOf(':')).toLowerCase(),
          each.slice(each.indexOf(':') + 2),
        ]),
    )
    const size = Number(headers['content-length'] ?? 0)
    const body = rest.slice(end + 4, end + 4 + size)
    if (body.length < size) return answers
    answers.push({ status, headers, body })
    rest = rest.slice(end + 4 + size)
  }
}
