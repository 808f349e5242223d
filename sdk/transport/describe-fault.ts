import { isError } from '../caught-error.ts'

/**
 * What went wrong on the way, in a few words: the code of a system, TLS or undici error and its message.
 *
 * An error without a code gives its name alone: an injected `fetch` may quote a header in its message.
 *
 * Never throws, though an error may be anything.
 *
 * @returns At most 500 characters.
 */
export function describeFault(error: unknown): string {
  try {
    return String(describe(error)).slice(0, LIMIT_CHARACTERS)
  } catch {
    return UNKNOWN
  }
}

function describe(error: unknown): string {
  if (!isError(error)) return UNKNOWN
  const coded = findCoded(error)
  if (coded === undefined) return error.name
  return coded.message.includes(coded.code)
    ? coded.message
    : `${coded.code} ${coded.message}`.trim()
}

/** Looks for the code in the error itself, then in what caused it, as `fetch` wraps it. */
function findCoded(error: Error): { code: string; message: string } | undefined {
  let current: unknown = error
  for (let depth = 0; depth < DEEPEST_CAUSE && isError(current); depth++) {
    if ('code' in current && typeof current.code === 'string') {
      return { code: current.code, message: messageOf(current) }
    }
    current = current.cause
  }
  return undefined
}

/** A host with two addresses fails twice: the collecting error says nothing, its first one does. */
function messageOf(error: Error): string {
  if (!('errors' in error) || !Array.isArray(error.errors)) return error.message
  const first: unknown = error.errors[0]
  return isError(first) ? first.message : error.message
}

const DEEPEST_CAUSE = 5
const LIMIT_CHARACTERS = 500
const UNKNOWN = 'an unknown fault'
