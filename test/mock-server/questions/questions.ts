import { randomUUID } from 'node:crypto'
import type { Organization, PersonCredentials, TeamServer } from '../../../mock-server/index.ts'
import { pathOf, type Route } from '../../../mock-server/routes/route.ts'
import { ask, type Question } from '../ask.ts'
import { authorizationOf, finding } from '../shop.ts'
import { ADMINISTRATION } from './administration.ts'
import { INVENTORY } from './inventory.ts'
import { VULNERABILITIES } from './vulnerabilities.ts'

/** Who asks, and whom and what the calls are about. */
export interface Audience {
  readonly teamServer: TeamServer
  readonly shop: Organization
  readonly admin: PersonCredentials
  readonly superadmin: PersonCredentials
  readonly member: PersonCredentials
  /** A number of its own for each question. */
  readonly count: () => number
  /** What stands for a variable of a path, by its name. */
  readonly variables: Readonly<Record<string, string>>
}

/** What is asked where a route has to be asked something, or about something of its own. */
export interface Asked extends Partial<Question> {
  /** In place of the audience's, for what is used up by being asked. */
  readonly variables?: Readonly<Record<string, string>>
  /** Behind the path, without the question mark. */
  readonly query?: string
}

/**
 * What routes are asked so that they work, by method and path; what needs no body, no query and no
 * preparation is asked without.
 */
export type Questions = Readonly<Record<string, (audience: Audience) => Asked | Promise<Asked>>>

const QUESTIONS: Questions = { ...ADMINISTRATION, ...INVENTORY, ...VULNERABILITIES }

const ENGINE: Readonly<Record<string, object>> = {
  'applications/create': { name: 'shop', language: 'Node', server: { name: 'web-1' } },
  sessions: { application: 'shop', metadata: { branch: 'main' } },
  preflight: { hashes: ['h'] },
  reports: { batch: 'b', reports: [finding('one'), { id: 'two', type: 'route' }, { id: 'x' }] },
  heartbeat: { counters: { given: 1 } },
}

/** An organization of which an engine has reported a bit of everything. */
export async function createAudience(
  teamServer: TeamServer,
  shop: Organization,
): Promise<Audience> {
  let count = 0
  const member = await shop.addPerson({ role: 'view' })
  const authorization = authorizationOf(shop.agent)
  const told = async (method: string, call: string, json: object) =>
    (await ask(teamServer, method, call, { authorization, json })).body
  const created = await told('PUT', '/ng/applications/create', {
    name: 'shop',
    language: 'Node',
    tags: ['retail'],
    server: { name: 'web-1', path: '/srv', type: 'node', environment: 'QA' },
  })
  const { application } = created as { readonly application: { readonly app_id: string } }
  const opened = await told('PUT', '/ng/sessions', {
    application: 'shop',
    metadata: { branchName: 'main', buildNumber: '7' },
  })
  const { session_id: session } = opened as { readonly session_id: string }
  await told('POST', '/engine/v1/reports', { session, reports: REPORTED })
  const { store } = teamServer
  const [library] = await store.libraries(shop.id)
  const [route] = await store.routes(shop.id)
  const { vulnerabilities } = await store.searchVulnerabilities(shop.id)
  return {
    teamServer,
    shop,
    admin: await shop.addPerson({ role: 'admin' }),
    superadmin: await teamServer.addPerson({ role: 'superadmin' }),
    member,
    count: () => ++count,
    variables: {
      org: shop.id,
      platform: 'NODE',
      uid: encodeURIComponent(member.userName),
      app: application.app_id,
      server: '1',
      session,
      lang: 'node',
      hash: library?.hash ?? '',
      type: 'cyclonedx',
      route: route?.hash ?? '',
      trace: vulnerabilities[0]?.uuid ?? '',
      profile: 'default',
    },
  }
}

const REPORTED: readonly object[] = [
  finding('finding-1', {
    severity: 'high',
    title: 'session cookie without HttpOnly',
    url: '/cart',
    evidence: 'Set-Cookie: session=1',
    request: { method: 'GET', url: '/cart?page=2', headers: { host: 'shop.test', a: ['b', 'c'] } },
    stack: ['at setCookie (shop.js:7:3)', 'at next (node_modules/express/lib/router.js:1:1)'],
  }),
  { id: 'library-1', type: 'library', name: 'lodash', version: '4.17.11', license: 'MIT' },
  { id: 'route-1', type: 'route', state: 'observed', method: 'GET', pattern: '/cart', count: 3 },
  { id: 'attack-1', type: 'attack', rule: 'sql-injection', outcome: 'blocked', url: '/cart' },
  { id: 'activity-1', type: 'activity', counts: { requests: 3, queries: 2 } },
  { id: 'component-1', type: 'component', name: 'PostgreSQL', kind: 'database' },
]

/** Where a route is asked and what, by someone who may. */
export async function questionFor(
  audience: Audience,
  route: Pick<Route, 'method' | 'base' | 'path' | 'access'>,
): Promise<{ readonly target: string; readonly question: Question }> {
  const { shop, admin, superadmin } = audience
  const { method, path, access } = route
  const { variables, query, ...own } = (await QUESTIONS[`${method} ${path}`]?.(audience)) ?? {}
  const isAgentKey = path.includes('/agents/keys/:name')
  const values: Readonly<Record<string, string>> = {
    ...audience.variables,
    ...(isAgentKey ? { name: await newAgentKey(audience) } : {}),
    ...variables,
  }
  const whole = pathOf(route).replace(/:(\w+)/g, (variable, name) => values[name] ?? variable)
  const target = query === undefined ? whole : `${whole}?${query}`
  if (access === 'agents') {
    const [, json] = Object.entries(ENGINE).find(([end]) => path.endsWith(`/${end}`)) ?? []
    return { target, question: { authorization: authorizationOf(shop.agent), json } }
  }
  const { authorization } = access === 'superadmin' ? superadmin : admin
  const isSignedIn = own.headers !== undefined
  return { target, question: { ...(isSignedIn ? {} : { authorization }), ...own } }
}

/** The name of an agent key that is there, and may be deleted. */
async function newAgentKey({ shop }: Audience): Promise<string> {
  return (await shop.addAgentKey({ name: `key-${randomUUID()}` })).name
}
