import { refusal } from '../../core/answer.ts'
import { clearedSessionCookie, sessionCookie } from '../../sessions/login-sessions.ts'
import { isFromElsewhere } from '../../sessions/same-origin.ts'
import { done } from '../done.ts'
import { personRoute, publicRouteWithBody } from '../route.ts'
import { LoginRequest } from './validators.generated.js'

/** Signs a person in. The session id goes into a cookie alone, and is a new one each time. */
export const signIn = publicRouteWithBody({
  method: 'POST',
  path: '/ng/login',
  access: 'anyone',
  isLogin: true,
  description: {
    summary: 'Sign in: sets the session cookie',
    isOurs: true,
    request: 'LoginRequest',
    answer: 'LoginAnswer',
  },
  validator: LoginRequest,
  async answer({ message, header, remoteAddress, isSecure, administration, tellWho }) {
    // A page of another site could sign its visitor in under a name of its own.
    if (isFromElsewhere(header)) return refusal('login-refused', { detail: 'origin-elsewhere' })
    const login = await administration.logins.signIn({ ...message, remoteAddress })
    tellWho(login.userName, login.organizationId)
    if (login.status === 'refused') return refusal(login.reason, { detail: login.detail })
    const { id, csrfToken } = login.session
    return done({ csrfToken }, { 'set-cookie': sessionCookie(id, isSecure) })
  },
})

/** Ends the session that the request came with, and every other one of the same person. */
export const signOut = personRoute({
  method: 'POST',
  path: '/ng/logout',
  access: 'every-person',
  needsSession: true,
  description: { summary: 'Sign out, everywhere', isOurs: true, answer: 'DoneAnswer' },
  async answer({ person, isSecure, administration }) {
    await administration.logins.signOut(person)
    return done({}, { 'set-cookie': clearedSessionCookie(isSecure) })
  },
})
