import type { ServerResponse } from 'node:http'
import type { Answer, AnswerStream } from '../core/exchange.ts'

/** Writes an answer that has no end of its own, as fast as it is read and no faster. */
export async function writeStream(
  response: ServerResponse,
  { status, headers }: Answer,
  stream: AnswerStream,
): Promise<void> {
  const leaving = new AbortController()
  response.once('close', () => leaving.abort())
  response.writeHead(status, headers)
  response.flushHeaders()
  for await (const piece of stream(leaving.signal)) {
    if (!response.write(piece)) await drained(response, leaving.signal)
    if (leaving.signal.aborted) return
  }
  response.end()
}

/** Once there is room again, or nobody who would read. */
function drained(response: ServerResponse, leaving: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (leaving.aborted) return resolve()
    const done = () => {
      response.off('drain', done)
      leaving.removeEventListener('abort', done)
      resolve()
    }
    response.on('drain', done)
    leaving.addEventListener('abort', done)
  })
}
