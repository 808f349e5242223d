import { CSRF_HEADER, type LoginSessions } from '../sessions/login-sessions.ts'
import { isFromElsewhere } from '../sessions/same-origin.ts'
import type { LoginSessionRecord } from '../store/records.ts'
import type { RequestHead } from './exchange.ts'

/**
 * True for a change that a browser may have sent without the person meaning it: it came with a
 * session from a page of another site, or without the token that the login answered.
 *
 * @param session Undefined for a caller with credentials of their own, which no browser adds.
 */
export function isMaybeForged(
  { method, header }: RequestHead,
  session: LoginSessionRecord | undefined,
  sessions: LoginSessions,
): boolean {
  if (session === undefined || isReading(method)) return false
  return isFromElsewhere(header) || !sessions.isCsrfTokenRight(session, header(CSRF_HEADER) ?? '')
}

/** What may come without a token: it changes nothing. */
function isReading(method: string): boolean {
  return method === 'GET' || method === 'HEAD' || method === 'OPTIONS'
}
