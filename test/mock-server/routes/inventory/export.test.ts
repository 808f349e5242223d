import { expect, test } from 'vitest'
import { ask } from '../../ask.ts'
import { fetchFile } from '../bytes.ts'
import { createEstate, pluck } from './estate.ts'

async function createExports() {
  const estate = await createEstate()
  const app = await estate.announce('shop', { name: 'web-1', environment: 'QA' })
  const session = await estate.openSession('shop')
  await estate.report(
    [
      { type: 'route', state: 'discovered', method: 'GET', pattern: '/orders/:id' },
      { type: 'route', state: 'discovered', method: 'POST', pattern: '/orders' },
      { type: 'finding', rule: 'sql-injection', severity: 'critical', url: '/orders/7?a=1' },
      { type: 'finding', rule: 'csrf', hash: 'no-url' },
      { type: 'library', name: 'lodash', version: '4.17.11', license: 'MIT' },
      { type: 'library', name: 'express', version: '5.0.0' },
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
  const { teamServer, shop, viewer } = estate
  const post = async (path: string, json?: unknown) => {
    const { bytes, ...rest } = await fetchFile(teamServer, viewer, `/ng/${shop.id}${path}`, json)
    return { ...rest, text: bytes.toString() }
  }
  const [orders, others] = (await estate.read(`/applications/${app}/route`)).routes as {
    readonly route_hash: string
  }[]
  return {
    ...estate,
    app,
    session,
    post,
    routes: `/applications/${app}/route`,
    numbers: [orders?.route_hash ?? '', others?.route_hash ?? ''] as const,
  }
}

const ROUTE_HEAD =
  '"Route","Status","Discovered","Last Exercised","Requests","Environments","Servers",' +
  '"Vulnerabilities","Critical Vulnerabilities"\r\n'
const ORDERS =
  '"GET /orders/:id","EXERCISED","2026-03-01T12:00:00.000Z","2026-03-01T12:00:00.000Z",4,"QA",1,1,1\r\n'
const NEW_ORDER = '"POST /orders","DISCOVERED","2026-03-01T12:00:00.000Z",,0,"QA",1,0,0\r\n'

test.each(['export/csv', 'bulk/export/filters/csv'])(
  'the routes that a filter finds are exported by %s',
  async (end) => {
    const { post, routes } = await createExports()
    expect(await post(`${routes}/${end}`)).toEqual({
      status: 200,
      contentType: 'text/csv; charset=utf-8',
      disposition: 'attachment; filename="routes-shop.csv"',
      text: ROUTE_HEAD + ORDERS + NEW_ORDER,
    })
    const texts = async (query: string) => (await post(`${routes}/${end}?${query}`)).text
    expect(await texts('sort=-signature')).toBe(ROUTE_HEAD + NEW_ORDER + ORDERS)
    expect(await texts('quickFilter=DISCOVERED')).toBe(ROUTE_HEAD + NEW_ORDER)
    expect(await texts('applicationIds=another')).toBe(ROUTE_HEAD)
    expect((await post(`${routes}/${end}?quickFilter=ODD`)).status).toBe(400)
  },
)

test('some routes are exported, by number, as far as they were seen in a session', async () => {
  const { numbers, post, routes, session } = await createExports()
  const [orders, others] = numbers
  const path = `${routes}/bulk/export/csv`
  expect((await post(`${path}?routeHashes=${others}`)).text).toBe(ROUTE_HEAD + NEW_ORDER)
  const both = `${path}?routeHashes=${orders},${others}`
  expect((await post(both)).text).toBe(ROUTE_HEAD + ORDERS + NEW_ORDER)
  expect((await post(`${both}&agentSessionId=${session}`)).text).toBe(ROUTE_HEAD + ORDERS)
  expect(await post(path)).toMatchObject({
    status: 400,
    text: expect.stringContaining('send routeHashes in the query, or ask for /route/export/csv'),
  })
})

test('the observations of a route are exported, newest first', async () => {
  const { clock, numbers, post, report, routes, session } = await createExports()
  clock.now = new Date(clock.now.getTime() + 60_000)
  const later = { type: 'route', state: 'observed', method: 'GET', pattern: '/orders/:id' }
  await report([{ ...later, count: 1 }], { application: 'shop' })
  const path = `${routes}/${numbers[0]}/observations/export/csv`
  const head = '"Verb","URL","From","Until","Requests","Status"\r\n'
  const first = '"GET","/orders/:id",,"2026-03-01T12:00:00.000Z",4,200\r\n'
  expect((await post(path)).text).toBe(
    `${head}"GET","/orders/:id",,"2026-03-01T12:01:00.000Z",1,\r\n${first}`,
  )
  expect((await post(`${path}?agentSessionId=${session}`)).text).toBe(head + first)
  expect((await post(`${routes}/7/observations/export/csv`)).status).toBe(404)
})

test('routes are exported to be downloaded, by a filter in the body', async () => {
  const { admin, post, routes, shop, teamServer } = await createExports()
  const path = `${routes}/bulk/export/filters/csv/async`
  const { uuid } = JSON.parse((await post(path, { quickFilter: 'EXERCISED' })).text) as {
    readonly uuid: string
  }
  const { authorization } = admin
  const status = `/ng/organizations/${shop.id}/reports/${uuid}/status`
  expect((await ask(teamServer, 'GET', status, { authorization })).body).toMatchObject({
    reportType: 'ROUTE_COVERAGE',
  })
  expect(await post(`/reports/${uuid}/download`)).toEqual({
    status: 200,
    contentType: 'text/csv; charset=utf-8',
    disposition: 'attachment; filename="routes-shop.csv"',
    text: ROUTE_HEAD + ORDERS,
  })
})

test('the routes that a filter finds are excluded, counted again, and forgotten', async () => {
  const { call, read, routes } = await createExports()
  const signatures = async (query: string) =>
    pluck((await read(`${routes}?${query}`)).routes, 'signature')
  const done = { success: true, messages: [] }
  const post = { filterText: 'post' }
  expect((await call('PUT', `${routes}/exclude/bulk`, post)).body).toEqual(done)
  expect(await signatures('quickFilter=EXCLUDED')).toEqual(['POST /orders'])
  expect((await call('PUT', `${routes}/include/bulk`, { filterText: 'get' })).body).toEqual(done)
  expect(await signatures('quickFilter=EXCLUDED')).toEqual(['POST /orders'])
  await call('PUT', `${routes}/include/bulk`)
  expect(await signatures('quickFilter=EXCLUDED')).toEqual([])
  expect((await call('DELETE', `${routes}/bulk/filters?filterText=post`)).body).toEqual(done)
  expect(await signatures('')).toEqual(['GET /orders/:id'])
  const refused = await call('DELETE', `${routes}/bulk/filters?startDate=soon`)
  expect(refused.status).toBe(400)
  expect(await signatures('')).toEqual(['GET /orders/:id'])
})

test('a vulnerability is told with the routes whose pattern its URL fits', async () => {
  const { app, read, shop } = await createExports()
  const found = await shop.vulnerabilities()
  const routesOf = async (rule: string) => {
    const uuid = found.find((each) => each.rule === rule)?.uuid
    const { routes } = await read(`/traces/${app}/trace/${uuid}/routes`)
    return pluck(routes, 'signature')
  }
  expect(await routesOf('sql-injection')).toEqual(['GET /orders/:id'])
  expect(await routesOf('csrf')).toEqual([])
})

test('libraries are exported as CSV or XML', async () => {
  const { post, read } = await createExports()
  const [lodash] = pluck((await read('/libraries')).libraries, 'hash')
  const [, express] = pluck((await read('/libraries')).libraries, 'hash')
  const moments = '"2026-03-01T12:00:00.000Z","2026-03-01T12:00:00.000Z"'
  expect(await post('/libraries/export?sort=fileName')).toEqual({
    status: 200,
    contentType: 'text/csv; charset=utf-8',
    disposition: 'attachment; filename="libraries-Shop.csv"',
    text: [
      '"Library Name","Version","Language","Hash","License","Grade","Score","Latest Version",' +
        '"Months Outdated","CVEs","Applications","First Seen","Last Seen"',
      `"express","5.0.0","Node","${express}",,"A",100,,0,"","shop",${moments}`,
      `"lodash","4.17.11","Node","${lodash}","MIT","A",100,,0,"","shop",${moments}`,
      '',
    ].join('\r\n'),
  })
  const one = await post(`/libraries/export?hashes=${lodash}&exportFileType=xml`)
  expect(one).toMatchObject({
    contentType: 'application/xml; charset=utf-8',
    disposition: 'attachment; filename="libraries-Shop.xml"',
  })
  expect(one.text).toContain('<name>lodash</name>\n    <version>4.17.11</version>')
  expect(one.text).not.toContain('express')
  expect(await post('/libraries/export?exportFileType=XLSX')).toMatchObject({
    status: 400,
    text: expect.stringContaining('exportFileType must be one of CSV, XML'),
  })
})
