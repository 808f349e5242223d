import { json, refusal } from '../../core/answer.ts'
import { personRoute } from '../route.ts'

/** Shows how long the caller's login lasts. Asking is a sign of life, and begins the idle time again. */
export const showSession = personRoute({
  method: 'GET',
  path: '/ng/profile/session',
  access: 'every-person',
  needsSession: true,
  description: {
    summary: 'Show how long the login of the caller lasts; asking prolongs it',
    isOurs: true,
    answer: 'SessionAnswer',
  },
  async answer({ person, session, now, administration }) {
    if (session === undefined) return refusal('session-missing')
    const { idleTimeoutMs, sessionTimeoutMs } = await administration.passwords.policy()
    const age = now.getTime() - session.createdAt.getTime()
    return json(200, {
      success: true,
      messages: [],
      user_uid: person.userName,
      idleTimeoutMs,
      endsInMs: Math.max(0, sessionTimeoutMs - age),
    })
  },
})
