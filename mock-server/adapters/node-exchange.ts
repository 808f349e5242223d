import type { IncomingMessage, ServerResponse } from 'node:http'
import type { RefusalReason } from '../../sdk/wire/messages.ts'
import type { BodyBytes, RequestHead } from '../core/exchange.ts'

/** One request and its answer, which are the latest of their connection. */
export interface NodeExchange {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  /** Why the parser gave up in the middle of the body. */
  brokenBy?: RefusalReason
  /** Wakes whoever reads the body. */
  whenBroken?: () => void
}

/** True once the request was read and the answer is out. */
export function isOver({ request, response }: NodeExchange): boolean {
  return request.complete && response.writableFinished
}

/** Ends a request in whose body the parser gave up. It has one answer, and that is its own. */
export function breakOff(exchange: NodeExchange, reason: RefusalReason): void {
  exchange.brokenBy = reason
  if (exchange.response.headersSent) endSoon(exchange.response)
  else exchange.whenBroken?.()
}

/** Reads the body, giving up as soon as it is larger than the limit. */
export function readBody(
  exchange: NodeExchange,
  head: RequestHead,
  limitBytes: number,
): Promise<BodyBytes> {
  const { request, response } = exchange
  // Not `request.headers`, which Node puts together when it is first asked for.
  if (head.header('expect') !== undefined) response.writeContinue()
  return new Promise((resolve) => {
    const chunks: Buffer[] = []
    let size = 0
    let isDone = false
    const finish = (body: BodyBytes) => {
      if (isDone) return
      isDone = true
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
    request.on('end', () => {
      if (isDone) return
      isDone = true
      const [only] = chunks
      const bytes = chunks.length === 1 && only !== undefined ? only : Buffer.concat(chunks)
      resolve({ status: 'read', bytes })
    })
    // Of a sender who goes away. An error that nobody hears is none: it is told by this alone.
    request.on('close', () => finish({ status: 'cut-off' }))
    exchange.whenBroken = () =>
      finish({ status: 'broken', reason: exchange.brokenBy ?? 'request-malformed' })
    // Either may have happened while it was checked who calls.
    if (exchange.brokenBy !== undefined) exchange.whenBroken()
    else if (request.destroyed) finish({ status: 'cut-off' })
  })
}

/** True when more of the body is to come than is worth reading for the sake of the connection. */
export function isTooMuchLeft(request: IncomingMessage, limitBytes: number): boolean {
  if (request.complete) return false
  return Number(request.headers['content-length'] ?? 0) > limitBytes
}

/** Reads on after a refusal, so that the connection can be kept; too much, and it is closed. */
export function drain({ request, response }: NodeExchange, limitBytes: number): void {
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
  // The response has let go of its socket by then.
  const { socket } = response.req
  const close = () => socket.destroySoon()
  if (response.writableFinished) close()
  else response.once('finish', close)
}
