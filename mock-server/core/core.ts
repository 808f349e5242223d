import { addRoute, createRouter, findRoute } from 'rou3'
import {
  API_KEY_ACCEPTED_UNTIL,
  AUTHORIZATION,
  SERVICE_KEY_ACCEPTED_UNTIL,
} from '../../sdk/wire/headers.ts'
import { API_BASE } from '../../sdk/wire/paths.ts'
import { type AddressRanges, isAddressIn } from '../addresses/address-ranges.ts'
import { remoteAddressOf } from '../addresses/remote-address.ts'
import type { Administration } from '../administration/administration.ts'
import type { Authenticator, Caller } from '../authentication/authenticate.ts'
import { validate } from '../messages/validate.ts'
import type { Access, PersonAccess, PersonRoute, Route } from '../routes/route.ts'
import { CSRF_HEADER, type LoginSessions, sessionIdIn } from '../sessions/login-sessions.ts'
import { isFromElsewhere } from '../sessions/same-origin.ts'
import type { OrganizationRecord } from '../store/records.ts'
import type { Store } from '../store/store.ts'
import { content, refusal } from './answer.ts'
import type { Answer, Core, ReadBody, RequestHead } from './exchange.ts'
import type { FailedAttempts } from './failed-attempts.ts'
import type { ExchangeContext, Journal } from './journal.ts'
import type { Limits } from './limits.ts'
import { readJson } from './read-json.ts'
import { decodeSegment, readTarget } from './request-target.ts'

export interface CoreParts {
  readonly routes: readonly Route[]
  readonly store: Store
  readonly authenticator: Authenticator
  readonly administration: Administration
  readonly journal: Journal
  readonly sessions: LoginSessions
  readonly failedAttempts: FailedAttempts
  /** Peers whose word about where a request came from is taken. */
  readonly trustedProxies: AddressRanges
  readonly limits: Limits
  /** Where engines reach this TeamServer: `http://host:port/Contrast`. */
  readonly address: () => string
  /** Never goes back, so that what has ended stays ended. */
  readonly now: () => Date
  /** Told of an error that is ours; the caller only hears that there was one. */
  readonly onError: (error: unknown) => void
}

/** All methods of one path. */
type MethodTable = Partial<Record<string, Route>>

/**
 * The whole TeamServer as one function. The order of decision is fixed: route, method, layer one,
 * layer two, address, organization, role, type, encoding, size, body, and then the route itself. Up to the
 * type only the head is read, so a stranger's body is never looked at.
 */
export function createCore(parts: CoreParts): Core {
  const { store, journal, limits } = parts
  const router = createRouter<MethodTable>()
  for (const [path, table] of tablesByPath(parts.routes)) addRoute(router, '', path, table)

  async function decide(
    head: RequestHead,
    readBody: ReadBody,
    context: ExchangeContext,
  ): Promise<Answer> {
    const target = readTarget(head.target)
    if (target.status === 'too-long') return refusal('headers-too-large')
    if (target.status === 'malformed') return refusal('request-malformed')
    const found = findRoute(router, '', target.path)
    const parameters = found === undefined ? undefined : decodeAll(found.params)
    if (found === undefined || parameters === undefined) return refusal('route-unknown')
    const route = routeFor(found.data, head.method)
    if (route === undefined) {
      const allow = allowedMethods(found.data)
      return refusal('method-refused', { headers: { allow } })
    }
    const open = {
      header: head.header,
      remoteAddress: context.remoteAddress,
      now: context.at,
      isSecure: head.isSecure === true,
      administration: parts.administration,
      tellWho: (userName: string | undefined, organizationId: string | undefined) => {
        context.userName = userName
        context.organizationId = organizationId
      },
    }
    if (route.access === 'anyone') {
      if (head.method === 'OPTIONS') return methodsAlone(found.data)
      const waitSeconds = parts.failedAttempts.waitSecondsOf(context.remoteAddress, context.at)
      if (route.isLogin === true && waitSeconds !== undefined) {
        return rateLimited(waitSeconds, 'login-not-tried')
      }
      return withMessage(route, head, readBody, (message) => route.answer({ ...open, message }))
    }

    const organizationId = parameters.org?.toLowerCase()
    const needsSession = isPersonRoute(route) && route.needsSession === true
    if (needsSession && !hasCredentials(head)) {
      return refusal('session-missing', { detail: 'session-absent' })
    }
    const authentication = await parts.authenticator.authenticate({
      header: head.header,
      organizationId,
      isSessionTaken: route.access !== 'agents',
      isSystemRoute: route.access === 'superadmin',
      now: context.at,
    })
    context.organizationId = authentication.organizationId
    context.userName = authentication.claimedUserName
    if (authentication.status === 'refused') {
      return refusal(authentication.reason, { detail: authentication.detail })
    }

    const { caller } = authentication
    const { record, session } = caller
    if (needsSession && session === undefined) {
      return refusal('session-missing', { detail: 'session-absent' })
    }
    if (!isAddressAllowed(caller, context.remoteAddress)) return refusal('address-refused')
    const organization = organizationId === undefined ? caller.own : caller.named
    if (organizationId !== undefined && organization === undefined) {
      return refusal('organization-refused', { detail: 'organization-unknown' })
    }
    if (organization !== undefined && !belongsTo(caller, organization)) {
      return refusal('organization-refused', { detail: 'organization-of-others' })
    }
    if (organization?.isLocked === true && !isSuperadmin(caller)) {
      return refusal('organization-refused', { detail: 'organization-locked' })
    }
    const objection = objectionTo(caller, organization, route.access)
    if (objection !== undefined) return refusal('role-refused', { detail: objection })
    if (session !== undefined && !isReading(head.method)) {
      const token = head.header(CSRF_HEADER) ?? ''
      if (isFromElsewhere(head.header) || !parts.sessions.isCsrfTokenRight(session, token)) {
        return refusal('session-missing', { detail: 'csrf-token-wrong' })
      }
    }

    const actor = {
      userName: record.userName,
      ...(context.remoteAddress === undefined ? {} : { remoteAddress: context.remoteAddress }),
    }
    const query = new URLSearchParams(target.query)
    if (isPersonRoute(route)) {
      if (record.kind !== 'person') return refusal('role-refused', { detail: 'agent-on-rest' })
      if (head.method === 'OPTIONS') return methodsAlone(found.data)
      const about = { ...open, parameters, query, person: record, session, store, actor }
      const answer = await withMessage(route, head, readBody, (message) =>
        route.answer({ ...about, message }),
      )
      return withOverlap(answer, caller)
    }
    if (organization === undefined) {
      return refusal('organization-refused', { detail: 'organization-missing' })
    }
    if (head.method === 'OPTIONS') return methodsAlone(found.data)
    const about = {
      parameters,
      query,
      caller,
      organization,
      now: context.at,
      store,
      administration: parts.administration,
      actor,
      address: parts.address,
      note: (kind: 'administration' | 'notice', reason: string, detail: string) =>
        journal.noted(head, context, kind, reason, detail),
    }
    const answer = await withMessage(route, head, readBody, (message) =>
      route.answer({ ...about, message }),
    )
    return withOverlap(answer, caller)
  }

  /** Reads the body if the route wants one, and answers only with one in the documented shape. */
  async function withMessage(
    route: Route,
    head: RequestHead,
    readBody: ReadBody,
    // The validator belongs to the route: what it let through is what the route reads.
    answer: (message: never) => Promise<Answer>,
  ): Promise<Answer> {
    if (route.validator === undefined) return answer(undefined as never)
    const body = await readJson(head, readBody, limits, route.isBodyOptional)
    if (body.status === 'refused') return refusal(body.reason, { where: body.where })
    const validated = validate(route.validator, body.value)
    if (validated.status === 'valid') return answer(validated.message as never)
    return refusal('body-malformed', { where: validated.where })
  }

  /** Counts a refused attempt; past the limit the caller hears that instead of the refusal. */
  function slowedDown(answer: Answer, { remoteAddress, at }: ExchangeContext): Answer {
    if (answer.status !== 401) return answer
    const waitSeconds = parts.failedAttempts.waitSecondsOf(remoteAddress, at)
    if (waitSeconds !== undefined) {
      return rateLimited(waitSeconds, answer.refusal?.detail ?? 'unknown')
    }
    parts.failedAttempts.count(remoteAddress, at)
    return answer
  }

  /** An error inside a check refuses: nothing is let through by accident. */
  async function safely(work: () => Promise<Answer>): Promise<Answer> {
    try {
      return await work()
    } catch (error) {
      parts.onError(error)
      return refusal('internal-error')
    }
  }

  return {
    answer: (head, readBody) =>
      safely(async () => {
        const remoteAddress = remoteAddressOf(
          head.remoteAddress,
          head.header('x-forwarded-for'),
          parts.trustedProxies,
        )
        const context: ExchangeContext = { at: parts.now(), remoteAddress }
        const decided = await safely(() => decide(head, readBody, context))
        const answer = slowedDown(decided, context)
        await journal.answered(head, answer, context)
        return head.method === 'HEAD' ? { ...answer, body: '' } : answer
      }),
    turnAway: (reason, head) =>
      safely(async () => {
        const answer = refusal(reason)
        await journal.answered(head, answer, {
          at: parts.now(),
          remoteAddress: head.remoteAddress,
        })
        return answer
      }),
  }
}

function tablesByPath(routes: readonly Route[]): Map<string, MethodTable> {
  const tables = new Map<string, MethodTable>()
  for (const route of routes) {
    const path = `${API_BASE}${route.path}`
    const table: MethodTable = tables.get(path) ?? Object.create(null)
    table[route.method] = route
    tables.set(path, table)
  }
  return tables
}

/** `HEAD` and `OPTIONS` need the credentials that reading the same path would need. */
function routeFor(table: MethodTable, method: string): Route | undefined {
  if (method === 'HEAD') return table.GET
  if (method === 'OPTIONS') return table.GET ?? Object.values(table)[0]
  return table[method]
}

function allowedMethods(table: MethodTable): string {
  const methods = Object.keys(table)
  return [...methods, ...('GET' in table ? ['HEAD'] : []), 'OPTIONS'].join(', ')
}

/** The answer to `OPTIONS`. */
function methodsAlone(table: MethodTable): Answer {
  return content(204, 'text/plain; charset=utf-8', '', { allow: allowedMethods(table) })
}

function decodeAll(
  parameters: Readonly<Record<string, string>> | undefined,
): Record<string, string> | undefined {
  const decoded: Record<string, string> = {}
  for (const [name, segment] of Object.entries(parameters ?? {})) {
    const text = decodeSegment(segment)
    if (text === undefined) return undefined
    decoded[name] = text
  }
  return decoded
}

function belongsTo({ record }: Caller, organization: OrganizationRecord): boolean {
  if (record.kind === 'agent') return record.organizationId === organization.id
  return record.systemRole !== undefined || record.roles.has(organization.id)
}

function isPersonRoute(route: Route): route is PersonRoute {
  return route.access === 'every-person' || route.access === 'superadmin'
}

/** Says why the caller may not use a route, for the audit log; undefined when it may. */
function objectionTo(
  { record }: Caller,
  organization: OrganizationRecord | undefined,
  access: Access | PersonAccess,
): string | undefined {
  if (access === 'agents') return record.kind === 'agent' ? undefined : 'person-on-engine-route'
  if (record.kind === 'agent') return 'agent-on-rest'
  if (record.systemRole === 'superadmin' || access === 'every-person') return undefined
  if (access === 'superadmin') return 'role-too-small'
  if (record.systemRole === 'observer' && access.people.includes('view')) return undefined
  const role = record.roles.get(organization?.id ?? '')
  return role !== undefined && access.people.includes(role) ? undefined : 'role-too-small'
}

function isSuperadmin({ record }: Caller): boolean {
  return record.kind === 'person' && record.systemRole === 'superadmin'
}

/** An empty list restricts nothing; engines are held to it only where that was asked for. */
function isAddressAllowed({ record, guarding }: Caller, address: string | undefined): boolean {
  const restriction = guarding?.addressRanges
  if (restriction === undefined) return true
  if (record.kind === 'agent' && !restriction.appliesToAgents) return true
  return isAddressIn(restriction.ranges, address)
}

/** What may come without a token: it changes nothing. */
function isReading(method: string): boolean {
  return method === 'GET' || method === 'HEAD' || method === 'OPTIONS'
}

/** True when a request says who sent it, rightly or not. */
function hasCredentials({ header }: RequestHead): boolean {
  return header(AUTHORIZATION) !== undefined || sessionIdIn(header('cookie')) !== undefined
}

/** @param detail What would have been the true reason. */
function rateLimited(waitSeconds: number, detail: string): Answer {
  return refusal('rate-limited', { detail, headers: { 'retry-after': String(waitSeconds) } })
}

/** Tells a caller that used a replaced key until when it will be accepted. */
function withOverlap(answer: Answer, caller: Caller): Answer {
  const { serviceKeyAcceptedUntil, apiKeyAcceptedUntil } = caller
  if (serviceKeyAcceptedUntil === undefined && apiKeyAcceptedUntil === undefined) return answer
  const headers: Record<string, string> = { ...answer.headers }
  if (serviceKeyAcceptedUntil !== undefined) {
    headers[SERVICE_KEY_ACCEPTED_UNTIL] = serviceKeyAcceptedUntil.toISOString()
  }
  if (apiKeyAcceptedUntil !== undefined) {
    headers[API_KEY_ACCEPTED_UNTIL] = apiKeyAcceptedUntil.toISOString()
  }
  return { ...answer, headers }
}
