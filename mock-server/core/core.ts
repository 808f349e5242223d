import type { AddressRanges } from '../addresses/address-ranges.ts'
import { remoteAddressOf } from '../addresses/remote-address.ts'
import type { Authenticator } from '../authentication/authenticate.ts'
import type { Route } from '../routes/route.ts'
import type { LoginSessions } from '../sessions/login-sessions.ts'
import { refusal } from './answer.ts'
import { type CallParts, createCalls } from './calls.ts'
import type { Answer, Core, FaultNote } from './exchange.ts'
import type { FailedAttempts } from './failed-attempts.ts'
import { createGuessLimit } from './guess-limit.ts'
import { claimOf, identify, isSessionAbsent, SESSION_ABSENT } from './identification.ts'
import type { ExchangeContext } from './journal.ts'
import type { Limits } from './limits.ts'
import { withOverlap } from './overlap-headers.ts'
import { permissionOf } from './permission.ts'
import { createRateLimit } from './rate-limit.ts'
import { answerWith, type UnreadRequest } from './read-message.ts'
import { isMaybeForged } from './request-forgery.ts'
import { readTarget } from './request-target.ts'
import { createRouteTable, type LaterRoutes } from './route-table.ts'

export interface CoreParts extends CallParts {
  readonly routes: readonly Route[]
  /** Those that are loaded when one of them may be meant. */
  readonly later: LaterRoutes
  readonly authenticator: Authenticator
  readonly sessions: LoginSessions
  readonly failedAttempts: FailedAttempts
  /** Peers whose word about where a request came from is taken. */
  readonly trustedProxies: AddressRanges
  readonly limits: Limits
  /** Lets the answer to somebody who guesses keys wait. */
  readonly wait: (ms: number) => Promise<void>
  /** Never goes back, so that what has ended stays ended. */
  readonly now: () => Date
  /** Told of an error that is ours; the caller only hears that there was one. */
  readonly onError: (error: unknown, id: string) => void
  /** Names such an error. */
  readonly uuid: () => string
}

/** Nothing is ever put into a query that was read. */
const NO_QUERY = new URLSearchParams()

function queryIn(text: string): URLSearchParams {
  return text === '' ? NO_QUERY : new URLSearchParams(text)
}

/** On an answer to an error inside: the name under which it was told. */
const ERROR_ID = 'x-error-id'

/**
 * The whole TeamServer as one function. The order of decision is fixed, and is the order of the lines
 * of `decide`. Up to the body only the head is read, so a stranger's body is never looked at.
 */
export function createCore(parts: CoreParts): Core {
  const { journal, limits, sessions, authenticator } = parts
  const routes = createRouteTable(parts.routes, parts.later)
  const rateLimit = createRateLimit(parts.failedAttempts)
  const guessLimit = createGuessLimit(parts)
  const calls = createCalls(parts)

  async function decide(request: UnreadRequest, context: ExchangeContext): Promise<Answer> {
    const { head } = request
    const isOptions = head.method === 'OPTIONS'

    // Is it a clear request?
    const target = readTarget(head.target)
    if (target.status === 'too-long') return refusal('headers-too-large')
    if (target.status === 'malformed') return refusal('request-malformed')

    // Is there a route, and a method?
    const finding = routes.find(target.path, head.method)
    const found = 'then' in finding ? await finding : finding
    if (found.status === 'refused') return found.answer
    const { route, parameters } = found
    if (route.access === 'anyone') {
      if (isOptions) return found.options()
      const slowedDown = route.isLogin === true ? rateLimit.beforeLogin(context) : undefined
      if (slowedDown !== undefined) return slowedDown
      return answerWith(calls.open(head, context), route, request, limits)
    }

    // Who calls? Layer one, then layer two; or a session in their place.
    const organizationId = parameters.org?.toLowerCase()
    const identified = isSessionAbsent(route, head)
      ? SESSION_ABSENT
      : identify(
          await authenticator.authenticate(claimOf(route, head, organizationId, context)),
          route,
          context,
        )
    if (identified.status === 'refused') return guessLimit.refused(identified.answer, context)
    const closed = guessLimit.closed(context)
    if (closed !== undefined) return closed
    const { caller } = identified

    // May they? The address, the organization, the role, and that they meant it.
    const permission = permissionOf(caller, route, organizationId, context.remoteAddress)
    if (permission.status === 'refused') return permission.answer
    if (isMaybeForged(head, caller.session, sessions)) {
      return refusal('session-missing', { detail: 'csrf-token-wrong' })
    }
    if (isOptions) return found.options()

    // The body: its type, encoding, size and shape. And then the route itself.
    const asked = { head, context, caller, parameters, query: queryIn(target.query) }
    const answer = await (permission.about === 'person'
      ? answerWith(calls.ofPerson(asked, permission.person), permission.route, request, limits)
      : answerWith(
          calls.inOrganization(asked, permission.organization),
          permission.route,
          request,
          limits,
        ))
    return withOverlap(answer, caller)
  }

  /** An error inside a check refuses: nothing is let through by accident. */
  function failed(error: unknown): Answer {
    const id = parts.uuid()
    parts.onError(error, id)
    return refusal('internal-error', { detail: `error ${id}`, headers: { [ERROR_ID]: id } })
  }

  async function answered(request: UnreadRequest, fault: FaultNote | undefined): Promise<Answer> {
    const { head } = request
    const remoteAddress = remoteAddressOf(
      head.remoteAddress,
      head.header('x-forwarded-for'),
      parts.trustedProxies,
    )
    const context: ExchangeContext = { at: parts.now(), remoteAddress, fault }
    let decided: Answer
    try {
      decided = await decide(request, context)
    } catch (error) {
      decided = failed(error)
    }
    const answer = rateLimit.afterwards(decided, context)
    const writing = journal.answered(head, answer, context)
    if (writing !== undefined) await writing
    const { organizationId, userName, isApiKeyAsked } = context
    const about = { organizationId, userName, isApiKeyAsked }
    if (answer.reports !== undefined) {
      // Field by field: an accepted batch has no more than these.
      const { status, headers, body, reports } = answer
      return { status, headers, body, reports, about }
    }
    if (head.method !== 'HEAD') return { ...answer, about }
    const { stream: _stream, ...rest } = answer
    return { ...rest, about, body: '' }
  }

  async function turnedAway(...[reason, head, detail]: Parameters<Core['turnAway']>) {
    const answer = refusal(reason, { detail })
    const { remoteAddress } = head
    await journal.answered(head, answer, { at: parts.now(), remoteAddress })
    return answer
  }

  return {
    answer: (head, readBody, fault) => answered({ head, readBody }, fault).catch(failed),
    turnAway: (...turnedOff) => turnedAway(...turnedOff).catch(failed),
    noteFault(head, { status, organizationId, ...fault }) {
      void journal.answered(
        head,
        { status, headers: {}, body: '' },
        { at: parts.now(), remoteAddress: head.remoteAddress, organizationId, fault },
      )
    },
  }
}
