import { randomUUID } from 'node:crypto'

/**
 * The same well-formed text in one piece. What is put together stays a tree of its parts, and a part
 * that is cut out holds on to the whole: kept for long, either takes many times its length.
 */
export function flatText(text: string): string {
  return Buffer.from(text, 'utf8').toString('utf8')
}

/**
 * The same text in UTF-8, a byte a character: one letter beyond Latin-1 otherwise makes all of a text
 * twice as large. Read again by `unpackedText()`.
 */
export function packedText(text: string): string {
  return Buffer.from(text, 'utf8').toString('latin1')
}

export function unpackedText(packed: string): string {
  return Buffer.from(packed, 'latin1').toString('utf8')
}

/** A UUID to be kept: as Node makes them they are trees of twenty parts, 600 bytes. */
export function newUuid(): string {
  return flatText(randomUUID())
}
