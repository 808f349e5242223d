import { beforeAll, expect, test } from 'vitest'
import type { Organization, PersonCredentials, TeamServer } from '../../../mock-server/index.ts'
import { ROUTES } from '../../../mock-server/routes/index.ts'
import { pathOf, type Route } from '../../../mock-server/routes/route.ts'
import { askAt, type Question } from '../ask.ts'
import { authorizationOf, createShop } from '../shop.ts'
import { type Audience, createAudience, questionFor } from './questions.ts'

/** What a caller comes to: served, or the class of the refusal. */
type Outcome =
  | 'served'
  | 'credentials-missing'
  | 'api-key-wrong'
  | 'role-refused'
  | 'organization-refused'

interface Caller {
  readonly name: string
  readonly authorization?: () => string
  readonly role?: string
  readonly isAgent?: true
  readonly isStranger?: true
  /** Whether the organization API key is sent; the caller's own, for a stranger. */
  readonly isKeySent: boolean
}

let teamServer: TeamServer
let shop: Organization
let other: Organization
let audience: Audience
const people: Record<string, PersonCredentials> = {}

beforeAll(async () => {
  ;({ teamServer, shop } = await createShop({ scryptCost: 1_024 }))
  other = await teamServer.createOrganization({ name: 'Other' })
  for (const role of ['view', 'edit', 'rules_admin', 'admin', 'auditor'] as const) {
    people[role] = await shop.addPerson({ role })
  }
  people.observer = await teamServer.addPerson({ role: 'observer' })
  people.superadmin = await teamServer.addPerson({ role: 'superadmin' })
  people.stranger = await other.addPerson({ role: 'admin' })
  for (const role of ['observer', 'superadmin'] as const) {
    await askAt(teamServer, 'PUT', `/Contrast/api/ng/profile/${shop.id}/default`, {
      authorization: people[role]?.authorization,
    })
  }
  audience = await createAudience(teamServer, shop)
})

function person(role: string, isKeySent = true): Caller {
  return {
    name: isKeySent ? role : `${role} without the API key`,
    role,
    authorization: () => people[role]?.authorization ?? '',
    isKeySent,
  }
}

const CALLERS: readonly Caller[] = [
  { name: 'nobody', isKeySent: true },
  {
    name: 'an agent',
    authorization: () => authorizationOf(shop.agent),
    isAgent: true,
    isKeySent: true,
  },
  ...['view', 'edit', 'rules_admin', 'admin', 'auditor', 'observer', 'superadmin'].map((role) =>
    person(role),
  ),
  person('admin', false),
  {
    name: "another organization's administrator",
    authorization: () => people.stranger?.authorization ?? '',
    role: 'admin',
    isStranger: true,
    isKeySent: true,
  },
]

/** Sessions, and what replaces the caller's own secret, stand in the tables of forged data. */
const GUARDED = ROUTES.filter(
  (route) =>
    route.access !== 'anyone' &&
    !('needsSession' in route) &&
    !/\/profile\/(password|servicekey\/rotate)$/.test(route.path),
)

const TABLE = [true, false].flatMap((isLayerOn) =>
  CALLERS.map((caller) => [caller.name, isLayerOn ? 'on' : 'off', caller, isLayerOn] as const),
)

test.each(TABLE)(
  '%s may call what is for them, of all routes with behaviour, with layer two %s',
  async (_name, _layer, caller, isLayerOn) => {
    const outcomes: Record<string, string> = {}
    const expected: Record<string, string> = {}
    for (const route of GUARDED) {
      const name = `${route.method} ${pathOf(route)}`
      // What a route does to people, keys and layers must not reach the next one.
      await setLayers(isLayerOn)
      const { target, question } = await questionFor(audience, route)
      expected[name] = outcomeOf(caller, route, isLayerOn)
      const reply = await askAt(teamServer, route.method, target, askedBy(caller, question))
      const { reason } = reply.body as { readonly reason?: string }
      outcomes[name] = reply.status < 300 ? 'served' : (reason ?? `status ${reply.status}`)
    }
    expect(outcomes).toEqual(expected)
  },
  120_000,
)

async function setLayers(isOn: boolean): Promise<void> {
  for (const organization of [shop, other]) {
    if (organization.apiKey.isEnabled === isOn) continue
    await (isOn ? organization.apiKey.enable() : organization.apiKey.disable())
  }
}

function askedBy(caller: Caller, { authorization: _audience, ...rest }: Question): Question {
  const authorization = caller.authorization?.()
  const apiKey = (caller.isStranger === true ? other : shop).apiKey.value
  return {
    ...rest,
    ...(authorization === undefined ? {} : { authorization }),
    headers: { ...rest.headers, ...(caller.isKeySent ? { 'api-key': apiKey } : {}) },
  }
}

function outcomeOf(caller: Caller, { access, path }: Route, isLayerOn: boolean): Outcome {
  const { role, isAgent = false, isStranger = false } = caller
  if (role === undefined && !isAgent) return 'credentials-missing'
  if (isLayerOn && !caller.isKeySent) return 'api-key-wrong'
  const isOrganizationNamed = path.includes(':org')
  if (isStranger && isOrganizationNamed) return 'organization-refused'
  if (access === 'agents') return isAgent ? 'served' : 'role-refused'
  if (isAgent) return 'role-refused'
  if (access === 'every-person' || role === 'superadmin') return 'served'
  if (access === 'superadmin' || access === 'anyone') return 'role-refused'
  const inOrder = role === 'observer' ? 'view' : role
  return access.people.some((each) => each === inOrder) ? 'served' : 'role-refused'
}
