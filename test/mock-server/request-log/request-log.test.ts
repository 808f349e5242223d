import { gzipSync } from 'node:zlib'
import { expect, onTestFinished, test } from 'vitest'
import { createTeamServer, type TeamServerOptions } from '../../../mock-server/index.ts'

async function setUp(options: TeamServerOptions = {}) {
  const teamServer = createTeamServer(options)
  onTestFinished(() => teamServer.close())
  const shop = await teamServer.createOrganization({ name: 'Shop', apiKey: { enabled: true } })
  const { userName, serviceKey } = shop.agent
  const headers = {
    authorization: Buffer.from(`${userName}:${serviceKey}`).toString('base64'),
    'api-key': shop.apiKey.value,
    'content-type': 'application/json',
  }
  const send = (path: string, init: RequestInit = {}) =>
    teamServer.fetch(`http://127.0.0.1/Contrast/api${path}`, {
      method: 'POST',
      headers,
      ...init,
    })
  const report = (id: string) => ({
    body: JSON.stringify({ reports: [{ id, type: 'finding', rule: 'a' }] }),
  })
  return { teamServer, shop, headers, send, report }
}

test('a request is kept with its answer, headers by name, values where they are no secret', async () => {
  const { teamServer, shop, send, report } = await setUp({ clock: () => 1_790_000_000_000 })
  await send('/engine/v1/reports?key=secret', report('first'))
  expect(teamServer.requests()).toEqual([
    {
      id: 1,
      receivedAt: new Date(1_790_000_000_000),
      state: 'answered',
      method: 'POST',
      path: '/Contrast/api/engine/v1/reports',
      headers: [
        { name: 'api-key' },
        { name: 'authorization' },
        { name: 'content-type', value: 'application/json' },
      ],
      organizationId: shop.id,
      userName: shop.agent.userName,
      isApiKeyAsked: true,
      body: { sizeBytes: 56, text: report('first').body },
      answer: {
        status: 202,
        headers: expect.arrayContaining([
          { name: 'content-type', value: 'application/json; charset=utf-8' },
        ]),
        sizeBytes: 77,
        text: '{"success":true,"messages":[],"batch":null,"added":1,"known":0,"rejected":[]}',
        durationMs: expect.any(Number),
      },
    },
  ])
})

test('a header under a name that nobody knows shows its name alone', async () => {
  const { teamServer, shop, send } = await setUp()
  const headers = { 'x-api-key': shop.apiKey.value, api_key: shop.apiKey.value, 'user-agent': 'me' }
  await send('/engine/v1/reports', { headers })
  expect(teamServer.requests()[0]?.headers).toEqual([
    { name: 'api_key' },
    { name: 'user-agent', value: 'me' },
    { name: 'x-api-key' },
  ])
  expect(JSON.stringify(teamServer.requests())).not.toContain(shop.apiKey.value)
})

test('a refused request is kept with its true reason, and without its body', async () => {
  const { teamServer, shop, send, report } = await setUp()
  await send('/engine/v1/reports', {
    ...report('first'),
    headers: { 'content-type': 'application/json' },
  })
  const [request] = teamServer.requests()
  expect(request).not.toHaveProperty('body')
  expect(request?.answer).toMatchObject({
    status: 401,
    refusal: { reason: 'credentials-missing', detail: expect.any(String) },
    text: expect.stringContaining('credentials-missing'),
  })
  expect(shop.requests()).toEqual([])
})

test('what a person sends and is answered is not kept, since it may hold passwords and keys', async () => {
  const { teamServer, shop } = await setUp()
  const admin = await shop.addPerson({ role: 'admin' })
  await teamServer.fetch('http://127.0.0.1/Contrast/api/ng/login', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ userName: admin.userName, password: admin.password }),
  })
  await teamServer.fetch(`http://127.0.0.1/Contrast/api/ng/${shop.id}/organizations/apikey`, {
    headers: { authorization: admin.authorization, 'api-key': shop.apiKey.value },
  })
  const requests = teamServer.requests()
  expect(requests.map(({ answer }) => answer?.status)).toEqual([200, 200])
  for (const request of requests) {
    expect(request).not.toHaveProperty('body')
    expect(request.answer).not.toHaveProperty('text')
  }
  for (const secret of [admin.password, admin.serviceKey, shop.apiKey.value]) {
    expect(JSON.stringify(requests)).not.toContain(secret)
  }
})

test('a body in gzip is shown inflated, and its size as it came', async () => {
  const { teamServer, headers, send, report } = await setUp()
  const body = gzipSync(report('first').body)
  await send('/engine/v1/reports', { body, headers: { ...headers, 'content-encoding': 'gzip' } })
  expect(teamServer.requests()[0]?.body).toEqual({
    sizeBytes: body.length,
    text: report('first').body,
  })
})

test('a request that is being delayed, or half read, is there already', async () => {
  const { teamServer, shop, send, report } = await setUp()
  shop.faults.add(['delay=3600000;at=request', 'delay=3600000'])
  const sent = [send('/engine/v1/reports', report('first'))]
  await expect.poll(() => teamServer.requests().map(({ state }) => state)).toEqual(['receiving'])
  sent.push(send('/engine/v1/reports', report('second')))
  await shop.waitForReport({ id: 'second' })
  expect(teamServer.requests().map(({ state }) => state)).toEqual(['receiving', 'answering'])
  await teamServer.close()
  await Promise.all(sent)
})

test('what was done on purpose is told', async () => {
  const { teamServer, shop, send, report } = await setUp()
  shop.faults.add('503')
  await send('/engine/v1/reports', report('first'))
  expect(teamServer.requests()[0]).toMatchObject({
    organizationId: shop.id,
    answer: { status: 503, fault: '503' },
  })
})

test('past the limits the oldest go', async () => {
  const { teamServer, send, report } = await setUp({ requestLog: { requests: 3 } })
  for (const id of ['1', '2', '3', '4']) await send('/engine/v1/reports', report(id))
  expect(teamServer.requests().map(({ id }) => id)).toEqual([2, 3, 4])
})

test('a large body is shown cut, a large one in gzip up to where it was cut', async () => {
  const { teamServer, headers, send } = await setUp()
  const reports = Array.from({ length: 900 }, (_, index) => ({
    id: `report-${index}`,
    type: 'finding',
    rule: 'a',
    evidence: Buffer.from(
      Array.from({ length: 150 }, (_x, at) => (index * at * 7919) % 251),
    ).toString('base64'),
  }))
  const text = JSON.stringify({ reports })
  await send('/engine/v1/reports', { body: text })
  const body = gzipSync(text)
  await send('/engine/v1/reports', { body, headers: { ...headers, 'content-encoding': 'gzip' } })
  const [plain, zipped] = teamServer.requests()
  expect(plain?.body?.text).toBe(text.slice(0, 65_536))
  expect(zipped?.body?.sizeBytes).toBe(body.length)
  expect(text.startsWith(zipped?.body?.text ?? 'x')).toBe(true)
})

test.each([{ requests: 0 }, { bytes: 1.5 }, { entries: 5 }])(
  'limits of %j are refused',
  (requestLog) => {
    expect(() => createTeamServer({ requestLog: requestLog as never })).toThrow(
      expect.objectContaining({ code: 'ERR_OPTION_INVALID' }),
    )
  },
)
