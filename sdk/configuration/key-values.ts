import { type Reading, read, refused } from './reading.ts'

/**
 * Reads `key=value,key=value`. White space around a key or a value does not count. A backslash
 * makes one of `,=+<>#;\"` or a space part of the text.
 *
 * @see RFC 2253, section 3, of which the hexadecimal pairs and the quoted values are left out
 */
export function parseKeyValues(text: string): Reading<readonly (readonly [string, string])[]> {
  const pairs = new Map<string, string>()
  for (const piece of split(text, ',')) {
    if (piece.trim() === '') continue
    const [key, ...rest] = split(piece, '=')
    if (key === undefined || rest.length === 0) return refused(`must be key=value, ${WAY_OUT}`)
    const name = withoutBackslashes(key)
    // An unescaped equals sign inside a value is clear enough.
    const value = withoutBackslashes(rest.join('='))
    if (name === undefined || value === undefined) {
      return refused(`has a backslash before a character that takes none; ${WAY_OUT}`)
    }
    if (name === '') return refused(`has a value without a key; ${WAY_OUT}`)
    if (pairs.has(name)) return refused('names a key twice')
    pairs.set(name, value)
  }
  return read([...pairs])
}

const WAY_OUT = 'pairs separated by commas, special characters after a backslash'

/** Splits at each separator that no backslash precedes; backslashes stay. */
function split(text: string, separator: string): string[] {
  const pieces: string[] = []
  let start = 0
  for (let index = 0; index < text.length; index++) {
    if (text[index] === '\\') index++
    else if (text[index] === separator) {
      pieces.push(text.slice(start, index))
      start = index + 1
    }
  }
  pieces.push(text.slice(start))
  return pieces
}

/** @returns The text without its backslashes; `undefined` if one stands before a plain character. */
function withoutBackslashes(piece: string): string | undefined {
  if (/\\(?![,=+<>#;\\" ])/.test(piece.replaceAll('\\\\', ''))) return undefined
  // A space after a backslash is meant, so trimming must not take it.
  const trimmed = piece.trimStart().replace(/(?<!\\)\s+$/, '')
  return trimmed.replace(/\\(.)/g, '$1')
}
