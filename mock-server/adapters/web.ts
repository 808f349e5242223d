import type { BodyBytes, Core } from '../core/exchange.ts'
import { respondDisturbed } from './web-disturbance.ts'

/** Answers a `Request` with a `Response`: the door without a socket. */
export function createHandle(
  core: Core,
): (request: Request, from?: { readonly remoteAddress?: string }) => Promise<Response> {
  return async (request, from) => {
    const { pathname, search, protocol, host } = new URL(request.url)
    const answer = await core.answer(
      {
        method: request.method,
        target: pathname + search,
        // A Request has no Host line: its address says what the line would.
        header: (name) => request.headers.get(name) ?? (name === 'host' ? host : undefined),
        headerNames: () => request.headers.keys(),
        remoteAddress: from?.remoteAddress,
        isSecure: protocol === 'https:',
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

async function readBody(request: Request, limitBytes: number): Promise<BodyBytes> {
  if (request.body === null) return { status: 'read', bytes: new Uint8Array() }
  const chunks: Uint8Array[] = []
  let size = 0
  try {
    // Leaving the loop cancels the stream: nothing past the limit is read.
    for await (const chunk of request.body) {
      size += chunk.length
      if (size > limitBytes) return { status: 'too-large' }
      chunks.push(chunk)
    }
  } catch {
    return { status: 'cut-off' }
  }
  return { status: 'read', bytes: Buffer.concat(chunks) }
}
