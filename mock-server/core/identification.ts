import { AUTHORIZATION } from '../../sdk/wire/headers.ts'
import type { Authenticator, Caller } from '../authentication/authenticate.ts'
import { type GuardedRoute, isPersonRoute, type PersonRoute } from '../routes/route.ts'
import { sessionIdIn } from '../sessions/login-sessions.ts'
import { refusal } from './answer.ts'
import type { Answer, RequestHead } from './exchange.ts'
import type { ExchangeContext } from './journal.ts'

/** Who calls, once both layers or a session have said so. */
export type Identification =
  | { readonly status: 'known'; readonly caller: Caller }
  | { readonly status: 'refused'; readonly answer: Answer }

/**
 * Asks who calls, and notes for the journal who claimed to.
 *
 * @param organizationId As the path names it.
 */
export async function identify(
  authenticator: Authenticator,
  route: GuardedRoute | PersonRoute,
  head: RequestHead,
  organizationId: string | undefined,
  context: ExchangeContext,
): Promise<Identification> {
  const needsSession = isPersonRoute(route) && route.needsSession === true
  if (needsSession && !hasCredentials(head)) return SESSION_ABSENT
  const authentication = await authenticator.authenticate({
    header: head.header,
    organizationId,
    isSessionTaken: route.access !== 'agents',
    isSystemRoute: route.access === 'superadmin',
    now: context.at,
  })
  context.organizationId = authentication.organizationId
  context.userName = authentication.claimedUserName
  if (authentication.status === 'refused') {
    const { reason, detail } = authentication
    return { status: 'refused', answer: refusal(reason, { detail }) }
  }
  const { caller } = authentication
  return needsSession && caller.session === undefined ? SESSION_ABSENT : { status: 'known', caller }
}

const SESSION_ABSENT: Identification = {
  status: 'refused',
  answer: refusal('session-missing', { detail: 'session-absent' }),
}

/** True when a request says who sent it, rightly or not. */
function hasCredentials({ header }: RequestHead): boolean {
  return header(AUTHORIZATION) !== undefined || sessionIdIn(header('cookie')) !== undefined
}
