import { beforeAll, expect, test } from 'vitest'
import { createScene, NOW, type Scene, sentenceOf } from './vulnerabilities/scene.ts'

let scene: Scene
let web: string

beforeAll(async () => {
  scene = await createScene()
  web = await scene.appId('web')
  await scene.shop.plant([
    {
      name: 'api',
      language: 'Java',
      servers: [{ name: 'api-1', environment: 'PRODUCTION' }],
      libraries: [
        {
          name: 'log4j-core',
          version: '2.14.1',
          monthsOutdated: 15,
          weaknesses: [{ name: 'CVE-2021-44228', severity: 'critical', description: 'x' }],
        },
      ],
    },
  ])
})

test('the scores of the organization are the average of those of its applications', async () => {
  // web: 100 - 20 - 5 and no library; api: 100 - 10, its one library 100 - 25 - 15.
  expect((await scene.get('/scores')).body).toEqual({
    success: true,
    messages: [],
    scores: {
      grade: 82,
      letter_grade: 'B',
      library_scoring_type: 'DEFAULT',
      overall_scoring_type: 'DEFAULT',
      security: { grade: 83, letter_grade: 'B' },
      platform: { grade: 80, letter_grade: 'B' },
    },
  })
  expect((await scene.get('/scores/security')).body).toMatchObject({ score: { grade: 83 } })
  expect((await scene.get('/scores/platform')).body).toMatchObject({ score: { grade: 80 } })
})

test('breakdowns add up', async () => {
  const body = async (path: string) => (await scene.get(path)).body
  expect(await body('/scores/breakdown/severity')).toMatchObject({
    severity_breakdown: [
      { rule_severity: 'CRITICAL', total_vulnerabilities: 1 },
      { rule_severity: 'HIGH', total_vulnerabilities: 1 },
      { rule_severity: 'MEDIUM', total_vulnerabilities: 1 },
      { rule_severity: 'LOW', total_vulnerabilities: 1 },
      { rule_severity: 'NOTE', total_vulnerabilities: 0 },
    ],
  })
  expect(await body('/scores/breakdown/status')).toMatchObject({
    status_breakdown: expect.arrayContaining([
      { trace_status: 'Reported', total_vulnerabilities: 2 },
      { trace_status: 'Confirmed', total_vulnerabilities: 1 },
      { trace_status: 'Fixed', total_vulnerabilities: 1 },
    ]),
  })
  expect(await body('/scores/breakdown/category')).toMatchObject({
    category_breakdown: [
      { rule_category: 'Injection', total_vulnerabilities: 2 },
      { rule_category: 'Access Control', total_vulnerabilities: 1 },
      { rule_category: 'Session Management', total_vulnerabilities: 1 },
    ],
  })
  expect(await body('/scores/breakdown/server')).toMatchObject({
    types: [{ server_type: 'node.js', total: 2 }],
  })
  expect(await body('/scores/breakdown/trace/severity')).toMatchObject({
    total_vulnerabilities: 4,
    traces_breakdown: expect.arrayContaining([
      { severity: 'LOW', traces: 1, details: { Fixed: { status: 'Fixed', traces: 1 } } },
    ]),
  })
  expect(await body(`/applications/${web}/breakdown/trace`)).toMatchObject({
    trace_breakdown: { traces: 3, safes: 1, confirmed: 1 },
  })
  expect(await body(`/applications/${web}/breakdown/trace/rule?environment=QA`)).toMatchObject({
    total_vulnerabilities: 3,
    traces_breakdown: [
      { rule_name: 'csrf', rule_title: 'Cross-Site Request Forgery', traces: 1 },
      { rule_name: 'httponly' },
      { rule_name: 'sql-injection' },
    ],
  })
  expect(
    await body(`/applications/${web}/breakdown/trace/status?environment=PRODUCTION`),
  ).toMatchObject({ total_vulnerabilities: 0 })
})

test('history is what the scores were', async () => {
  const { body } = await scene.get('/history/scores/interval?interval=WEEK')
  const { security, total } = body as Record<
    'security' | 'total',
    { score: number; timestamp: number }[]
  >
  expect(security).toHaveLength(7)
  expect(security.at(-1)).toEqual({ timestamp: NOW + 1, score: 83 })
  // A week ago there was the critical one and the low one, and nothing of the other application.
  expect(security[0]?.score).toBe(90)
  expect(total.at(-1)?.score).toBe(82)
  const own = await scene.get(`/applications/${web}/history`)
  expect((own.body as { security: object[] }).security).toHaveLength(30)
  const last = await scene.get('/history/scores?limit=2')
  expect((last.body as { security: object[] }).security).toHaveLength(2)
  expect(sentenceOf(await scene.get('/history/scores/interval'))).toContain('interval is missing')
  expect((await scene.get('/history/scores/interval?interval=DAY')).status).toBe(400)
})

test('events tell what happened, newest first', async () => {
  const { body } = await scene.get('/events?limit=3')
  const { activities } = body as {
    activities: { timestamp: number; typeId: string; description: { text: string } }[]
  }
  expect(activities).toHaveLength(3)
  const times = activities.map(({ timestamp }) => timestamp)
  expect(times).toEqual([...times].sort((one, other) => other - one))
  const traces = await scene.get('/events/trace?limit=100')
  const sentences = (traces.body as { activities: typeof activities }).activities.map(
    ({ description }) => description.text,
  )
  expect(sentences).toContain('Delta was found in the application api')
  expect(sentences).toContain('seed marked Charlie of the application web Fixed')
  expect(sentenceOf(await scene.get('/events'))).toContain('limit is missing')
})

test('a search finds by name, and says how many of each kind', async () => {
  const { body } = await scene.get('/search?q=api')
  expect(body).toMatchObject({
    count: 2,
    results: [
      { filterType: 'APPLICATIONS', count: 1, items: [{ name: 'api' }] },
      { filterType: 'SERVERS', count: 1, items: [{ name: 'api-1' }] },
      { filterType: 'VULNERABILITIES', count: 0 },
      { filterType: 'LIBRARIES', count: 0 },
    ],
  })
  expect((await scene.get('/search')).status).toBe(400)
})

test('statistics of the organization', async () => {
  expect((await scene.get('/organizations/stats/application')).body).toMatchObject({
    current: 2,
    high: 1,
    languages: [
      { name: 'Node', count: 1 },
      { name: 'Java', count: 1 },
    ],
  })
  const { body } = await scene.get('/organizations/stats/trace')
  const { total, safe } = body as Record<'total' | 'safe', { count: number }[]>
  expect([total.at(-1)?.count, safe.at(-1)?.count, total.length]).toEqual([4, 1, 30])
})
