import { expect, onTestFinished, test } from 'vitest'
import { createTeamServer } from '../../../mock-server/index.ts'
import { plant } from '../../../mock-server/seed/plant.ts'
import { stateFile } from '../state/folder.ts'

const PASSWORD = 'Tr0ub4dor&3'
const LOGIN = 'http://teamserver.test/Contrast/api/ng/login'
const POLICY = { keyLength: 16, minNumbers: 2, minUpperCase: 2, minLowerCase: 2 }

function login(userName: string, password: string): Request {
  return new Request(LOGIN, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ userName, password }),
  })
}

test('policies, address ranges and first passwords are put in place', async () => {
  const teamServer = createTeamServer({ scryptCost: 1_024 })
  const { organizations } = await plant(teamServer, {
    keyPolicy: { organizationApiKey: POLICY, maskInvalidIpsOnLogin: false },
    passwordPolicy: { minLength: 10 },
    organizations: [
      {
        name: 'Shop',
        addressRanges: { ranges: ['10.0.0.0/8'], appliesToAgents: true },
        people: [{ role: 'admin', userName: 'boss', password: PASSWORD }],
      },
      { name: 'Bank', people: [{ role: 'view', userName: 'eve', password: PASSWORD }] },
    ],
  })
  expect(await teamServer.keyPolicy()).toMatchObject({
    organizationApiKey: POLICY,
    applicationKey: { keyLength: 32 },
    maskInvalidIpsOnLogin: false,
  })
  expect(await teamServer.passwordPolicy()).toMatchObject({ minLength: 10, minSymbols: 1 })
  expect(organizations[0]?.addressRanges()).toEqual({
    ranges: ['10.0.0.0/8'],
    appliesToAgents: true,
  })
  expect((await teamServer.handle(login('eve', PASSWORD))).status).toBe(200)
  expect((await teamServer.handle(login('eve', `${PASSWORD}x`))).status).toBe(401)
})

test('a password that somebody chose is kept by scrypt at the cost that was asked for', async () => {
  const teamServer = createTeamServer({ scryptCost: 2_048 })
  await plant(teamServer, { people: [{ role: 'observer', userName: 'eye', password: PASSWORD }] })
  const [eye] = await teamServer.store.people()
  expect(eye?.password).toMatchObject({ kind: 'chosen', cost: 2_048 })
  await expect(teamServer.addPerson({ role: 'observer', password: 'short' })).rejects.toMatchObject(
    {
      code: 'ERR_OPTION_INVALID',
      message: expect.not.stringContaining('short'),
    },
  )
})

test('planted twice on one state, only what is new is added', async () => {
  const file = stateFile()
  const seed = {
    organizations: [{ name: 'Shop', people: [{ role: 'admin' as const }] }],
    people: [{ role: 'superadmin' as const }],
  }
  for (const round of [1, 2]) {
    const teamServer = createTeamServer({ stateFile: file })
    onTestFinished(() => teamServer.close())
    const planted = await plant(teamServer, seed)
    const [shop] = planted.organizations
    expect(shop?.name).toBe('Shop')
    expect(planted.superadmin === undefined).toBe(round === 2)
    expect(await teamServer.store.people()).toHaveLength(2)
    expect(await teamServer.organizations()).toHaveLength(1)
    await teamServer.close()
  }
})

test('a locked organization refuses its agents and its people until it is unlocked', async () => {
  const teamServer = createTeamServer()
  const shop = await teamServer.createOrganization({ name: 'Shop' })
  const admin = await shop.addPerson({ role: 'admin' })
  const statuses = async () => {
    const { userName, serviceKey } = shop.agent
    const report = new Request('http://teamserver.test/Contrast/api/engine/v1/reports', {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        authorization: Buffer.from(`${userName}:${serviceKey}`).toString('base64'),
      },
      body: '{"reports":[{"id":"one","type":"finding","rule":"x"}]}',
    })
    const path = `http://teamserver.test/Contrast/api/ng/${shop.id}/applications`
    const named = new Request(path, { headers: { authorization: admin.authorization } })
    return [(await teamServer.handle(report)).status, (await teamServer.handle(named)).status]
  }
  const before = await statuses()
  await shop.lock()
  expect(shop.isLocked).toBe(true)
  expect(await statuses()).toEqual([401, 403])
  const refusals = await shop.refusals()
  expect(refusals.map(({ reason, detail }) => `${reason} ${detail}`)).toEqual([
    'credentials-wrong organization-locked',
    'organization-refused organization-locked',
  ])
  await shop.unlock()
  expect(await statuses()).toEqual(before)
  expect(before[1]).toBe(200)
})
