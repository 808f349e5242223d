import { connect } from 'node:net'
import type { SocketDoor } from './doors.ts'
import type { HeaderLine, ReceivedAnswer, SentRequest } from './sent-request.ts'

/**
 * Writes a head byte for byte to a socket of its own, then the body, and reads until the other
 * side has closed.
 */
export function sendRaw(
  door: SocketDoor,
  { method, path, headers, body = '' }: SentRequest,
): Promise<ReceivedAnswer> {
  const lines: readonly HeaderLine[] = [
    ['Host', door.host],
    ...headers,
    ['Content-Length', String(Buffer.byteLength(body))],
  ]
  const head = lines.map(([name, value]) => `${name}:${value}\r\n`).join('')
  return new Promise((resolve, reject) => {
    const socket = connect(door.port, '127.0.0.1')
    const chunks: Buffer[] = []
    socket.on('data', (chunk) => chunks.push(chunk))
    socket.on('error', reject)
    socket.on('end', () => {
      socket.end()
      resolve(readAnswer(Buffer.concat(chunks).toString('latin1')))
    })
    socket.write(`${method} ${path} HTTP/1.1\r\n${head}\r\n${body}`, 'latin1')
  })
}

function readAnswer(text: string): ReceivedAnswer {
  const [head = '', ...rest] = text.split('\r\n\r\n')
  const [statusLine = '', ...lines] = head.split('\r\n')
  const headers = lines.map((line) => {
    const colon = line.indexOf(':')
    return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()]
  })
  const { date: _date, ...received } = Object.fromEntries(headers)
  return {
    status: Number(statusLine.split(' ')[1]),
    headers: received,
    body: Buffer.from(rest.join('\r\n\r\n'), 'latin1'),
    isConnectionReused: false,
  }
}
