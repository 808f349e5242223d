import { expect, test } from 'vitest'
import { ask } from '../ask.ts'
import { createAudience, isChange, isEvent, isOfEngine } from './reading.ts'

test('changes of the organization are told, and those of another are not', async () => {
  const { teamServer, shop, admin, signIn, watch, report } = await createAudience()
  const rival = await teamServer.createOrganization({ name: 'Rival' })
  const { cookie } = await signIn(admin)
  const { response, until } = await watch(`/ng/${shop.id}/live`, { cookie })
  expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8')
  await until(isEvent('session'))
  await rival.apiKey.enable()
  await rival.addAgentKey({ name: 'other' })
  await shop.apiKey.enable()
  await shop.addAgentKey({ name: 'one' })
  await teamServer.setKeyPolicy(await teamServer.keyPolicy())
  expect((await until(isChange('system'))).map(({ data }) => data)).toEqual([
    { about: 'organization' },
    { about: 'agent-keys' },
    { about: 'system' },
  ])
  await report('refused')
  await until(isChange('refusals'))
  await report('taken', { 'api-key': shop.apiKey.value })
  await until(isChange('arrivals'))
})

test('each request comes in short, and no key of it', async () => {
  const { shop, admin, signIn, watch, report } = await createAudience({ isApiKeyEnabled: true })
  const { cookie } = await signIn(admin)
  await report('before', { 'api-key': shop.apiKey.value })
  const { until } = await watch(`/ng/${shop.id}/live/requests`, { cookie })
  const [past] = (await until(isOfEngine)).slice(-1)
  expect(past?.data).toEqual({
    id: expect.any(Number),
    at: expect.any(String),
    method: 'POST',
    path: '/Contrast/api/engine/v1/reports',
    status: 202,
    isOfEngine: true,
    durationMs: expect.any(Number),
    userName: shop.agent.userName,
  })
  await report('forged')
  const events = await until(({ data }) => data?.status === 401)
  expect(events.at(-1)?.data).toMatchObject({
    refusal: { reason: 'api-key-wrong', detail: 'api-key-missing' },
  })
  expect(JSON.stringify(events)).not.toContain(shop.apiKey.value)
})

test('a stream goes on behind an event, and nothing in between is lost', async () => {
  const { shop, admin, signIn, watch, report } = await createAudience()
  const { cookie } = await signIn(admin)
  for (const id of ['one', 'two']) await report(id)
  const first = await watch(`/ng/${shop.id}/live/requests?after=0`, { cookie })
  await first.until(isOfEngine)
  const { id = '' } = (await first.until(isOfEngine)).at(-1) ?? {}
  first.leave()
  await report('three')
  const second = await watch(`/ng/${shop.id}/live/requests`, { cookie, 'last-event-id': id })
  const next = await second.until(isOfEngine)
  expect(next.filter(isEvent('gap'))).toEqual([])
  const latest = shop.requests().findLast(({ method }) => method === 'POST')
  expect(next.at(-1)?.data?.id).toBe(latest?.id)
})

test('a stream says when some of what it is to go on with is lost', async () => {
  const { shop, admin, signIn, watch, report } = await createAudience({
    requestLog: { requests: 2 },
  })
  const { cookie } = await signIn(admin)
  for (const id of ['one', 'two', 'three']) await report(id)
  const { until } = await watch(`/ng/${shop.id}/live/requests?after=1`, { cookie })
  const events = (await until(isOfEngine)).map(({ event }) => event)
  expect(events.filter((event) => event !== undefined)).toEqual(['gap', 'exchange'])
})

test.each(['x', '-1', '1e3', '9999999999999999'])('%j is the id of no event', async (after) => {
  const { teamServer, shop, admin, signIn } = await createAudience()
  const { cookie } = await signIn(admin)
  const path = `/ng/${shop.id}/live/requests?after=${after}`
  expect(await ask(teamServer, 'GET', path, { headers: { cookie } })).toMatchObject({
    status: 400,
    body: { reason: 'request-malformed' },
  })
})

test.each(['view', 'edit', 'rules_admin', 'auditor'] as const)(
  'a person who is %s hears of changes, and sees no request',
  async (role) => {
    const { teamServer, shop, signIn, watch } = await createAudience()
    const { cookie } = await signIn(await shop.addPerson({ role, userName: role }))
    const { response } = await watch(`/ng/${shop.id}/live`, { cookie })
    expect(response.status).toBe(200)
    for (const [method, path] of [
      ['GET', 'requests'],
      ['GET', 'requests/1'],
      ['POST', 'forged-attempts'],
    ] as const) {
      const target = `/ng/${shop.id}/live/${path}`
      const reply = await ask(teamServer, method, target, { headers: { cookie } })
      expect({ path, ...reply }).toMatchObject({
        path,
        status: 403,
        body: { reason: 'role-refused' },
      })
    }
  },
)

test('credentials open no stream: it lasts as long as a login', async () => {
  const { teamServer, shop, admin } = await createAudience()
  const { authorization } = admin
  for (const path of ['live', 'live/requests']) {
    const reply = await ask(teamServer, 'GET', `/ng/${shop.id}/${path}`, { authorization })
    expect(reply).toMatchObject({ status: 401, body: { reason: 'session-missing' } })
  }
})

test('an administrator of another organization sees nothing of this one', async () => {
  const { teamServer, shop, signIn, report } = await createAudience()
  const rival = await teamServer.createOrganization({ name: 'Rival' })
  const other = await rival.addPerson({ role: 'admin' })
  const { cookie } = await signIn(other)
  await report('one')
  for (const path of ['live', 'live/requests', 'live/requests/1']) {
    const reply = await ask(teamServer, 'GET', `/ng/${shop.id}/${path}`, { headers: { cookie } })
    expect(reply).toMatchObject({ status: 403, body: { reason: 'organization-refused' } })
  }
  const own = await ask(
    teamServer,
    'GET',
    `/ng/${rival.id}/live/requests/${shop.requests().find(({ path }) => path.endsWith('/reports'))?.id}`,
    {
      headers: { cookie },
    },
  )
  expect(own).toMatchObject({ status: 404, body: { reason: 'not-available' } })
})

test('it ends when the login does, whatever ends it, and says why', async () => {
  const { teamServer, shop, signIn, watch } = await createAudience()
  const { idleTimeoutMs } = await teamServer.passwordPolicy()
  const ends = {
    'session-ended': (userName: string) => shop.lockPerson(userName),
    'role-changed': (userName: string) => shop.setRole(userName, 'view'),
    'session-idle': async () => void teamServer.clock.advance(idleTimeoutMs),
  }
  for (const [reason, end] of Object.entries(ends)) {
    const person = await shop.addPerson({ role: 'admin', userName: `ends by ${reason}` })
    const { cookie } = await signIn(person)
    const { until } = await watch(`/ng/${shop.id}/live/requests`, { cookie })
    await until(isEvent('session'))
    await end(person.userName)
    expect((await until(isEvent('ended'))).at(-1)).toEqual({ event: 'ended', data: { reason } })
    expect(await until(() => false)).toEqual([])
  }
})

test('whoever becomes another is told, also where both may look', async () => {
  const { shop, signIn, watch } = await createAudience()
  const person = await shop.addPerson({ role: 'view', userName: 'view@shop' })
  const { cookie } = await signIn(person)
  const { until } = await watch(`/ng/${shop.id}/live`, { cookie })
  await until(isEvent('session'))
  await shop.setRole(person.userName, 'edit')
  expect((await until(isEvent('ended'))).at(-1)?.data).toEqual({ reason: 'role-changed' })
})

test('it ends when the address is not let in any more', async () => {
  const { shop, admin, signIn, watch } = await createAudience()
  const { cookie } = await signIn(admin)
  const { until } = await watch(`/ng/${shop.id}/live`, { cookie })
  await until(isEvent('session'))
  await shop.restrictAddresses(['203.0.113.7'])
  expect((await until(isEvent('ended'))).at(-1)?.data).toEqual({ reason: 'role-changed' })
})

test('looking on is no sign of life', async () => {
  const { teamServer, shop, admin, signIn, watch } = await createAudience()
  const { idleTimeoutMs } = await teamServer.passwordPolicy()
  const { cookie } = await signIn(admin)
  const { until } = await watch(`/ng/${shop.id}/live`, { cookie })
  await until(isEvent('session'))
  teamServer.clock.advance(idleTimeoutMs / 2)
  const [told] = (await until(isEvent('session'))).slice(-1)
  expect(told?.data?.idleInMs).toBeLessThanOrEqual(idleTimeoutMs / 2)
})

test('one request is shown with what holds no secret', async () => {
  const { teamServer, shop, admin, signIn, report } = await createAudience({
    isApiKeyEnabled: true,
  })
  const { cookie } = await signIn(admin)
  await report('one', { 'api-key': shop.apiKey.value, 'user-agent': 'curl' })
  const id = shop.requests().find(({ path }) => path.endsWith('/reports'))?.id
  const reply = await ask(teamServer, 'GET', `/ng/${shop.id}/live/requests/${id}`, {
    headers: { cookie },
  })
  expect(reply.body).toMatchObject({
    request: {
      id,
      isApiKeyAsked: true,
      headers: expect.arrayContaining([{ name: 'api-key' }, { name: 'user-agent', value: 'curl' }]),
      body: { text: expect.stringContaining('"id":"one"') },
      answer: { status: 202 },
    },
  })
  expect(JSON.stringify(reply.body)).not.toContain(shop.apiKey.value)
})
