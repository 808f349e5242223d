import { flatText } from './flat-text.ts'

/**
 * One line of visible text: whatever could break a line or turn it around is written as escape.
 * At most `limit` characters, escapes included.
 */
export function printable(text: string, limit: number): string {
  return flatText(visible(text, limit))
}

/** The same, for what is not kept: a part of a text that holds on to all of it. */
export function visible(text: string, limit: number): string {
  if (text.length <= limit && VISIBLE_ASCII.test(text)) return text
  const escaped = text
    .slice(0, limit + 1)
    .replace(
      /[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/gu,
      (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`,
    )
  if (escaped.length <= limit) return escaped
  // Neither half an escape nor half a character at the end.
  const half = /\\(?:u(?:\{[0-9a-f]{0,6})?)?$|[\uD800-\uDBFF]$/
  return `${escaped.slice(0, limit - 1).replace(half, '')}…`
}

const VISIBLE_ASCII = /^[ -~]*$/
