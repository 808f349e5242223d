import type { Kind } from './kinds.ts'
import { type Reading, read, refused, typeInWords } from './reading.ts'

const LIMIT_PINS = 16

const EXPECTED = 'must be sha256/ and the base64 of the SHA-256 of a public key (SPKI)'

/**
 * Fingerprints of public keys: `sha256/` and the base64 of the SHA-256 of the SubjectPublicKeyInfo, as
 * RFC 7469, section 2.4, has them. `sha256//`, as curl writes it, is the same.
 *
 * The value is their base64 alone. In text they are separated by commas.
 */
export const pins: Kind<readonly string[]> = {
  isTextual: true,
  isExact: false,
  fromValue: (value) =>
    Array.isArray(value)
      ? check(value)
      : refused(`must be a list of texts; got ${typeInWords(value)}`),
  fromText: (given) => check(given.split(',').map((pin) => pin.trim())),
}

function check(given: readonly unknown[]): Reading<readonly string[]> {
  if (given.length > LIMIT_PINS) return refused(`must have at most ${LIMIT_PINS} entries`)
  const checked: string[] = []
  for (const [index, pin] of given.entries()) {
    const [, base64] = (typeof pin === 'string' && PIN.exec(pin)) || []
    if (base64 === undefined) return refused(`(entry ${index + 1}) ${EXPECTED}`)
    checked.push(base64)
  }
  return read(Object.freeze(checked))
}

/** 32 bytes in base64; the last character before the padding carries 4 bits. */
const PIN = /^sha256\/\/?([A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=)$/
