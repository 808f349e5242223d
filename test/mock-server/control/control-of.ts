import type { Listener } from '../../../mock-server/index.ts'

/** What the control API answered; the body parsed where it is JSON. */
export interface ControlReply {
  readonly status: number
  readonly headers: Headers
  readonly body: unknown
}

/** Calls the control API of a listener with its token. */
export interface ControlCaller {
  get(path: string): Promise<ControlReply>
  delete(path: string): Promise<ControlReply>
  put(path: string, json: unknown): Promise<ControlReply>
  post(path: string, json: unknown): Promise<ControlReply>
}

export function controlOf({ control }: Listener): ControlCaller {
  async function call(method: string, path: string, json?: unknown): Promise<ControlReply> {
    const response = await fetch(`${control?.url}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${control?.token}`,
        ...(json === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(json === undefined ? {} : { body: JSON.stringify(json) }),
    })
    const text = await response.text()
    const isJson = response.headers.get('content-type')?.startsWith('application/json') === true
    return {
      status: response.status,
      headers: response.headers,
      body: isJson ? JSON.parse(text) : text,
    }
  }
  return {
    get: (path) => call('GET', path),
    delete: (path) => call('DELETE', path),
    put: (path, json) => call('PUT', path, json),
    post: (path, json) => call('POST', path, json),
  }
}
