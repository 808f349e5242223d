import { isUtf8 } from 'node:buffer'

/** Longest `Authorization` text that is looked at. */
const LONGEST_BYTES = 2_048

const BASIC = /^basic (?=[^ ])/i

/** What a request says of its sender. */
export type Claim =
  | { readonly status: 'missing' }
  | { readonly status: 'malformed' }
  | { readonly status: 'read'; readonly userName: string; readonly serviceKey: string }

/**
 * Reads `Authorization: base64(userName:serviceKey)`. One credential has one spelling: RFC 4648
 * section 4, padded, canonical, no white space, at most 2 KiB, valid UTF-8, split at the first
 * colon. The word `Basic` and one space may stand in front; two public clients send it.
 *
 * @param header The line's value; repeated lines joined by comma, which no base64 contains.
 */
export function decodeAuthorization(header: string | undefined): Claim {
  if (header === undefined || header === '') return { status: 'missing' }
  if (header.length > LONGEST_BYTES) return { status: 'malformed' }
  const text = header.replace(BASIC, '')
  const bytes = Buffer.from(text, 'base64')
  // Node reads what it can: other alphabets, white space, no padding, bits left over in the last
  // character. What is written again is the one spelling of these bytes.
  if (bytes.length === 0 || bytes.toString('base64') !== text) return { status: 'malformed' }
  if (!isUtf8(bytes)) return { status: 'malformed' }
  const pair = bytes.toString()
  const colon = pair.indexOf(':')
  if (colon === -1) return { status: 'malformed' }
  return { status: 'read', userName: pair.slice(0, colon), serviceKey: pair.slice(colon + 1) }
}
