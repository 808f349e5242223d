import { expect, test } from 'vitest'
import { ask } from '../ask.ts'
import { createShop } from '../shop.ts'

test('refusals never push out what administrators did, here or elsewhere (S-210)', async () => {
  const { teamServer, shop } = await createShop({ retention: { auditEntries: 20 } })
  const other = await teamServer.createOrganization({ name: 'Other' })
  const superadmin = await teamServer.addPerson({ role: 'superadmin' })
  const { authorization } = await shop.addPerson({ role: 'view' })
  await shop.apiKey.rotate()
  await ask(teamServer, 'GET', `/ng/${other.id}/applications`, { authorization })
  const before = {
    acts: (await shop.auditLog()).filter(({ kind }) => kind === 'administration'),
    other: await other.auditLog(),
    system: (await teamServer.auditLog()).filter(({ kind }) => kind === 'administration'),
  }
  const flood = [
    ['/nowhere', undefined],
    [`/ng/${shop.id}/applications`, undefined],
    [`/ng/${shop.id}/applications`, 'x'],
    [`/ng/${shop.id}/organizations/apikey`, authorization],
    ['/ng/superadmin/security/audit', authorization],
  ] as const
  for (let turn = 0; turn < 100; turn++) {
    for (const [path, given] of flood) {
      await ask(teamServer, 'GET', path, { authorization: given })
    }
  }
  const after = await shop.auditLog()
  expect(after.filter(({ kind }) => kind === 'administration')).toEqual(before.acts)
  expect(after.filter(({ kind }) => kind === 'refusal')).toHaveLength(20)
  expect(await other.auditLog()).toEqual(before.other)
  const system = await teamServer.auditLog()
  expect(system.filter(({ kind }) => kind === 'administration')).toEqual(before.system)
  expect(system.filter(({ kind }) => kind === 'refusal')).toHaveLength(20)
  expect(JSON.stringify(system)).toContain(`added ${superadmin.userName} as superadmin`)
})
