import { randomUUID } from 'node:crypto'
import type { Organization, PersonCredentials, TeamServer } from '../../../mock-server/index.ts'
import type { Route } from '../../../mock-server/routes/route.ts'
import { ask, type Question } from '../ask.ts'
import { authorizationOf, finding } from '../shop.ts'

/** Who asks, and whom the calls about a person are about. */
export interface Audience {
  readonly teamServer: TeamServer
  readonly shop: Organization
  readonly admin: PersonCredentials
  readonly superadmin: PersonCredentials
  readonly member: PersonCredentials
  /** A number of its own for each question. */
  readonly count: () => number
}

export async function createAudience(
  teamServer: TeamServer,
  shop: Organization,
): Promise<Audience> {
  let count = 0
  return {
    teamServer,
    shop,
    admin: await shop.addPerson({ role: 'admin' }),
    superadmin: await teamServer.addPerson({ role: 'superadmin' }),
    member: await shop.addPerson({ role: 'view' }),
    count: () => ++count,
  }
}

type Ask = (audience: Audience) => Partial<Question> | Promise<Partial<Question>>

const ENGINE: Readonly<Record<string, object>> = {
  'applications/create': { name: 'shop', language: 'Node', server: { name: 'web-1' } },
  sessions: { application: 'shop' },
  preflight: { hashes: ['h'] },
  reports: { batch: 'b', reports: [finding('one'), { id: 'two', type: 'route' }, { id: 'x' }] },
  heartbeat: { counters: { given: 1 } },
}

/**
 * What a route of people is asked so that it works, by its method and path; what needs no body and
 * no preparation is asked without.
 */
const REST: Readonly<Record<string, Ask>> = {
  'POST /ng/login': ({ admin: { userName, password } }) => ({ json: { userName, password } }),
  'POST /ng/logout': signedIn,
  'PUT /ng/profile/servicekey/rotate': async ({ shop }) => ({
    authorization: (await shop.addPerson({ role: 'view' })).authorization,
    json: { overlapMs: 1_000 },
  }),
  'PUT /ng/profile/password': async ({ shop }) => {
    const { authorization, password } = await shop.addPerson({ role: 'view' })
    return { authorization, json: { old_password: password, new_password: 'Open-Sesame-1' } }
  },
  'PUT /ng/superadmin/security/password-policy': () => ({ json: { min_length: 9 } }),
  'POST /ng/:org/users': ({ count }) => ({
    json: { role_name: 'view', username: `guest-${count()}` },
  }),
  'PUT /ng/:org/users/:uid/enabled': () => ({ json: { enabled: true } }),
  'PUT /ng/:org/security/ip-ranges': () => ({ json: { ipRange: [] } }),
  'PUT /ng/:org/users/:uid/role': () => ({ json: { role: 'edit' } }),
  'PUT /ng/:org/organizations/apikey': () => ({ json: { enabled: false } }),
  'PUT /ng/:org/organizations/apikey/rotate': () => ({ json: { overlapMs: 1_000 } }),
  'POST /ng/:org/agents/keys': () => ({ json: { name: `key-${randomUUID()}` } }),
  'PUT /ng/:org/agents/keys/:name/rotate': () => ({ json: { overlapMs: 1_000 } }),
  'PUT /ng/superadmin/security/key-policy': async ({ teamServer }) => ({
    json: await teamServer.keyPolicy(),
  }),
}

/** Where a route is asked and what, by someone who may. */
export async function questionFor(
  audience: Audience,
  method: string,
  path: string,
  access: Route['access'],
): Promise<{ readonly target: string; readonly question: Question }> {
  const { shop, admin, superadmin, member } = audience
  const target = path
    .replace(':org', shop.id)
    .replace(':platform', 'NODE')
    .replace(':uid', encodeURIComponent(member.userName))
    .replace(':name', path.includes(':name') ? await newAgentKey(audience) : '')
  if (access === 'agents') {
    const [, json] = Object.entries(ENGINE).find(([end]) => path.endsWith(`/${end}`)) ?? []
    return { target, question: { authorization: authorizationOf(shop.agent), json } }
  }
  const { authorization } = access === 'superadmin' ? superadmin : admin
  const own = await REST[`${method} ${path}`]?.(audience)
  const isSignedIn = own?.headers !== undefined
  return { target, question: { ...(isSignedIn ? {} : { authorization }), ...own } }
}

/** The name of an agent key that is there, and may be deleted. */
async function newAgentKey({ shop }: Audience): Promise<string> {
  return (await shop.addAgentKey({ name: `key-${randomUUID()}` })).name
}

/** A session instead of credentials. */
async function signedIn({ teamServer, admin }: Audience): Promise<Partial<Question>> {
  const { userName, password } = admin
  const reply = await ask(teamServer, 'POST', '/ng/login', { json: { userName, password } })
  const [cookie = ''] = String(reply.headers['set-cookie']).split(';')
  const { csrfToken } = reply.body as { readonly csrfToken: string }
  return { headers: { cookie, 'x-csrf-token': csrfToken } }
}
