import { beforeEach, expect, test } from 'vitest'
import type { Organization, TeamServer } from '../../../mock-server/index.ts'
import { marked } from '../../../mock-server/inventory/triage.ts'
import type { VulnerabilityStatus } from '../../../mock-server/inventory/vulnerability.ts'
import { type ReportAll, reporterFor } from '../reporting.ts'
import { createShop } from '../shop.ts'

const NOW = Date.parse('2026-03-01T12:00:00Z')
const MINUTE = 60_000

let teamServer: TeamServer
let shop: Organization
let report: ReportAll

beforeEach(async () => {
  ;({ teamServer, shop } = await createShop({ clock: () => NOW }))
  report = reporterFor(teamServer, shop)
})

const sql = (more: object = {}) => ({ type: 'finding', rule: 'sql-injection', url: '/a', ...more })

async function vulnerabilities() {
  return (await teamServer.store.searchVulnerabilities(shop.id)).vulnerabilities
}

test.each([
  ['the same hash', sql({ hash: 'h', url: '/a' }), sql({ hash: 'h', url: '/b' }), 1],
  ['another hash', sql({ hash: 'h' }), sql({ hash: 'i' }), 2],
  ['the same rule and URL', sql(), sql({ title: 'other' }), 1],
  ['another query of the same URL', sql({ url: '/a?x=1' }), sql({ url: '/a?x=2#y' }), 1],
  ['another URL', sql({ url: '/a' }), sql({ url: '/b' }), 2],
  ['another rule', sql(), sql({ rule: 'xxe' }), 2],
  [
    'the same title without URL',
    sql({ url: undefined, title: 't' }),
    sql({ url: undefined, title: 't' }),
    1,
  ],
  [
    'another title without URL',
    sql({ url: undefined, title: 't' }),
    sql({ url: undefined, title: 'u' }),
    2,
  ],
  ['a hash and none', sql({ hash: 'h' }), sql(), 2],
])('a finding with %s is %#', async (_what, one, other, count) => {
  await report([one, other], { application: 'web' })
  expect(await vulnerabilities()).toHaveLength(count)
})

test('the same weakness of two applications is two, each with an id of its own', async () => {
  await report([sql()], { application: 'web' })
  await report([sql()], { application: 'api' })
  const found = await vulnerabilities()
  expect(found.map(({ application }) => application)).toEqual(['web', 'api'])
  expect(new Set(found.map(({ uuid }) => uuid)).size).toBe(2)
  for (const { uuid } of found) expect(uuid).toMatch(/^([A-Z2-9]{4}-){3}[A-Z2-9]{4}$/)
})

test('each sighting moves the first and the last moment and counts, in whatever order they come', async () => {
  for (const at of [NOW - 5 * MINUTE, NOW - 60 * MINUTE, '2026-03-01T11:58:00Z']) {
    await report([sql({ at, severity: 'high', title: 'T' })], {
      application: 'web',
      session: String(at),
    })
  }
  expect(await vulnerabilities()).toEqual([
    {
      uuid: expect.any(String),
      serial: 1,
      application: 'web',
      rule: 'sql-injection',
      title: 'T',
      severity: 'high',
      defaultSeverity: 'high',
      url: '/a',
      firstSeenAt: new Date(NOW - 60 * MINUTE),
      lastSeenAt: new Date(NOW - 2 * MINUTE),
      discoveredAt: new Date(NOW),
      count: 3,
      sessions: [String(NOW - 5 * MINUTE), String(NOW - 60 * MINUTE), '2026-03-01T11:58:00Z'],
      versions: [],
      triage: { status: 'reported', tags: [], notes: [], history: [] },
      finding: JSON.stringify({
        id: 'r-1',
        ...sql({ at: NOW - 5 * MINUTE, severity: 'high', title: 'T' }),
      }),
    },
  ])
})

test.each([
  ['in the future', NOW + MINUTE],
  ['that does not exist', '2026-02-31T99:99:00Z'],
])('a moment %s is the moment of receipt', async (_what, at) => {
  await report([sql({ at })], { application: 'web' })
  expect((await vulnerabilities())[0]?.lastSeenAt).toEqual(new Date(NOW))
})

test('what a finding leaves out is what is known of its rule', async () => {
  await report([sql(), { type: 'finding', rule: 'no_such-rule' }], { application: 'web' })
  expect(await vulnerabilities()).toMatchObject([
    { title: 'SQL Injection', severity: 'critical' },
    { title: 'No Such Rule', severity: 'medium' },
  ])
})

test.each<readonly [VulnerabilityStatus, number, VulnerabilityStatus]>([
  ['remediated', 0, 'reported'],
  ['auto-remediated', 0, 'reported'],
  ['fixed', 0, 'reported'],
  ['not-a-problem', 0, 'not-a-problem'],
  ['confirmed', 0, 'confirmed'],
  ['suspicious', 0, 'suspicious'],
  // It waited on a disk while somebody mended it.
  ['remediated', -2 * MINUTE, 'remediated'],
])('a %s vulnerability that is seen at %i ms is then %s', async (status, ms, then) => {
  await report([sql()], { application: 'web' })
  const [{ uuid } = { uuid: '' }] = await vulnerabilities()
  await teamServer.store.changeTriage(shop.id, uuid, (before) =>
    marked(before, { status }, 'ann', new Date(NOW - MINUTE), 'n'),
  )
  await report([sql({ at: NOW + ms })], { application: 'web' })
  const [found] = await vulnerabilities()
  expect(found?.triage.status).toBe(then)
  expect(found?.triage.history.map(({ by, to }) => [by, to])).toEqual([
    ['ann', status],
    ...(then === 'reported' ? [['TeamServer', 'reported']] : []),
  ])
  expect(found?.triage.closedAt === undefined).toBe(
    ['reported', 'confirmed', 'suspicious'].includes(then),
  )
})

test('libraries are one a version, with every application that has it', async () => {
  const express = { type: 'library', name: 'express', version: '5.1.0', language: 'Node' }
  await report(
    [{ ...express, license: 'MIT', dependency: 'direct', file: 'node_modules/express' }],
    {
      application: 'web',
    },
  )
  await report([express, { ...express, version: '4.0.0' }], { application: 'api' })
  const use = { firstSeenAt: new Date(NOW), lastSeenAt: new Date(NOW), classesUsed: 0 }
  expect(await teamServer.store.libraries(shop.id)).toEqual([
    {
      hash: expect.stringMatching(/^[0-9a-f]{40}$/),
      name: 'express',
      version: '5.1.0',
      language: 'Node',
      license: 'MIT',
      uses: new Map<string, object>([
        ['web', { ...use, dependency: 'direct', file: 'node_modules/express' }],
        ['api', use],
      ]),
      firstSeenAt: new Date(NOW),
      lastSeenAt: new Date(NOW),
      tags: [],
      classCount: 0,
      monthsOutdated: 0,
      weaknesses: [],
    },
    expect.objectContaining({ version: '4.0.0', uses: new Map([['api', use]]) }),
  ])
})

test('a route is discovered until it is called, and its calls add up', async () => {
  const route = { type: 'route', method: 'GET', pattern: '/orders/:id', framework: 'express' }
  await report([{ ...route, state: 'discovered' }], { application: 'web' })
  expect(await teamServer.store.routes(shop.id, 'web')).toEqual([
    {
      hash: expect.stringMatching(/^[0-9a-f]{40}$/),
      application: 'web',
      method: 'GET',
      pattern: '/orders/:id',
      framework: 'express',
      discoveredAt: new Date(NOW),
      lastSeenAt: new Date(NOW),
      requests: 0,
      observations: [],
      sessions: [],
      isExcluded: false,
    },
  ])
  const since = NOW - 30_000
  await report([{ ...route, state: 'observed', count: 2, status: 200, since }], {
    application: 'web',
    session: 's',
  })
  await report([{ ...route, state: 'observed', count: 3 }], { application: 'web', session: 's' })
  await report([{ ...route, state: 'observed', count: 0 }], { application: 'web' })
  expect(await teamServer.store.routes(shop.id)).toMatchObject([
    {
      exercisedAt: new Date(NOW),
      requests: 5,
      sessions: ['s'],
      observations: [
        { since: new Date(since), until: new Date(NOW), requests: 2, status: 200, session: 's' },
        { until: new Date(NOW), requests: 3, session: 's' },
      ],
    },
  ])
})

test('attacks, periods of activity and components are kept by application', async () => {
  await report(
    [
      { type: 'attack', id: 'a', rule: 'sql-injection', outcome: 'blocked', source: '10.0.0.9' },
      { type: 'activity', since: NOW - 30_000, counts: { requests: 7 } },
      { type: 'component', name: 'express', version: '5', kind: 'framework' },
      { type: 'component', name: 'express', version: '6', kind: 'framework' },
    ],
    { application: 'web' },
  )
  const { store } = teamServer
  const application = 'web'
  expect(await store.attacks(shop.id)).toEqual([
    {
      id: 'a',
      application,
      at: new Date(NOW),
      rule: 'sql-injection',
      severity: 'medium',
      source: '10.0.0.9',
      outcome: 'blocked',
      count: 1,
      tags: [],
    },
  ])
  expect(await store.activities(shop.id)).toEqual([
    { application, since: new Date(NOW - 30_000), until: new Date(NOW), counts: { requests: 7 } },
  ])
  expect(await store.components(shop.id)).toEqual([
    {
      application,
      name: 'express',
      version: '6',
      kind: 'framework',
      firstSeenAt: new Date(NOW),
      lastSeenAt: new Date(NOW),
    },
  ])
})
