import { addRoute, createRouter, findRoute } from 'rou3'
import { API_KEY_ACCEPTED_UNTIL, SERVICE_KEY_ACCEPTED_UNTIL } from '../../sdk/wire/headers.ts'
import { API_BASE } from '../../sdk/wire/paths.ts'
import type { Administration } from '../administration/administration.ts'
import type { Authenticator, Caller } from '../authentication/authenticate.ts'
import { validate } from '../messages/validate.ts'
import type { Access, Route } from '../routes/route.ts'
import type { OrganizationRecord } from '../store/records.ts'
import type { Store } from '../store/store.ts'
import { content, refusal } from './answer.ts'
import type { Answer, Core, ReadBody, RequestHead } from './exchange.ts'
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
 * layer two, organization, role, type, encoding, size, body, and then the route itself. Up to the
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
    if (route.access === 'anyone') {
      return head.method === 'OPTIONS' ? methodsAlone(found.data) : route.answer()
    }

    const organizationId = parameters.org?.toLowerCase()
    const authentication = await parts.authenticator.authenticate({
      header: head.header,
      organizationId,
      isSystemRoute: route.path.startsWith('/ng/superadmin/'),
      now: context.at,
    })
    context.organizationId = authentication.organizationId
    context.userName = authentication.claimedUserName
    if (authentication.status === 'refused') {
      return refusal(authentication.reason, { detail: authentication.detail })
    }

    const { caller } = authentication
    const organization = organizationId === undefined ? caller.own : caller.named
    if (organizationId !== undefined && organization === undefined) {
      return refusal('organization-refused', { detail: 'organization-unknown' })
    }
    if (organization !== undefined && !belongsTo(caller, organization)) {
      return refusal('organization-refused', { detail: 'organization-of-others' })
    }
    const objection = objectionTo(caller, organization, route.access)
    if (objection !== undefined) return refusal('role-refused', { detail: objection })
    if (organization === undefined) {
      return refusal('organization-refused', { detail: 'organization-missing' })
    }
    if (head.method === 'OPTIONS') return methodsAlone(found.data)

    let message: unknown
    if (route.validator !== undefined) {
      const body = await readJson(head, readBody, limits)
      if (body.status === 'refused') return refusal(body.reason, { where: body.where })
      const validated = validate(route.validator, body.value)
      if (validated.status === 'invalid') {
        return refusal('body-malformed', { where: validated.where })
      }
      message = validated.message
    }

    const answer = await route.answer({
      // The validator belongs to the route: what it let through is what the route reads.
      message: message as never,
      parameters,
      query: new URLSearchParams(target.query),
      caller,
      organization,
      now: context.at,
      store,
      administration: parts.administration,
      address: parts.address,
      note: (kind, reason, detail) => journal.noted(head, context, kind, reason, detail),
    })
    return withOverlap(answer, caller)
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
        const context: ExchangeContext = { at: parts.now() }
        const answer = await safely(() => decide(head, readBody, context))
        await journal.answered(head, answer, context)
        return head.method === 'HEAD' ? { ...answer, body: '' } : answer
      }),
    turnAway: (reason, head) =>
      safely(async () => {
        const answer = refusal(reason)
        await journal.answered({ remoteAddress: undefined, ...head }, answer, { at: parts.now() })
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

/** Says why the caller may not use a route, for the audit log; undefined when it may. */
function objectionTo(
  { record }: Caller,
  organization: OrganizationRecord | undefined,
  access: Access,
): string | undefined {
  if (access === 'agents') return record.kind === 'agent' ? undefined : 'person-on-engine-route'
  if (record.kind === 'agent') return 'agent-on-rest'
  if (record.systemRole === 'superadmin') return undefined
  if (record.systemRole === 'observer' && access.people.includes('view')) return undefined
  const role = record.roles.get(organization?.id ?? '')
  return role !== undefined && access.people.includes(role) ? undefined : 'role-too-small'
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
