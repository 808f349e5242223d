import { randomUUID } from 'node:crypto'

/**
 * The same well-formed text in one piece. What is put together stays a tree of its parts, and a part
 * that is cut out holds on to the whole: kept for long, either takes many times its length.
 */
export function flatText(text: string): string {
  return Buffer.from(text, 'utf8').toString('utf8')
}

/** A UUID to be kept: as Node makes them they are trees of twenty parts, 600 bytes. */
export function newUuid(): string {
  return flatText(randomUUID())
}
