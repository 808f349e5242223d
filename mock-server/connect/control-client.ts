import { TeamServerError } from '../errors.ts'
import type { ControlAddress } from '../organization/engine-environment.ts'

/** Asks the control API of a mock TeamServer, which may run in another process. */
export interface ControlClient {
  /** @throws `ERR_CONTROL`, with what was answered. */
  ask(method: 'GET' | 'DELETE', path: string): Promise<ControlAnswer>
}

export interface ControlAnswer {
  readonly status: number
  readonly body: Readonly<Record<string, unknown>>
}

// What a test puts in its place later is for the application.
const { fetch } = globalThis

export function createControlClient({ url, token }: ControlAddress): ControlClient {
  return {
    async ask(method, path) {
      const response = await fetch(`${url}${path}`, {
        method,
        headers: { authorization: `Bearer ${token}` },
      }).catch((cause) => {
        throw new TeamServerError('ERR_CONTROL', `nothing answers at ${url}: is it running?`, {
          cause,
        })
      })
      const body: ControlAnswer['body'] = await readObject(response)
      // A wait that ran out of time is an answer too.
      if (response.ok || response.status === 408) return { status: response.status, body }
      const why = Array.isArray(body.messages) ? ` ${body.messages.join(' ')}` : ''
      throw new TeamServerError('ERR_CONTROL', `${method} ${path}: ${response.status}${why}`)
    },
  }
}

/** An empty object where it is none. */
async function readObject(response: Response): Promise<Readonly<Record<string, unknown>>> {
  const body: unknown = await response.json().catch(() => undefined)
  return typeof body === 'object' && body !== null ? { ...body } : {}
}
