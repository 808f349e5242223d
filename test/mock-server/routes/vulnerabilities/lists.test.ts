import { beforeAll, expect, test } from 'vitest'
import { ask } from '../../ask.ts'
import { reporterFor } from '../../reporting.ts'
import { createScene, DAY, NOW, type Scene, sentenceOf, titlesIn } from './scene.ts'

let scene: Scene
let web: string

beforeAll(async () => {
  scene = await createScene()
  web = await scene.appId('web')
})

const ALL = ['Alpha', 'Bravo', 'Charlie', 'Delta']

test.each([
  ['', ALL],
  ['?severities=&status=&filterText=&limit=&offset=&sort=&expand=', ALL],
  ['?severities=critical,HIGH', ['Alpha', 'Delta']],
  ['?severities=CRITICAL&severities=Medium', ['Alpha', 'Bravo']],
  ['?severities[]=CRITICAL', ['Alpha']],
  ['?status=Reported', ['Alpha', 'Delta']],
  ['?status=CONFIRMED,Fixed', ['Bravo', 'Charlie']],
  ['?status=NotAProblem', []],
  ['?quickFilter=OPEN', ['Alpha', 'Bravo', 'Delta']],
  ['?quickFilter=closed', ['Charlie']],
  ['?quickFilter=HIGH_SEVERITY', ['Alpha', 'Delta']],
  ['?quickFilter=PENDING_REVIEW', []],
  ['?vulnTypes=csrf', ['Bravo']],
  ['?vulnTypes=SQL Injection', ['Alpha']],
  ['?filterText=ALPH', ['Alpha']],
  ['?filterText=/search', ['Delta']],
  ['?filterTags=urgent', ['Alpha']],
  ['?urls=/login', ['Bravo']],
  ['?modules={web}', ['Alpha', 'Bravo', 'Charlie']],
  ['?applicationID={web}&severities=LOW', ['Charlie']],
  ['?modules=none', []],
  ['?languages=java', ['Delta']],
  ['?technologies=Express', ['Alpha', 'Bravo', 'Charlie']],
  ['?applicationTags=retail', ['Alpha', 'Bravo', 'Charlie']],
  ['?applicationImportances=CRITICAL', ['Alpha', 'Bravo', 'Charlie']],
  ['?applicationImportances=2', ['Delta']],
  ['?environments=PRODUCTION', ['Delta']],
  ['?environments=qa,production', ALL],
  ['?environments=DEVELOPMENT', []],
  ['?servers=1', ['Alpha', 'Bravo', 'Charlie']],
  ['?serverTags=eu', ['Alpha', 'Bravo', 'Charlie']],
  ['?appVersionTags=1.2.0', ['Alpha', 'Bravo', 'Charlie']],
  [`?startDate=${NOW - 3 * DAY}`, ['Alpha', 'Delta']],
  [`?startDate=${NOW - 3 * DAY}&timestampFilter=FIRST`, ['Delta']],
  ['?endDate=2026-02-21T00:00:00Z', ['Charlie']],
  ['?tracked=True', []],
  ['?tracked=true&untracked=True', ALL],
  ['?untracked=True&licensedOnly=False', ALL],
  ['?securityStandards=OWASP_2021', ALL],
  ['?securityStandards=PCI_2', []],
  [
    '?applicationMetadataFilters={"fieldID":"team","values":["blue"]}',
    ['Alpha', 'Bravo', 'Charlie'],
  ],
])('%s finds %j', async (query, titles) => {
  const asked = query.replaceAll('{web}', web).replaceAll('{"', encodeURIComponent('{"'))
  expect(titlesIn(await scene.get(`/orgtraces/filter${asked}`))).toEqual([titles, titles.length])
})

test.each([
  ['sort=title', ALL],
  ['sort=-title', [...ALL].reverse()],
  ['sort=-severity', ['Alpha', 'Delta', 'Bravo', 'Charlie']],
  ['sort=-lastTimeSeen', ['Delta', 'Alpha', 'Bravo', 'Charlie']],
  ['sort=status', ['Bravo', 'Charlie', 'Alpha', 'Delta']],
  ['sort=application.name', ['Delta', 'Alpha', 'Bravo', 'Charlie']],
  ['sort=metadata', ALL],
])('%s lists %j', async (query, titles) => {
  expect(titlesIn(await scene.get(`/orgtraces/filter?${query}`))).toEqual([titles, 4])
})

test.each([
  ['limit=2', ['Alpha', 'Bravo']],
  ['limit=2&offset=2', ['Charlie', 'Delta']],
  ['limit=2&offset=3', ['Delta']],
  ['limit=2&offset=4', []],
  ['limit=0', []],
  ['limit=-1', ALL],
])('the page %s is %j of 4', async (query, titles) => {
  expect(titlesIn(await scene.get(`/orgtraces/filter?${query}`))).toEqual([titles, 4])
})

test.each([
  ['severities=BAD', 'severities must be of NOTE, LOW, MEDIUM, HIGH, CRITICAL'],
  [
    'status=Open',
    'status must be of Reported, Suspicious, Confirmed, NotAProblem, Remediated, Fixed, AutoRemediated',
  ],
  ['limit=ten', 'limit must be a whole number from 0'],
  ['offset=-5', 'offset must be a whole number from 0'],
  ['startDate=yesterday', 'startDate must be ISO 8601 or milliseconds'],
  ['tracked=maybe', 'tracked must be true or false'],
  ['environments=STAGING', 'environments must be of DEVELOPMENT, QA, PRODUCTION'],
  ['metadataFilters=x', 'metadataFilters must hold objects with fieldID and values'],
  [
    'applicationImportances=9',
    'applicationImportances must be of UNIMPORTANT, LOW, MEDIUM, HIGH, CRITICAL',
  ],
])('%s is refused by name', async (query, sentence) => {
  const reply = await scene.get(`/orgtraces/filter?${query}`)
  expect(reply.status).toBe(400)
  expect(sentenceOf(reply)).toBe(`The request is malformed: ${sentence}.`)
})

test('a body finds what a query finds, nulls and empty lists narrow nothing', async () => {
  const bodies: readonly [object, readonly string[]][] = [
    [{}, ALL],
    [{ severities: [], filterText: '', startDate: null, tracked: false, modules: null }, ALL],
    [{ severities: ['CRITICAL'], quickFilter: 'ALL' }, ['Alpha']],
    [{ modules: [web], startDate: String(NOW - 3 * DAY) }, ['Alpha']],
    [{ servers: [1], unknown: 'dropped' }, ['Alpha', 'Bravo', 'Charlie']],
    [{ applicationMetadataFilters: [{ fieldID: 'team', values: ['red'] }] }, []],
  ]
  for (const [body, titles] of bodies) {
    const reply = await scene.send('POST', '/orgtraces/filter', body)
    expect([body, titlesIn(reply)]).toEqual([body, [titles, titles.length]])
  }
  expect((await scene.send('POST', '/orgtraces/filter', { severities: 'HIGH' })).status).toBe(400)
})

test('an application and a server have their own lists, and what is not there has none', async () => {
  expect(titlesIn(await scene.get(`/traces/${web}/filter?limit=1`))).toEqual([['Alpha'], 3])
  expect(titlesIn(await scene.get(`/traces/${web.toUpperCase()}/filter`))).toEqual([
    ['Alpha', 'Bravo', 'Charlie'],
    3,
  ])
  expect(titlesIn(await scene.get('/servertraces/2/filter'))).toEqual([['Delta'], 1])
  for (const path of ['/traces/none/filter', '/servertraces/3/filter', '/servertraces/x/filter']) {
    const reply = await scene.get(path)
    expect(reply).toMatchObject({ status: 404, body: { success: false, reason: 'not-available' } })
  }
})

test('ids come in the same order as the list', async () => {
  const { body } = await scene.get('/orgtraces/ids?sort=-title')
  expect(body).toEqual({
    success: true,
    messages: [],
    traces: await Promise.all(['Delta', 'Charlie', 'Bravo', 'Alpha'].map(scene.uuid)),
  })
})

test('the short list of pages and importers has items', async () => {
  const reply = await ask(
    scene.teamServer,
    'POST',
    `/ng/organizations/${scene.shop.id}/orgtraces/ui?expand=application,session_metadata&offset=1&limit=2&sort=-severity`,
    { authorization: scene.admin.authorization, json: { quickFilter: 'OPEN', modules: [] } },
  )
  expect(reply).toMatchObject({
    status: 200,
    body: {
      success: true,
      count: 3,
      items: [
        { vulnerability: { title: 'Delta', severity: 'HIGH', application: { name: 'api' } } },
        { vulnerability: { title: 'Bravo', statusKeycode: 'Confirmed', ruleName: 'csrf' } },
      ],
    },
  })
})

test('quick filters count what each would find', async () => {
  const { body } = await scene.get(`/traces/${web}/quick?severities=CRITICAL,MEDIUM,LOW`)
  const { filters } = body as {
    filters: { filterType: string; count: number; links: { href: string }[] }[]
  }
  expect(filters.map(({ filterType, count }) => [filterType, count])).toEqual([
    ['ALL', 3],
    ['OPEN', 2],
    ['CLOSED', 1],
    ['HIGH_CONFIDENCE', 3],
    ['HIGH_SEVERITY', 1],
    ['POLICY_VIOLATION', 0],
    ['PENDING_REVIEW', 0],
  ])
  expect(filters[0]?.links[0]?.href).toContain(`/api/ng/${scene.shop.id}/traces/${web}/filter`)
})

test.each([
  [
    'severity',
    [
      ['CRITICAL', 1],
      ['HIGH', 1],
      ['LOW', 1],
      ['MEDIUM', 1],
    ],
  ],
  [
    'status',
    [
      ['Confirmed', 1],
      ['Fixed', 1],
      ['Reported', 2],
    ],
  ],
  [
    'vulntype',
    [
      ['csrf', 1],
      ['reflected-xss', 1],
      ['sql-injection', 1],
      ['httponly', 1],
    ],
  ],
  ['tags', [['urgent', 1]]],
  ['TAGS', [['urgent', 1]]],
  [
    'url',
    [
      ['/login', 1],
      ['/orders?id=1', 1],
      ['/search', 1],
    ],
  ],
  [
    'servers-environment',
    [
      ['PRODUCTION', 1],
      ['QA', 3],
    ],
  ],
  [
    'application-language',
    [
      ['Java', 1],
      ['Node', 3],
    ],
  ],
  [
    'application-importance',
    [
      ['CRITICAL', 3],
      ['MEDIUM', 1],
    ],
  ],
  ['technologies', [['express', 3]]],
  ['security-standard', [['OWASP_2021', 4]]],
  ['sink', []],
])('the values of the filter %s are %j', async (type, values) => {
  const { body } = await scene.get(`/orgtraces/filter/${type}/listing`)
  const { filters } = body as { filters: { keycode: string; count: number }[] }
  expect(filters.map(({ keycode, count }) => [keycode, count]).sort()).toEqual([...values].sort())
})

test('a kind of filter that is none is not there', async () => {
  expect((await scene.get('/orgtraces/filter/colour/listing')).status).toBe(404)
})

/** The three ways in which clients page. */
const LOOPS: readonly [
  string,
  (ask: Scene['get'], report: () => Promise<void>) => Promise<string[]>,
][] = [
  [
    'until a page is empty',
    async (get, report) => {
      const seen: string[] = []
      for (let offset = 0; ; offset += 3) {
        const { body } = await get(`/orgtraces/filter?limit=3&offset=${offset}`)
        const { traces } = body as { traces: { uuid: string }[] }
        if (traces.length === 0) return seen
        seen.push(...traces.map(({ uuid }) => uuid))
        if (offset < 9) await report()
      }
    },
  ],
  [
    'until offset and page reach the count',
    async (get, report) => {
      const seen: string[] = []
      for (let offset = 0, count = 1; offset < count; offset += 3) {
        const { body } = await get(`/orgtraces/filter?limit=3&offset=${offset}`)
        const page = body as { traces: { uuid: string }[]; count: number }
        seen.push(...page.traces.map(({ uuid }) => uuid))
        count = page.count
        if (offset < 9) await report()
      }
      return seen
    },
  ],
]

/** Everything that was there is seen, and nothing twice; what comes meanwhile may be. */
function expectOnce(seen: readonly string[], before: readonly string[], after: readonly string[]) {
  expect(after.length).toBeGreaterThan(before.length + 3)
  expect(new Set(seen).size).toBe(seen.length)
  expect(seen.slice(0, before.length)).toEqual(before)
  expect(after).toEqual(expect.arrayContaining([...seen]))
  expect(seen.length).toBeGreaterThan(before.length)
}

const uuidsIn = async ({ shop }: Scene) => (await shop.vulnerabilities()).map(({ uuid }) => uuid)

test.each(LOOPS)(
  'a loop %s ends, and sees everything once while new ones arrive',
  async (_how, loop) => {
    const busy = await createScene()
    const tell = reporterFor(busy.teamServer, busy.shop)
    const before = await uuidsIn(busy)
    let count = 0
    const seen = await loop(busy.get, () =>
      tell(
        [
          // New ones, an old one again, and one that waited on a disk for a year.
          { type: 'finding', rule: 'xxe', url: `/${++count}` },
          { type: 'finding', rule: 'sql-injection', url: '/orders', at: NOW },
          { type: 'finding', rule: 'ssrf', url: `/${count}`, at: NOW - 365 * DAY },
        ],
        { application: 'web' },
      ),
    )
    expectOnce(seen, before, await uuidsIn(busy))
  },
)

test('a loop until the last page ends, and sees everything once while new ones arrive', async () => {
  const busy = await createScene()
  const tell = reporterFor(busy.teamServer, busy.shop)
  const before = await uuidsIn(busy)
  const seen: string[] = []
  for (let page = 0, isLast = false; !isLast; page++) {
    const path = `/v4/organizations/${busy.shop.id}/vulnerabilities?page=${page}&size=2`
    const { authorization } = busy.admin
    const { body } = await ask(busy.teamServer, 'GET', path, { authorization })
    const { content, last } = body as { content: { id: string }[]; last: boolean }
    seen.push(...content.map(({ id }) => id))
    isLast = last
    if (page > 3) continue
    const rules = ['xxe', 'ssrf']
    const reports = rules.map((rule) => ({ type: 'finding', rule, url: `/${page}` }))
    await tell(reports, { application: 'web' })
  }
  expectOnce(seen, before, await uuidsIn(busy))
})
