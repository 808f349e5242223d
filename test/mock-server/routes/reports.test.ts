import { beforeEach, expect, test } from 'vitest'
import type { Organization, TeamServer } from '../../../mock-server/index.ts'
import { ask } from '../ask.ts'
import { authorizationOf, createShop, finding } from '../shop.ts'

let teamServer: TeamServer
let shop: Organization
let authorization: string

beforeEach(async () => {
  ;({ teamServer, shop } = await createShop({ clock: () => Date.parse('2026-03-01T12:00:00Z') }))
  authorization = authorizationOf(shop.agent)
})

const report = (json: object, path = '/engine/v1/reports') =>
  ask(teamServer, 'POST', path, { authorization, json })

test('a batch is answered with how many were new, and its reports are kept with a receipt', async () => {
  const reports = [finding('one', { severity: 'high' }), { id: 'two', type: 'library', name: 'x' }]
  const reply = await report({ batch: 'b-1', session: 's', application: 'shop', reports })
  expect(reply).toMatchObject({ status: 202 })
  expect(reply.body).toEqual({
    success: true,
    messages: [],
    batch: 'b-1',
    added: 2,
    known: 0,
    rejected: [],
  })
  expect(await shop.reports()).toEqual(reports)
  expect(await shop.reports({ withReceipt: true })).toEqual(
    reports.map((each) => ({
      receivedAt: new Date('2026-03-01T12:00:00Z'),
      organizationId: shop.id,
      agentUserName: shop.agent.userName,
      application: 'shop',
      session: 's',
      report: each,
    })),
  )
})

test('the organization may be named in the path, in any case', async () => {
  for (const id of [shop.id, shop.id.toUpperCase()]) {
    const path = `/engine/v1/organizations/${id}/reports`
    expect((await report({ reports: [finding(id)] }, path)).status).toBe(202)
  }
  expect(await shop.reports()).toHaveLength(2)
})

test('a batch without name is answered with none, and an empty one is no mistake', async () => {
  expect((await report({ reports: [] })).body).toEqual({
    success: true,
    messages: [],
    batch: null,
    added: 0,
    known: 0,
    rejected: [],
  })
})

test('reports without a word on their application belong to the one of their session', async () => {
  const opened = await ask(teamServer, 'PUT', '/ng/sessions', {
    authorization,
    json: { application: 'of the session' },
  })
  const { session_id: session } = opened.body as { session_id: string }
  await report({ session, application: 'own word', reports: [finding('one')] })
  await report({ session, reports: [finding('two')] })
  await report({ session: 'nobody opened it', reports: [finding('three')] })
  await report({ reports: [finding('four')] })
  const kept = await shop.reports({ withReceipt: true })
  expect(kept.map(({ application, session: of }) => [application, of])).toEqual([
    ['own word', session],
    ['of the session', session],
    ['default', 'nobody opened it'],
    ['default', undefined],
  ])
})

test('a session of another organization is only text', async () => {
  const other = await teamServer.createOrganization({ name: 'Other' })
  const opened = await ask(teamServer, 'PUT', '/ng/sessions', {
    authorization: authorizationOf(other.agent),
    json: { application: 'of others' },
  })
  const { session_id: session } = opened.body as { session_id: string }
  await report({ session, reports: [finding('one')] })
  expect((await shop.reports({ withReceipt: true }))[0]?.application).toBe('default')
  expect((await other.applications()).map(({ name }) => name)).toEqual(['of others'])
})

test('an application is known from its first report', async () => {
  await report({ application: 'shop', reports: [finding('one')] })
  await report({ application: 'shop', reports: [finding('two')] })
  expect(await shop.applications()).toMatchObject([{ name: 'shop', language: 'Node' }])
})

test('1 000 reports are taken at once, and not one more', async () => {
  const reports = Array.from({ length: 1_001 }, (_, at) => finding(`r${at}`))
  expect(await report({ reports })).toMatchObject({
    status: 400,
    body: { messages: ['The body is malformed: reports has more than 1000 entries.'] },
  })
  expect(await shop.reports()).toEqual([])
  expect((await report({ reports: reports.slice(1) })).body).toMatchObject({ added: 1_000 })
})

test('a malformed report costs only itself, and is named by place, id and reason', async () => {
  const reply = await report({
    reports: [
      finding('one'),
      { id: 'two', type: 'finding' },
      { id: 'no id', type: 'library' },
      { id: 'four', type: 'rumour' },
      { id: 'five', type: 'attack', severity: 'worst' },
      { id: 'six', type: 'activity', counts: { requests: 1.5 } },
      finding('seven'),
    ],
  })
  expect(reply.status).toBe(202)
  expect(reply.body).toMatchObject({
    added: 2,
    rejected: [
      { index: 1, id: 'two', reason: 'rule is missing' },
      { index: 2, id: null, reason: 'id must be 1 to 128 of A-Z a-z 0-9 . _ -' },
      {
        index: 3,
        id: 'four',
        reason: 'type must be one of finding, library, route, attack, activity, component',
      },
      { index: 4, id: 'five', reason: 'severity must be one of note, low, medium, high, critical' },
      { index: 5, id: 'six', reason: 'a value of counts must be a whole number' },
    ],
  })
  expect((await shop.reports()).map(({ id }) => id)).toEqual(['one', 'seven'])
})

test('a batch in which no report is well-formed is a malformed body, and makes no application', async () => {
  const reply = await report({ application: 'shop', reports: [{ id: 'one' }, { id: 'two' }] })
  expect(reply).toMatchObject({
    status: 400,
    body: {
      messages: [
        'The body is malformed: reports[0]: type must be one of ' +
          'finding, library, route, attack, activity, component.',
      ],
    },
  })
  expect(await shop.applications()).toEqual([])
})

test('one of each type is kept as it was sent', async () => {
  const reports = [
    finding('f', {
      at: '2026-03-01T11:59:59.123Z',
      severity: 'critical',
      title: 't',
      url: '/a?b',
      evidence: { cookie: { name: 'sid' } },
      request: { method: 'GET', url: '/', headers: { a: ['b', 'c'] } },
      stack: ['at a', 'at b'],
      hash: 'h',
    }),
    { id: 'l', type: 'library', name: 'express', version: '5.0.0', dependency: 'direct' },
    { id: 'r', type: 'route', state: 'observed', method: 'GET', pattern: '/a/:id', count: 3 },
    { id: 'a', type: 'attack', outcome: 'blocked', source: '203.0.113.7', at: 0 },
    { id: 'c', type: 'activity', counts: { requests: 9_007_199_254_740_991 } },
    { id: 'm', type: 'component', name: 'postgres', kind: 'database' },
  ]
  expect((await report({ reports })).body).toMatchObject({ added: 6 })
  expect(await shop.reports()).toEqual(reports)
})

test('the same id in one batch is kept once, and with other content the first stays', async () => {
  const reply = await report({
    reports: [finding('one'), finding('one'), finding('one', { title: 'other' })],
  })
  expect(reply.body).toMatchObject({ added: 1, known: 2, rejected: [] })
  expect(await shop.reports()).toEqual([finding('one')])
  const notices = (await shop.auditLog()).filter(({ kind }) => kind === 'notice')
  expect(notices).toMatchObject([
    {
      reason: 'report-conflict',
      detail: '1 reports had a known id and other content; the first content stays',
      claimedUserName: shop.agent.userName,
    },
  ])
})
