import { expect, test } from 'vitest'
import { ask } from '../ask.ts'
import { authorizationOf, createShop } from '../shop.ts'

test('an admin is shown the key, whether it is asked for, and an open overlap', async () => {
  const { teamServer, shop } = await createShop({ clock: () => Date.parse('2026-03-01T12:00:00Z') })
  const { authorization } = await shop.addPerson({ role: 'admin' })
  const path = `/ng/${shop.id}/organizations/apikey`
  const off = await ask(teamServer, 'GET', path, { authorization })
  expect(off).toMatchObject({ status: 200 })
  expect(off.body).toEqual({
    success: true,
    messages: [],
    api_key: shop.apiKey.value,
    enabled: false,
    compliant: true,
  })
  await shop.apiKey.enable()
  await shop.apiKey.rotate({ overlapMs: 60_000 })
  const headers = { 'api-key': shop.apiKey.value }
  expect((await ask(teamServer, 'GET', path, { authorization, headers })).body).toEqual({
    success: true,
    messages: [],
    api_key: shop.apiKey.value,
    enabled: true,
    acceptedUntil: '2026-03-01T12:01:00.000Z',
    compliant: true,
  })
})

test('nobody below an admin is shown the key', async () => {
  const { teamServer, shop } = await createShop()
  const path = `/ng/${shop.id}/organizations/apikey`
  const callers = [authorizationOf(shop.agent)]
  for (const role of ['view', 'edit', 'rules_admin', 'auditor'] as const) {
    callers.push((await shop.addPerson({ role })).authorization)
  }
  callers.push((await teamServer.addPerson({ role: 'observer' })).authorization)
  for (const authorization of callers) {
    const reply = await ask(teamServer, 'GET', path, { authorization })
    expect(reply).toMatchObject({ status: 403, body: { reason: 'role-refused' } })
    expect(JSON.stringify(reply)).not.toContain(shop.apiKey.value)
  }
})

test('an admin of one organization is not shown the key of another, a superadmin is', async () => {
  const { teamServer, shop } = await createShop()
  const other = await teamServer.createOrganization({ name: 'Other' })
  const path = `/ng/${other.id}/organizations/apikey`
  const { authorization } = await shop.addPerson({ role: 'admin' })
  expect((await ask(teamServer, 'GET', path, { authorization })).status).toBe(403)
  const superadmin = await teamServer.addPerson({ role: 'superadmin' })
  expect((await ask(teamServer, 'GET', path, superadmin)).body).toMatchObject({
    api_key: other.apiKey.value,
  })
})
