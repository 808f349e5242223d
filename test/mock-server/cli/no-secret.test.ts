import { afterEach, expect, test } from 'vitest'
import { secretsFoundIn } from '../forged-data/secret-search.ts'
import { authorizationOf } from '../shop.ts'
import { endCommands, startCommand } from './command.ts'

afterEach(endCommands)

const LAST_LINE = 'everything is fresh at the next start.\n'
const WRONG = 'WrongKey0123456789ABCDEFGHabcdef'

test('after what it prints at its start, the command prints no secret on either stream', async () => {
  const command = startCommand('--port', '0', '--api-key', 'on', '--control')
  const start = await command.until(LAST_LINE)
  const found = (pattern: RegExp) => pattern.exec(start)?.[1] ?? ''
  const url = found(/listens on (\S+)/)
  const organizationId = found(/([0-9a-f-]{36})\n/)
  const apiKey = found(/^ {2}API key +(\S+)/m)
  const admin = { userName: 'admin@demo', serviceKey: found(/admin@demo {2}service key (\S+)/) }
  const password = found(/admin@demo .* password (\S+)/)
  const agent = {
    userName: found(/USER_NAME='(\S+)'/),
    serviceKey: found(/SERVICE_KEY='(\S+)'/),
  }
  const control = /control API +(\S+) +token (\S+)/.exec(start)
  const right = { authorization: authorizationOf(agent), 'api-key': apiKey }
  const asAdmin = { authorization: authorizationOf(admin), 'api-key': apiKey }
  const secrets = new Set([WRONG, apiKey, password, admin.serviceKey, agent.serviceKey])
  secrets.add(control?.[2] ?? '').add(found(/TOKEN=(\S+)/))
  for (const { authorization } of [right, asAdmin]) secrets.add(authorization)
  expect([...secrets].filter((secret) => secret.length < 32)).toEqual([])

  const ng = `/ng/${organizationId}`
  const statuses: number[] = []
  const send = async (method: string, path: string, headers: object, json?: unknown) => {
    const answer = await fetch(path.startsWith('/') ? `${url}/api${path}` : path, {
      method,
      headers: { 'content-type': 'application/json', ...headers },
      ...(json === undefined ? {} : { body: JSON.stringify(json) }),
    })
    statuses.push(answer.status)
    for (const [, value = ''] of (await answer.text()).matchAll(
      /"(?:api_key|service_key|password|token|csrfToken)":"([^"]+)"/g,
    )) {
      secrets.add(value)
    }
  }
  await send('PUT', '/ng/applications/create', right, { name: WRONG })
  await send('GET', `${ng}/applications?key=${apiKey}`, { ...right, 'api-key': WRONG })
  await send('GET', `${ng}/agents/keys/${agent.serviceKey}`, { authorization: WRONG })
  await send('DELETE', `${ng}/agents/keys/${agent.serviceKey}`, asAdmin)
  await send('POST', '/ng/login', {}, { userName: WRONG, password: admin.userName })
  await send('POST', '/ng/login', {}, { userName: admin.userName, password: WRONG })
  await send('POST', '/ng/login', {}, { userName: admin.userName, password })
  await send('POST', `${ng}/users`, asAdmin, { role: 'view', userName: 'kim' })
  await send('POST', `${ng}/agents/keys`, asAdmin, { name: 'staging' })
  await send('PUT', `${ng}/agents/keys/staging/rotate`, asAdmin, { overlapMs: 60_000 })
  await send('PUT', `${ng}/organizations/apikey`, asAdmin, { value: `${WRONG}!` })
  await send('PUT', `${ng}/organizations/apikey/rotate`, asAdmin, { overlapMs: 60_000 })
  await send('GET', `${control?.[1]}/refusals`, { authorization: `Bearer ${control?.[2]}` })
  await send('GET', `${control?.[1]}/refusals`, { authorization: `Bearer ${WRONG}` })

  const { stdout, stderr, code } = await command.end()
  const printed = stdout.slice(start.length)
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  expect(printed.trimEnd().split('\n').length).toBeGreaterThanOrEqual(12)
  expect(statuses).toEqual([400, 401, 405, 404, 401, 401, 200, 201, 201, 200, 400, 200, 200, 401])
  expect(secretsFoundIn(printed, secrets)).toEqual([])
  expect(secrets.size).toBeGreaterThanOrEqual(15)
}, 30_000)
