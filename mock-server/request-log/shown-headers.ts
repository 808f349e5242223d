import type { LoggedHeader } from './logged-request.ts'

/**
 * Headers whose values may be seen. Every other value is left out, also under a name that nobody knows:
 * a key under a misspelt name is a key.
 */
const SHOWN: ReadonlySet<string> = new Set([
  'accept',
  'accept-encoding',
  'accept-language',
  'allow',
  'cache-control',
  'connection',
  'content-encoding',
  'content-length',
  'content-type',
  'date',
  'expect',
  'host',
  'location',
  'origin',
  'retry-after',
  'sec-fetch-site',
  'transfer-encoding',
  'user-agent',
  'x-mock-teamserver',
  'x-mock-teamserver-fault',
])

const LONGEST_VALUE = 256

/** @param read Gives the value of a name. */
export function shownHeaders(
  names: Iterable<string>,
  read: (name: string) => string | undefined,
): readonly LoggedHeader[] {
  return [...names].map((name) => {
    const value = SHOWN.has(name) ? read(name) : undefined
    return value === undefined ? { name } : { name, value: value.slice(0, LONGEST_VALUE) }
  })
}
