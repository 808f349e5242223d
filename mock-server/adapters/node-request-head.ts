import type { IncomingMessage } from 'node:http'
import type { RefusalReason } from '../../sdk/wire/messages.ts'
import type { RequestHead } from '../core/exchange.ts'

/** The head of a request, and what the parser let through that this door does not. */
export interface NodeRequestHead {
  readonly head: RequestHead
  readonly objection: RefusalReason | undefined
}

/**
 * Reads the head from `rawHeaders`: `headers` keeps only the first of several `Authorization`
 * lines, and `headersDistinct` throws on a header named `__proto__` in older releases of Node.
 */
export function readHead(request: IncomingMessage, headerLines: number): NodeRequestHead {
  const { rawHeaders } = request
  const headers = new Map<string, string>()
  let hosts = 0
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at]?.toLowerCase() ?? ''
    const value = rawHeaders[at + 1] ?? ''
    const before = headers.get(name)
    headers.set(name, before === undefined ? value : `${before}, ${value}`)
    if (name === 'host') hosts++
  }
  const head: RequestHead = {
    method: request.method ?? '',
    target: request.url ?? '',
    header: (name) => headers.get(name),
    headerNames: () => headers.keys(),
    remoteAddress: request.socket.remoteAddress,
    isSecure: 'encrypted' in request.socket,
  }
  if (rawHeaders.length > headerLines * 2) return { head, objection: 'headers-too-large' }
  // Node takes two Host lines; and it takes any coding that ends in `chunked` and hands over
  // what it did not decode.
  const coding = headers.get('transfer-encoding')
  const isCodingKnown = coding === undefined || coding.toLowerCase() === 'chunked'
  return { head, objection: hosts === 1 && isCodingKnown ? undefined : 'request-malformed' }
}
