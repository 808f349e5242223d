import { expect, onTestFinished, test } from 'vitest'
import { ask } from '../../ask.ts'
import { fetchFile } from '../bytes.ts'
import { createEstate } from '../inventory/estate.ts'
import { createScene, sentenceOf } from '../vulnerabilities/scene.ts'

interface Log {
  readonly runs: readonly {
    readonly tool: { readonly driver: { readonly rules: readonly { readonly id: string }[] } }
    readonly results: readonly Readonly<Record<string, unknown>>[]
  }[]
}

async function createLogs() {
  const scene = await createScene()
  onTestFinished(() => scene.teamServer.close())
  const { teamServer, shop, admin } = scene
  const path = `/ng/organizations/${shop.id}/applications/${await scene.appId('web')}/sarif`
  const post = (json: unknown, end = '') =>
    ask(teamServer, 'POST', `${path}${end}`, { authorization: admin.authorization, json })
  const results = async (json: object) =>
    ((await post({ toolTypes: ['ASSESS'], ...json })).body as Log).runs[0]?.results ?? []
  return { ...scene, post, results }
}

test('an application is told as SARIF 2.1.0', async () => {
  const { post, uuid } = await createLogs()
  const { status, headers, body } = await post({ toolTypes: ['ASSESS'], quickFilter: 'OPEN' })
  expect([status, headers['content-type'], headers['content-disposition']]).toEqual([
    200,
    'application/json; charset=utf-8',
    'attachment; filename="web.sarif"',
  ])
  expect(body).toEqual({
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        columnKind: 'utf16CodeUnits',
        tool: {
          driver: {
            name: 'teamserver-engine mock TeamServer',
            version: expect.stringMatching(/^\d+\.\d+\.\d+/),
            rules: [
              {
                id: 'sql-injection',
                shortDescription: { text: 'SQL Injection' },
                fullDescription: { text: expect.stringContaining('database') },
                help: { text: expect.stringContaining('prepared statement') },
                helpUri: 'https://cwe.mitre.org/data/definitions/89.html',
                properties: {
                  tags: ['security', 'external/cwe/cwe-89'],
                  'security-severity': '9.5',
                },
              },
              expect.objectContaining({ id: 'csrf' }),
            ],
          },
        },
        results: [
          {
            ruleId: 'sql-injection',
            ruleIndex: 0,
            level: 'error',
            message: { text: 'Alpha at /orders?id=1' },
            locations: [{ physicalLocation: { artifactLocation: { uri: '/orders?id=1' } } }],
            partialFingerprints: { 'vulnerabilityUuid/v1': await uuid('Alpha') },
            properties: {
              application: 'web',
              severity: 'CRITICAL',
              status: 'Reported',
              firstSeen: '2026-02-19T12:00:00.000Z',
              lastSeen: '2026-02-27T12:00:00.000Z',
              tags: ['urgent'],
            },
          },
          expect.objectContaining({ ruleId: 'csrf', ruleIndex: 1, level: 'warning' }),
        ],
      },
    ],
  })
})

test('what people closed is told as suppressed', async () => {
  const { results } = await createLogs()
  const all = await results({})
  expect(all.map(({ message, suppressions }) => [message, suppressions])).toEqual([
    [{ text: 'Alpha at /orders?id=1' }, undefined],
    [{ text: 'Bravo at /login' }, undefined],
    [{ text: 'Charlie' }, [{ kind: 'external', justification: 'Fixed' }]],
  ])
  expect(await results({ severities: ['LOW'] })).toHaveLength(1)
  expect(await results({ severities: ['LOW'], quickFilter: 'OPEN' })).toEqual([])
  expect(await results({ metadataFilters: [{ fieldID: 'branchName', values: ['main'] }] })).toEqual(
    [],
  )
})

test('a result stands where the stack says, in the code of the application', async () => {
  const { announce, report, call } = await createEstate()
  const app = await announce('shop')
  const stacks = [
    ['at next (node_modules/express/router.js:1:1)', 'at setCookie (src/my shop/[id].js:7:3)'],
    'at async file:///srv/shop.mjs:12:9',
    ['at <anonymous>'],
    [`at ${'x'.repeat(2_000)}`],
  ]
  const reports = stacks.map((stack, index) => ({
    type: 'finding',
    rule: 'csrf',
    hash: `h${index}`,
    url: '/a b|ü',
    stack,
  }))
  await report(reports, { application: 'shop' })
  const path = `/organizations/:org/applications/${app}/sarif`
  const { body } = await call('POST', path, { toolTypes: ['ASSESS'] })
  const places = (body as Log).runs[0]?.results.map(({ locations }) => locations)
  const at = (physicalLocation: object) => [{ physicalLocation }]
  const url = at({ artifactLocation: { uri: '/a%20b%7C%C3%BC' } })
  expect(places).toEqual([
    at({ artifactLocation: { uri: 'shop/%5Bid%5D.js' }, region: { startLine: 7 } }),
    at({ artifactLocation: { uri: 'file:///srv/shop.mjs' }, region: { startLine: 12 } }),
    url,
    url,
  ])
})

test('known weaknesses of libraries are those of the tool SCA', async () => {
  const { post, shop } = await createLogs()
  const description = 'deserialization of text'
  await shop.plant([
    {
      name: 'web',
      libraries: [
        {
          name: 'log4j',
          version: '2.14.0',
          weaknesses: [{ name: 'CVE-2021-44228', description, severity: 'critical' }],
        },
      ],
    },
  ])
  const { body } = await post({ toolTypes: ['SCA'] })
  expect((body as Log).runs[0]).toMatchObject({
    tool: { driver: { rules: [{ id: 'CVE-2021-44228', fullDescription: { text: description } }] } },
    results: [
      {
        ruleId: 'CVE-2021-44228',
        level: 'error',
        message: { text: 'CVE-2021-44228 in log4j 2.14.0' },
      },
    ],
  })
  const low = await post({ toolTypes: ['SCA'], severities: ['LOW'] })
  expect((low.body as Log).runs[0]?.results).toEqual([])
})

test('a log is made to be downloaded, and is the same', async () => {
  const { teamServer, shop, admin, post } = await createLogs()
  const json = { toolTypes: ['ASSESS'], severities: ['CRITICAL', 'HIGH'] }
  const { body } = await post(json, '/async')
  const { uuid } = body as { readonly uuid: string }
  const status = await ask(
    teamServer,
    'GET',
    `/ng/organizations/${shop.id}/reports/${uuid}/status`,
    {
      authorization: admin.authorization,
    },
  )
  expect(status.body).toMatchObject({ reportType: 'SARIF', status: 'ACTIVE' })
  const { downloadUrl } = status.body as { readonly downloadUrl: string }
  const { bytes, ...rest } = await fetchFile(teamServer, admin, downloadUrl)
  expect(rest).toEqual({
    status: 200,
    contentType: 'application/json; charset=utf-8',
    disposition: 'attachment; filename="web.sarif"',
  })
  expect(JSON.parse(bytes.toString())).toEqual((await post(json)).body)
})

test.each([
  [{}, /toolTypes/],
  [{ toolTypes: [] }, /toolTypes must hold one of ASSESS, SCA/],
  [{ toolTypes: ['DAST'] }, /toolTypes must be of ASSESS, SCA/],
  [{ toolTypes: ['ASSESS'], severities: ['SEVERE'] }, /severities must be of NOTE/],
])('%j is refused with what it may be', async (json, sentence) => {
  const { post } = await createLogs()
  for (const end of ['', '/async']) {
    const reply = await post(json, end)
    expect(reply.status).toBe(400)
    expect(sentenceOf(reply)).toMatch(sentence)
  }
})
