import { beforeAll, expect, test } from 'vitest'
import type { Organization, PersonCredentials, TeamServer } from '../../../mock-server/index.ts'
import { ask, type Reply } from '../ask.ts'
import { authorizationOf, createShop, finding } from '../shop.ts'

const REPORTS = '/engine/v1/reports'
const STRANGE = '<script>alert(1)</script>'

let teamServer: TeamServer
let shop: Organization
let admin: PersonCredentials

beforeAll(async () => {
  ;({ teamServer, shop } = await createShop({ limits: { bodyBytes: 2_000 } }))
  admin = await shop.addPerson({ role: 'admin' })
  const other = await teamServer.createOrganization({ name: 'Other', apiKey: { enabled: true } })
  const agent = { authorization: authorizationOf(shop.agent) }
  const json = { reports: [finding('one')] }
  const post = (question: object, path = REPORTS) => ask(teamServer, 'POST', path, question)
  const get = (path: string, question = {}) => ask(teamServer, 'GET', path, question)
  await shop.addAgentKey({ name: STRANGE })
  await ask(teamServer, 'PUT', '/ng/sessions', { ...agent, json: { application: 'old' } })
  await shop.archiveApplication('old')
  const strange = { [STRANGE]: STRANGE }

  answers = {
    'kept reports': await post({ ...agent, json }),
    'a listing': await get(`/ng/${shop.id}/applications`, admin),
    'the key': await get(`/ng/${shop.id}/organizations/apikey`, admin),
    'a configuration': await get(`/ng/${shop.id}/agents/external/default/NODE`, admin),
    'the document': await get('/openapi.json'),
    OPTIONS: await ask(teamServer, 'OPTIONS', REPORTS, agent),
    'route-unknown': await get(`/${encodeURIComponent(STRANGE)}`),
    'method-refused': await get(REPORTS),
    'headers-too-large': await get(`/?${'x'.repeat(9_000)}`),
    'credentials-missing': await post({ json }),
    'credentials-wrong': await post({ authorization: STRANGE, json }),
    'api-key-wrong': await post({
      authorization: authorizationOf(other.agent),
      headers: { 'api-key': STRANGE },
      json,
    }),
    'organization-refused': await post(
      { ...agent, json },
      `/engine/v1/organizations/${STRANGE.replaceAll('/', '')}/reports`,
    ),
    'role-refused': await get(`/ng/${shop.id}/organizations/apikey`, agent),
    'content-type-refused': await post({ ...agent, body: STRANGE }),
    'content-encoding-refused': await post({
      ...agent,
      json,
      headers: { 'content-encoding': 'br' },
    }),
    'body-too-large': await post({ ...agent, json: STRANGE.repeat(200) }),
    'body-malformed': await post({
      ...agent,
      json: { ...strange, batch: STRANGE, reports: [strange] },
    }),
    'a rejected report': await post({
      ...agent,
      json: { reports: [finding('two'), { id: STRANGE, ...strange }] },
    }),
    'not-available': await get(`/ng/${shop.id}/agents/default/JAVA?format=${STRANGE}`, admin),
    'application-archived': await post({ ...agent, json: { ...json, application: 'old' } }),
  }
})

let answers: Readonly<Record<string, Reply>>

test('each refusal of the table is the one it is meant to be', () => {
  const reasons = Object.entries(answers)
    .filter(([, { body }]) => (body as { success?: boolean }).success === false)
    .map(([name, { body }]) => [name, (body as { reason: string }).reason])
  expect(reasons.length).toBe(14)
  for (const [name, reason] of reasons) expect(reason).toBe(name)
})

test('every answer says its type, is not guessed at, is not kept, and names the mock (S-407)', () => {
  for (const [name, { headers }] of Object.entries(answers)) {
    expect({ name, ...headers }).toMatchObject({
      name,
      'content-type': expect.stringMatching(/^(application\/json|text\/[a-z]+); charset=utf-8$/),
      'x-content-type-options': 'nosniff',
      'cache-control': 'no-store',
      'x-mock-teamserver': expect.stringMatching(/^teamserver-engine\/\d/),
    })
    expect(Object.keys(headers)).not.toContain('server')
    expect(Object.keys(headers)).not.toContain('x-powered-by')
  }
})

test('no answer shows a stack, a place on the machine, or what a stranger sent (S-407)', () => {
  for (const [name, { headers, body }] of Object.entries(answers)) {
    if (name === 'the document') continue
    const text = JSON.stringify({ headers, body })
    expect({ name, text }).toEqual({
      name,
      text: expect.not.stringMatching(/ {4}at |\.ts\b|\.js\b|node:|\/home\/|\bscript|alert/),
    })
    expect(text).not.toContain(process.cwd())
  }
})

test('every refusal is JSON of at most 512 bytes with one sentence (matrix 0.3)', () => {
  for (const [name, { body }] of Object.entries(answers)) {
    if ((body as { success?: boolean }).success !== false) continue
    expect(Object.keys(body as object)).toEqual(['success', 'messages', 'reason'])
    expect((body as { messages: string[] }).messages).toEqual([expect.stringMatching(/[A-Za-z]/)])
    expect({ name, size: Buffer.byteLength(JSON.stringify(body)) }).toEqual({
      name,
      size: expect.toSatisfy((size: number) => size <= 512),
    })
  }
})

test.each([
  ['%0d%0aset-cookie:%20a=b'],
  ['\u010aset-cookie: a=b'],
  ['\u560a\u560dset-cookie: a=b'],
])('the name %j of an agent key makes no new header line (S-406)', async (name) => {
  for (const path of ['agents/default/NODE', 'agents/external/default/NODE']) {
    const reply = await ask(teamServer, 'GET', `/ng/${shop.id}/${path}?key=${name}`, admin)
    expect(reply).toMatchObject({ status: 404, body: { reason: 'not-available' } })
    expect(reply.headers['set-cookie']).toBeUndefined()
  }
})

test.each(['__proto__', 'constructor', 'toString'])(
  'a header named %s is ignored (S-405)',
  async (name) => {
    const headers = new Headers({ 'content-type': 'application/json' })
    headers.append(name, 'x')
    headers.append('authorization', authorizationOf(shop.agent))
    const body = JSON.stringify({ reports: [finding('three')] })
    const request = new Request(`http://127.0.0.1/Contrast/api${REPORTS}`, {
      method: 'POST',
      headers,
      body,
    })
    expect((await teamServer.handle(request)).status).toBe(202)
  },
)
