import { beforeEach, expect, test } from 'vitest'
import { parse } from 'yaml'
import { createTeamServer, type Organization, type TeamServer } from '../../mock-server/index.ts'
import {
  ADMIN_AUTHORIZATION,
  ADMIN_KEY,
  AGENT_AUTHORIZATION,
  AGENT_TOKEN,
  AGENT_USER_NAME,
  API_KEY,
  ORGANIZATION_ID,
  SERVICE_KEY,
} from './literals.ts'

let teamServer: TeamServer
let shop: Organization

beforeEach(async () => {
  teamServer = createTeamServer()
  shop = await teamServer.createOrganization({
    name: 'Shop',
    id: ORGANIZATION_ID,
    apiKey: { enabled: true, value: API_KEY },
    agentKeys: [{ name: 'default', serviceKey: SERVICE_KEY }],
  })
  await shop.addPerson({ role: 'admin', userName: 'boss', serviceKey: ADMIN_KEY })
})

/** Sends a request as it would be written down, without the line of its host. */
async function send(
  written: string,
): Promise<{ status: number; text: string; type: string | null }> {
  const [head = '', ...body] = written.split('\n\n')
  const [line = '', ...lines] = head.split('\n')
  const [method = '', target = ''] = line.split(' ')
  const headers = lines.map((each): [string, string] => {
    const colon = each.indexOf(': ')
    return [each.slice(0, colon), each.slice(colon + 2)]
  })
  const response = await teamServer.handle(
    new Request(`http://127.0.0.1${target}`, {
      method,
      headers,
      ...(body.length === 0 ? {} : { body: body.join('\n\n') }),
    }),
  )
  const type = response.headers.get('content-type')
  return { status: response.status, text: await response.text(), type }
}

const AGENT = `Authorization: ${AGENT_AUTHORIZATION}\nAPI-Key: ${API_KEY}`
const ADMIN = `Authorization: ${ADMIN_AUTHORIZATION}\nAPI-Key: ${API_KEY}`
const CREATE = `PUT /Contrast/api/ng/applications/create\n${AGENT}\nContent-Type: application/json

{"name": "shop", "language": "Node", "server": {"name": "web-1", "path": "/", "type": "node.js", "environment": "QA"}}`

test('an application is created with PUT /ng/applications/create', async () => {
  const { status, text } = await send(CREATE)
  const [application] = await shop.applications()
  expect({ status, text }).toEqual({
    status: 201,
    text: `{"success":true,"messages":[],"application":{"app_id":"${application?.id}","name":"shop"}}`,
  })
})

test('an archived application is answered with the documented 409', async () => {
  await send(CREATE)
  await shop.archiveApplication('shop')
  const { status, text } = await send(CREATE)
  expect(status).toBe(409)
  const { success, messages } = JSON.parse(text)
  expect({ success, messages }).toEqual({
    success: false,
    messages: ['Invalid archived application'],
  })
})

test('a session is opened with PUT /ng/sessions and answered with session_id', async () => {
  const { status, text } = await send(`PUT /Contrast/api/ng/sessions
${AGENT}
Content-Type: application/json

{"application": "shop", "metadata": {"branchName": "main"}}`)
  const [session] = await shop.sessions()
  expect({ status, text }).toEqual({
    status: 200,
    text: `{"success":true,"messages":[],"session_id":"${session?.id}","settings":{"activityPeriodMs":30000,"heartbeatPeriodMs":300000}}`,
  })
})

test('reports are sent with POST /engine/v1/reports', async () => {
  const { status, text } = await send(`POST /Contrast/api/engine/v1/reports
${AGENT}
Content-Type: application/json

{"batch": "b-1", "reports": [
  {"id": "r-1", "type": "finding", "rule": "cookie-flags-missing", "severity": "medium"},
  {"id": "r-2", "type": "finding"},
  {"id": "r-1", "type": "finding", "rule": "cookie-flags-missing", "severity": "medium"}
]}`)
  expect({ status, text }).toEqual({
    status: 202,
    text: '{"success":true,"messages":[],"batch":"b-1","added":1,"known":1,"rejected":[{"index":1,"id":"r-2","reason":"rule is missing"}]}',
  })
  expect(await shop.reports()).toEqual([
    { id: 'r-1', type: 'finding', rule: 'cookie-flags-missing', severity: 'medium' },
  ])
})

test('hashes are asked for with POST /engine/v1/preflight, signs of life are given beside it', async () => {
  const preflight = await send(`POST /Contrast/api/engine/v1/preflight
${AGENT}
Content-Type: application/json

{"hashes": ["h-1"]}`)
  expect(preflight).toMatchObject({
    status: 200,
    text: '{"success":true,"messages":[],"wanted":["h-1"]}',
  })
  const heartbeat = await send(`POST /Contrast/api/engine/v1/heartbeat
${AGENT}
Content-Type: application/json

{"session": "s-1", "counters": {"given": 1}}`)
  expect(heartbeat).toMatchObject({
    status: 200,
    text: '{"success":true,"messages":[],"settings":{"activityPeriodMs":30000,"heartbeatPeriodMs":300000}}',
  })
})

test.each([
  ['/Contrast/api/engine/v1/organizations/{org}/reports', 'POST', '{"reports": []}', 202],
  ['/Contrast/api/engine/v1/organizations/{org}/preflight', 'POST', '{"hashes": []}', 200],
  ['/Contrast/api/engine/v1/organizations/{org}/heartbeat', 'POST', '{"counters": {}}', 200],
  ['/Contrast/api/ng/{org}/sessions', 'PUT', '{"application": "shop"}', 200],
  [
    '/Contrast/api/ng/{org}/applications/create',
    'PUT',
    '{"name": "shop", "language": "Node"}',
    201,
  ],
])('%s answers with the organization named', async (path, method, body, status) => {
  const target = path.replace('{org}', '0f1e2d3c-0000-4000-8000-00000000000a')
  const written = `${method} ${target}\n${AGENT}\nContent-Type: application/json\n\n${body}`
  expect((await send(written)).status).toBe(status)
})

test('the refusals of both layers are 401, with the body of every answer', async () => {
  const line = 'GET /Contrast/api/ng/0f1e2d3c-0000-4000-8000-00000000000a/applications'
  expect(await send(line)).toMatchObject({
    status: 401,
    text: '{"success":false,"messages":["Credentials are missing: send Authorization."],"reason":"credentials-missing"}',
  })
  expect(await send(`${line}\nAuthorization: ${ADMIN_AUTHORIZATION}\nAPI-Key: demo`)).toMatchObject(
    {
      status: 401,
      text: '{"success":false,"messages":["The organization API key was not accepted: send API-Key."],"reason":"api-key-wrong"}',
    },
  )
  expect(await send(`${line}\n${AGENT}`)).toMatchObject({
    status: 403,
    text: '{"success":false,"messages":["The caller may not do this."],"reason":"role-refused"}',
  })
})

test('a replaced key is answered with the moment from which it is refused', async () => {
  await shop.apiKey.rotate({ overlapMs: 60_000 })
  const response = await teamServer.handle(
    new Request('http://127.0.0.1/Contrast/api/engine/v1/preflight', {
      method: 'POST',
      headers: {
        Authorization: AGENT_AUTHORIZATION,
        'API-Key': API_KEY,
        'Content-Type': 'application/json',
      },
      body: '{"hashes": []}',
    }),
  )
  expect(response.headers.get('api-key-accepted-until')).toBe(
    shop.apiKey.acceptedUntil?.toISOString(),
  )
  expect(response.headers.get('service-key-accepted-until')).toBeNull()
})

test('the organization key is read with GET /organizations/apikey as api_key', async () => {
  const { status, text } = await send(
    `GET /Contrast/api/ng/0f1e2d3c-0000-4000-8000-00000000000a/organizations/apikey\n${ADMIN}`,
  )
  expect(status).toBe(200)
  // The first three are documented; the others are ours.
  expect(JSON.parse(text)).toEqual({
    success: true,
    messages: [],
    api_key: 'AAAAAAaaaaaa111111BBBBBBbbbbbb22',
    enabled: true,
    compliant: true,
    lastUsed: expect.stringMatching(/^\d{4}-\d{2}-\d{2}T/),
  })
})

test('the configuration is YAML with a top-level api map of the four documented keys', async () => {
  const path = '/Contrast/api/ng/0f1e2d3c-0000-4000-8000-00000000000a/agents/external/default/NODE'
  const { status, text, type } = await send(`POST ${path}\n${ADMIN}`)
  expect({ status, type }).toEqual({ status: 200, type: 'text/yaml; charset=utf-8' })
  expect(parse(text)).toEqual({
    api: {
      url: 'http://127.0.0.1/Contrast',
      api_key: 'AAAAAAaaaaaa111111BBBBBBbbbbbb22',
      service_key: 'SSSSSSssssss333333TTTTTTtttttt44',
      user_name: 'agent_0f1e2d3c-0000-4000-8000-00000000000a@Shop',
    },
  })
})

test('the agent token is base64 of the documented members', () => {
  expect(shop.agent.userName).toBe(AGENT_USER_NAME)
  expect(shop.agent.token).toBe(AGENT_TOKEN)
})
