import { content } from '../core/answer.ts'
import type { Answer } from '../core/exchange.ts'

/** Answers with a file that a browser would save. */
export function attachment(
  fileName: string,
  contentType: string,
  body: string | Uint8Array,
): Answer {
  return content(200, contentType, body, {
    'content-disposition': `attachment; filename="${fileName}"`,
  })
}

/** Part of a file name that is the same on every system, from what somebody called something. */
export function fileWord(name: string): string {
  const word = name.replace(/[^A-Za-z0-9._-]+/g, '_').slice(0, 64)
  return /[A-Za-z0-9]/.test(word) ? word : 'unnamed'
}
