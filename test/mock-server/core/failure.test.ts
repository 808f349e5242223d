import { expect, test } from 'vitest'
import { createTeamServer, type Store } from '../../../mock-server/index.ts'
import { createMemoryStore } from '../../../mock-server/store/memory-store.ts'
import { ask } from '../ask.ts'
import { authorizationOf, createShop, finding } from '../shop.ts'

/** A store of which one function throws, as long as it is told to. */
function breakableStore(name: keyof Store) {
  const store = createMemoryStore()
  const fault = { error: undefined as Error | undefined }
  const breakable = {
    ...store,
    [name]: (...given: unknown[]) => {
      if (fault.error !== undefined) throw fault.error
      return Reflect.apply(store[name], store, given)
    },
  } as Store
  return { fault, store: breakable }
}

const REPORTS = '/engine/v1/reports'

test.each([
  ['looking up the caller', 'lookUp', 'POST', REPORTS, { reports: [finding('one')] }],
  ['keeping reports', 'addReports', 'POST', REPORTS, { reports: [finding('one')] }],
  ['keeping an application', 'changeApplication', 'POST', REPORTS, { reports: [finding('one')] }],
  ['opening a session', 'addSession', 'PUT', '/ng/sessions', { application: 'shop' }],
  ['asking for hashes', 'knownHashes', 'POST', '/engine/v1/preflight', { hashes: ['a'] }],
] as const)(
  'an error while %s refuses with a generic answer, and the next request is fine (S-408)',
  async (_what, name, method, path, json) => {
    const { fault, store } = breakableStore(name)
    const ids: unknown[] = []
    const errors: unknown[] = []
    const { teamServer, shop } = await createShop({
      store,
      onError(error, id) {
        errors.push(error)
        ids.push(id)
      },
    })
    const authorization = authorizationOf(shop.agent)
    fault.error = new Error(`no space left in /var/lib/place for ${shop.agent.serviceKey}`)
    const reply = await ask(teamServer, method, path, { authorization, json })
    expect(reply.status).toBe(500)
    expect(reply.body).toEqual({
      success: false,
      messages: ['The mock TeamServer failed.'],
      reason: 'internal-error',
    })
    expect(errors).toEqual([fault.error])
    const id = reply.headers['x-error-id'] ?? ''
    expect(id).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/)
    expect(ids).toEqual([id])
    fault.error = undefined
    expect(await shop.reports()).toEqual([])
    const next = { authorization, json: { reports: [finding('next')] } }
    expect((await ask(teamServer, 'POST', REPORTS, next)).status).toBe(202)
  },
)

test('an error while it is checked who calls lets nobody in', async () => {
  const { fault, store } = breakableStore('lookUp')
  const { teamServer, shop } = await createShop({ store })
  fault.error = new Error('away')
  const json = { reports: [finding('one')] }
  for (const authorization of [undefined, 'wrong', authorizationOf(shop.agent)]) {
    const reply = await ask(teamServer, 'POST', REPORTS, { authorization, json })
    expect(reply.status).toBe(500)
  }
  fault.error = undefined
  expect(await shop.reports()).toEqual([])
})

test('an error of the one who watches does not end the TeamServer', async () => {
  let isBroken = true
  const { teamServer, shop, errors } = await createShop({
    onExchange() {
      if (isBroken) throw new Error('the screen is gone')
    },
  })
  const authorization = authorizationOf(shop.agent)
  const first = { authorization, json: { reports: [finding('one')] } }
  await ask(teamServer, 'POST', REPORTS, first)
  expect(errors).toEqual([new Error('the screen is gone')])
  isBroken = false
  expect((await ask(teamServer, 'POST', REPORTS, first)).status).toBe(202)
})

test('without onError an error inside is answered all the same', async () => {
  const { fault, store } = breakableStore('lookUp')
  const teamServer = createTeamServer({ store })
  fault.error = new Error('away')
  expect((await ask(teamServer, 'POST', REPORTS)).status).toBe(500)
})
