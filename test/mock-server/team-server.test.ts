import { expect, test } from 'vitest'
import { createTeamServer, type Organization } from '../../mock-server/index.ts'

const REPORTS = 'https://teamserver.test/Contrast/api/engine/v1/reports'

function authorization(userName: string, serviceKey: string): string {
  return Buffer.from(`${userName}:${serviceKey}`).toString('base64')
}

function reportRequest({ agent }: Organization, body: string): Request {
  return new Request(REPORTS, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      authorization: authorization(agent.userName, agent.serviceKey),
    },
    body,
  })
}

const FINDING = '{"reports":[{"id":"one","type":"finding","rule":"x"}]}'

test.each([
  ['an unknown option', { latency: 5 }, 'latency'],
  ['an unknown limit', { limits: { bodyByte: 5 } }, 'bodyByte'],
  ['a limit of none', { limits: { bodyBytes: 0 } }, 'bodyBytes'],
  ['a limit that is no number', { limits: { jsonDepth: Number.NaN } }, 'jsonDepth'],
  ['a retention of none', { retention: { reports: 0 } }, 'reports'],
])('%s is refused by name, so that no check falls open', (_what, options, name) => {
  expect(() => createTeamServer(options as never)).toThrow(
    expect.objectContaining({ code: 'ERR_OPTION_INVALID', message: expect.stringContaining(name) }),
  )
})

test('a limit that is given as undefined stays in force', async () => {
  const limits = { bodyBytes: undefined } as never
  const teamServer = createTeamServer({ limits })
  const shop = await teamServer.createOrganization({ name: 'Shop' })
  const answer = await teamServer.handle(reportRequest(shop, 'x'.repeat(5_000_000)))
  expect(answer.status).toBe(413)
})

test('whoever swaps user name and service key does not find the key in the audit log', async () => {
  const teamServer = createTeamServer()
  const { agent } = await teamServer.createOrganization({ name: 'Shop' })
  await teamServer.handle(
    new Request(REPORTS, {
      method: 'POST',
      headers: { authorization: authorization(agent.serviceKey, agent.userName) },
    }),
  )
  const refusals = await teamServer.refusals()
  expect(refusals).toMatchObject([{ detail: 'user-unknown', claimedUserName: undefined }])
  expect(JSON.stringify(refusals)).not.toContain(agent.serviceKey)
})

test('two agent keys of one name, added at once, are one', async () => {
  const teamServer = createTeamServer()
  const shop = await teamServer.createOrganization({ name: 'Shop' })
  const outcomes = await Promise.allSettled([
    shop.addAgentKey({ name: 'ci' }),
    shop.addAgentKey({ name: 'ci' }),
  ])
  expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
  expect((await shop.agentKeys()).map(({ name }) => name)).toEqual(['default', 'ci'])
})

test('a deleted default key can be made again, under another user name', async () => {
  const teamServer = createTeamServer()
  const shop = await teamServer.createOrganization({ name: 'Shop' })
  const before = shop.agent.userName
  await shop.deleteAgentKey('default')
  expect((await teamServer.handle(reportRequest(shop, FINDING))).status).toBe(401)
  await shop.addAgentKey({ name: 'default' })
  expect(shop.agent.userName).not.toBe(before)
  expect((await teamServer.handle(reportRequest(shop, FINDING))).status).toBe(202)
})

test('listeners that throw change no answer', async () => {
  const fail = () => {
    throw new Error('not mine')
  }
  const teamServer = createTeamServer({ onExchange: fail, onError: fail })
  const shop = await teamServer.createOrganization({ name: 'Shop' })
  expect((await teamServer.handle(reportRequest(shop, FINDING))).status).toBe(202)
  expect(await shop.reports()).toHaveLength(1)
})

test('a clock that once gives no time costs that request alone', async () => {
  let time = 1_000
  const teamServer = createTeamServer({ clock: () => time, onError: () => {} })
  const shop = await teamServer.createOrganization({ name: 'Shop' })
  time = Number.NaN
  expect((await teamServer.handle(reportRequest(shop, FINDING))).status).toBe(500)
  time = 2_000
  expect((await teamServer.handle(reportRequest(shop, FINDING))).status).toBe(202)
})

test('large reports push out old ones before they fill the memory', async () => {
  const teamServer = createTeamServer({ retention: { reportCharacters: 10_000 } })
  const shop = await teamServer.createOrganization({ name: 'Shop' })
  for (const id of ['a', 'b', 'c']) {
    const report = { id, type: 'finding', rule: 'x', evidence: 'e'.repeat(4_000) }
    await teamServer.handle(reportRequest(shop, JSON.stringify({ reports: [report] })))
  }
  expect((await shop.reports()).map(({ id }) => id)).toEqual(['b', 'c'])
})

test('a body of countless tiny values is turned away before it is parsed', async () => {
  const teamServer = createTeamServer()
  const shop = await teamServer.createOrganization({ name: 'Shop' })
  const body = `{"reports":[${'[],'.repeat(60_000)}[]]}`
  const answer = await teamServer.handle(reportRequest(shop, body))
  expect([answer.status, await answer.json()]).toMatchObject([
    400,
    { reason: 'body-malformed', messages: [expect.stringContaining('50000 values')] },
  ])
})
