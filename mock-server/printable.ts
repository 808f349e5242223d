/**
 * One line of visible text: whatever could break a line or turn it around is written as escape.
 * At most `limit` characters, escapes included.
 */
export function printable(text: string, limit: number): string {
  const escaped = text
    .slice(0, limit + 1)
    .replace(
      /[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/gu,
      (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`,
    )
  if (escaped.length <= limit) return copy(escaped)
  // Neither half an escape nor half a character at the end.
  const half = /\\(?:u(?:\{[0-9a-f]{0,6})?)?$|[\uD800-\uDBFF]$/
  return copy(`${escaped.slice(0, limit - 1).replace(half, '')}…`)
}

/** A part of a text holds on to all of it: kept for the audit log, each would be a whole request. */
function copy(text: string): string {
  return Buffer.from(text, 'utf8').toString('utf8')
}
