import type { TeamServer } from '../../mock-server/index.ts'

/** What a test says of a request; the rest is left out of it. */
export interface Question {
  readonly authorization?: string | undefined
  readonly headers?: Readonly<Record<string, string>>
  /** Sent as JSON, with its content type. */
  readonly json?: unknown
  /** Sent as it is. */
  readonly body?: string | Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array<ArrayBuffer>>
}

export interface Reply {
  readonly status: number
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  /** Parsed where it is JSON. */
  readonly body: unknown
}

/** Sends one request without a socket, to a path below `/Contrast/api`. */
export function ask(
  teamServer: Pick<TeamServer, 'handle'>,
  method: string,
  path: string,
  question: Question = {},
): Promise<Reply> {
  return askAt(teamServer, method, `/Contrast/api${path}`, question)
}

/** Sends one request without a socket, to a whole path. */
export async function askAt(
  { handle }: Pick<TeamServer, 'handle'>,
  method: string,
  path: string,
  { authorization, headers = {}, json, body }: Question = {},
): Promise<Reply> {
  const response = await handle(
    new Request(`http://127.0.0.1${path}`, {
      method,
      headers: {
        ...(authorization === undefined ? {} : { authorization }),
        ...(json === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(json === undefined ? {} : { body: JSON.stringify(json) }),
      ...(body === undefined ? {} : { body, duplex: 'half' }),
    }),
  )
  const text = await response.text()
  const isJson = response.headers.get('content-type')?.startsWith('application/json') === true
  return {
    status: response.status,
    headers: Object.fromEntries(response.headers),
    body: isJson && text !== '' ? JSON.parse(text) : text,
  }
}
