import { beforeEach, expect, test } from 'vitest'
import { ask } from '../../ask.ts'
import { authorizationOf } from '../../shop.ts'
import { createScene, DAY, NOW, type Scene, sentenceOf } from '../vulnerabilities/scene.ts'

let scene: Scene
let web: string

beforeEach(async () => {
  scene = await createScene()
  web = await scene.appId('web')
})

const engine = async (name: string) =>
  ask(scene.teamServer, 'PUT', '/ng/applications/create', {
    authorization: authorizationOf(scene.shop.agent),
    json: { name, language: 'Node' },
  })

async function namesIn(path: string): Promise<unknown> {
  const { status, body } = await scene.get(path)
  const { applications } = body as { applications?: { name: string }[] }
  return applications?.map(({ name }) => name) ?? status
}

test('an application is shown with the documented names and types', async () => {
  const expand =
    'license,scores,trace_breakdown,coverage,technologies,metadata,routing_frameworks,skip_links'
  const { body } = await scene.get(`/applications/${web}?expand=${expand}`)
  expect(body).toEqual({
    success: true,
    messages: [],
    application: {
      app_id: web,
      name: 'web',
      short_name: 'WEB',
      path: '/',
      language: 'Node',
      archived: false,
      status: 'online',
      created: NOW - 20 * DAY,
      first_seen: NOW - 20 * DAY,
      onboarded_time: NOW - 20 * DAY,
      last_seen: NOW,
      importance: 4,
      importance_description: 'CRITICAL',
      tags: ['retail'],
      total_modules: 1,
      size: 0,
      size_shorthand: '0',
      code: 0,
      code_shorthand: '0',
      assess: true,
      assessPending: false,
      defend: false,
      defendPending: false,
      master: false,
      primary: false,
      parentApplicationId: null,
      notes: '',
      override_url: '',
      metadataEntities: [
        {
          id: 1,
          type: 'STRING',
          agentLabel: 'team',
          fieldName: 'team',
          displayLabel: 'team',
          fieldValue: 'blue',
          required: false,
          unique: false,
        },
      ],
      missingRequiredFields: [],
      validationErrorFields: [],
      license: { level: 'Licensed', start: NOW - 20 * DAY, near_expiration: false },
      scores: {
        grade: 88,
        letter_grade: 'B',
        library_scoring_type: 'DEFAULT',
        overall_scoring_type: 'DEFAULT',
        security: { grade: 75, letter_grade: 'C' },
        platform: { grade: 100, letter_grade: 'A' },
      },
      trace_breakdown: {
        traces: 3,
        criticals: 1,
        highs: 0,
        meds: 1,
        lows: 0,
        notes: 0,
        safes: 1,
        triaged: 2,
        reported: 1,
        suspicious: 0,
        confirmed: 1,
        notProblem: 0,
        remediated: 0,
        fixed: 1,
        remediatedAutoVerified: 0,
      },
      techs: ['express'],
      routes: {
        discovered: 0,
        exercised: 0,
        combinedDiscovered: 0,
        combinedExercised: 0,
        discoveredByUrl: false,
        entryPointTypeCounts: [],
      },
      routingFrameworks: { frameworks: [], supported: false },
    },
  })
})

test.each([
  ['', ['web', 'api']],
  ['?sort=appName', ['api', 'web']],
  ['?sort=-appLanguage', ['web', 'api']],
  ['?sort=appImportance', ['api', 'web']],
  ['?limit=1&offset=1', ['api']],
  ['?limit=1&offset=2', []],
  ['?filterText=W', ['web']],
  ['?filterAppCode=we', ['web']],
  ['?filterLanguages=JAVA', ['api']],
  ['?filterTags=retail,other', ['web']],
  ['?filterTechs=express', ['web']],
  ['?filterServers=2', ['api']],
  ['?filterServers=web-1', ['web']],
  ['?environment=PRODUCTION', ['api']],
  ['?appImportances=CRITICAL', ['web']],
  ['?filterVulnSeverities=HIGH', ['api']],
  ['?scoreLetterGrades=A', ['api']],
  ['?quickFilter=HIGH_RISK', ['web']],
  ['?quickFilter=OFFLINE', []],
  ['?includeOnlyLicensed=True', ['web', 'api']],
  ['?metadataFilters=%7B%22fieldID%22:%22team%22,%22values%22:%5B%22blue%22%5D%7D', ['web']],
])('%s finds %j', async (query, names) => {
  expect(await namesIn(`/applications${query}`)).toEqual(names)
  expect(await namesIn(`/applications/filter${query}`)).toEqual(names)
})

test('a body finds what a query finds', async () => {
  const { body } = await scene.send('POST', '/applications/filter?limit=1', {
    filterLanguages: ['Java', 'Node'],
    filterTags: [],
    quickFilter: 'ALL',
    includeArchived: 'False',
  })
  expect(body).toMatchObject({ count: 2, applications: [{ name: 'web' }] })
  const empty = await ask(
    scene.teamServer,
    'POST',
    `/ng/${scene.shop.id}/applications/filter?expand=license&expand=scores`,
    { authorization: scene.admin.authorization, headers: { 'content-type': 'application/json' } },
  )
  expect(empty).toMatchObject({
    status: 200,
    body: { count: 2, applications: [{ license: { level: 'Licensed' } }, { scores: {} }] },
  })
})

test('the wrong is refused by name, and what is not there is not there', async () => {
  const reply = await scene.get('/applications?sort=age&filterVulnSeverities=BAD&environment=HOME')
  expect(reply.status).toBe(400)
  expect(sentenceOf(reply)).toContain('sort must be one of appName')
  expect(sentenceOf(reply)).toContain('environment must be of DEVELOPMENT, QA, PRODUCTION')
  for (const path of ['', '/license', '/score', '/breakdown/trace', '/coverage', '/history']) {
    const missing = await scene.get(`/applications/nothing${path}`)
    expect([path, missing.status]).toEqual([path, 404])
  }
})

test('names, short forms and what happened last', async () => {
  expect((await scene.get('/applications/name')).body).toMatchObject({
    applications: [{ app_id: web, name: 'web' }, { name: 'api' }],
  })
  expect((await scene.get('/applications/filter/short')).body).toMatchObject({ count: 2 })
  expect(await namesIn('/applications/activity/newest?limit=1')).toEqual(['api'])
  expect(await namesIn('/applications/activity/inactive')).toEqual([])
  scene.teamServer.clock.advance(15 * 60_000)
  await engine('api')
  expect(await namesIn('/applications/activity/recent')).toEqual(['api', 'web'])
  expect(await namesIn('/applications/activity/inactive')).toEqual(['web'])
  expect(await namesIn('/applications?quickFilter=ONLINE')).toEqual(['api'])
  expect((await scene.get('/applications/allowed')).body).toMatchObject({ allowed_apps: 2 })
})

test('values of filters and quick filters are counted', async () => {
  const values = async (type: string) => {
    const { body } = await scene.get(`/applications/filters/${type}/listing`)
    return (body as { filters: { keycode: string; count: number }[] }).filters.map(
      ({ keycode, count }) => [keycode, count],
    )
  }
  expect(await values('languages')).toEqual([
    ['Java', 1],
    ['Node', 1],
  ])
  expect(await values('server-environments')).toEqual([
    ['PRODUCTION', 1],
    ['QA', 1],
  ])
  expect(await values('open-vuln-severity')).toEqual([
    ['CRITICAL', 1],
    ['HIGH', 1],
    ['MEDIUM', 1],
  ])
  expect(await values('scores')).toEqual([
    ['A', 1],
    ['B', 1],
  ])
  const { body } = await scene.get('/applications/filters/quick')
  const { filters } = body as { filters: { filterType: string; count: number }[] }
  expect(Object.fromEntries(filters.map(({ filterType, count }) => [filterType, count]))).toEqual({
    ALL: 2,
    LICENSED: 2,
    UNLICENSED: 0,
    ARCHIVED: 0,
    ONLINE: 2,
    OFFLINE: 0,
    HIGH_RISK: 1,
  })
})

test('an archived application is listed on request alone, and its engine is told to pause', async () => {
  expect((await scene.send('PUT', `/applications/${web}/archive`)).status).toBe(200)
  expect(await namesIn('/applications')).toEqual(['api'])
  expect(await namesIn('/applications?includeArchived=True')).toEqual(['web', 'api'])
  expect(await namesIn('/applications?quickFilter=ARCHIVED')).toEqual(['web'])
  expect(await engine('web')).toMatchObject({
    status: 409,
    body: { success: false, messages: ['Invalid archived application'] },
  })
  expect((await scene.send('PUT', `/applications/${web}/restore`)).status).toBe(200)
  expect((await engine('web')).status).toBe(200)
  const acts = (await scene.shop.auditLog()).map(({ detail }) => detail)
  expect(acts).toContain('archived the application web')
  expect(acts).toContain('restored the application web')
})

test('a reset forgets what was reported, and the application stays', async () => {
  expect((await scene.send('PUT', `/applications/${web}/reset`)).status).toBe(200)
  expect((await scene.get('/orgtraces/filter')).body).toMatchObject({ count: 1 })
  expect((await scene.get(`/applications/${web}`)).body).toMatchObject({
    application: { name: 'web', last_reset: NOW },
  })
})

test('importance and name are set, and a name that is taken is refused', async () => {
  expect(
    (await scene.send('PUT', `/applications/${web}/importance`, { importance: 0 })).status,
  ).toBe(200)
  expect(
    (await scene.send('PUT', `/applications/${web}/importance`, { importance: 5 })).status,
  ).toBe(400)
  expect(
    (await scene.send('PUT', `/applications/${web}/name/display`, { name: 'Shop' })).status,
  ).toBe(200)
  expect((await scene.get(`/applications/${web}`)).body).toMatchObject({
    application: { name: 'Shop', importance_description: 'UNIMPORTANT' },
  })
  // Engines go on under the name that they know.
  expect((await engine('web')).body).toMatchObject({ application: { app_id: web } })
  const taken = { name: 'api' }
  expect((await scene.send('PUT', `/applications/${web}/name/display`, taken)).status).toBe(400)
  expect((await scene.send('POST', `/applications/${web}/name/unique`, taken)).status).toBe(400)
  const free = { name: 'free' }
  expect((await scene.send('POST', `/applications/${web}/name/unique`, free)).status).toBe(200)
})

test('tags of applications are added, listed and taken away', async () => {
  const api = await scene.appId('api')
  const list = async (path: string) => (await scene.get(path)).body
  await scene.send('PUT', '/tags/applications', { applications_id: [web, api], tags: ['x'] })
  expect(await list(`/tags/application/list/${web}`)).toMatchObject({ tags: ['retail', 'x'] })
  expect(await list('/tags/applications/list')).toMatchObject({ tags: ['retail', 'x'] })
  expect(await list(`/tags/applications/bulk?applicationsId=${api}`)).toMatchObject({ tags: ['x'] })
  await scene.send('PUT', '/tags/applications/bulk', {
    applications_id: [web],
    tags: ['y'],
    tags_remove: ['retail'],
  })
  const { body } = await scene.send('DELETE', `/tags/application/${web}`, { tag: 'x' })
  expect(body).toMatchObject({ tags: ['y'] })
  expect((await scene.send('DELETE', '/tags/application/none', { tag: 'x' })).status).toBe(404)
})

test('URLs and the last week of an application', async () => {
  expect((await scene.get(`/applications/${web}/coverage?q=log&limit=5`)).body).toMatchObject({
    count: 1,
    urls: [{ url: '/login', severity: 'MEDIUM', last_time_seen: NOW - 5 * DAY }],
  })
  await scene.shop.plant([
    { name: 'web', routes: [{ pattern: '/login', requests: 12 }, { pattern: '/never' }] },
  ])
  expect((await scene.get(`/applications/${web}/coverage/stats/week`)).body).toMatchObject({
    uris: 1,
    http_calls: 12,
    traces: 2,
  })
})
