import { setImmediate as turn } from 'node:timers/promises'
import { expect, test, vi } from 'vitest'
import { createTeamServer } from '../../../mock-server/index.ts'

async function setUp() {
  const teamServer = createTeamServer()
  const shop = await teamServer.createOrganization({ name: 'Shop', apiKey: { enabled: true } })
  const post = (
    path: string,
    body: object,
    { method = 'POST', apiKey = shop.apiKey.value } = {},
  ) => {
    const { userName, serviceKey } = shop.agent
    return teamServer.handle(
      new Request(`http://127.0.0.1/Contrast/api${path}`, {
        method,
        headers: {
          authorization: Buffer.from(`${userName}:${serviceKey}`).toString('base64'),
          'api-key': apiKey,
          'content-type': 'application/json',
        },
        body: JSON.stringify(body),
      }),
    )
  }
  const report = (fields: object, options?: object) =>
    post('/engine/v1/reports', { reports: [{ type: 'finding', rule: 'a', ...fields }] }, options)
  return { teamServer, shop, post, report }
}

test('a report that is there already is found at once', async () => {
  const { shop, report } = await setUp()
  await report({ id: 'first' })
  expect(await shop.waitForReport({ type: 'finding' }, { timeoutMs: 0 })).toMatchObject({
    id: 'first',
  })
  expect(await shop.waitForReport()).toMatchObject({ id: 'first' })
})

test('a report that comes later is found when it comes, by no timer of the test', async () => {
  vi.useFakeTimers()
  try {
    const { shop, report } = await setUp()
    const found = shop.waitForReport({ id: 'third' }, { timeoutMs: 60_000 })
    for (const id of ['first', 'second', 'third']) await report({ id })
    expect(await found).toMatchObject({ id: 'third' })
  } finally {
    vi.useRealTimers()
  }
})

test('a report of another organization is nobody else’s', async () => {
  const { teamServer, report } = await setUp()
  const other = await teamServer.createOrganization({ name: 'Other' })
  const found = other.waitForReport({}, { timeoutMs: 50 })
  await report({ id: 'first' })
  await expect(found).rejects.toMatchObject({ code: 'ERR_WAIT_TIMEOUT' })
})

test('when time runs out the error shows the nearest, what arrived and what was refused', async () => {
  const { shop, report } = await setUp()
  await report({ id: 'first', severity: 'low' })
  await report({ id: 'second', rule: 'cookie-flags-missing', severity: 'medium' })
  await report({ id: 'third' }, { apiKey: 'wrong' })
  const wanted = { rule: /^cookie/, severity: 'high' }
  const error = await shop.waitForReport(wanted, { timeoutMs: 0 }).catch((thrown) => thrown)
  expect(error).toMatchObject({ name: 'TeamServerError', code: 'ERR_WAIT_TIMEOUT' })
  const lines = error.message.split('\n')
  expect(lines).toEqual([
    'no report as wanted within 0 ms: {"rule":"/^cookie/","severity":"high"}',
    expect.stringMatching(
      /^nearest: \{.*"id":"second".*\}: severity: wanted "high", got "medium"$/,
    ),
    'arrived: 2',
    expect.stringContaining('"id":"first"'),
    expect.stringContaining('"id":"second"'),
    'refused: 1',
    '  POST /Contrast/api/engine/v1/reports: api-key-wrong',
  ])
})

test('nothing at all is said as such', async () => {
  const { shop } = await setUp()
  await expect(shop.waitForReport({}, { timeoutMs: 0 })).rejects.toThrow(
    'no report as wanted within 0 ms: {}\narrived: nothing\nrefused: nothing',
  )
})

test('of many that arrived the newest are shown', async () => {
  const { shop, report } = await setUp()
  for (let number = 1; number <= 12; number++) await report({ id: `report-${number}` })
  const error = await shop.waitForReport({ id: 'none' }, { timeoutMs: 0 }).catch((thrown) => thrown)
  expect(error.message).toContain('arrived: 12\n  and 2 before\n')
  expect(error.message).not.toContain('"report-2"')
  expect(error.message).toContain('"report-12"')
})

test('a refused request is waited for by its reason', async () => {
  const { shop, report } = await setUp()
  const found = shop.waitForRefusal({ reason: 'api-key-wrong' })
  await report({ id: 'first' }, { apiKey: 'wrong' })
  expect(await found).toMatchObject({ reason: 'api-key-wrong', method: 'POST' })
})

test('a session is waited for by its metadata', async () => {
  const { shop, post } = await setUp()
  const found = shop.waitForSession({ metadata: { branchName: 'main' } })
  await post(
    '/ng/sessions',
    { application: 'shop', metadata: { branchName: 'main', committer: 'ada' } },
    { method: 'PUT' },
  )
  expect(await found).toMatchObject({ application: 'shop' })
})

test('what arrives while it looks calls for another look', async () => {
  const { teamServer, shop, report } = await setUp()
  const { store } = teamServer
  const looks = vi.spyOn(store, 'reports')
  looks.mockImplementationOnce(async () => {
    await report({ id: 'first' })
    return []
  })
  expect(await shop.waitForReport({ id: 'first' }, { timeoutMs: 10_000 })).toMatchObject({
    id: 'first',
  })
})

test('many exchanges in one turn are one look', async () => {
  const { teamServer, shop, report } = await setUp()
  const looks = vi.spyOn(teamServer.store, 'reports')
  const found = shop.waitForReport({ id: 'report-50' }, { timeoutMs: 10_000 })
  const all = Array.from({ length: 50 }, (_, index) => report({ id: `report-${index + 1}` }))
  await Promise.all(all)
  await found
  expect(looks.mock.calls.length).toBeLessThan(25)
})

test('an error of the store is the caller’s to hear', async () => {
  const { teamServer, shop } = await setUp()
  vi.spyOn(teamServer.store, 'reports').mockRejectedValueOnce(new Error('the disk is gone'))
  await expect(shop.waitForReport()).rejects.toThrow('the disk is gone')
})

test.each([-1, Number.NaN, 2_147_483_648, '5'])('timeoutMs %j is refused', async (timeoutMs) => {
  const { shop } = await setUp()
  const wait = shop.waitForReport({}, { timeoutMs: timeoutMs as number })
  await expect(wait).rejects.toMatchObject({ code: 'ERR_OPTION_INVALID' })
  await turn()
})
