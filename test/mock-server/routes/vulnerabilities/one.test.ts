import { beforeAll, expect, test } from 'vitest'
import { askAt } from '../../ask.ts'
import { createScene, DAY, NOW, type Scene } from './scene.ts'

let scene: Scene
let web: string
let alpha: string

beforeAll(async () => {
  scene = await createScene()
  web = await scene.appId('web')
  alpha = await scene.uuid('Alpha')
})

test('a vulnerability is shown with the documented names and types', async () => {
  const { body } = await scene.get(`/traces/${web}/filter/${alpha}?expand=skip_links`)
  expect(body).toEqual({
    success: true,
    messages: [],
    trace: {
      uuid: alpha,
      vulnerability_uuid: alpha,
      instance_uuid: alpha,
      title: 'Alpha',
      sub_title: 'at /orders?id=1',
      rule_name: 'sql-injection',
      rule_title: 'SQL Injection',
      category: 'Injection',
      category_label: 'Injection',
      severity: 'CRITICAL',
      severity_label: 'Critical',
      default_severity: 'CRITICAL',
      default_severity_label: 'Critical',
      impact: 'High',
      impact_label: 'High',
      likelihood: 'High',
      likelihood_label: 'High',
      confidence: 'High',
      confidence_label: 'High',
      status: 'Reported',
      status_keycode: 'Reported',
      sub_status: '',
      first_time_seen: NOW - 10 * DAY,
      last_time_seen: NOW - 2 * DAY,
      last_vuln_time_seen: NOW - 2 * DAY,
      closed_time: null,
      discovered: NOW - 10 * DAY,
      total_traces_received: 3,
      total_notes: 0,
      tags: ['urgent'],
      app_version_tags: ['1.2.0'],
      language: 'Node',
      license: 'Licensed',
      organization_name: 'Shop',
      visible: true,
      hasParentApp: false,
      reported_to_bug_tracker: false,
      bugtracker_tickets: [],
      violations: [],
      evidence: 'select 1',
    },
  })
})

test.each([
  'expand=application,servers,request,events,notes,session_metadata,sink,vulnerability_instances',
  'expand=application&expand=servers&expand=request,events&expand=notes&expand=session_metadata&expand=sink&expand=vulnerability_instances',
  'expand[]=application&expand[]=servers&expand[]=request&expand[]=events&expand[]=notes&expand[]=session_metadata&expand[]=sink&expand[]=vulnerability_instances',
])('%s shows more of it', async (query) => {
  const { body } = await scene.get(`/orgtraces/filter/${alpha.toLowerCase()}?${query}`)
  const { trace } = body as { trace: Record<string, unknown> }
  expect(trace).toMatchObject({
    application: {
      app_id: web,
      name: 'web',
      language: 'Node',
      importance_description: 'CRITICAL',
    },
    servers: [{ server_id: 1, name: 'web-1', environment: 'QA' }],
    server_environments: ['QA'],
    request: {
      method: 'POST',
      protocol: 'http',
      port: 8443,
      uri: '/orders',
      queryString: 'id=1',
      headers: [{ name: 'Host', value: 'shop.test:8443' }],
      parameters: [{ name: 'id', value: '1' }],
      body: 'item=7',
    },
    events: [
      { eventId: 1, type: 'Creation' },
      { eventId: 2, type: 'Trigger' },
    ],
    notes: [],
    session_metadata: [],
    sink: { hasSink: false },
    vulnerability_instances: [{ uuid: alpha, timestamp: NOW - 2 * DAY }],
  })
  const links = trace.links as { rel: string; href: string; method: string }[]
  const self = links.find(({ rel }) => rel === 'self')
  expect(self?.href).toBe(
    `http://127.0.0.1/Contrast/api/ng/${scene.shop.id}/traces/${web}/filter/${alpha}`,
  )
  // Each link that reads leads somewhere.
  for (const { href, method } of links.filter((each) => each.method === 'GET')) {
    const { pathname } = new URL(href)
    const { authorization } = scene.admin
    const reply = await askAt(scene.teamServer, method, pathname, { authorization })
    expect([pathname, reply.status]).toEqual([pathname, 200])
  }
})

test('what is told about it is its story, what to do, its events and its request', async () => {
  const told = async (path: string) => (await scene.get(`/traces/${alpha}/${path}`)).body
  expect(await told('story')).toMatchObject({
    success: true,
    story: {
      chapters: [
        { type: 'source' },
        { type: 'location', body: 'select 1' },
        { type: 'recreation' },
      ],
      risk: { text: expect.stringContaining('database') },
    },
  })
  expect(await told('recommendation')).toMatchObject({
    recommendation: { text: expect.stringContaining('prepared') },
    cwe: 'https://cwe.mitre.org/data/definitions/89.html',
    owasp: 'https://owasp.org/Top10/A03_2021',
  })
  expect(await told('httprequest')).toMatchObject({
    http_request: { text: 'POST /orders?id=1 HTTP/1.1\r\nHost: shop.test:8443\r\n\r\nitem=7' },
  })
  expect(await told('httprequest/details')).toMatchObject({ http_request: { body: 'item=7' } })
  const { events } = (await told('events/summary')) as { events: { eventId: number }[] }
  expect(events).toHaveLength(2)
  for (const { eventId } of events) {
    expect(await told(`events/${eventId}/details`)).toMatchObject({
      success: true,
      event: { stacktraces: [], parameters: [] },
    })
  }
  expect((await scene.get(`/traces/${alpha}/events/3/details`)).status).toBe(404)
})

test('one without a request says so', async () => {
  const charlie = await scene.uuid('Charlie')
  expect((await scene.get(`/traces/${charlie}/httprequest`)).body).toEqual({
    success: true,
    messages: [],
    http_request: null,
    reason: 'No HTTP request was reported with it.',
  })
})

test('around it stand its servers, its short form, and whether it may be looked at', async () => {
  const { body } = await scene.get(`/traces/${web}/trace/${alpha}/servers`)
  expect(body).toMatchObject({ servers: [{ server_id: 1, total_traces_received: 3 }] })
  expect((await scene.get(`/orgtraces/${alpha}/short`)).body).toMatchObject({
    trace: { uuid: alpha, app_id: web, ruleName: 'sql-injection', severity: 'CRITICAL' },
  })
  expect((await scene.get(`/servertraces/1/${alpha}/visible`)).body).toMatchObject({
    visible: true,
  })
  expect((await scene.get('/traces/alp')).body).toMatchObject({ traces: [{ title: 'Alpha' }] })
})

test.each([
  '/orgtraces/filter/AAAA-BBBB-CCCC-DDDD',
  '/traces/{api}/filter/{alpha}',
  '/servertraces/2/filter/{alpha}',
  '/traces/AAAA-BBBB-CCCC-DDDD/story',
  '/applications/{api}/traces/{alpha}/notes',
  '/orgtraces/none/visible',
])('there is nothing at %s', async (path) => {
  const asked = path.replace('{api}', await scene.appId('api')).replace('{alpha}', alpha)
  expect(await scene.get(asked)).toMatchObject({
    status: 404,
    body: {
      success: false,
      messages: ['This is not available here: there is no vulnerability of this id.'],
    },
  })
})

test('of an application without a license there are vulnerabilities, and no details', async () => {
  const other = await createScene()
  const uuid = await other.uuid('Delta')
  await other.send('PUT', `/applications/${await other.appId('api')}/license`, {
    level: 'Unlicensed',
  })
  expect((await other.get('/orgtraces/filter')).body).toMatchObject({ count: 4, licensedCount: 3 })
  expect((await other.get(`/orgtraces/${uuid}/visible`)).body).toMatchObject({ visible: false })
  expect((await other.get(`/traces/${uuid}/story`)).status).toBe(403)
})

test.each(['/api/v4', '/Contrast/api/v4'])('version 4 is served at %s', async (base) => {
  const { authorization } = scene.admin
  const path = `${base}/organizations/${scene.shop.id}/vulnerabilities`
  const { body } = await askAt(scene.teamServer, 'GET', `${path}?size=3&page=1&sort=title`, {
    authorization,
  })
  expect(body).toMatchObject({
    content: [
      { title: 'Delta', severity: 'HIGH', status: 'Reported', programmingLanguage: 'Java' },
    ],
    number: 1,
    size: 3,
    numberOfElements: 1,
    totalElements: 4,
    totalPages: 2,
    first: false,
    last: true,
    empty: false,
  })
  const one = await askAt(scene.teamServer, 'GET', `${path}/${alpha}`, { authorization })
  expect(one.body).toMatchObject({
    vulnerability: {
      id: alpha,
      firstSeenTime: new Date(NOW - 10 * DAY).toISOString(),
      closedTime: null,
    },
  })
  const wrong = await askAt(scene.teamServer, 'GET', `${path}?size=0`, { authorization })
  expect(wrong.status).toBe(400)
})
