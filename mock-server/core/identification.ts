import { AUTHORIZATION } from '../../sdk/wire/headers.ts'
import type {
  Authentication,
  AuthenticationRequest,
  Caller,
} from '../authentication/authenticate.ts'
import type { GuardedRoute, PersonRoute } from '../routes/route.ts'
import { sessionIdIn } from '../sessions/login-sessions.ts'
import { refusal } from './answer.ts'
import type { Answer, RequestHead } from './exchange.ts'
import type { ExchangeContext } from './journal.ts'

/** Who calls, once both layers or a session have said so. */
export type Identification =
  | { readonly status: 'known'; readonly caller: Caller }
  | { readonly status: 'refused'; readonly answer: Answer }

/** True for a request that must come from somebody who is signed in, and says of nobody. */
export function isSessionAbsent(route: GuardedRoute | PersonRoute, head: RequestHead): boolean {
  return needsSession(route) && !hasCredentials(head)
}

/** What is to be believed or not. @param organizationId As the path names it. */
export function claimOf(
  { access }: GuardedRoute | PersonRoute,
  { header }: RequestHead,
  organizationId: string | undefined,
  { at }: ExchangeContext,
): AuthenticationRequest {
  return {
    header,
    organizationId,
    isSessionTaken: access !== 'agents',
    isSystemRoute: access === 'superadmin',
    now: at,
  }
}

/** Says who calls, and notes for the journal who claimed to. */
export function identify(
  authentication: Authentication,
  route: GuardedRoute | PersonRoute,
  context: ExchangeContext,
): Identification {
  context.organizationId = authentication.organizationId
  context.userName = authentication.claimedUserName
  if (authentication.status === 'refused') {
    const { reason, detail } = authentication
    return { status: 'refused', answer: refusal(reason, { detail }) }
  }
  const { caller } = authentication
  context.isApiKeyAsked = caller.session === undefined && caller.guarding?.isApiKeyEnabled === true
  return needsSession(route) && caller.session === undefined
    ? SESSION_ABSENT
    : { status: 'known', caller }
}

export const SESSION_ABSENT: Identification = {
  status: 'refused',
  answer: refusal('session-missing', { detail: 'session-absent' }),
}

function needsSession(route: GuardedRoute | PersonRoute): boolean {
  return route.needsSession === true
}

/** True when a request says who sent it, rightly or not. */
function hasCredentials({ header }: RequestHead): boolean {
  return header(AUTHORIZATION) !== undefined || sessionIdIn(header('cookie')) !== undefined
}
