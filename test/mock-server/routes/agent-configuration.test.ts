import { beforeEach, expect, test } from 'vitest'
import { parse, parseDocument } from 'yaml'
import type { Organization, TeamServer } from '../../../mock-server/index.ts'
import { ask } from '../ask.ts'
import { authorizationOf, createShop } from '../shop.ts'

let teamServer: TeamServer
let shop: Organization
let authorization: string
let path: string

beforeEach(async () => {
  ;({ teamServer, shop } = await createShop())
  authorization = (await shop.addPerson({ role: 'edit', userName: 'editor' })).authorization
  path = `/ng/${shop.id}/agents/external/default`
})

test.each(['GET', 'POST'])(
  '%s without body and content type answers the YAML with all four keys',
  async (method) => {
    const reply = await ask(teamServer, method, `${path}/NODE`, { authorization })
    expect(reply).toMatchObject({
      status: 200,
      headers: { 'content-type': 'text/yaml; charset=utf-8' },
    })
    expect(parse(String(reply.body))).toEqual({
      api: {
        url: 'http://127.0.0.1/Contrast',
        api_key: shop.apiKey.value,
        service_key: shop.agent.serviceKey,
        user_name: shop.agent.userName,
      },
    })
  },
)

test('POST with an empty body that calls itself JSON is answered all the same', async () => {
  const headers = { 'content-type': 'application/json' }
  const reply = await ask(teamServer, 'POST', `${path}/NODE`, { authorization, headers, body: '' })
  expect(reply.status).toBe(200)
})

test.each(['NODE', 'node', 'Node', 'JAVA', 'DOTNET', 'DOTNET_CORE', 'RUBY', 'PYTHON', 'GO', 'PHP'])(
  'the platform %s has a configuration',
  async (platform) => {
    const headers = { accept: 'text/yaml' }
    const reply = await ask(teamServer, 'GET', `${path}/${platform}`, { authorization, headers })
    expect(reply.status).toBe(200)
  },
)

test('another platform is not available, and the answer names those that are', async () => {
  const reply = await ask(teamServer, 'GET', `${path}/COBOL`, { authorization })
  expect(reply).toMatchObject({ status: 404, body: { reason: 'not-available' } })
  expect(JSON.stringify(reply.body)).toMatch(/NODE.*RUBY/)
})

test.each([
  ['signs that mean something in YAML', 'AAAAAAaaaaaa123456#:{}[]&*!|>%@~'],
  ['more of them', '-?~<<=AAAAAAaaaaaa123456^()_;./\\'],
  ['a word and a number', 'null~trueFALSEyesNO0x1F1e400ABCDE'.slice(0, 32)],
])('a key with %s comes as text, exactly as it is', async (_what, value) => {
  const odd = await teamServer.createOrganization({ name: 'Odd', apiKey: { value } })
  const person = await odd.addPerson({ role: 'edit' })
  const url = `/ng/${odd.id}/agents/external/default/NODE`
  const text = String((await ask(teamServer, 'GET', url, person)).body)
  expect(parse(text).api.api_key).toBe(value)
  expect(parse(text, { version: '1.1' }).api.api_key).toBe(value)
})

test.each([
  ['12345678901234567890123456789012', 'an agent user name of digits'],
  ['0x1F', 'a hexadecimal one'],
  ['1e3', 'one with exponent'],
  ['null', 'one that is a word of YAML'],
  ['2026-03-01', 'a date'],
])('%s stays text (%s)', async (userName) => {
  const ci = await shop.addAgentKey({ name: 'CI', userName })
  const { body } = await ask(teamServer, 'GET', `${path}/NODE?key=CI`, { authorization })
  expect(parse(String(body), { version: '1.1' }).api.user_name).toBe(ci.userName)
})

test('every value is quoted, so that no reader takes one for a number', async () => {
  const { body } = await ask(teamServer, 'GET', `${path}/NODE`, { authorization })
  const document = parseDocument(String(body))
  const lines = String(body).trimEnd().split('\n')
  expect(document.errors).toEqual([])
  expect(lines[0]).toBe('api:')
  expect(lines.slice(1)).toHaveLength(4)
  for (const line of lines.slice(1)) expect(line).toMatch(/^ {2}[a-z_]+: ".*"$/)
})

test('an organization whose name is difficult comes through', async () => {
  const name = `Ünter & Söhne: "x" 'y' \\ ${'long '.repeat(40)}`.trim()
  const difficult = await teamServer.createOrganization({ name })
  const person = await difficult.addPerson({ role: 'edit' })
  const url = `/ng/${difficult.id}/agents/external/default/NODE`
  const { body } = await ask(teamServer, 'GET', url, person)
  expect(parse(String(body)).api.user_name).toBe(difficult.agent.userName)
  // One line a value, for readers that are no YAML parsers.
  expect(String(body).trimEnd().split('\n')).toHaveLength(5)
})

test('?key= picks an agent key by its name', async () => {
  const ci = await shop.addAgentKey({ name: 'CI & more' })
  const url = `${path}/NODE?key=${encodeURIComponent('CI & more')}`
  const { body } = await ask(teamServer, 'GET', url, { authorization })
  expect(parse(String(body)).api).toMatchObject({
    user_name: ci.userName,
    service_key: ci.serviceKey,
  })
  expect((await ask(teamServer, 'GET', `${path}/NODE?key=`, { authorization })).status).toBe(200)
  const unknown = await ask(teamServer, 'GET', `${path}/NODE?key=other`, { authorization })
  expect(unknown).toMatchObject({ status: 404, body: { reason: 'not-available' } })
  await shop.deleteAgentKey('CI & more')
  expect((await ask(teamServer, 'GET', url, { authorization })).status).toBe(404)
})

test('the audit log names who downloaded which key, and no secret', async () => {
  await ask(teamServer, 'GET', `${path}/NODE`, { authorization })
  const entries = (await shop.auditLog()).filter(
    ({ reason }) => reason === 'agent-configuration-downloaded',
  )
  expect(entries).toEqual([
    {
      at: expect.any(Date),
      kind: 'administration',
      reason: 'agent-configuration-downloaded',
      detail: 'downloaded the configuration of the agent key default',
      method: 'GET',
      path: `/Contrast/api${path}/NODE`,
      claimedUserName: 'editor',
    },
  ])
})

test.each([
  ['view', 403],
  ['edit', 200],
  ['rules_admin', 200],
  ['admin', 200],
] as const)('a person of the role %s is answered with %i', async (role, status) => {
  const person = await shop.addPerson({ role })
  expect((await ask(teamServer, 'GET', `${path}/NODE`, person)).status).toBe(status)
})

test('an engine does not download its own configuration', async () => {
  const agent = { authorization: authorizationOf(shop.agent) }
  expect((await ask(teamServer, 'GET', `${path}/NODE`, agent)).status).toBe(403)
})

test('home is the address as JSON text, and versions name the engine', async () => {
  const home = await ask(teamServer, 'GET', `/ng/${shop.id}/agents/home`, { authorization })
  expect(home).toMatchObject({ status: 200, body: 'http://127.0.0.1/Contrast' })
  const listener = await teamServer.listen()
  const later = await ask(teamServer, 'GET', `/ng/${shop.id}/agents/home`, { authorization })
  expect(later.body).toBe(listener.url)
  await teamServer.close()
  const versions = await ask(teamServer, 'GET', `/ng/${shop.id}/agents/versions`, { authorization })
  expect(versions).toMatchObject({ status: 200 })
  expect(versions.body).toEqual({
    success: true,
    messages: [],
    agents: [{ language: 'Node', version: expect.stringMatching(/^\d+\.\d+\.\d+/) }],
    availableHostInstallerAgents: [],
  })
})
