import { execFileSync } from 'node:child_process'
import { afterEach, expect, test } from 'vitest'
import { authorizationOf, finding } from '../shop.ts'
import { endCommands, type StartLine, startCommand, startForPrograms } from './command.ts'

afterEach(endCommands)

function report({ url, agent, apiKey }: StartLine, isApiKeySent: boolean) {
  return fetch(`${url}/api/engine/v1/reports`, {
    method: 'POST',
    headers: {
      authorization: authorizationOf(agent),
      'content-type': 'application/json',
      ...(isApiKeySent ? { 'api-key': apiKey.value } : {}),
    },
    body: JSON.stringify({ reports: [finding('one')] }),
  })
}

const person = {
  userName: expect.stringMatching(/^[^:]+$/),
  password: expect.stringMatching(/^[0-9A-Za-z]{32}$/),
  serviceKey: expect.stringMatching(/^[0-9A-Za-z]{32}$/),
}

test('--json prints exactly one line, of the documented shape', async () => {
  const command = await startForPrograms()
  const { line } = command
  expect(line).toEqual({
    url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:[1-9]\d*\/Contrast$/),
    organization: {
      id: expect.stringMatching(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/),
      name: 'Demo',
    },
    agent: {
      userName: `agent_${line.organization.id}@Demo`,
      serviceKey: expect.stringMatching(/^[0-9A-Za-z]{32}$/),
      token: expect.any(String),
    },
    apiKey: { enabled: false, value: expect.stringMatching(/^[0-9A-Za-z]{32}$/) },
    admin: person,
    superadmin: person,
    control: null,
  })
  expect(JSON.parse(Buffer.from(line.agent.token, 'base64').toString())).toEqual({
    url: line.url,
    user_name: line.agent.userName,
    service_key: line.agent.serviceKey,
  })
  expect((await report(line, false)).status).toBe(202)
  expect((await fetch(`${line.url}/nothing`)).status).toBe(404)
  const { stdout, stderr, code } = await command.end()
  expect({ stdout, stderr, code }).toEqual({
    stdout: `${JSON.stringify(line)}\n`,
    stderr: '',
    code: 0,
  })
})

test('--api-key on asks for the key', async () => {
  const { line, end } = await startForPrograms('--api-key', 'on')
  expect(line.apiKey.enabled).toBe(true)
  expect(JSON.parse(Buffer.from(line.agent.token, 'base64').toString()).api_key).toBe(
    line.apiKey.value,
  )
  expect((await report(line, false)).status).toBe(401)
  expect((await report(line, true)).status).toBe(202)
  await end()
})

test('the admin and the superadmin may do what their roles say', async () => {
  const { line, end } = await startForPrograms()
  const { url, organization, admin, superadmin } = line
  for (const each of [admin, superadmin]) {
    const response = await fetch(`${url}/api/ng/${organization.id}/organizations/apikey`, {
      headers: { authorization: authorizationOf(each) },
    })
    expect(await response.json()).toMatchObject({ api_key: line.apiKey.value })
  }
  await end()
})

test('--organization names the organization', async () => {
  const { line, end } = await startForPrograms('--organization', "Whalen'sOrg")
  expect(line.organization.name).toBe("Whalen'sOrg")
  expect(line.agent.userName).toBe(`agent_${line.organization.id}@Whalen'sOrg`)
  await end()
})

test('two starts have nothing in common', async () => {
  const [one, other] = await Promise.all([startForPrograms(), startForPrograms()])
  const secrets = ({ organization, agent, apiKey, admin, superadmin }: StartLine) => [
    organization.id,
    agent.serviceKey,
    apiKey.value,
    admin.password,
    admin.serviceKey,
    superadmin.password,
    superadmin.serviceKey,
  ]
  const all = [...secrets(one.line), ...secrets(other.line)]
  expect(new Set(all).size).toBe(all.length)
  await Promise.all([one.end(), other.end()])
})

test.each([
  ['off', "Whalen'sOrg", []],
  ['on', "Whalen'sOrg", ['--api-key', 'on']],
  ['on', 'Ünter & Söhne $HOME `id` "x"', ['--api-key', 'on']],
])(
  'with the layer %s the printed curl command of %j works as it is printed',
  async (_layer, name, argv) => {
    const command = startCommand('--port', '0', '--organization', name, ...argv)
    const screen = await command.until('Ctrl-C')
    const curl = screen.slice(screen.indexOf('curl '), screen.indexOf("]}'") + 3)
    const answer = execFileSync('sh', ['-c', `${curl} --silent`], { encoding: 'utf8' })
    expect(JSON.parse(answer)).toMatchObject({ success: true, added: 1 })
    expect(await command.until('POST /Contrast')).toMatch(
      /^\d\d:\d\d:\d\d 202 POST \/Contrast\/api\/engine\/v1\/reports {2}agent_/m,
    )
    await command.end()
  },
)

test('the printed settings are what a shell takes, and what the engine needs', async () => {
  const name = "Whalen'sOrg $HOME"
  const command = startCommand('--port', '0', '--organization', name, '--api-key', 'on')
  const screen = await command.until('Ctrl-C')
  const exports = screen.match(/^ {2}export .*$/gm) ?? []
  const script = `${exports.join('\n')}\nenv`
  const environment = execFileSync('sh', ['-c', script], { encoding: 'utf8', env: {} })
  const set = Object.fromEntries(
    environment
      .split('\n')
      .map((line) => [line.split('=', 1)[0], line.slice(line.indexOf('=') + 1)]),
  )
  expect(JSON.parse(Buffer.from(set.CONTRAST__API__TOKEN ?? '', 'base64').toString())).toEqual({
    url: set.CONTRAST__API__URL,
    user_name: set.CONTRAST__API__USER_NAME,
    service_key: set.CONTRAST__API__SERVICE_KEY,
    api_key: set.CONTRAST__API__API_KEY,
  })
  expect(set.CONTRAST__API__USER_NAME).toMatch(/^agent_[0-9a-f-]{36}@Whalen'sOrg \$HOME$/)
  await command.end()
})

test('the screen says why a request was turned away, without what was sent', async () => {
  const command = startCommand('--port', '0')
  const url = /http:\S+\/Contrast/.exec(await command.until('Ctrl-C'))?.[0]
  const forged = authorizationOf({ userName: 'agent_\u001b[31mx', serviceKey: 'stolen-secret' })
  await fetch(`${url}/api/engine/v1/reports?key=stolen-secret`, {
    method: 'POST',
    headers: { authorization: forged },
  })
  const screen = await command.until('credentials-wrong')
  expect(screen).toContain(
    '401 POST /Contrast/api/engine/v1/reports  credentials-wrong (user-unknown)  agent_\\u{1b}[31mx',
  )
  expect(screen).not.toContain('stolen-secret')
  expect(screen).not.toContain('\u001b')
  await command.end()
})
