import { objectIn, wholeNumberIn } from './query.ts'

/** How long to wait, and for how many. */
export interface Wait {
  readonly count: number
  readonly timeoutMs: number
}

const DEFAULT_TIMEOUT_MS = 1_000
const LONGEST_TIMEOUT_MS = 600_000
const LARGEST_COUNT = 100_000

export const WAIT_NAMES = ['count', 'timeoutMs', 'wanted'] as const

/** @returns Undefined where nothing is said of waiting. @throws `ERR_OPTION_INVALID` */
export function readWait(query: URLSearchParams): Wait | undefined {
  const count = wholeNumberIn(query, 'count', [1, LARGEST_COUNT])
  const timeoutMs = wholeNumberIn(query, 'timeoutMs', [0, LONGEST_TIMEOUT_MS])
  if (count === undefined && timeoutMs === undefined) return undefined
  return { count: count ?? 1, timeoutMs: timeoutMs ?? DEFAULT_TIMEOUT_MS }
}

/**
 * A part of what is looked for: parameters of their own for what is asked most, and `wanted`, a JSON
 * object, for all else.
 *
 * @throws `ERR_OPTION_INVALID`
 */
export function readWanted(
  query: URLSearchParams,
  fields: readonly string[],
): Readonly<Record<string, unknown>> {
  const inQuery = fields.flatMap((field) => {
    const value = query.get(field)
    return value === null ? [] : [[field, value] as const]
  })
  return { ...objectIn(query, 'wanted'), ...Object.fromEntries(inQuery) }
}
