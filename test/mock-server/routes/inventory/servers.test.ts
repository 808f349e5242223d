import { expect, test } from 'vitest'
import { MOCK_VERSION } from '../../../../mock-server/version.ts'
import { createEstate, pluck } from './estate.ts'

const WEB = { name: 'web-1', path: '/srv', type: 'node', environment: 'QA' }
const WORKER = { name: 'worker', path: '/opt', type: 'node', environment: 'production' }

test('a server is shown as the reference and public clients have it', async () => {
  const { announce, read, shop, clock } = await createEstate()
  const app = await announce('shop', { ...WEB, tags: ['blue'] })
  const ms = clock.now.getTime()
  const base = `http://127.0.0.1/Contrast/api/ng/${shop.id}`
  const link = (rel: string, path: string) => ({ rel, href: `${base}${path}`, method: 'GET' })
  expect(await read('/servers/1?expand=applications,num_apps')).toEqual({
    success: true,
    messages: [],
    server: {
      server_id: 1,
      name: 'web-1',
      hostname: 'web-1',
      path: '/srv',
      type: 'node',
      environment: 'QA',
      status: 'ONLINE',
      language: 'Node',
      agent_version: MOCK_VERSION,
      latest_agent_version: MOCK_VERSION,
      out_of_date: false,
      first_activity: ms,
      last_activity: ms,
      last_startup: ms,
      tags: ['blue'],
      assess: true,
      assessPending: false,
      assess_sensors: true,
      defend: false,
      defendPending: false,
      defend_sensors: false,
      noPending: true,
      num_apps: 1,
      applications: [
        {
          app_id: app,
          name: 'shop',
          language: 'Node',
          child: false,
          master: false,
          primary: false,
          parent_app_id: '',
          roles: [],
          total_modules: 1,
          links: [link('self', `/applications/${app}`)],
        },
      ],
      links: [
        link('self', '/servers/1'),
        link('applications', '/applications/filter?filterServers=1'),
        link('traces', '/servertraces/1/filter'),
        link('libraries', '/servers/1/libraries'),
      ],
    },
  })
  expect(await read('/servers/1?expand=skip_links')).not.toHaveProperty('server.links')
})

test('servers are found by what the query says, and in a body in the same way', async () => {
  const { announce, call, read } = await createEstate()
  const app = await announce('shop', { ...WEB, tags: ['blue'] })
  await announce('worker', WORKER)
  const found = async (query: string) => pluck((await read(`/servers?${query}`)).servers, 'name')
  expect(await found('')).toEqual(['web-1', 'worker'])
  expect(await found('q=WEB')).toEqual(['web-1'])
  expect(await found(`applicationsIds=${app.toUpperCase()}`)).toEqual(['web-1'])
  expect(await found('tags=blue,green')).toEqual(['web-1'])
  expect(await found('serverEnvironments[]=Production&q=')).toEqual(['worker'])
  expect(await found('quickFilter=PROTECTED')).toEqual([])
  expect(await found('sort=-serverName')).toEqual(['worker', 'web-1'])
  expect(await found('limit=1&offset=1')).toEqual(['worker'])
  const posted = await call('POST', '/servers/filter?limit=1', {
    serverEnvironments: ['QA', 'PRODUCTION'],
    q: null,
  })
  expect(posted.body).toMatchObject({ count: 2, servers: [{ name: 'web-1' }] })
  expect((await call('POST', '/servers/filter')).body).toMatchObject({ count: 2 })
  expect(await call('GET', '/servers?sort=size&limit=few&quickFilter=SOME')).toMatchObject({
    status: 400,
    body: {
      messages: [
        'The request is malformed: quickFilter must be one of ALL, PROTECTED, UNPROTECTED, ONLINE, OFFLINE, OUT_OF_DATE; sort must be one of serverName, environment, lastActivity, version, with - in front for descending; limit must be a whole number from 0.',
      ],
    },
  })
})

test('a server is offline 50 minutes after the last sign of life of what runs on it', async () => {
  const { announce, clock, read, report } = await createEstate()
  await announce('shop', WEB)
  await announce('worker', WORKER)
  clock.now = new Date(clock.now.getTime() + 49 * 60_000)
  await report([{ type: 'activity' }], { application: 'shop' })
  clock.now = new Date(clock.now.getTime() + 2 * 60_000)
  expect(pluck((await read('/servers')).servers, 'status')).toEqual(['ONLINE', 'OFFLINE'])
  expect(await read('/servers/active')).toMatchObject({ hasActiveServer: true })
  expect((await read('/servers/filters/quick')).filters).toEqual(
    ['ALL', 'PROTECTED', 'UNPROTECTED', 'ONLINE', 'OFFLINE', 'OUT_OF_DATE'].map((name, at) => ({
      filterType: name,
      name,
      count: [2, 0, 2, 1, 1, 0][at],
    })),
  )
  clock.now = new Date(clock.now.getTime() + 49 * 60_000)
  expect(await read('/servers/active')).toMatchObject({ hasActiveServer: false })
})

test('what servers can be filtered by is listed with its counts', async () => {
  const { announce, call, read } = await createEstate()
  const shop = await announce('shop', { ...WEB, tags: ['blue'] })
  await announce('worker', { ...WORKER, tags: ['blue', 'big'] })
  await announce('worker', WEB)
  expect((await read('/servers/filters/listing')).catalogs).toEqual([
    { keycode: 'apps', label: 'Applications', count: 2 },
    { keycode: 'environment', label: 'Environment', count: 2 },
    { keycode: 'tags', label: 'Tags', count: 2 },
    { keycode: 'agentversion', label: 'Agent version', count: 1 },
    { keycode: 'loglevels', label: 'Log level', count: 0 },
  ])
  expect((await read('/servers/filters/TAGS/listing')).filters).toEqual([
    { keycode: 'blue', label: 'blue', count: 2 },
    { keycode: 'big', label: 'big', count: 1 },
  ])
  const posted = await call('POST', '/servers/filters/apps/listing', { q: 'web' })
  expect(pluck((posted.body as { filters: unknown }).filters, 'label')).toEqual(['shop', 'worker'])
  expect(pluck((posted.body as { filters: unknown }).filters, 'keycode')).toContain(shop)
})

test('a server keeps the name that somebody gave it while its engine goes on under its own', async () => {
  const { announce, call, read } = await createEstate()
  await announce('shop', WEB)
  expect((await call('PUT', '/servers/1/name', { name: 'front' })).status).toBe(200)
  await announce('shop', WEB)
  expect((await read('/servers')).servers).toMatchObject([{ name: 'front', hostname: 'web-1' }])
  expect((await call('PUT', '/servers/1/name', { name: '' })).status).toBe(400)
  expect((await call('PUT', '/servers/2/name', { name: 'x' })).status).toBe(404)
})

test('tags are added to servers, listed and removed', async () => {
  const { announce, call, read } = await createEstate()
  const app = await announce('shop', WEB)
  await announce('worker', WORKER)
  await call('PUT', '/tags/servers', { servers_id: [1, '2'], tags: ['b', 'a'] })
  await call('PUT', '/tags/servers', { applications_id: [2], tags: ['c'] })
  await call('PUT', '/tags/servers/bulk', { servers_id: [2], tags: ['d'], tags_remove: ['a'] })
  expect((await read('/tags/servers/list')).tags).toEqual(['a', 'b', 'c', 'd'])
  expect((await read('/tags/server/list/2')).tags).toEqual(['b', 'c', 'd'])
  expect((await read(`/tags/servers/list/application/${app}`)).tags).toEqual(['a', 'b'])
  const bulk = await call('POST', '/tags/servers/bulk', { servers_id: [1] })
  expect(bulk.body).toMatchObject({ tags: ['a', 'b'] })
  const removed = await call('DELETE', '/tags/server/2', { tag: 'c' })
  expect(removed.body).toEqual({ success: true, messages: [], tags: ['b', 'd'] })
})

test('attacks, vulnerabilities, URLs and requests are counted on the server of their application', async () => {
  const { announce, clock, read, report } = await createEstate()
  await announce('shop', WEB)
  await announce('worker', WORKER)
  await report(
    [
      { type: 'attack', rule: 'sql-injection', outcome: 'blocked', url: '/cart' },
      { type: 'attack', rule: 'sql-injection', outcome: 'probed', url: '/cart' },
      { type: 'finding', rule: 'sql-injection', severity: 'high', url: '/cart' },
      { type: 'route', state: 'observed', method: 'GET', pattern: '/cart', count: 5 },
      { type: 'route', state: 'discovered', method: 'GET', pattern: '/pay' },
    ],
    { application: 'shop' },
  )
  await report([{ type: 'attack', rule: 'xss', outcome: 'blocked' }], { application: 'worker' })
  expect(await read('/servers/1/breakdown/attack/status')).toMatchObject({
    total_attacks: 2,
    attack_breakdown: [
      { status: 'BLOCKED', count: 1, details: { 'sql-injection': 1 } },
      { status: 'PROBED', count: 1, details: { 'sql-injection': 1 } },
    ],
  })
  expect(await read('/servers/1/breakdown/attack/type')).toMatchObject({
    attack_breakdown: [{ type: 'sql-injection', count: 2, details: { BLOCKED: 1, PROBED: 1 } }],
  })
  expect(await read('/servers/1/breakdown/trace/severity')).toMatchObject({
    total_vulnerabilities: 1,
    traces_breakdown: [{ severity: 'HIGH', traces: 1, details: { reported: 1 } }],
  })
  expect(await read('/servers/2/breakdown/trace/rule')).toMatchObject({ total_vulnerabilities: 0 })
  const end = clock.now.getTime() + 1
  expect(await read('/servers/1/url?interval=month')).toEqual({
    success: true,
    messages: [],
    start: end - 30 * 86_400_000,
    end,
    urls: 1,
    attack_urls: 1,
    vuln_urls: 1,
    avgUrlsHour: 0,
    avgUrlsMinute: 0,
  })
  const { items } = await read('/servers/1/activity/interval')
  expect(pluck(items, 'count')).toEqual([0, 0, 0, 0, 0, 0, 5])
})

test('the servers of an application are listed, counted and broken down', async () => {
  const { announce, call, clock, read } = await createEstate()
  const app = await announce('shop', WEB)
  await announce('shop', WORKER)
  await announce('other', { ...WEB, name: 'web-2' })
  const servers = `/applications/${app}/servers`
  expect(await read(servers)).toMatchObject({
    count: 2,
    servers: [{ name: 'web-1' }, { name: 'worker' }],
  })
  expect(await read(`${servers}/count`)).toMatchObject({ servers: 2 })
  expect(await read(`${servers}/breakdown`)).toMatchObject({ count: 2, qa: 1, production: 1 })
  expect(await read(`${servers}/newest`)).toMatchObject({ server: { name: 'worker' } })
  expect(await read(`${servers}/settings`)).toMatchObject({ total_servers: 2 })
  expect(await read(`${servers}/settings/environment?environment=QA`)).toMatchObject({
    servers: [{ name: 'web-1', assess: true, defend: false }],
  })
  expect(await read(`${servers}/properties`)).toMatchObject({
    serversProperties: [{ server_id: 1 }, { server_id: 2 }],
  })
  expect(await read('/servers/1/apptraces?orphans=true')).toMatchObject({ applications: [] })
  expect(await read('/servers/3/apptraces?orphans=true')).toMatchObject({
    applications: [{ name: 'other' }],
  })
  expect((await call('GET', '/applications/none/servers')).status).toBe(404)
  clock.now = new Date(clock.now.getTime() + 86_400_000)
  expect(await read('/organizations/stats/server?expand=offline,onboarded&limit=1')).toMatchObject({
    current: 3,
    previous: 0,
    offline: 3,
    onboarded: 3,
    qa: 2,
    prod: 1,
    offline_servers: [{ name: 'web-1' }],
  })
})

test('a loop over pages ends and sees every server once while new ones arrive', async () => {
  const { announce, read } = await createEstate()
  for (let at = 0; at < 7; at++) await announce('shop', { ...WEB, name: `web-${at}` })
  const seen: unknown[] = []
  for (let offset = 0; ; offset += 3) {
    const { servers, count } = await read(`/servers?limit=3&offset=${offset}`)
    seen.push(...pluck(servers, 'server_id'))
    if (offset < 9) await announce('shop', { ...WEB, name: `new-${offset}` })
    if (offset + 3 >= Number(count)) break
  }
  expect(seen).toEqual(Array.from({ length: seen.length }, (_, at) => at + 1))
  expect(seen.length).toBeGreaterThanOrEqual(7)
})
