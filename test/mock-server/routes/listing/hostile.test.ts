import { beforeAll, expect, test } from 'vitest'
import type { Organization, TeamServer } from '../../../../mock-server/index.ts'
import { ask } from '../../ask.ts'
import { type Audience, createAudience } from '../../questions/questions.ts'
import { reporterFor } from '../../reporting.ts'
import { createShop } from '../../shop.ts'

let teamServer: TeamServer
let shop: Organization
let audience: Audience

beforeAll(async () => {
  ;({ teamServer, shop } = await createShop({ scryptCost: 1_024 }))
  audience = await createAudience(teamServer, shop)
  const other = await teamServer.createOrganization({ name: 'Other' })
  await other.plant([
    { name: 'foreign', vulnerabilities: [{ rule: 'csrf', title: 'foreign weakness' }] },
  ])
})

/** The lists that public clients call most, with what each of them takes. */
const LISTS = [
  'applications/filter',
  'applications/name',
  'applications',
  'applications/:app/coverage',
  'applications/:app/libraries',
  'applications/:app/route',
  'applications/filters/listing',
  'orgtraces/filter',
  'orgtraces/ids',
  'orgtraces/quick',
  'orgtraces/filter/severity/listing',
  'traces/:app/filter',
  'servertraces/:server/filter',
  'metadata/session/:app/filters',
  'libraries',
  'libraries/filter',
  'servers',
  'servers/filter',
  'events',
  'users',
]

const LONG = 'a'.repeat(4_000)

/** Values that somebody may send to see what happens, in any parameter. */
const VALUES = [
  '-1',
  '-2',
  '0',
  'NaN',
  'Infinity',
  '1e309',
  '1.5',
  '0x10',
  '99999999999999999999',
  '9007199254740993',
  '__proto__',
  'constructor',
  'toString',
  '[object Object]',
  '{"$gt":""}',
  "' OR 1=1 --",
  '(a+)+$',
  '.*',
  '\\',
  '%',
  '\u0000',
  'a\r\nSet-Cookie: x=1',
  '\u202e\ufeff',
  '𝒳é\u0301',
  '2026-13-45T99:99:99Z',
  '8640000000000001',
  '-8640000000000001',
  'foreign',
  '<script>',
  ',,,,',
  LONG,
]

const PARAMETERS = [
  'limit',
  'offset',
  'sort',
  'expand',
  'filterText',
  'q',
  'startDate',
  'endDate',
  'timestampFilter',
  'severities',
  'status',
  'vulnTypes',
  'filterTags',
  'tags',
  'servers',
  'environments',
  'modules',
  'languages',
  'metadataFilters',
  'applicationMetadataFilters',
  'applicationImportances',
  'quickFilter',
  'licensedOnly',
  'tracked',
  'agentSessionId',
  'excludedHashes',
]

function targetOf(list: string, query: URLSearchParams): string {
  const path = list.replace(/:(\w+)/g, (_variable, name) => audience.variables[name] ?? '')
  return `/ng/${shop.id}/${path}?${query}`
}

async function answerTo(list: string, ...pairs: readonly (readonly [string, string])[]) {
  const query = new URLSearchParams(pairs.map(([name, value]): [string, string] => [name, value]))
  const { authorization } = audience.admin
  // Asked for where it has to be there.
  if (list === 'events' && !query.has('limit')) query.set('limit', '5')
  return ask(teamServer, 'GET', targetOf(list, query), { authorization })
}

test.each(LISTS)(
  '%s answers or says what is wrong, whatever is sent in whichever parameter',
  async (list) => {
    const odd: unknown[] = []
    for (const name of PARAMETERS) {
      for (const value of VALUES) {
        const { status, headers, body } = await answerTo(list, [name, value])
        const text = JSON.stringify(body)
        const { messages = [] } = body as { readonly messages?: readonly string[] }
        const isClear = status === 200 || (status === 400 && messages.join().includes(name))
        // Nothing that was sent is told again in a refusal, and nothing of another organization ever.
        const isDiscreet =
          !text.includes('foreign weakness') && (status === 200 || !text.includes(LONG))
        if (!isClear || !isDiscreet || headers['set-cookie'] !== undefined) {
          odd.push({ name, value: value.slice(0, 40), status, text: text.slice(0, 200) })
        }
      }
    }
    expect(odd).toEqual([])
  },
  60_000,
)

test.each(LISTS)('%s takes the same parameter many times and in each form', async (list) => {
  const many = Array.from({ length: 200 }, (_, index) => `${index}`)
  const statuses = new Set<number>()
  for (const name of ['filterTags', 'tags', 'modules', 'servers', 'expand', 'limit', 'sort']) {
    for (const form of [name, `${name}[]`, `${name}[0]`, `${name}[__proto__]`]) {
      const { status } = await answerTo(list, ...many.map((value) => [form, value] as const))
      statuses.add(status)
    }
  }
  expect([...statuses].filter((status) => status !== 200 && status !== 400)).toEqual([])
})

test('a key of prototypes in a filter finds nothing, and changes nothing', async () => {
  const filters = ['__proto__', 'constructor', 'hasOwnProperty'].map((fieldID) =>
    JSON.stringify({ fieldID, values: ['[object Object]', 'true', ''] }),
  )
  for (const filter of filters) {
    for (const name of ['metadataFilters', 'applicationMetadataFilters']) {
      const { status, body } = await answerTo('orgtraces/filter', [name, filter])
      expect({ status, body }).toMatchObject({ status: 200, body: { count: 0, traces: [] } })
    }
  }
  const { authorization } = audience.admin
  for (const word of ['__proto__', 'constructor', 'toString']) {
    const path = `/ng/${shop.id}/orgtraces/filter/${word}/listing`
    expect((await ask(teamServer, 'GET', path, { authorization })).status).toBe(404)
  }
  for (const kind of [
    'applications/filters',
    'traces/filters',
    'servers/filters',
    'libraries/filters',
  ]) {
    const path = `/ng/${shop.id}/${kind}/constructor/listing`
    const { status } = await ask(teamServer, 'GET', path, { authorization })
    expect([400, 404]).toContain(status)
  }
  expect(Object.keys(Object.prototype)).toEqual([])
})

test.each(['__proto__', 'constructor', 'ä\u0301 😀', '=1+1', 'a,b', '<b>', ' spaced '])(
  'the tag %j is a tag like any other',
  async (tag) => {
    const { authorization } = audience.admin
    const call = (method: string, path: string, json?: unknown) =>
      ask(teamServer, method, `/ng/${shop.id}/${path}`, { authorization, json })
    const { trace = '', app = '' } = audience.variables
    await call('PUT', 'tags/traces', { traces_id: [trace], tags: [tag] })
    await call('PUT', 'tags/applications', { applications_id: [app], tags: [tag] })
    const { tags } = (await call('GET', 'tags/traces')).body as { readonly tags: string[] }
    const kept = tags.find((each) => each.trim() === tag.trim()) ?? 'none'
    const found = await answerTo('orgtraces/filter', ['filterTags[]', kept])
    expect(found.body).toMatchObject({ count: 1 })
    await call('DELETE', `tags/trace/${trace}`, { tag: kept })
    expect((await call('GET', 'tags/traces')).body).toMatchObject({ tags: [] })
  },
)

test('a library whose language and integrity are names of prototypes is in the bills of materials', async () => {
  await reporterFor(teamServer, shop)(
    [
      {
        type: 'library',
        name: 'odd',
        version: '1',
        language: 'constructor',
        integrity: 'constructor-AAAA __proto__-AAAA',
      },
    ],
    { application: 'shop' },
  )
  const { authorization } = audience.admin
  for (const format of ['cyclonedx', 'spdx']) {
    const path = `/ng/${shop.id}/applications/${audience.variables.app}/libraries/sbom/${format}`
    const { status, body } = await ask(teamServer, 'GET', path, { authorization })
    expect(status).toBe(200)
    expect(JSON.stringify(body)).toContain('pkg:generic/odd@1')
  }
})
