import type { Answer } from '../core/exchange.ts'

/** What a route of the control API is asked, after it was decided that the caller may. */
export interface ControlCall {
  /** Variables of the path, decoded. */
  readonly parameters: Readonly<Record<string, string>>
  /** Holds names that the route takes, each once. */
  readonly query: URLSearchParams
  /** Reads the body as JSON. @throws `ERR_OPTION_INVALID`, when it is none. */
  readonly readJson: () => Promise<unknown>
  /** Reads the body as it is. @throws `ERR_OPTION_INVALID`, past the limit. */
  readonly readText: (limitBytes: number) => Promise<string>
  readonly header: (name: string) => string | undefined
}

/**
 * One method and path of the control API. What `answer` throws as a `TeamServerError` is told to the
 * caller, who made the mistake.
 */
export interface ControlRoute {
  readonly method: 'GET' | 'PUT' | 'POST' | 'DELETE'
  /** Below `/control`; a variable stands as `:name`. */
  readonly path: string
  /** The query parameters it takes; any other is refused by name. @default none */
  readonly query?: readonly string[]
  readonly answer: (call: ControlCall) => Promise<Answer>
}
