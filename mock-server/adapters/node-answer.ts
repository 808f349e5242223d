import { type ServerResponse, STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'
import type { Answer } from '../core/exchange.ts'

/** What is handed to a connection before its reader has taken some of it. */
const PART_BYTES = 65_536

/** Writes an answer, a large one only as fast as it is read. */
export function writeAnswer(
  response: ServerResponse,
  answer: Answer,
  { isClosing = false, isHead = false, status = answer.status } = {},
): void {
  const hasBody = !isHead && status !== 204
  const size = Buffer.byteLength(answer.body)
  const lines = [...linesOf(answer.headers)]
  if (hasBody) lines.push('content-length', String(size))
  if (isClosing) lines.push('connection', 'close')
  response.writeHead(status, lines)
  if (!hasBody) response.end()
  // Text as text: Node then writes it in one piece with the headers.
  else if (size <= PART_BYTES) response.end(answer.body)
  else writeInParts(response, Buffer.from(answer.body), 0)
}

/** Names and values in turns. Most answers have the same as the one before: the very same object. */
function linesOf(headers: Answer['headers']): readonly string[] {
  if (headers !== latestHeaders) {
    latestLines = Object.entries(headers).flat()
    latestHeaders = headers
  }
  return latestLines
}

let latestHeaders: Answer['headers'] | undefined
let latestLines: readonly string[] = []

function writeInParts(response: ServerResponse, body: Uint8Array, start: number): void {
  for (let at = start; ; at += PART_BYTES) {
    const part = body.subarray(at, at + PART_BYTES)
    if (at + PART_BYTES >= body.length) {
      response.end(part)
      return
    }
    if (!response.write(part)) {
      response.once('drain', () => writeInParts(response, body, at + PART_BYTES))
      return
    }
  }
}

/** Writes an answer to what the parser made no request of, and closes. */
export function writeAlone(socket: Socket, { status, headers, body }: Answer): void {
  const lines = Object.entries({
    ...headers,
    'content-length': String(Buffer.byteLength(body)),
    connection: 'close',
  }).map(([name, value]) => `${name}: ${value}`)
  socket.end(
    `${[`HTTP/1.1 ${status} ${STATUS_CODES[status]}`, ...lines].join('\r\n')}\r\n\r\n${body}`,
  )
}
