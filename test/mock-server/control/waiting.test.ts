import { expect, onTestFinished, test } from 'vitest'
import type { TeamServerOptions } from '../../../mock-server/index.ts'
import { ask } from '../ask.ts'
import { authorizationOf, createShop, finding } from '../shop.ts'
import { controlOf } from './control-of.ts'

async function setUp(options: TeamServerOptions = {}) {
  const { teamServer, shop } = await createShop(options)
  onTestFinished(() => teamServer.close())
  const control = controlOf(await teamServer.listen({ control: true }))
  const report = (...reports: object[]) =>
    ask(teamServer, 'POST', '/engine/v1/reports', {
      authorization: authorizationOf(shop.agent),
      json: { reports },
    })
  const forge = () =>
    ask(teamServer, 'POST', '/engine/v1/reports', { authorization: 'forged', json: {} })
  return { teamServer, shop, control, report, forge }
}

test('what is there already is answered at once', async () => {
  const { control, report } = await setUp()
  await report(finding('one'), finding('two'))
  const { status, body } = await control.get('/reports?count=2&timeoutMs=600000')
  expect(status).toBe(200)
  expect(body).toMatchObject({ reports: [{ report: finding('one') }, { report: finding('two') }] })
})

test('a wait is answered by the request that makes it true, long before its time is up', async () => {
  const { control, report } = await setUp()
  await report(finding('one'))
  const waiting = control.get('/reports?rule=sql-injection&count=2&timeoutMs=600000')
  await report(finding('two', { rule: 'sql-injection' }))
  await report(finding('three'), finding('four', { rule: 'sql-injection' }))
  const { status, body } = await waiting
  expect(status).toBe(200)
  expect(body).toMatchObject({ reports: [{ report: { id: 'two' } }, { report: { id: 'four' } }] })
})

test('a wait for a refusal is answered when somebody is refused', async () => {
  const { control, forge } = await setUp()
  const waiting = control.get('/refusals?reason=credentials-wrong&timeoutMs=600000')
  await forge()
  expect((await waiting).body).toMatchObject({
    refusals: [{ reason: 'credentials-wrong', detail: 'authorization-malformed' }],
  })
})

test('a wait for a request is answered with its answer', async () => {
  const { control, report } = await setUp()
  const wanted = encodeURIComponent('{"answer":{"status":202}}')
  const waiting = control.get(`/requests?wanted=${wanted}&timeoutMs=600000`)
  await report(finding('one'))
  const { status, body } = await waiting
  expect(status).toBe(200)
  expect(body).toMatchObject({ requests: [{ state: 'answered', answer: { status: 202 } }] })
})

test('when time is up, 408 tells what came, what was refused, and what came nearest', async () => {
  const { shop, control, report, forge } = await setUp({ clock: () => 1_790_000_000_000 })
  const high = finding('one', { severity: 'high' })
  await report(high, finding('two', { severity: 'medium' }), { id: 'three', type: 'library' })
  await forge()
  const query = 'type=finding&severity=high&count=2&timeoutMs=0'
  const { status, body } = await control.get(`/reports?${query}`)
  expect(status).toBe(408)
  const receipt = {
    receivedAt: '2026-09-21T14:13:20.000Z',
    organizationId: shop.id,
    agentUserName: shop.agent.userName,
    application: 'default',
  }
  const medium = finding('two', { severity: 'medium' })
  expect(body).toEqual({
    success: false,
    reason: 'wait-timeout',
    messages: [
      [
        '1 of 2 came: no report as wanted within 0 ms: {"type":"finding","severity":"high"}',
        'nearest: {"id":"two","type":"finding","rule":"cookie-flags-missing","severity":"medium"}: severity: wanted "high", got "medium"',
        'arrived: 3',
        '  {"id":"one","type":"finding","rule":"cookie-flags-missing","severity":"high"}',
        '  {"id":"two","type":"finding","rule":"cookie-flags-missing","severity":"medium"}',
        '  {"id":"three","type":"library"}',
        'refused: 1',
        '  POST /Contrast/api/engine/v1/reports: credentials-wrong (authorization-malformed)',
      ].join('\n'),
    ],
    reports: [{ ...receipt, report: high }],
    arrived: [
      { ...receipt, report: high },
      { ...receipt, report: medium },
      { ...receipt, report: { id: 'three', type: 'library' } },
    ],
    refused: [
      {
        organizationId: null,
        at: '2026-09-21T14:13:20.000Z',
        reason: 'credentials-wrong',
        detail: 'authorization-malformed',
        method: 'POST',
        path: '/Contrast/api/engine/v1/reports',
      },
    ],
    nearest: {
      report: { ...receipt, report: medium },
      difference: { path: 'severity', wanted: 'high', given: 'medium' },
    },
  })
})

test('without anything that came there is no nearest', async () => {
  const { control } = await setUp()
  const { status, body } = await control.get('/reports?rule=x&timeoutMs=0')
  expect({ status, body }).toMatchObject({
    status: 408,
    body: { reports: [], arrived: [], refused: [], nearest: null },
  })
})

test('closing the TeamServer ends a wait', async () => {
  const { teamServer, control } = await setUp()
  const waiting = control.get('/reports?timeoutMs=600000').catch(() => 'cut off')
  await control.get('/reports')
  await teamServer.close()
  await waiting
})

test.each([
  ['/reports?organisation=Shop', 'organisation'],
  ['/reports?reason=credentials-wrong', 'reason'],
  ['/refusals?type=finding', 'type'],
  ['/reports?type=a&type=b', 'type stands in the query twice'],
  ['/reports?count=0', 'count must be a whole number from 1 to 100000'],
  ['/reports?timeoutMs=600001', 'timeoutMs must be a whole number from 0 to 600000'],
  ['/reports?wanted=[1]', 'wanted must be a JSON object'],
  ['/reports?wanted={', 'wanted must be a JSON object'],
])('%s is refused by name', async (path, name) => {
  const { control } = await setUp()
  const { status, body } = await control.get(path)
  expect(status).toBe(400)
  expect(body).toMatchObject({ reason: 'request-malformed' })
  expect(JSON.stringify(body)).toContain(name)
})
