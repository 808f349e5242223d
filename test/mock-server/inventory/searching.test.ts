import { beforeAll, expect, test } from 'vitest'
import type { Organization, TeamServer } from '../../../mock-server/index.ts'
import { marked } from '../../../mock-server/inventory/triage.ts'
import type { VulnerabilityFilter } from '../../../mock-server/inventory/vulnerability-filter.ts'
import { type ReportAll, reporterFor } from '../reporting.ts'
import { createShop } from '../shop.ts'

const NOW = Date.parse('2026-03-01T12:00:00Z')
const DAY = 86_400_000

let teamServer: TeamServer
let shop: Organization
let report: ReportAll

const FINDINGS = [
  { rule: 'xxe', title: 'Delta', url: '/a', severity: 'high', at: NOW - 3 * DAY },
  { rule: 'sql-injection', title: 'alpha', url: '/b', severity: 'critical', at: NOW - 2 * DAY },
  { rule: 'sql-injection', title: 'Charlie', url: '/c.d', severity: 'low', at: NOW - DAY },
  { rule: 'csrf', title: 'Bravo', url: '/d', severity: 'high', at: NOW - 4 * DAY },
] as const

beforeAll(async () => {
  ;({ teamServer, shop } = await createShop({ clock: () => NOW }))
  report = reporterFor(teamServer, shop)
  for (const [at, finding] of FINDINGS.entries()) {
    await report([{ type: 'finding', ...finding }], {
      application: at % 2 === 0 ? 'web' : 'api',
      session: `s${at}`,
    })
  }
  const { vulnerabilities } = await teamServer.store.searchVulnerabilities(shop.id)
  await teamServer.store.changeTriage(shop.id, vulnerabilities[0]?.uuid ?? '', (before) => ({
    ...marked(before, { status: 'fixed' }, 'ann', new Date(NOW), 'n'),
    tags: ['urgent', 'mine'],
  }))
})

async function titles(search: Parameters<TeamServer['store']['searchVulnerabilities']>[1]) {
  const { vulnerabilities, total } = await teamServer.store.searchVulnerabilities(shop.id, search)
  return [vulnerabilities.map(({ title }) => title), total]
}

test.each<readonly [VulnerabilityFilter, readonly string[]]>([
  [{}, ['Delta', 'alpha', 'Charlie', 'Bravo']],
  [{ applications: new Set(['web']) }, ['Delta', 'Charlie']],
  [{ applications: new Set() }, []],
  [{ severities: new Set(['high', 'low']) }, ['Delta', 'Charlie', 'Bravo']],
  [{ statuses: new Set(['fixed']) }, ['Delta']],
  [{ isOpen: true }, ['alpha', 'Charlie', 'Bravo']],
  [{ isOpen: false }, ['Delta']],
  [{ rules: new Set(['sql-injection']) }, ['alpha', 'Charlie']],
  [{ tags: new Set(['mine', 'none']) }, ['Delta']],
  [{ urls: new Set(['/b']) }, ['alpha']],
  [{ sessions: new Set(['s3']) }, ['Bravo']],
  [{ versions: new Set(['1']) }, []],
  [{ text: 'CHAR' }, ['Charlie']],
  [{ text: '/c.d' }, ['Charlie']],
  [{ text: '/..d' }, []],
  [{ text: 'injection' }, ['alpha', 'Charlie']],
  [{ text: '(' }, []],
  [{ from: new Date(NOW - 2 * DAY) }, ['alpha', 'Charlie']],
  [{ until: new Date(NOW - 3 * DAY), momentOf: 'first' }, ['Delta', 'Bravo']],
  [{ rules: new Set(['sql-injection']), severities: new Set(['low']) }, ['Charlie']],
])('%j finds %j', async (filter, found) => {
  expect(await titles({ filter })).toEqual([found, found.length])
})

test.each([
  ['title', ['Bravo', 'Charlie', 'Delta', 'alpha'], ['alpha', 'Delta', 'Charlie', 'Bravo']],
  ['severity', ['Charlie', 'Delta', 'Bravo', 'alpha'], ['alpha', 'Delta', 'Bravo', 'Charlie']],
  [
    'application.name',
    ['alpha', 'Bravo', 'Delta', 'Charlie'],
    ['Delta', 'Charlie', 'alpha', 'Bravo'],
  ],
  ['lastTimeSeen', ['Bravo', 'Delta', 'alpha', 'Charlie'], ['Charlie', 'alpha', 'Delta', 'Bravo']],
  ['status', ['Delta', 'alpha', 'Charlie', 'Bravo'], ['alpha', 'Charlie', 'Bravo', 'Delta']],
] as const)('by %s, equals in the order of arrival both ways', async (order, up, down) => {
  expect(await titles({ order })).toEqual([up, 4])
  expect(await titles({ order, isDescending: true })).toEqual([down, 4])
  expect(await titles({ order, offset: 1, limit: 2 })).toEqual([up.slice(1, 3), 4])
})

test('tallies count by the values of fields, and by each of several', async () => {
  const tally = async (...by: Parameters<TeamServer['store']['tallyVulnerabilities']>[2]) =>
    (await teamServer.store.tallyVulnerabilities(shop.id, {}, by)).map(({ values, count }) => [
      ...values,
      count,
    ])
  expect(await tally('severity')).toEqual([
    ['high', 2],
    ['critical', 1],
    ['low', 1],
  ])
  expect(await tally('application', 'status')).toEqual([
    ['web', 'fixed', 1],
    ['api', 'reported', 2],
    ['web', 'reported', 1],
  ])
  expect(await tally('tag')).toEqual([
    ['urgent', 1],
    ['mine', 1],
  ])
  expect(await tally()).toEqual([[4]])
})

test('a sorted list stays right through arrivals, sightings and removals', async () => {
  const busy = await createShop({ clock: () => NOW })
  const { store } = busy.teamServer
  const tell = reporterFor(busy.teamServer, busy.shop)
  const search = { order: 'lastTimeSeen', isDescending: true } as const
  const list = async () =>
    (await store.searchVulnerabilities(busy.shop.id, search)).vulnerabilities.map(({ url }) => url)
  const seen = (url: string, ms: number) =>
    tell([{ type: 'finding', rule: 'r', url, at: NOW - ms }])
  await seen('/a', 300)
  await seen('/b', 200)
  expect(await list()).toEqual(['/b', '/a'])
  await seen('/c', 250)
  expect(await list()).toEqual(['/b', '/c', '/a'])
  await seen('/a', 100)
  expect(await list()).toEqual(['/a', '/b', '/c'])
  const { vulnerabilities } = await store.searchVulnerabilities(busy.shop.id, search)
  await store.removeVulnerabilities(busy.shop.id, [vulnerabilities[1]?.uuid ?? ''])
  await seen('/d', 50)
  expect(await list()).toEqual(['/d', '/a', '/c'])
})

test('a text is found as it was reported, whatever stands around it in JSON', async () => {
  const organization = await teamServer.createOrganization({ name: 'Texts' })
  const found = async (text: string) => {
    const search = { filter: { text } }
    const { total } = await teamServer.store.searchVulnerabilities(organization.id, search)
    return total
  }
  const odd = { rule: 'shop-rule', title: 'A "quoted" \\ back\nline ÄÖ 😀', url: '/Ünder' }
  await reporterFor(
    teamServer,
    organization,
  )([
    { type: 'finding', ...odd, evidence: 'proof', request: { method: 'PUT', url: '/other' } },
    { type: 'finding', rule: 'csrf', hash: 'no-title' },
  ])
  const counts: Record<string, number> = {}
  const texts = ['"quoted"', '\\ back', 'back\nline', 'äö 😀', '/ÜNDER', 'shop-RULE', 'CROSS-SITE']
  for (const text of texts) counts[text] = await found(text)
  expect(counts).toEqual(Object.fromEntries(texts.map((text) => [text, 1])))
  // What else a finding holds is not looked through, nor are the names of its fields.
  for (const text of ['proof', '/other', 'put', 'finding', 'evidence', '"', '\\n', 'quoted\\"']) {
    expect([text, await found(text)]).toEqual([text, text === '"' ? 1 : 0])
  }
  // The same when what was looked at closely is looked at again.
  expect(await Promise.all(['proof', 'finding', 'back\nline'].map(found))).toEqual([0, 0, 1])
})

test('a vulnerability is found by its id, whole or from the first group on', async () => {
  const { vulnerabilities } = await teamServer.store.searchVulnerabilities(shop.id)
  const [{ uuid, title } = { uuid: '', title: '' }] = vulnerabilities
  expect(await titles({ filter: { text: uuid } })).toEqual([[title], 1])
  expect(await titles({ filter: { text: uuid.slice(0, 7).toLowerCase() } })).toEqual([[title], 1])
  expect(await titles({ filter: { text: uuid.slice(1) } })).toEqual([[], 0])
})

test('applications are left out', async () => {
  expect(await titles({ filter: { otherThan: new Set(['web']) } })).toEqual([['alpha', 'Bravo'], 2])
  const filter = { otherThan: new Set(['web']), applications: new Set(['web', 'api']) }
  expect(await titles({ filter })).toEqual([['alpha', 'Bravo'], 2])
})
