import { beforeEach, expect, test } from 'vitest'
import type { Organization, TeamServer } from '../../../mock-server/index.ts'
import { withTags } from '../../../mock-server/inventory/triage.ts'
import { type ReportAll, reporterFor } from '../reporting.ts'
import { createShop } from '../shop.ts'

const NOW = Date.parse('2026-03-01T12:00:00Z')

let teamServer: TeamServer
let shop: Organization
let other: Organization
let report: ReportAll

beforeEach(async () => {
  ;({ teamServer, shop } = await createShop({
    clock: () => NOW,
    retention: { vulnerabilities: 3, libraries: 2, routes: 2 },
  }))
  other = await teamServer.createOrganization({ name: 'Other' })
  report = reporterFor(teamServer, shop)
})

const weak = (url: string) => ({ type: 'finding', rule: 'xxe', url })
const library = (name: string) => ({ type: 'library', name, version: '1' })
const route = (pattern: string) => ({ type: 'route', method: 'GET', pattern, state: 'discovered' })
const ONE_OF_EACH = [
  weak('/a'),
  library('l'),
  route('/r'),
  { type: 'attack' },
  { type: 'activity' },
  { type: 'component', name: 'c' },
]

async function contentsOf({ id }: Organization) {
  const { store } = teamServer
  return {
    vulnerabilities: (await store.searchVulnerabilities(id)).vulnerabilities,
    libraries: await store.libraries(id),
    routes: await store.routes(id),
    attacks: await store.attacks(id),
    activities: await store.activities(id),
    components: await store.components(id),
  }
}

const countsOf = async (organization: Organization) =>
  Object.values(await contentsOf(organization)).map(({ length }) => length)

const urls = async () => (await contentsOf(shop)).vulnerabilities.map(({ url }) => url)

test('past the limit the vulnerability that was seen longest ago goes, and the rest keep their order', async () => {
  for (const url of ['/a', '/b', '/c']) await report([weak(url)])
  expect(await urls()).toEqual(['/a', '/b', '/c'])
  await report([weak('/a'), weak('/d')])
  expect(await urls()).toEqual(['/a', '/c', '/d'])
  await report([weak('/b'), weak('/e'), weak('/f')])
  expect(await urls()).toEqual(['/b', '/e', '/f'])
})

test('so do libraries and routes', async () => {
  await report(['a', 'b', 'c'].map(library))
  await report(['/a', '/b', '/c'].map(route))
  const { libraries, routes } = await contentsOf(shop)
  expect(libraries.map(({ name }) => name)).toEqual(['b', 'c'])
  expect(routes.map(({ pattern }) => pattern)).toEqual(['/b', '/c'])
})

test('what vulnerabilities keep as text is bounded', async () => {
  const small = await createShop({ retention: { reportCharacters: 1_000 } })
  await reporterFor(
    small.teamServer,
    small.shop,
  )(Array.from({ length: 10 }, (_, at) => ({ ...weak(`/${at}`), evidence: 'x'.repeat(300) })))
  const { total } = await small.teamServer.store.searchVulnerabilities(small.shop.id)
  expect(total).toBe(2)
})

test('an organization sees nothing of another', async () => {
  await report(ONE_OF_EACH)
  expect(await countsOf(shop)).toEqual([1, 1, 1, 1, 1, 1])
  expect(await countsOf(other)).toEqual([0, 0, 0, 0, 0, 0])
  const [{ uuid } = { uuid: '' }] = (await contentsOf(shop)).vulnerabilities
  expect(await teamServer.store.vulnerability(other.id, uuid)).toBeUndefined()
  await reporterFor(teamServer, other)([weak('/a')])
  const [twin] = (await contentsOf(other)).vulnerabilities
  expect(twin?.uuid).not.toBe(uuid)
})

test('reports that are known already are no sightings', async () => {
  await report([{ id: 'one', ...weak('/a') }])
  const again = reporterFor(teamServer, shop)
  await expect(again([{ id: 'one', ...weak('/a') }])).rejects.toThrow()
  expect((await contentsOf(shop)).vulnerabilities[0]?.count).toBe(1)
})

test('a reset forgets all of it, and only of that organization', async () => {
  await report(ONE_OF_EACH)
  await reporterFor(teamServer, other)(ONE_OF_EACH)
  await shop.reset()
  expect(await countsOf(shop)).toEqual([0, 0, 0, 0, 0, 0])
  expect(await countsOf(other)).toEqual([1, 1, 1, 1, 1, 1])
})

test('one application is cleared, and the rest stay', async () => {
  await report(ONE_OF_EACH, { application: 'web' })
  await report(
    [...ONE_OF_EACH, library('of api')].map((each) => ({ ...each })),
    { application: 'api' },
  )
  await teamServer.store.clearApplication(shop.id, 'web')
  const { libraries, ...rest } = await contentsOf(shop)
  expect(libraries.map(({ name, uses }) => [name, [...uses.keys()]])).toEqual([
    ['l', ['api']],
    ['of api', ['api']],
  ])
  for (const list of Object.values(rest)) {
    expect(list.map(({ application }) => application)).toEqual(['api'])
  }
})

test('a snapshot takes it along, with what people made of it, and brings it back', async () => {
  await report(ONE_OF_EACH)
  const [{ uuid } = { uuid: '' }] = (await contentsOf(shop)).vulnerabilities
  await teamServer.store.changeTriage(shop.id, uuid, (before) => ({
    ...before,
    tags: withTags(before.tags, ['urgent']),
  }))
  const before = await contentsOf(shop)
  const snapshot = await teamServer.snapshot()
  await report([weak('/later'), library('later')])
  await shop.reset()
  await teamServer.restore(snapshot)
  expect(await contentsOf(shop)).toEqual(before)
  // Serials go on where they were.
  await report([weak('/later')])
  expect((await contentsOf(shop)).vulnerabilities.map(({ serial }) => serial)).toEqual([1, 2])
})

test('a vulnerability that is removed is new when it is seen again', async () => {
  await report([weak('/a'), weak('/b')])
  const [{ uuid } = { uuid: '' }] = (await contentsOf(shop)).vulnerabilities
  expect(await teamServer.store.removeVulnerabilities(shop.id, [uuid, uuid, 'none'])).toBe(1)
  expect(await urls()).toEqual(['/b'])
  await report([weak('/a')])
  const found = (await contentsOf(shop)).vulnerabilities
  expect(found.map(({ url, serial }) => [url, serial])).toEqual([
    ['/b', 2],
    ['/a', 3],
  ])
})

test.each([1, 2, 10])(
  'a vulnerability keeps its first finding where only %i reports are kept',
  async (reports) => {
    const small = await createShop({ clock: () => NOW, retention: { reports, vulnerabilities: 4 } })
    const tell = reporterFor(small.teamServer, small.shop)
    const given = Array.from({ length: 6 }, (_, at) => ({
      id: `f-${at}`,
      ...weak(`/${at}`),
      evidence: `Schlüssel ${at}… 🔑`,
    }))
    // One by one, and looked at in between.
    for (const [at, finding] of given.entries()) {
      await tell([finding])
      if (at === 3) expect(await small.shop.vulnerabilities()).toHaveLength(4)
    }
    await tell([{ id: 'again', ...weak('/5') }])
    const kept = await small.shop.vulnerabilities()
    expect(kept.map(({ finding }) => JSON.parse(finding))).toEqual(given.slice(2))
    expect(await small.shop.reports()).toHaveLength(Math.min(reports, 7))
  },
)
