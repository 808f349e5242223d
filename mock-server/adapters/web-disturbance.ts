import { setTimeout as sleep } from 'node:timers/promises'
import type { Disturbance } from '../core/disturbance.ts'
import type { Answer } from '../core/exchange.ts'

/**
 * A `Response` that is spoiled as far as it can be without a socket: with the errors that undici's
 * `fetch` has for the real fault, by class, message and `cause.code`.
 *
 * @param signal Of the request: ends what would never end.
 */
export async function respondDisturbed(
  answer: Answer,
  disturbance: Disturbance,
  signal: AbortSignal,
): Promise<Response> {
  const body = typeof answer.body === 'string' ? Buffer.from(answer.body) : answer.body
  const half = body.subarray(0, Math.floor(body.length / 2))
  const respond = (pieces: AsyncIterable<Uint8Array>) =>
    new Response(toStream(pieces), { status: answer.status, headers: answer.headers })

  switch (disturbance.kind) {
    case 'hang':
      return aborted(signal)
    case 'garbage':
      throw failed('Response does not match the HTTP/1.1 protocol', PARSER_CODE)
    case 'reset':
      if (disturbance.at === 'start') throw failed('read ECONNRESET', 'ECONNRESET')
      // After its end, an answer does not feel what becomes of its connection.
      if (disturbance.at === 'end') return respond(pieces([body]))
      return respond(pieces([half], terminated('read ECONNRESET', 'ECONNRESET')))
    case 'half':
      return respond(pieces([half], terminated('other side closed', 'UND_ERR_SOCKET')))
    case 'pause':
      return respond(slowly([half, body.subarray(half.length)], disturbance.ms, signal))
    case 'slow':
      return respond(slowly(cut(body, disturbance.bytes), disturbance.everyMs, signal))
  }
}

/** undici 6, of Node 20 and 22, has a code for what is no HTTP; later ones have none. */
const PARSER_CODE =
  Number.parseInt(process.versions.undici ?? '', 10) < 7 ? 'HPE_INVALID_CONSTANT' : undefined

/** Rejects when the caller gives up, and not before. */
function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    if (signal.aborted) reject(signal.reason)
    signal.addEventListener('abort', () => reject(signal.reason), { once: true })
  })
}

async function* pieces(chunks: readonly Uint8Array[], end?: Error): AsyncGenerator<Uint8Array> {
  yield* chunks
  if (end !== undefined) throw end
}

async function* slowly(
  chunks: readonly Uint8Array[],
  everyMs: number,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  for (const [index, chunk] of chunks.entries()) {
    if (index > 0) await sleep(everyMs, undefined, { signal })
    yield chunk
  }
}

function cut(body: Uint8Array, bytes: number): readonly Uint8Array[] {
  const count = Math.ceil(body.length / bytes)
  return Array.from({ length: count }, (_, index) =>
    body.subarray(index * bytes, (index + 1) * bytes),
  )
}

function toStream(chunks: AsyncIterable<Uint8Array>): ReadableStream<Uint8Array> {
  const iterator = chunks[Symbol.asyncIterator]()
  return new ReadableStream({
    async pull(controller) {
      try {
        const { done, value } = await iterator.next()
        if (done === true) controller.close()
        else if (value.length > 0) controller.enqueue(new Uint8Array(value))
        else await this.pull?.(controller)
      } catch (error) {
        controller.error(error)
      }
    },
  })
}

function failed(message: string, code: string | undefined): TypeError {
  return new TypeError('fetch failed', { cause: Object.assign(new Error(message), { code }) })
}

function terminated(message: string, code: string): TypeError {
  return new TypeError('terminated', { cause: Object.assign(new Error(message), { code }) })
}
