import { expect, onTestFinished, test } from 'vitest'
import { ask } from '../ask.ts'
import { authorizationOf, createShop, finding } from '../shop.ts'
import { controlOf } from './control-of.ts'

async function setUp() {
  const { teamServer, shop } = await createShop()
  onTestFinished(() => teamServer.close())
  const control = controlOf(await teamServer.listen({ control: true }))
  const report = async (id: string) => {
    const authorization = authorizationOf(shop.agent)
    const json = { reports: [finding(id)] }
    return (await ask(teamServer, 'POST', '/engine/v1/reports', { authorization, json })).status
  }
  return { teamServer, shop, control, report }
}

test('a rule is planted as in process, hits, and is told with its seed and counts', async () => {
  const { shop, control, report } = await setUp()
  const rule = { do: ['503', 'ok'], route: 'reports', organization: shop.id, seed: 7 }
  expect(await control.post('/faults', rule)).toMatchObject({
    status: 201,
    body: { fault: { id: 1, rule, seed: 7, matches: 0, hits: 0, isSpent: false } },
  })
  expect(await control.post('/faults', '429;retry-after=2')).toMatchObject({
    status: 201,
    body: { fault: { id: 2, rule: { do: '429;retry-after=2' }, seed: expect.any(Number) } },
  })
  expect([await report('a'), await report('b'), await report('c')]).toEqual([503, 202, 429])
  expect((await control.get('/faults')).body).toEqual({
    faults: [
      { id: 1, rule, seed: 7, matches: 2, hits: 2, isSpent: true },
      {
        id: 2,
        rule: { do: '429;retry-after=2' },
        seed: expect.any(Number),
        matches: 1,
        hits: 1,
        isSpent: false,
      },
    ],
  })
})

test('one rule is taken away by its id, and the others with it by none', async () => {
  const { teamServer, control, report } = await setUp()
  for (const rule of ['503', '500', '502']) await control.post('/faults', rule)
  expect(await control.delete('/faults/1')).toMatchObject({ status: 200, body: { removed: 1 } })
  expect(await report('a')).toBe(500)
  expect(await control.delete('/faults/1')).toMatchObject({ status: 404 })
  expect(await control.delete('/faults')).toMatchObject({ status: 200, body: { removed: 2 } })
  expect(await report('b')).toBe(202)
  expect(teamServer.faults.list()).toEqual([])
})

test.each([
  [{ do: '503', rout: 'reports' }, 'knows no rout'],
  [{ do: '999' }, 'a status is 200 to 599'],
  [{ route: 'reports' }, 'needs do'],
  [null, 'needs do'],
  [5, 'needs do'],
  [[], 'needs do'],
  [{ do: '503', times: 0 }, 'times must be'],
  [{ do: '503', probability: 2 }, 'probability must be'],
])('%j is refused by name', async (rule, message) => {
  const { teamServer, control } = await setUp()
  const reply = await control.post('/faults', rule)
  expect(reply.status).toBe(400)
  expect(JSON.stringify(reply.body)).toContain(message)
  expect(teamServer.faults.list()).toEqual([])
})

test('a body that is no JSON is refused', async () => {
  const { teamServer } = await setUp()
  const listener = await teamServer.listen({ control: true })
  const response = await fetch(`${listener.control?.url}/faults`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${listener.control?.token}`,
      'content-type': 'application/json',
    },
    body: '{',
  })
  expect(response.status).toBe(400)
  expect(await response.text()).toContain('the body: it is not JSON')
})
