/** One HTTP request. */
export interface TransportRequest {
  readonly method: 'PUT' | 'POST'
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: Uint8Array<ArrayBuffer>
}

/** Its final answer, read whole. */
export interface Answer {
  /** 0 for a redirect that `fetch` would not show. */
  readonly status: number
  /** @param name In lower case. @returns `null` when the answer has no such line. */
  header(name: string): string | null
  /** At most `ANSWER_LIMIT_BYTES`. */
  readonly body: Uint8Array
}

/** Sends a request and reads its answer. Follows no redirect. Rejects when there is no whole answer. */
export type Send = (request: TransportRequest, signal: AbortSignal) => Promise<Answer>

/** A way to TeamServer. */
export interface Transport {
  readonly send: Send
  /** Lets go of every connection. */
  close(): void
}

/** The most that is read of an answer, after decoding: 1 MiB. TeamServer's are a thousandth of it. */
export const ANSWER_LIMIT_BYTES = 1_048_576

/** The most that is read of the head of an answer: 16 KiB. */
export const HEADERS_LIMIT_BYTES = 16_384

/** The most answers of the kind `1xx` before the final one. */
export const INTERIM_ANSWERS_LIMIT = 8

/** What a transport rejects with when the fault is not the network's. */
export class TransportError extends Error {
  override readonly name = 'TransportError'
  readonly code:
    | 'ERR_ADDRESS_REFUSED'
    | 'ERR_ANSWER_TOO_LARGE'
    | 'ERR_CERTIFICATE_PIN'
    | 'ERR_CONNECT_TIMEOUT'
    | 'ERR_PROXY'
    | 'ERR_TIMEOUT'

  constructor(code: TransportError['code'], message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}

/** Collects the pieces of an answer. */
export function createAnswerBody(): { add(piece: Uint8Array): void; whole(): Uint8Array } {
  const pieces: Uint8Array[] = []
  let sizeBytes = 0
  return {
    /** @throws {TransportError} `ERR_ANSWER_TOO_LARGE`, at the first byte too many. */
    add(piece) {
      sizeBytes += piece.byteLength
      if (sizeBytes > ANSWER_LIMIT_BYTES) {
        throw new TransportError('ERR_ANSWER_TOO_LARGE', 'the answer is larger than 1 MiB')
      }
      pieces.push(piece)
    },
    whole: () => Buffer.concat(pieces, sizeBytes),
  }
}
