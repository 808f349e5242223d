import { expect, test } from 'vitest'
import type { Estate } from './estate.ts'
import { createEstate, pluck } from './estate.ts'

const WEB = { name: 'web-1', path: '/srv', type: 'node', environment: 'QA' }

async function createLibraries(): Promise<Estate & { readonly app: string }> {
  const estate = await createEstate()
  const app = await estate.announce('shop', WEB)
  await estate.announce('worker')
  await estate.report(
    [
      {
        type: 'library',
        name: 'lodash',
        version: '4.17.11',
        license: 'MIT',
        file: 'node_modules/lodash',
      },
      { type: 'library', name: '@scope/kit', version: '1.0.0', license: 'Apache-2.0' },
    ],
    { application: 'shop' },
  )
  await estate.report(
    [
      { type: 'library', name: 'lodash', version: '4.17.11' },
      { type: 'library', name: 'requests', version: '2.0.0', language: 'Python' },
    ],
    { application: 'worker' },
  )
  const { store } = estate.teamServer
  const [lodash] = await store.libraries(estate.shop.id)
  await store.changeLibrary(estate.shop.id, lodash?.hash ?? '', (before) => ({
    ...before,
    monthsOutdated: 4,
    weaknesses: [{ name: 'CVE-2019-10744', description: 'prototype pollution', severity: 'high' }],
  }))
  return { ...estate, app }
}

test('a library is one entry with its applications, however many use it', async () => {
  const { app, read, shop } = await createLibraries()
  const { libraries, count, ...rest } = await read(
    '/libraries?sort=fileName&expand=apps,vulns,servers,quickFilters&limit=2',
  )
  expect(count).toBe(3)
  expect(pluck(libraries, 'file_name')).toEqual(['@scope/kit', 'lodash'])
  const [, lodash] = libraries as readonly Record<string, unknown>[]
  expect(lodash).toMatchObject({
    hash: expect.stringMatching(/^[0-9a-f]{40}$/),
    file_version: '4.17.11',
    language: 'Node',
    app_id: app,
    app_name: 'shop',
    class_count: 0,
    months_outdated: 4,
    total_vulnerabilities: 1,
    high_vulnerabilities: 1,
    grade: 'C',
    libScore: 71,
    licenses: ['MIT'],
    custom: false,
    tags: [],
    vulns: [{ name: 'CVE-2019-10744', description: 'prototype pollution', severity_code: 'HIGH' }],
    servers: [{ server_id: 1 }],
  })
  expect(pluck(lodash?.apps, 'name')).toEqual(['shop', 'worker'])
  expect(rest).toMatchObject({
    averageMonths: 1,
    averageScore: 90,
    averageScoreLetter: 'A',
    quickFilters: [
      { filterType: 'ALL', count: 3 },
      { filterType: 'VULNERABLE', count: 1 },
      { filterType: 'VIOLATION', count: 0 },
      { filterType: 'PRIVATE', count: 0 },
      { filterType: 'PUBLIC', count: 3 },
      { filterType: 'HIGH_RISK', count: 1 },
    ],
  })
  const one = await read(`/libraries/NODE/${String(lodash?.hash).toUpperCase()}`)
  expect(one.library).toMatchObject({ file_name: 'lodash', links: [{ rel: 'self' }] })
  expect(shop.id).toBeDefined()
})

test.each([
  ['q=LODASH', ['lodash']],
  ['languages=python', ['requests']],
  ['licenses=MIT', ['lodash']],
  ['grades=c&grades=d', ['lodash']],
  ['severities=HIGH', ['lodash']],
  ['quickFilter=vulnerable', ['lodash']],
  ['servers=1', ['lodash', '@scope/kit']],
  ['environments=QA', ['lodash', '@scope/kit']],
  ['environments=PRODUCTION', []],
  ['tags=old', []],
  ['includeUnused=False', []],
  ['apps=none', []],
  ['', ['lodash', '@scope/kit', 'requests']],
])('libraries/filter?%s finds %j', async (query, names) => {
  const { read, call } = await createLibraries()
  expect(pluck((await read(`/libraries/filter?${query}`)).libraries, 'file_name')).toEqual(names)
  const body: Record<string, string[]> = {}
  for (const [name, value] of new URLSearchParams(query)) {
    body[name] = [...(body[name] ?? []), value]
  }
  if (body.q !== undefined || body.quickFilter !== undefined || body.includeUnused !== undefined)
    return
  const posted = await call('POST', '/libraries/filter', body)
  expect(pluck((posted.body as { libraries: unknown }).libraries, 'file_name')).toEqual(names)
})

test('libraries of an application and of a server are those that it has', async () => {
  const { app, read, call } = await createLibraries()
  for (const path of [`/applications/${app}/libraries`, '/servers/1/libraries']) {
    for (const end of ['', '/filter']) {
      const { libraries, count } = await read(`${path}${end}?sort=-score`)
      expect([pluck(libraries, 'file_name'), count]).toEqual([['@scope/kit', 'lodash'], 2])
    }
    expect(await read(`${path}/stats`)).toMatchObject({
      stats: { total: 2, vulnerables: 1, stale: 1, totalVulnerabilities: 1 },
    })
    expect(await read(`${path}/breakdown/outofdate`)).toMatchObject({
      breakdown: [
        { months_outdated: 0, count: 1 },
        { months_outdated: 4, count: 1 },
      ],
    })
    expect((await read(`${path}/breakdown/scores`)).breakdown).toEqual(
      ['A', 'B', 'C', 'D', 'F'].map((grade) => ({
        grade,
        count: grade === 'A' || grade === 'C' ? 1 : 0,
      })),
    )
    expect((await read(`${path}/filters/grades/listing`)).filters).toHaveLength(2)
  }
  expect(await read('/servers/1/libraries/breakdown')).toMatchObject({ total: 2, vulnerable: 1 })
  expect(await read('/libraries/stats')).toMatchObject({ stats: { total: 3 } })
  expect((await call('GET', '/applications/none/libraries')).status).toBe(404)
  expect((await call('GET', '/servers/9/libraries')).status).toBe(404)
  expect((await call('GET', '/libraries/node/none')).status).toBe(404)
})

test('what libraries can be filtered by is listed with its counts', async () => {
  const { app, read, call } = await createLibraries()
  expect((await read('/libraries/filters/languages/listing')).filters).toEqual([
    { keycode: 'Node', label: 'Node', count: 2 },
    { keycode: 'Python', label: 'Python', count: 1 },
  ])
  expect((await read('/libraries/filters/Apps/listing?languages=Node')).filters).toEqual([
    { keycode: app, label: 'shop', count: 2 },
    { keycode: expect.any(String), label: 'worker', count: 1 },
  ])
  expect((await read('/libraries/filters/listing?filterType=ORGANIZATION')).catalog).toContainEqual(
    { keycode: 'environments', label: 'Environments', count: 1 },
  )
  expect((await call('GET', '/libraries/filters/listing')).status).toBe(400)
  expect((await call('GET', '/libraries/filters/colours/listing')).status).toBe(404)
  expect((await read('/organizations/stats/library')).vulnerables).toBe(1)
  const licenses = await call('GET', '/library/policy/licenses')
  expect(licenses.body).toMatchObject({ available_licenses: ['Apache-2.0', 'MIT'] })
})

test('tags are added to libraries in both documented ways, listed and removed', async () => {
  const { app, call, read, shop, teamServer } = await createLibraries()
  const hashes = (await teamServer.store.libraries(shop.id)).map(({ hash }) => hash)
  await call('POST', '/tags/libraries', { libraryHashes: hashes, tagsToUpdate: ['b', 'a'] })
  await call('PUT', '/tags/libraries/bulk', {
    library_hashes: [hashes[2]?.toUpperCase()],
    tags: ['c'],
    tags_remove: ['a'],
  })
  expect(await read('/tags/libraries/list')).toMatchObject({ tags: ['a', 'b', 'c'] })
  expect(await read(`/tags/libraries/${app}/list`)).toMatchObject({ tags: ['a', 'b'] })
  expect(await read(`/tags/libraries?libraryHashes=${hashes[2]}`)).toMatchObject({
    tags: ['b', 'c'],
    totalLibraryHashes: 1,
  })
  const removed = await call('DELETE', `/tags/library/${hashes[2]}`, { tag: 'b' })
  expect(removed.body).toMatchObject({ tags: ['c'] })
  await call('DELETE', '/tags/libraries', { libraryHashes: hashes, tagsToUpdate: ['b'] })
  expect(await read('/tags/libraries/list')).toMatchObject({ tags: ['a', 'c'] })
  expect((await call('DELETE', '/tags/library/none', { tag: 'b' })).status).toBe(404)
})
