import { expect, test } from 'vitest'
import { createEstate, pluck } from './estate.ts'

async function createRoutes() {
  const estate = await createEstate()
  const app = await estate.announce('shop', {
    name: 'web-1',
    path: '/srv',
    type: 'node',
    environment: 'QA',
    tags: ['blue'],
  })
  const session = await estate.openSession('shop', { branchName: 'main', buildNumber: '7' })
  await estate.report(
    [
      { type: 'route', state: 'discovered', method: 'GET', pattern: '/orders/:id' },
      { type: 'route', state: 'discovered', method: 'POST', pattern: '/orders' },
      {
        type: 'finding',
        rule: 'sql-injection',
        severity: 'critical',
        url: 'http://shop/orders/7?a=1',
      },
      { type: 'finding', rule: 'xss', severity: 'low', url: '/orders/8' },
    ],
    { application: 'shop' },
  )
  await estate.report(
    [
      {
        type: 'route',
        state: 'observed',
        method: 'GET',
        pattern: '/orders/:id',
        count: 4,
        status: 200,
      },
    ],
    { application: 'shop', session },
  )
  return { ...estate, app, session, routes: `/applications/${app}/route` }
}

test('a route is shown with its state, its observations and what is wrong with it', async () => {
  const { app, clock, read, routes } = await createRoutes()
  const ms = clock.now.getTime()
  const document = await read(`${routes}?expand=observations,servers,skip_links`)
  const { routes: list, ...counts } = document
  expect(counts).toEqual({
    success: true,
    messages: [],
    count: 2,
    exercisedCount: 1,
    discoveredCount: 1,
    combined_count: 2,
    combined_exercised: 1,
    global_count: 2,
    total_count_except_session_metadata_filter: 2,
    exercised_count_except_session_metadata_filter: 1,
    entrypoint_type_counts: [],
  })
  const [first, second] = list as readonly Record<string, unknown>[]
  expect(first).toEqual({
    app: expect.objectContaining({ app_id: app, name: 'shop' }),
    route_hash: expect.stringMatching(/^\d{1,19}$/),
    route_hash_string: first?.route_hash,
    signature: 'GET /orders/:id',
    status: 'EXERCISED',
    entrypointType: 'HTTP',
    discovered: ms,
    exercised: ms,
    environments: ['QA'],
    servers_total: 1,
    total_observations: 1,
    vulnerabilities: 2,
    critical: 1,
    observations: [{ verb: 'GET', url: '/orders/:id' }],
    server: [expect.objectContaining({ server_id: 1 })],
  })
  expect(second).toMatchObject({ signature: 'POST /orders', status: 'DISCOVERED', exercised: 0 })
})

test('a route is found by the number that its entry shows', async () => {
  const { call, read, routes } = await createRoutes()
  const [hash] = pluck((await read(routes)).routes, 'route_hash')
  expect(await read(`${routes}/${hash}/observations?limitTo=5`)).toEqual({
    success: true,
    messages: [],
    observations: [{ verb: 'GET', url: '/orders/:id' }],
    total: 1,
  })
  expect(await read(`${routes}/${hash}/servers`)).toMatchObject({ total: 1 })
  expect((await call('GET', `${routes}/${hash}/observations`)).status).toBe(400)
  expect((await call('GET', `${routes}/1/servers`)).status).toBe(404)
})

test.each([
  ['filterText=POST', ['POST /orders']],
  ['quickFilter=exercised', ['GET /orders/:id']],
  ['quickFilter=DISCOVERED', ['POST /orders']],
  ['quickFilter=EXCLUDED', []],
  ['serverEnvironments=QA', ['GET /orders/:id', 'POST /orders']],
  ['serverEnvironments=PRODUCTION', []],
  ['serverTags=blue', ['GET /orders/:id', 'POST /orders']],
  ['routeTypes=RPC', []],
  ['startDate=2026-03-01T12:00:00Z', ['GET /orders/:id']],
  ['discoveredStartDate=2026-03-02', []],
  ['sort=-signature&limit=1', ['POST /orders']],
])('route?%s lists %j', async (query, signatures) => {
  const { read, routes } = await createRoutes()
  expect(pluck((await read(`${routes}?${query}`)).routes, 'signature')).toEqual(signatures)
})

test('route/filter tells what a session saw, by its id or its metadata', async () => {
  const { call, routes, session } = await createRoutes()
  const found = async (json?: unknown) => {
    const { body } = await call('POST', `${routes}/filter`, json)
    return pluck((body as { routes: unknown }).routes, 'signature')
  }
  expect(await found()).toHaveLength(2)
  expect(await found({ sessionID: session })).toEqual(['GET /orders/:id'])
  expect(await found({ sessionID: 'none' })).toEqual([])
  const label = (name: string, ...values: string[]) => ({ metadata: [{ label: name, values }] })
  expect(await found(label('branchName', 'main'))).toEqual(['GET /orders/:id'])
  expect(await found(label('Branch Name', 'other', 'main'))).toEqual(['GET /orders/:id'])
  expect(await found(label('branchName', 'other'))).toEqual([])
})

test('routes are excluded, counted again, and forgotten', async () => {
  const { call, read, routes } = await createRoutes()
  const [hash, other] = pluck((await read(routes)).routes, 'route_hash')
  const counts = async () => pluck((await read(`${routes}/filters/quick`)).filters, 'count')
  expect(await counts()).toEqual([2, 1, 1, 0])
  await call('PUT', `${routes}/exclude`, { routeHashes: [hash] })
  expect(await counts()).toEqual([1, 1, 0, 1])
  expect(await read(`${routes}/status`)).toMatchObject({ count: 1, exercisedCount: 0 })
  await call('PUT', `${routes}/include`, { routeHashes: [hash] })
  expect(await counts()).toEqual([2, 1, 1, 0])
  await call('DELETE', `${routes}/${hash}`)
  expect(await counts()).toEqual([1, 1, 0, 0])
  await call('DELETE', `${routes}/bulk`, { routeHashes: [other] })
  expect(await counts()).toEqual([0, 0, 0, 0])
  expect((await call('DELETE', `${routes}/${hash}`)).status).toBe(404)
  expect((await call('DELETE', routes)).status).toBe(200)
})

test('what an application is built with and what stands beside it is told apart', async () => {
  const { app, read, report } = await createRoutes()
  await report(
    [
      { type: 'component', name: 'express', version: '5.0.0', kind: 'framework' },
      { type: 'component', name: 'PostgreSQL', kind: 'database' },
    ],
    { application: 'shop' },
  )
  expect(await read(`/applications/${app}/techs`)).toMatchObject({
    techs: ['PostgreSQL', 'express'],
  })
  expect(await read('/techs?languages=NODE')).toMatchObject({
    techs: [{ tech: 'PostgreSQL' }, { tech: 'express' }],
  })
  expect(await read('/techs?languages=Java')).toMatchObject({ techs: [] })
  expect(await read(`/applications/${app}/components`)).toMatchObject({
    count: 1,
    components: [{ type: 'database', vendor: 'PostgreSQL' }],
  })
})
