import { expect, test } from 'vitest'
import { isOlder } from '../../../mock-server/routes/about/version.ts'
import { MOCK_VERSION } from '../../../mock-server/version.ts'
import { ask, askAt } from '../ask.ts'
import { createEstate, pluck } from './inventory/estate.ts'

test('the roles of somebody, of everybody, and the administrators are told', async () => {
  const { admin, announce, call, read, teamServer, viewer } = await createEstate()
  await announce('shop')
  await announce('worker')
  const { authorization } = viewer
  expect((await ask(teamServer, 'GET', '/ng/roles', { authorization })).body).toMatchObject({
    groups: [
      { group_id: 1, name: 'view' },
      { group_id: 2, name: 'edit' },
      { group_id: 3, name: 'rules_admin' },
      { group_id: 4, name: 'admin' },
      { group_id: 5, name: 'auditor' },
    ],
  })
  expect(await read('/organizations/application/roles?q=SHO')).toMatchObject({
    org_role: 'view',
    app_role: 'view',
    total: 1,
    applications: [{ name: 'shop' }],
  })
  const { body } = await call('GET', '/organizations/administrators')
  expect(pluck((body as { administrators: unknown }).administrators, 'uid')).toEqual([
    admin.userName,
  ])
})

test('a person makes another of their organizations the default one', async () => {
  const { teamServer, shop } = await createEstate()
  const other = await teamServer.createOrganization({ name: 'Other' })
  const { authorization } = await teamServer.addPerson({ role: 'superadmin' })
  const shown = async () =>
    (await ask(teamServer, 'GET', '/ng/profile/organizations/default', { authorization })).body
  for (const { id, name } of [shop, other]) {
    const path = `/ng/profile/${id.toUpperCase()}/default`
    const changed = await ask(teamServer, 'PUT', path, { authorization })
    expect(changed).toMatchObject({ status: 200, body: { success: true } })
    expect(await shown()).toMatchObject({ organization: { organization_uuid: id, name } })
  }
  expect((await other.auditLog()).at(-1)).toMatchObject({ reason: 'default-organization-changed' })
  const nobody = `/ng/profile/00000000-0000-4000-8000-000000000000/default`
  expect((await ask(teamServer, 'PUT', nobody, { authorization })).status).toBe(403)
})

test('libraries are counted, now and before the period, and languages are told', async () => {
  const { announce, clock, read, report } = await createEstate()
  await announce('shop')
  await report([{ type: 'library', name: 'lodash', version: '1.0.0' }], { application: 'shop' })
  clock.now = new Date(clock.now.getTime() + 10 * 86_400_000)
  await announce('worker', undefined, { language: 'Java' })
  await report([{ type: 'library', name: 'kit', version: '1.0.0' }], { application: 'worker' })
  expect(await read('/organizations/stats/library?interval=WEEK')).toMatchObject({
    current: 2,
    previous: 1,
    vulnerables: 0,
  })
  expect(await read('/languages')).toMatchObject({ languages: ['Java', 'Node'] })
})

test('the version is told outside the API, and whether an engine is older', async () => {
  const { teamServer, viewer } = await createEstate()
  const asked = async (path: string) => {
    const { status, body } = await askAt(teamServer, 'GET', `/Contrast/s/api${path}`, {
      authorization: viewer.authorization,
    })
    return [status, body]
  }
  expect(await asked('/version')).toEqual([200, MOCK_VERSION])
  expect(await asked(`/NODE/newer/${MOCK_VERSION}`)).toEqual([200, 'false'])
  expect(await asked('/node/newer/99.0.0-beta.1')).toEqual([200, 'false'])
  expect(await asked('/java/newer/1.0.0')).toEqual([200, 'false'])
  expect((await asked('/cobol/newer/1.0.0'))[0]).toBe(404)
  expect((await askAt(teamServer, 'GET', '/Contrast/s/api/version')).status).toBe(401)
})

test('the engine is downloaded by its profile as well, and with metadata as a body', async () => {
  const { call } = await createEstate()
  expect((await call('GET', '/agents/profiles')).body).toMatchObject({ profiles: ['default'] })
  const posted = await call('POST', '/agents/default/node', { metadata: [] })
  expect([posted.status, posted.headers['content-type']]).toEqual([200, 'application/gzip'])
  expect((await call('GET', '/agents/Default/NODE')).status).toBe(200)
  expect((await call('GET', '/agents/other/NODE')).status).toBe(404)
})

test.each([
  ['0.1.0', '0.2.0', true],
  ['0.9.9', '0.10.0', true],
  ['1.0', '1.0.1', true],
  ['1.0.0', '1.0.0', false],
  ['1.0.0-rc.1', '1.0.0', false],
  ['2', '1.9.9', false],
  ['none', '0.0.1', true],
])('%s is older than %s: %s', (one, other, isIt) => {
  expect(isOlder(one, other)).toBe(isIt)
})
