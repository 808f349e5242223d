import type { PersonCredentials, TeamServer } from '../../../mock-server/index.ts'

/** A file as it was answered. */
export interface Fetched {
  readonly status: number
  readonly contentType: string | null
  readonly disposition: string | null
  readonly bytes: Buffer
}

/** Fetches a file by POST, to a whole URL or a path below `/Contrast/api`. */
export async function fetchFile(
  { handle }: Pick<TeamServer, 'handle'>,
  { authorization }: PersonCredentials,
  target: string,
  json?: unknown,
): Promise<Fetched> {
  const url = new URL(
    target.startsWith('/') ? `/Contrast/api${target}` : target,
    'http://127.0.0.1',
  )
  // As public clients send it: the type of JSON also where there is no body.
  const headers = { authorization, 'content-type': 'application/json' }
  const body = json === undefined ? {} : { body: JSON.stringify(json) }
  const response = await handle(new Request(url, { method: 'POST', headers, ...body }))
  return {
    status: response.status,
    contentType: response.headers.get('content-type'),
    disposition: response.headers.get('content-disposition'),
    bytes: Buffer.from(await response.arrayBuffer()),
  }
}
