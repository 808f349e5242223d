import { AssertionError } from 'node:assert'
import { expect, test } from 'vitest'
import {
  assertAddsUp,
  assertNotRefused,
  assertNotStored,
  assertRefused,
  assertStored,
  createTeamServer,
} from '../../../mock-server/index.ts'

async function setUp() {
  const teamServer = createTeamServer()
  const shop = await teamServer.createOrganization({ name: 'Shop' })
  const { userName, serviceKey } = shop.agent
  const send = (body: unknown, key = serviceKey) =>
    teamServer.fetch('http://127.0.0.1/Contrast/api/engine/v1/reports', {
      method: 'POST',
      headers: {
        authorization: Buffer.from(`${userName}:${key}`).toString('base64'),
        'content-type': 'application/json',
      },
      body: typeof body === 'string' ? body : JSON.stringify({ reports: body }),
    })
  const report = (id: string) => ({ id, type: 'finding', rule: 'a' })
  return { shop, send, report }
}

test('a stored report is given back, a missing one is an AssertionError with what is there', async () => {
  const { shop, send, report } = await setUp()
  await send([report('first')])
  expect(await assertStored(shop, { rule: 'a' })).toMatchObject({ id: 'first' })
  const failed = assertStored(shop, { rule: 'b' }, { timeoutMs: 0 })
  await expect(failed).rejects.toThrow(AssertionError)
  await expect(failed).rejects.toThrow('rule: wanted "b", got "a"')
})

test('a refused request is given back, a missing one is an AssertionError', async () => {
  const { shop, send, report } = await setUp()
  await expect(assertRefused(shop, {}, { timeoutMs: 0 })).rejects.toThrow('no refusal as wanted')
  await send([report('first')], 'wrong')
  expect(await assertRefused(shop, { reason: 'credentials-wrong' })).toMatchObject({
    detail: 'service-key-wrong',
  })
})

test('what should not be there is shown', async () => {
  const { shop, send, report } = await setUp()
  await assertNotStored(shop)
  await assertNotRefused(shop)
  await send([report('first')])
  await send([report('second')], 'wrong')
  await assertNotStored(shop, { rule: 'b' })
  await assertNotRefused(shop, { reason: 'api-key-wrong' })
  await expect(assertNotStored(shop, { rule: 'a' })).rejects.toThrow('"id":"first"')
  await expect(assertNotRefused(shop)).rejects.toThrow('"reason":"credentials-wrong"')
})

test('a mistake of the test is not a failed assertion', async () => {
  const { shop } = await setUp()
  await expect(assertStored(shop, {}, { timeoutMs: -1 })).rejects.toMatchObject({
    code: 'ERR_OPTION_INVALID',
  })
})

test('the ledger tells every end of requests and reports', async () => {
  const { shop, send, report } = await setUp()
  await send([report('first'), report('second')])
  await send([report('first'), { id: 'x', type: 'unknown' }])
  await send([report('third')], 'wrong')
  await send('not JSON')
  shop.faults.add(['503', 'reset', 'reset;at=answer', 'half'])
  await send([report('fourth')])
  await send([report('fifth')]).catch(() => {})
  await send([report('sixth')]).catch(() => {})
  await (await send([report('first')])).text().catch(() => {})
  expect(shop.ledger()).toEqual({
    requests: 8,
    answered: 2,
    refusedForNow: 2,
    refusedForGood: 1,
    cutOff: 3,
    accepted: 3,
    known: 2,
    rejected: 1,
    unacknowledged: { accepted: 1, known: 1, rejected: 0 },
  })
})

test('a stranger’s requests stand in nobody’s ledger', async () => {
  const teamServer = createTeamServer()
  const shop = await teamServer.createOrganization({ name: 'Shop' })
  await teamServer.fetch(`http://127.0.0.1/Contrast/api/ng/${crypto.randomUUID()}/applications`)
  expect(shop.ledger().requests).toBe(0)
})

const BOOKS = { given: 0, accepted: 0, refused: 0, dropped: 0, waiting: 0 }
const engine = (counters: object) => ({ status: () => ({ ...BOOKS, ...counters }) })

test('books that add up, of one engine and of several', async () => {
  const { shop, send, report } = await setUp()
  assertAddsUp(shop, engine({}))
  await send([report('first'), report('second'), { id: 'x', type: 'unknown' }])
  await send([report('first')])
  // The engine refused one by itself.
  assertAddsUp(shop, engine({ given: 6, accepted: 3, refused: 2, waiting: 1 }))
  assertAddsUp(
    shop,
    engine({ given: 2, accepted: 1, refused: 1 }),
    engine({ given: 2, accepted: 2 }),
  )
})

test.each([
  [{ given: 3, accepted: 2 }, 'was given 3 reports, and accounts for 2'],
  [{ given: 3, accepted: 3 }, 'counts 3 accepted, and TeamServer told it of 2 (2 new + 0 known)'],
  [{ given: 2, accepted: 2 }, 'counts 0 refused, and TeamServer rejected 1'],
])('books of %j do not add up, and it says why', async (counters, why) => {
  const { shop, send, report } = await setUp()
  await send([report('first'), report('second'), { id: 'x', type: 'unknown' }])
  expect(() => assertAddsUp(shop, engine(counters))).toThrow(AssertionError)
  expect(() => assertAddsUp(shop, engine(counters))).toThrow(why)
  expect(() => assertAddsUp(shop, engine(counters))).toThrow(
    'reports: accepted 2, known 0, rejected 1',
  )
})

test('an answer that was cut off is named where the engine counts too few', async () => {
  const { shop, send, report } = await setUp()
  shop.faults.add(['reset;at=answer'])
  await send([report('first')]).catch(() => {})
  assertAddsUp(shop, engine({ given: 1, waiting: 1 }))
  expect(() => assertAddsUp(shop, engine({ given: 1, accepted: 1 }))).toThrow(
    'told it of 0 (0 new + 0 known); 1 more were stored, but their answer was cut off',
  )
})
