import { isUtf8 } from 'node:buffer'
import { type CredentialSet, parseCredentialSet } from './credential-set.ts'
import { type Reading, refused } from './reading.ts'

/** Many times what a set of credentials takes. */
const TOKEN_LIMIT_CHARACTERS = 16_384

/**
 * Reads an agent token: base64 of JSON, in the standard or the URL-safe alphabet, padded or not. One
 * that was wrapped over several lines is refused, since then nobody knows where it ends.
 */
export function readToken(token: string): Reading<CredentialSet> {
  if (token.length > TOKEN_LIMIT_CHARACTERS) {
    return refused(`must be at most ${TOKEN_LIMIT_CHARACTERS} characters long`)
  }
  if (/\s/.test(token)) return refused('must stand on one line, without white space')
  if (!isBase64(token)) return refused('must be base64')
  const bytes = Buffer.from(token, 'base64')
  if (!isUtf8(bytes)) return refused('must be base64 of UTF-8 text')
  const set = parseCredentialSet(bytes.toString())
  return set.status === 'read' ? set : refused(`(base64 of JSON) ${set.why}`)
}

function isBase64(text: string): boolean {
  const isAlphabet = /^[A-Za-z0-9+/]+={0,2}$/.test(text) || /^[\w-]+={0,2}$/.test(text)
  const remainder = text.length % 4
  return isAlphabet && (text.endsWith('=') ? remainder === 0 : remainder !== 1)
}
