import { types } from 'node:util'

/**
 * True for errors of other realms as well: jest runs tests in a realm of its own, where what Node throws is no
 * `instanceof Error`.
 */
export function isError(thrown: unknown): thrown is Error {
  return thrown instanceof Error || types.isNativeError(thrown) || isDomException(thrown)
}

/** The code of an error of the system, of OpenSSL or of a library, such as `ENOSPC`; undefined where it has none. */
export function codeOf(thrown: unknown): string | undefined {
  const code: unknown = isError(thrown) && 'code' in thrown ? thrown.code : undefined
  return typeof code === 'string' ? code : undefined
}

/** It is no native error, and has a prototype in each realm. */
function isDomException(thrown: unknown): boolean {
  return Object.prototype.toString.call(thrown) === '[object DOMException]'
}
