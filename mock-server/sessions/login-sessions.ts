import { timingSafeEqual } from 'node:crypto'
import type { Keyring } from '../keys/keyring.ts'
import type { LoginSessionRecord } from '../store/records.ts'
import type { Store } from '../store/store.ts'

/** The cookie that carries a session id. */
export const SESSION_COOKIE = 'TEAMSERVER_SESSION'

/** Carries the token that a login answered; needed for whatever changes something. */
export const CSRF_HEADER = 'x-csrf-token'

/** What a person gets who signs in. Both are shown this once and kept as digests. */
export interface OpenedSession {
  /** Names the session in the store; worth nothing to a caller. */
  readonly handle: string
  readonly id: string
  readonly csrfToken: string
}

/** A session that a request names. */
export type FoundSession =
  | { readonly status: 'open'; readonly session: LoginSessionRecord }
  | { readonly status: 'refused'; readonly detail: SessionDetail }

export type SessionDetail = 'session-unknown' | 'session-idle' | 'session-expired'

/** The people who are signed in. */
export interface LoginSessions {
  /** Always a new id: one that was there before the login stays worthless. */
  open(userName: string, now: Date): Promise<OpenedSession>
  /** Looks a session up and notes the sign of life; ends it when its time is over. */
  find(id: string, now: Date): Promise<FoundSession>
  isCsrfTokenRight(session: LoginSessionRecord, token: string): boolean
  close(session: { readonly handle: string }): Promise<void>
  closeAllOf(userName: string): Promise<void>
}

/** @param newToken 128 bits or more from the CSPRNG, as text. */
export function createLoginSessions(
  store: Store,
  keyring: Keyring,
  newToken: () => string,
): LoginSessions {
  const handleOf = (id: string) => keyring.digest('session', id).toString('hex')

  return {
    async open(userName, now) {
      const id = newToken()
      const csrfToken = newToken()
      const handle = handleOf(id)
      await store.addLoginSession({
        handle,
        userName,
        csrfDigest: keyring.digest('csrf-token', csrfToken),
        createdAt: now,
        lastSeenAt: now,
      })
      return { handle, id, csrfToken }
    },
    async find(id, now) {
      const handle = handleOf(id)
      const session = await store.loginSession(handle)
      if (session === undefined) return { status: 'refused', detail: 'session-unknown' }
      const { passwordPolicy } = await store.systemSettings()
      const age = now.getTime() - session.createdAt.getTime()
      const silence = now.getTime() - session.lastSeenAt.getTime()
      const detail =
        age >= passwordPolicy.sessionTimeoutMs
          ? 'session-expired'
          : silence >= passwordPolicy.idleTimeoutMs
            ? 'session-idle'
            : undefined
      if (detail !== undefined) {
        await store.endLoginSessions({ handle })
        return { status: 'refused', detail }
      }
      const seen = await store.changeLoginSession(handle, (before) => ({
        ...before,
        lastSeenAt: now,
      }))
      // It may have been ended in between.
      if (seen === undefined) return { status: 'refused', detail: 'session-unknown' }
      return { status: 'open', session: seen }
    },
    isCsrfTokenRight: (session, token) =>
      timingSafeEqual(session.csrfDigest, keyring.digest('csrf-token', token)),
    close: ({ handle }) => store.endLoginSessions({ handle }),
    closeAllOf: (userName) => store.endLoginSessions({ userName }),
  }
}

/** The session id among the cookies of a request. Of several, none: nobody knows whose they are. */
export function sessionIdIn(cookies: string | undefined): string | undefined {
  const found = (cookies ?? '')
    .split(/[;,]/)
    .map((pair) => pair.trim())
    .filter((pair) => pair.startsWith(`${SESSION_COOKIE}=`))
    .map((pair) => pair.slice(SESSION_COOKIE.length + 1))
  return found.length === 1 ? found[0] : undefined
}

/** @param isSecure Whether the request came over TLS: the cookie then goes over nothing else. */
export function sessionCookie(id: string, isSecure: boolean): string {
  return cookie(id, isSecure, '')
}

/** Tells the browser to forget the session. */
export function clearedSessionCookie(isSecure: boolean): string {
  return cookie('', isSecure, '; Max-Age=0')
}

function cookie(value: string, isSecure: boolean, age: string): string {
  const attributes = `HttpOnly; SameSite=Strict; Path=/${isSecure ? '; Secure' : ''}`
  return `${SESSION_COOKIE}=${value}; ${attributes}${age}`
}
