import { expect, test } from 'vitest'
import { createMemoryStore } from '../../../mock-server/store/memory-store.ts'
import type { AuditEntry } from '../../../mock-server/store/records.ts'
import type { Store } from '../../../mock-server/store/store.ts'
import { ask } from '../ask.ts'
import { authorizationOf, createShop, finding } from '../shop.ts'

/** A store that works until its audit log is full, so to say. */
function createFailingStore() {
  const whole = createMemoryStore()
  let isFull = false
  const check = (audit: unknown) => {
    if (isFull && audit !== undefined) throw new Error('no space left for the audit log')
  }
  const store: Store = {
    ...whole,
    addAuditEntry: async (id: string | undefined, entry: AuditEntry) => {
      check(entry)
      await whole.addAuditEntry(id, entry)
    },
    changeOrganization: async (id, change, audit) => {
      check(audit)
      return whole.changeOrganization(id, change, audit)
    },
    changeCaller: async (caller, change, audit) => {
      check(audit)
      return whole.changeCaller(caller, change, audit)
    },
    addCaller: async (caller, audit) => {
      check(audit)
      return whole.addCaller(caller, audit)
    },
    changeSystemSettings: async (change, audit) => {
      check(audit)
      return whole.changeSystemSettings(change, audit)
    },
  }
  return {
    store,
    fill: () => {
      isFull = true
    },
  }
}

test('a refusal that cannot be written stays the refusal that it is; its loss is counted (S-604)', async () => {
  const { store, fill } = createFailingStore()
  const { teamServer, shop, errors } = await createShop({ store })
  const { authorization } = await shop.addPerson({ role: 'view' })
  fill()
  const path = `/ng/${shop.id}/organizations/apikey`
  const replies = [
    await ask(teamServer, 'GET', path),
    await ask(teamServer, 'GET', path, { authorization: 'x' }),
    await ask(teamServer, 'GET', path, { authorization }),
    await ask(teamServer, 'GET', '/nowhere'),
  ]
  expect(replies.map(({ status, body }) => [status, (body as { reason: string }).reason])).toEqual([
    [401, 'credentials-missing'],
    [401, 'credentials-wrong'],
    [403, 'role-refused'],
    [404, 'route-unknown'],
  ])
  expect(teamServer.lostAuditEntries()).toBe(4)
  expect(errors).toHaveLength(4)
  expect(await shop.refusals()).toEqual([])
})

test('a report is taken although a remark on it cannot be written; its loss is counted (S-604)', async () => {
  const { store, fill } = createFailingStore()
  const { teamServer, shop, errors } = await createShop({ store })
  const authorization = authorizationOf(shop.agent)
  const send = (title: string) =>
    ask(teamServer, 'POST', '/engine/v1/reports', {
      authorization,
      json: { reports: [finding('one', { title }), finding(title)] },
    })
  await send('first')
  fill()
  expect(await send('second')).toMatchObject({ status: 202, body: { added: 1 } })
  expect(teamServer.lostAuditEntries()).toBe(1)
  expect(errors).toHaveLength(1)
})

test('an act that cannot be written does not happen, over REST and in process (S-604)', async () => {
  const { store, fill } = createFailingStore()
  const { teamServer, shop, errors } = await createShop({ store })
  const { authorization } = await shop.addPerson({ role: 'admin' })
  const kept = async () =>
    structuredClone([await store.organization(shop.id), await store.callers(shop.id)])
  const before = await kept()
  const key = shop.apiKey.value
  fill()
  const json = { ipRange: ['10.0.0.0/8'] }
  const path = `/ng/${shop.id}/security/ip-ranges`
  expect(await ask(teamServer, 'PUT', path, { authorization, json })).toMatchObject({
    status: 500,
    body: { success: false, reason: 'internal-error' },
  })
  const acts = [
    () => shop.restrictAddresses(['10.0.0.0/8']),
    () => shop.apiKey.enable(),
    () => shop.apiKey.rotate(),
    () => shop.addAgentKey({ name: 'second' }),
    () => shop.rotateAgentKey('default'),
    () => shop.deleteAgentKey('default'),
    () => shop.addPerson({ role: 'view' }),
  ]
  for (const act of acts) await expect(act()).rejects.toThrow('no space left')
  expect(await kept()).toEqual(before)
  expect([shop.apiKey.value, shop.apiKey.isEnabled]).toEqual([key, false])
  expect(shop.addressRanges().ranges).toEqual([])
  // The act, and the entry of the answer that said so.
  expect(errors).toHaveLength(2)
})

test('people sign in, are refused and are locked although nobody can write it down; the losses are counted (S-604)', async () => {
  const { store, fill } = createFailingStore()
  const { teamServer, shop } = await createShop({ store, scryptCost: 1_024 })
  const [admin, view] = [
    await shop.addPerson({ role: 'admin' }),
    await shop.addPerson({ role: 'view' }),
  ]
  fill()
  const login = async (userName: string, password: string) =>
    (await ask(teamServer, 'POST', '/ng/login', { json: { userName, password } })).status
  expect(await login(admin.userName, admin.password)).toBe(200)
  for (let turn = 0; turn < 3; turn++) expect(await login(view.userName, 'wrong')).toBe(401)
  expect(await login(view.userName, view.password)).toBe(401)
  // The login, four refusals, and the lock.
  expect(teamServer.lostAuditEntries()).toBe(6)
  expect((await shop.person(view.userName))?.lock?.by).toBe('policy')
})

test('no act on people or policies happens that cannot be written (S-604)', async () => {
  const { store, fill } = createFailingStore()
  const { teamServer, shop } = await createShop({ store, scryptCost: 1_024 })
  const { userName } = await shop.addPerson({ role: 'view' })
  const kept = async () =>
    structuredClone([await store.callers(shop.id), await store.systemSettings()])
  const before = await kept()
  const policy = await teamServer.keyPolicy()
  fill()
  const acts = [
    () => shop.lockPerson(userName),
    () => shop.unlockPerson(userName),
    () => shop.disablePerson(userName),
    () => shop.setRole(userName, 'admin'),
    () => shop.addPerson({ role: 'admin' }),
    () => teamServer.addPerson({ role: 'superadmin' }),
    () => teamServer.setPasswordPolicy({ minLength: 1 }),
    () => teamServer.setKeyPolicy({ ...policy, maskInvalidIpsOnLogin: false }),
    () => shop.apiKey.closeOverlap(),
    () => shop.lock(),
  ]
  for (const act of acts) await expect(act()).rejects.toThrow('no space left')
  expect(await kept()).toEqual(before)
  expect(shop.isLocked).toBe(false)
})

test('keys are not handed out when nobody can see later that they were (S-604)', async () => {
  const { store, fill } = createFailingStore()
  const { teamServer, shop } = await createShop({ store })
  const { authorization } = await shop.addPerson({ role: 'edit' })
  fill()
  const path = `/ng/${shop.id}/agents/external/default/NODE`
  const reply = await ask(teamServer, 'GET', path, { authorization })
  expect(reply).toMatchObject({ status: 500, body: { reason: 'internal-error' } })
  expect(JSON.stringify(reply)).not.toContain(shop.agent.serviceKey)
})

test('the store in memory changes nothing when the entry of the change cannot be made', async () => {
  const { teamServer, shop } = await createShop()
  const { store } = teamServer
  const before = await store.organization(shop.id)
  const change = store.changeOrganization(
    shop.id,
    (organization) => ({ ...organization, isLocked: true }),
    () => {
      throw new Error('no sentence for it')
    },
  )
  await expect(change).rejects.toThrow('no sentence')
  expect(await store.organization(shop.id)).toEqual(before)
})
