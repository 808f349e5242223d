import { beforeAll, expect, test } from 'vitest'
import type { Organization, TeamServer } from '../../../mock-server/index.ts'
import { ROUTES } from '../../../mock-server/routes/index.ts'
import { askAt } from '../ask.ts'
import { type Audience, createAudience, questionFor } from '../questions/questions.ts'
import { createShop } from '../shop.ts'

let teamServer: TeamServer
let shop: Organization
let other: Organization
let audience: Audience

beforeAll(async () => {
  ;({ teamServer, shop } = await createShop({ scryptCost: 1_024 }))
  other = await teamServer.createOrganization({ name: 'Other' })
  audience = await createAudience(teamServer, shop)
})

const WRITING = ROUTES.filter(({ method }) => method !== 'GET')

/** What a caller would like to have, in every spelling that a record or a message has. */
function forged() {
  return {
    systemRole: 'FORGED',
    system_role: 'FORGED',
    roles: { [other.id]: 'FORGED' },
    organizationId: other.id,
    organization_id: other.id,
    defaultOrganizationId: other.id,
    organization: 'FORGED',
    createdAt: 'FORGED',
    receivedAt: 'FORGED',
    acceptedUntil: 'FORGED',
    agentUserName: 'FORGED',
    isEnabled: 'FORGED',
    isLocked: 'FORGED',
    isArchived: 'FORGED',
    accepted: true,
    isApiKeyEnabled: 'FORGED',
    serviceKey: 'FORGED',
    password_hash: 'FORGED',
  }
}

/** All that a TeamServer remembers, but for its audit log, as text. */
async function everything(): Promise<string> {
  const { store } = teamServer
  const organizations = await store.organizations()
  const rooms = await Promise.all(
    organizations.map(async (organization) => ({
      organization,
      callers: await store.callers(organization.id),
      applications: await store.applications(organization.id),
      servers: await store.servers(organization.id),
      sessions: await store.sessions(organization.id),
      reports: await store.reports(organization.id),
    })),
  )
  const all = [rooms, await store.people(), await store.systemSettings()]
  return JSON.stringify(all, (_name, value) => (value instanceof Map ? [...value] : value))
}

test('there are routes that write', () => {
  expect(WRITING.length).toBeGreaterThan(20)
})

test.each(WRITING.map((route) => [`${route.method} ${route.path}`, route] as const))(
  'fields that nobody asked for have no effect at %s (S-307)',
  async (_name, route) => {
    const { target, question } = await questionFor(audience, route)
    const before = {
      other: await teamServer.store.callers(other.id),
      superadmins: (await teamServer.people()).length,
    }
    const json = { ...((question.json ?? {}) as object), ...forged() }
    const reply = await askAt(teamServer, route.method, target, { ...question, json })
    // Taken without them, or refused for them: never a mistake of the mock.
    expect([200, 201, 202, 400]).toContain(reply.status)
    expect(JSON.stringify(reply.body)).not.toContain('FORGED')
    expect(await everything()).not.toContain('FORGED')
    expect(await teamServer.store.callers(other.id)).toEqual(before.other)
    expect(await teamServer.people()).toHaveLength(before.superadmins)
    expect(await other.reports()).toEqual([])
    expect(await other.applications()).toEqual([])
  },
)
