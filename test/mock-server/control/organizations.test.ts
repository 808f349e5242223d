import { expect, onTestFinished, test } from 'vitest'
import { createEngine } from '../../../sdk/index.ts'
import { createShop } from '../shop.ts'
import { controlOf } from './control-of.ts'

const API_KEY = 'AAAAAAaaaaaa111111BBBBBBbbbbbb22'
const SERVICE_KEY = 'SSSSSSssssss333333TTTTTTtttttt44'

async function setUp() {
  const { teamServer, shop } = await createShop({ scryptCost: 1_024 })
  onTestFinished(() => teamServer.close())
  const listener = await teamServer.listen({ control: true })
  return { teamServer, shop, listener, control: controlOf(listener) }
}

test('a name is enough, and the answer has what an engine needs', async () => {
  const { teamServer, listener, control } = await setUp()
  const { status, body } = await control.post('/organizations', { name: 'Bank' })
  expect(status).toBe(201)
  const id = expect.stringMatching(/^[0-9a-f-]{36}$/)
  const key = expect.stringMatching(/^[!-~]{32}$/)
  const agent = {
    name: 'default',
    userName: expect.stringMatching(/^agent_[0-9a-f-]{36}@Bank$/),
    serviceKey: key,
    token: expect.any(String),
  }
  expect(body).toEqual({
    success: true,
    messages: [],
    organization: { id, name: 'Bank' },
    agent,
    agentKeys: [agent],
    apiKey: { enabled: false, value: key },
    engineOptions: { url: listener.url, agentUserName: agent.userName, serviceKey: key },
    people: [],
  })
  const { engineOptions, organization } = body as {
    readonly engineOptions: Parameters<typeof createEngine>[0]
    readonly organization: { readonly id: string }
  }
  const engine = createEngine({ ...engineOptions, spoolDirectory: false, logger: false })
  engine.report({ type: 'finding', rule: 'a' })
  await engine.close()
  const made = await teamServer.organization(organization.id)
  expect(await made?.reports()).toMatchObject([{ rule: 'a' }])
})

test('it takes what a seed file has, with fixed keys, people and address ranges', async () => {
  const { teamServer, control } = await setUp()
  const { status, body } = await control.post('/organizations', {
    name: 'Bank',
    id: '5F1C8AD2-6F0E-4B5C-9D41-2A7C0D9E8B31',
    apiKey: { enabled: true, value: API_KEY },
    agentKeys: [{ name: 'staging', serviceKey: SERVICE_KEY }],
    people: [{ role: 'admin', userName: 'admin@bank', password: 'correct-Horse-7' }],
    addressRanges: { ranges: ['10.0.0.0/8'] },
  })
  expect(status).toBe(201)
  expect(body).toMatchObject({
    organization: { id: '5f1c8ad2-6f0e-4b5c-9d41-2a7c0d9e8b31' },
    apiKey: { enabled: true, value: API_KEY },
    agentKeys: [{ name: 'default' }, { name: 'staging', serviceKey: SERVICE_KEY }],
    engineOptions: { organizationApiKey: API_KEY },
    people: [{ role: 'admin', userName: 'admin@bank', password: 'correct-Horse-7' }],
  })
  const made = await teamServer.organization('5f1c8ad2-6f0e-4b5c-9d41-2a7c0d9e8b31')
  expect(made?.addressRanges().ranges).toEqual(['10.0.0.0/8'])
  const login = new Request(`http://127.0.0.1/Contrast/api/ng/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ userName: 'admin@bank', password: 'correct-Horse-7' }),
  })
  expect((await teamServer.handle(login, { remoteAddress: '10.0.0.1' })).status).toBe(200)
})

test('those that are there are listed', async () => {
  const { shop, control } = await setUp()
  expect((await control.get('/organizations')).body).toEqual({
    organizations: [{ id: shop.id, name: 'Shop' }],
  })
})

test.each([
  [{}, 'the organization needs a field name'],
  [{ name: '' }, 'name must not be empty'],
  [{ name: 5 }, 'name must be text'],
  [{ name: 'Bank', colour: 'red' }, 'the organization knows no field colour'],
  [{ name: 'Bank', apiKey: { value: 'short' } }, 'apiKey.value'],
  [{ name: 'Bank', people: [{ role: 'boss' }] }, 'people[0].role must be one of view, edit'],
  [{ name: 'Bank', addressRanges: { ranges: ['x'] } }, 'addressRanges.ranges[0] must be'],
  [[], 'must be a map of fields'],
])('%j is refused by name, and nothing is made', async (body, message) => {
  const { teamServer, control } = await setUp()
  const reply = await control.post('/organizations', body)
  expect(reply.status).toBe(400)
  expect(JSON.stringify(reply.body)).toContain(message)
  expect(await teamServer.organizations()).toHaveLength(1)
})

test('a name or an id that is taken is told, and nothing is made by halves', async () => {
  const { teamServer, shop, control } = await setUp()
  await shop.addPerson({ role: 'view', userName: 'kim' })
  for (const taken of [
    {
      people: [
        { role: 'view', userName: 'lee' },
        { role: 'view', userName: 'kim' },
      ],
    },
    { agentKeys: [{ name: 'a', userName: shop.agent.userName }] },
    { id: shop.id },
  ]) {
    expect(await control.post('/organizations', { name: 'Bank', ...taken })).toMatchObject({
      status: 409,
      body: { reason: 'name-taken' },
    })
  }
  expect(await teamServer.organizations()).toHaveLength(1)
})

test('keys obey the policy that is in force', async () => {
  const { teamServer, control } = await setUp()
  const policy = await teamServer.keyPolicy()
  const weak = { keyLength: 8, minNumbers: 0, minUpperCase: 0, minLowerCase: 0 }
  await teamServer.setKeyPolicy({ ...policy, organizationApiKey: weak })
  const seed = { name: 'Bank', apiKey: { value: 'eightabc' } }
  expect((await control.post('/organizations', seed)).status).toBe(201)
})
