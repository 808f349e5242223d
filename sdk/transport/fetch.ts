import { createAnswerBody, type Transport } from './transport.ts'

/** What the engine hands to an injected `fetch`, beside the URL. */
export interface FetchInit {
  method: string
  headers: Record<string, string>
  body?: Uint8Array<ArrayBuffer>
  signal: AbortSignal
  redirect: 'manual'
}

/** What it reads of the answer. `Response` is one. */
export interface FetchAnswer {
  readonly status: number
  readonly headers: { get(name: string): string | null }
  readonly body: { getReader(): FetchBodyReader } | null
}

export interface FetchBodyReader {
  read(): Promise<{ done: boolean; value?: Uint8Array | undefined }>
  cancel(reason?: unknown): Promise<void>
}

/** `globalThis.fetch`, or a function like it. */
export type Fetch = (url: string, init: FetchInit) => Promise<FetchAnswer>

/**
 * Sends through an injected `fetch`. Redirects stay where they are: a followed one would carry the API
 * key to another host.
 */
export function createFetchTransport(fetch: Fetch): Transport {
  return {
    async send({ method, url, headers, body }, signal) {
      const init: FetchInit = { method, headers: { ...headers }, signal, redirect: 'manual' }
      const response = await fetch(url, body === undefined ? init : { ...init, body })
      return {
        status: response.status,
        header: (name) => response.headers.get(name),
        body: await readBody(response.body),
      }
    },
    close() {},
  }
}

async function readBody(body: FetchAnswer['body']): Promise<Uint8Array> {
  const answerBody = createAnswerBody()
  if (body === null) return answerBody.whole()
  const reader = body.getReader()
  try {
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      if (part.value !== undefined) answerBody.add(part.value)
    }
  } catch (error) {
    reader.cancel(error).catch(() => {})
    throw error
  }
  return answerBody.whole()
}
