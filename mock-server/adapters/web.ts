import type { BodyBytes, Core } from '../core/exchange.ts'
import { respondDisturbed } from './web-disturbance.ts'

/** Answers a `Request` with a `Response`: the door without a socket. */
export function createHandle(
  core: Core,
): (request: Request, from?: { readonly remoteAddress?: string }) => Promise<Response> {
  return async (request, from) => {
    const { target, host, isSecure } = addressOf(request.url)
    // Read once: each question to them is a walk through all.
    const headers = new Map(request.headers)
    const answer = await core.answer(
      {
        method: request.method,
        target,
        // A Request has no Host line: its address says what the line would.
        header: (name) => headers.get(name) ?? (name === 'host' ? host : undefined),
        headerNames: () => headers.keys(),
        remoteAddress: from?.remoteAddress,
        isSecure,
      },
      (limitBytes) => readBody(request, limitBytes),
    )
    const { status, disturbance } = answer
    if (disturbance !== undefined) return respondDisturbed(answer, disturbance, request.signal)
    const hasBody = request.method !== 'HEAD' && status !== 204
    // The body is bytes of ours or text: both are what a Response takes.
    const body = hasBody ? (answer.body as string | Uint8Array<ArrayBuffer>) : null
    return new Response(body, { status, headers: answer.headers })
  }
}

const ADDRESS = /^(https?):\/\/([^/?#]+)(\/[^?#]*(?:\?[^#]+)?)/

/** The parts of a URL as a `Request` has it: parsed and written already. */
function addressOf(url: string) {
  const [, scheme, host, target] = ADDRESS.exec(url) ?? []
  if (host !== undefined && target !== undefined) {
    return { target, host, isSecure: scheme === 'https' }
  }
  const parsed = new URL(url)
  const { pathname, search, protocol } = parsed
  return { target: pathname + search, host: parsed.host, isSecure: protocol === 'https:' }
}

async function readBody(request: Request, limitBytes: number): Promise<BodyBytes> {
  if (request.body === null) return { status: 'read', bytes: new Uint8Array() }
  const chunks: Uint8Array[] = []
  let size = 0
  try {
    // By hand: a loop over the stream makes an iterator, and two promises for each chunk.
    const reader = request.body.getReader()
    for (;;) {
      const { done, value } = await reader.read()
      if (done) break
      size += value.length
      if (size > limitBytes) {
        // Nothing past the limit is read.
        await reader.cancel()
        return { status: 'too-large' }
      }
      chunks.push(value)
    }
  } catch {
    return { status: 'cut-off' }
  }
  const [only] = chunks
  return {
    status: 'read',
    bytes: only !== undefined && chunks.length === 1 ? only : Buffer.concat(chunks),
  }
}
