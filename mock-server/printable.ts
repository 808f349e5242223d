import { flatText } from './flat-text.ts'

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
  if (escaped.length <= limit) return flatText(escaped)
  // Neither half an escape nor half a character at the end.
  const half = /\\(?:u(?:\{[0-9a-f]{0,6})?)?$|[\uD800-\uDBFF]$/
  return flatText(`${escaped.slice(0, limit - 1).replace(half, '')}…`)
}
