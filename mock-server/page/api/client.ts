/** What the TeamServer refused, or could not answer. */
export class ApiError extends Error {
  override readonly name = 'ApiError'
  /** 0 when nothing answered. */
  readonly status: number
  readonly reason: string
  /** How long to wait before the next try, when the answer says so. */
  readonly retryAfterSeconds: number | undefined

  constructor(status: number, reason: string, message: string, retryAfterSeconds?: number) {
    super(message)
    this.status = status
    this.reason = reason
    this.retryAfterSeconds = retryAfterSeconds
  }
}

/** Calls the REST API that the page was served beside. */
export interface Client {
  get<Answer>(path: string): Promise<Answer>
  put<Answer>(path: string, body?: unknown): Promise<Answer>
  post<Answer>(path: string, body?: unknown): Promise<Answer>
  delete<Answer>(path: string): Promise<Answer>
  /** The address of a call, for what a browser asks by itself. */
  address(path: string): string
}

export interface ClientParts {
  /** Below which the API stands. */
  readonly apiUrl: string
  /** What a login answered; every change sends it. */
  readonly csrfToken: () => string | undefined
  /** Told of each answer to a person who is signed in: the idle time begins again. */
  readonly onAlive: () => void
  /** Told that there is no session any more. */
  readonly onSessionMissing: () => void
}

/** On an answer that has the documented shape and says nothing. */
const SHAPE_ONLY = 'x-mock-teamserver-shape-only'
const EMPTY = 'The mock TeamServer does not answer this yet.'

export function createClient({
  apiUrl,
  csrfToken,
  onAlive,
  onSessionMissing,
}: ClientParts): Client {
  async function call<Answer>(method: string, path: string, body?: unknown): Promise<Answer> {
    const token = csrfToken()
    const response = await fetch(`${apiUrl}${path}`, {
      method,
      headers: {
        accept: 'application/json',
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(method === 'GET' || token === undefined ? {} : { 'x-csrf-token': token }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      redirect: 'error',
    }).catch(() => {
      throw new ApiError(0, 'unreachable', 'The TeamServer does not answer. Is it still running?')
    })
    const document = await response.json().catch(() => ({}))
    if (response.ok) {
      onAlive()
      if (response.headers.has(SHAPE_ONLY)) throw new ApiError(response.status, 'shape-only', EMPTY)
      return document as Answer
    }
    const error = errorOf(response, document)
    if (error.reason === 'session-missing' && path !== '/ng/login') onSessionMissing()
    throw error
  }

  return {
    get: (path) => call('GET', path),
    put: (path, body = {}) => call('PUT', path, body),
    post: (path, body = {}) => call('POST', path, body),
    delete: (path) => call('DELETE', path),
    address: (path) => `${apiUrl}${path}`,
  }
}

function errorOf(response: Response, document: Partial<Refused>): ApiError {
  const message = (document.messages ?? []).join(' ') || `It was answered with ${response.status}.`
  const wait = Number(response.headers.get('retry-after'))
  return new ApiError(
    response.status,
    document.reason ?? 'unknown',
    message.replace(/^The body is malformed: (.)/, (_all, first: string) => first.toUpperCase()),
    Number.isFinite(wait) && wait > 0 ? wait : undefined,
  )
}

interface Refused {
  readonly messages: readonly string[]
  readonly reason: string
}
