/** Deeper paths end in `/*`. */
const LIMIT_SEGMENTS = 16

/**
 * Makes the pattern of a path by putting `:id` for each segment that looks like a value.
 *
 * Values are: numbers (also with hyphens, as dates have), UUIDs, hexadecimal text from 8 characters
 * with a digit in it, tokens from 20 characters, anything with an `@`, anything past 64 characters.
 *
 * @param url The target of a request, or the front part of one. Host, query, matrix parameters
 * and empty segments are left out.
 * @returns Without a slash at the end, so `''` for the root. At most 1 100 characters.
 */
export function foldPath(url: string): string {
  const [path = ''] = url.replace(/^[a-z][a-z\d+.-]*:\/\/[^/?#]*/i, '').split(/[?#]/, 1)
  const segments = path.split('/', SPLIT_LIMIT).map(withoutParameters).filter(isFilled)
  const folded = segments.slice(0, LIMIT_SEGMENTS).map(foldSegment)
  if (segments.length > LIMIT_SEGMENTS) folded.push('*')
  return folded.map((segment) => `/${segment}`).join('')
}

// Whoever sends thousands of slashes gets no thousands of segments.
const SPLIT_LIMIT = 4 * LIMIT_SEGMENTS

function foldSegment(segment: string): string {
  return isValue(segment) ? ':id' : segment
}

function isValue(segment: string): boolean {
  return (
    segment.length > 64 ||
    NUMBERS.test(segment) ||
    UUID.test(segment) ||
    HEXADECIMAL.test(segment) ||
    EMAIL.test(segment) ||
    (TOKEN.test(segment) && !WORDS.test(segment))
  )
}

const NUMBERS = /^-?\d+(?:[-_:,]\d+)*$/
const UUID = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i
const HEXADECIMAL = /^(?=.*\d)[\da-f]{8,}$/i
const EMAIL = /@|%40/
const TOKEN = /^(?=.*\d)(?:[\w~.=+-]|%[\da-f]{2}){20,}$/i
/** Lower case in several parts is what people write: `top-10-films-of-the-year`. */
const WORDS = /^(?=.*[-_.])[^A-Z]*$/

function withoutParameters(segment: string): string {
  const end = segment.indexOf(';')
  return end === -1 ? segment : segment.slice(0, end)
}

function isFilled(segment: string): boolean {
  return segment !== ''
}
