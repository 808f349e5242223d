import { refusal } from '../core/answer.ts'
import type { Answer } from '../core/exchange.ts'
import {
  ADMIN_ONLY,
  ALL_ROLES,
  EDIT_AND_UP,
  type Method,
  personRoute,
  type Route,
  RULES_ADMIN_AND_UP,
  route,
} from '../routes/route.ts'
import type { OrganizationRole } from '../store/records.ts'
import type { Store } from '../store/store.ts'
import { type CatalogRoute, readCatalog } from './catalog.ts'
import { emptyAnswer } from './empty-answer.ts'

/** Who may call, by the least role that may; pages that name none let every role in. */
const ROLES: Readonly<Record<string, readonly OrganizationRole[]>> = {
  view: ALL_ROLES,
  edit: EDIT_AND_UP,
  rules_admin: RULES_ADMIN_AND_UP,
  admin: ADMIN_ONLY,
}

/** What each version stands below, where that is not the common base. */
const BASES = { v1: '/Contrast/s' }

/** The id of an organization: what else stands first in a path of version 2 is no such path. */
const UUID = '[0-9a-fA-F]{8}-[0-9a-fA-F-]{27}'

/**
 * Every route of the catalog, as one that answers its documented shape and no more: the same checks as
 * of any other route come first, and nothing is ever changed.
 */
export function documentedRoutes(): readonly Route[] {
  return readCatalog().routes.map(documentedRoute)
}

function documentedRoute(entry: CatalogRoute): Route {
  const [method, path, leastRole, , { version } = {}] = entry
  const head = {
    method: method as Method,
    path: version === 'v2' ? path.replace(':org', `:org(${UUID})`) : path,
    ...(version === 'v1' ? { base: BASES.v1 } : {}),
    description: { summary: 'Shape only', isOurs: false },
  }
  if (path.includes('/superadmin/')) {
    return personRoute({ ...head, access: 'superadmin', answer: (call) => answered(entry, call) })
  }
  if (!path.includes(':org')) {
    return personRoute({ ...head, access: 'every-person', answer: (call) => answered(entry, call) })
  }
  return route({
    ...head,
    access: { people: ROLES[leastRole ?? 'view'] ?? ADMIN_ONLY },
    answer: (call) => answered(entry, call),
  })
}

/** What a route without behaviour looks at. */
interface Asked {
  readonly parameters: Readonly<Record<string, string>>
  readonly query: URLSearchParams
  readonly store: Store
}

async function answered(entry: CatalogRoute, { parameters, query, store }: Asked): Promise<Answer> {
  const [, , , , { words = {}, numbers = [], required = [] } = {}] = entry
  const unknown = refusal('not-available')
  for (const [name, known] of Object.entries(words)) {
    const word = parameters[name]?.toLowerCase()
    if (!known.some((each) => each.toLowerCase() === word)) return unknown
  }
  if (numbers.some((name) => !/^\d{1,19}$/.test(parameters[name] ?? ''))) return unknown
  if (!(await areThere(parameters, store))) return unknown
  // An empty value means absent, as public clients send it.
  const missing = required.filter((name) => (query.get(name) ?? '') === '')
  if (missing.length > 0) {
    return refusal('request-malformed', { where: `send ${missing.join(', ')} in the query` })
  }
  return emptyAnswer(readCatalog(), entry)
}

/** Whether the application and the server that a path names are there. */
async function areThere(
  { org = '', appId, appUuid = appId, serverId }: Readonly<Record<string, string>>,
  store: Store,
): Promise<boolean> {
  const organizationId = org.toLowerCase()
  if (appUuid !== undefined) {
    const found = await store.applicationById(organizationId, appUuid.toLowerCase())
    if (found === undefined) return false
  }
  if (serverId === undefined) return true
  return (await store.servers(organizationId)).some(({ id }) => String(id) === serverId)
}
