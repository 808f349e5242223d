import { expect, test } from 'vitest'
import type { OrganizationRole } from '../../../../mock-server/store/records.ts'
import { ask } from '../../ask.ts'
import { createAudience } from '../../live/reading.ts'

/** Whom the key is shown, by their credentials and once they are signed in. */
const ROLES: readonly (readonly [OrganizationRole, byCredentials: number, bySession: number])[] = [
  ['admin', 200, 200],
  ['rules_admin', 403, 200],
  ['edit', 403, 200],
  ['view', 403, 403],
  ['auditor', 403, 403],
]

test.each(ROLES)(
  'a person who is %s is answered %i by credentials, %i on the page, and only an admin changes it',
  async (role, byCredentials, bySession) => {
    const { teamServer, shop, signIn } = await createAudience()
    const person = await shop.addPerson({ role, userName: role })
    const { cookie, csrf } = await signIn(person)
    const { authorization } = person
    const key = { api_key: shop.apiKey.value, enabled: false, compliant: true }
    const expected = (status: number) =>
      status === 200 ? { status, body: key } : { status, body: { reason: 'role-refused' } }
    const documented = `/ng/${shop.id}/organizations/apikey`
    const onPage = `/ng/${shop.id}/profile/apikey`
    expect(await ask(teamServer, 'GET', documented, { authorization })).toMatchObject(
      expected(byCredentials),
    )
    expect(await ask(teamServer, 'GET', onPage, { headers: { cookie } })).toMatchObject(
      expected(bySession),
    )
    for (const [method, path, json] of [
      ['PUT', documented, { enabled: true }],
      ['PUT', `${documented}/rotate`, {}],
      ['PUT', `${documented}/revoke`, {}],
    ] as const) {
      const headers = { cookie, 'x-csrf-token': csrf }
      const { status } = await ask(teamServer, method, path, { headers, json })
      expect({ path, status }).toEqual({ path, status: role === 'admin' ? 200 : 403 })
    }
    expect(shop.apiKey.isEnabled).toBe(role === 'admin')
  },
)

test('neither credentials nor an agent see it at the call of the page: a login alone does', async () => {
  const { teamServer, shop, admin, signIn } = await createAudience()
  const { cookie } = await signIn(admin)
  const agent = btoa(`${shop.agent.userName}:${shop.agent.serviceKey}`)
  for (const [authorization, headers] of [
    [admin.authorization, {}],
    [agent, {}],
    [agent, { cookie }],
    [undefined, {}],
  ] as const) {
    const reply = await ask(teamServer, 'GET', `/ng/${shop.id}/profile/apikey`, {
      authorization,
      headers,
    })
    expect(reply).toMatchObject({ status: 401, body: { reason: 'session-missing' } })
    expect(reply.body).not.toHaveProperty('api_key')
  }
})

test('an administrator of another organization does not see it', async () => {
  const { teamServer, shop, signIn } = await createAudience()
  const rival = await teamServer.createOrganization({ name: 'Rival' })
  const { cookie } = await signIn(await rival.addPerson({ role: 'admin' }))
  const path = `/ng/${shop.id}/profile/apikey`
  expect(await ask(teamServer, 'GET', path, { headers: { cookie } })).toMatchObject({
    status: 403,
    body: { reason: 'organization-refused' },
  })
})
