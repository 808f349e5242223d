import type { PersonCredentials } from '../../../mock-server/index.ts'
import type { Door } from './doors.ts'
import { type HeaderLine, jsonOf, type ReceivedAnswer, type SentRequest } from './sent-request.ts'

/** What a browser holds after a login. */
export interface SignedIn {
  /** The session id. */
  readonly id: string
  readonly cookie: HeaderLine
  readonly csrf: HeaderLine
  readonly answer: ReceivedAnswer
}

type Claim = Pick<PersonCredentials, 'userName' | 'password'>

/** A login as the page sends it. */
export function login(
  { userName, password }: Claim,
  ...lines: readonly HeaderLine[]
): SentRequest & { readonly body: string } {
  return {
    method: 'POST',
    path: '/Contrast/api/ng/login',
    headers: [['Content-Type', 'application/json'], ...lines],
    body: JSON.stringify({ userName, password }),
  }
}

export async function signIn(
  door: Door,
  person: Claim,
  ...lines: readonly HeaderLine[]
): Promise<SignedIn> {
  const answer = await door.send(login(person, ...lines))
  if (answer.status !== 200) throw new Error(`the login was answered with ${answer.status}`)
  const [pair = ''] = cookieOf(answer).split(';')
  const { csrfToken } = jsonOf(answer) as { readonly csrfToken: string }
  return {
    id: pair.slice(pair.indexOf('=') + 1),
    cookie: ['Cookie', pair],
    csrf: ['X-CSRF-Token', csrfToken],
    answer,
  }
}

/** The cookie that an answer sets. */
export function cookieOf({ headers }: ReceivedAnswer): string {
  const given: unknown = headers['set-cookie']
  return String(Array.isArray(given) ? given.join('\n') : given)
}

/** A read that every person may make. */
export function ownProfile(...headers: readonly HeaderLine[]): SentRequest {
  return { method: 'GET', path: '/Contrast/api/ng/profile', headers }
}

export function logout(...headers: readonly HeaderLine[]): SentRequest {
  return { method: 'POST', path: '/Contrast/api/ng/logout', headers }
}
