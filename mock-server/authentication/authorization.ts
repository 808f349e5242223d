/** Longest `Authorization` text that is looked at. */
const LONGEST_BYTES = 2_048

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/
const BASIC = /^basic (?=[^ ])/i
const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

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
  if (text === '' || !BASE64.test(text)) return { status: 'malformed' }
  const bytes = Buffer.from(text, 'base64')
  // Bits left over in the last character make a second spelling of the same bytes.
  if (bytes.toString('base64') !== text) return { status: 'malformed' }
  const pair = decodeUtf8(bytes)
  if (pair === undefined) return { status: 'malformed' }
  const colon = pair.indexOf(':')
  if (colon === -1) return { status: 'malformed' }
  return { status: 'read', userName: pair.slice(0, colon), serviceKey: pair.slice(colon + 1) }
}

function decodeUtf8(bytes: Buffer): string | undefined {
  try {
    return UTF8.decode(bytes)
  } catch {
    return undefined
  }
}
