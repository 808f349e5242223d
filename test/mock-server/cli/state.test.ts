import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { authorizationOf, finding } from '../shop.ts'
import { stateFile } from '../state/folder.ts'
import { endCommands, type StartLine, startCommand, startForPrograms } from './command.ts'

afterEach(endCommands)

function report({ url, agent, apiKey }: StartLine, id: string) {
  return fetch(`${url}/api/engine/v1/reports`, {
    method: 'POST',
    headers: {
      authorization: authorizationOf(agent),
      'content-type': 'application/json',
      'api-key': apiKey.value,
    },
    body: JSON.stringify({ reports: [finding(id)] }),
  })
}

/** What must be the same at the next start: everything but address and token, and passwords. */
function sameOf({ organization, agent, apiKey, admin, superadmin }: StartLine) {
  return {
    organization,
    agent: { userName: agent.userName, serviceKey: agent.serviceKey },
    apiKey,
    admin: { ...admin, password: null },
    superadmin: { ...superadmin, password: null },
  }
}

test('C-403: --state shows the same organization, keys and people at each start, and passwords once', async () => {
  const file = stateFile()
  const first = await startForPrograms('--state', file, '--api-key', 'on')
  expect(first.line.admin.password).toMatch(/^\w{32}$/)
  expect(await first.end()).toMatchObject({ code: 0, stderr: '' })
  expect(readdirSync(dirname(file)).sort()).toEqual(['state.json', 'state.json.key'])

  const second = await startForPrograms('--state', file)
  expect(sameOf(second.line)).toEqual(sameOf(first.line))
  expect(second.line).toMatchObject(sameOf(first.line))
  expect((await report({ ...first.line, url: second.line.url }, 'one')).status).toBe(202)
  await second.end()
  const screen = await startCommand('--port', '0', '--state', file)
  const text = await screen.until('Ctrl-C')
  expect(text).toContain('password as shown before')
  expect(text).toContain(`${file} keeps all but the reports`)
  await screen.end()
})

test('a state file shows no key, also after it was killed', async () => {
  const file = stateFile()
  const { line, end } = await startForPrograms('--state', file)
  await end('SIGKILL')
  const secrets = [line.agent.serviceKey, line.apiKey.value]
  for (const { serviceKey, password } of [line.admin, line.superadmin]) {
    secrets.push(serviceKey, String(password))
  }
  const text = readFileSync(file, 'utf8')
  for (const secret of secrets) expect(text).not.toContain(secret)
  expect(statSync(file).mode & 0o777).toBe(0o600)
  // The lock of a process that is gone is no obstacle.
  const again = await startForPrograms('--state', file)
  expect(again.line).toMatchObject(sameOf(line))
  await again.end()
})

test('with --state, --organization shows one that is there, and makes one that is not', async () => {
  const file = stateFile()
  const shop = await startForPrograms('--state', file, '--organization', 'Shop')
  await shop.end()
  const bank = await startForPrograms('--state', file, '--organization', 'Bank')
  expect(bank.line.organization.name).toBe('Bank')
  expect(bank.line.superadmin).toEqual({ ...shop.line.superadmin, password: null })
  await bank.end()
  const again = await startForPrograms('--state', file, '--organization', 'Shop')
  expect(again.line.organization).toEqual(shop.line.organization)
  await again.end()
})

test('C-403: two starts at once on one file: one runs, the other ends with 5 and says why', async () => {
  const file = stateFile()
  const commands = [0, 1].map(() => startCommand('--port', '0', '--json', '--state', file))
  const [loser] = await Promise.all([
    Promise.race(commands.map(({ ended }) => ended)),
    Promise.any(commands.map((command) => command.until('\n'))),
  ])
  expect(loser).toMatchObject({ code: 5, stdout: '' })
  expect(loser.stderr).toMatch(/^mock-teamserver: \/.*works with it; .*\n$/)
  await Promise.all(commands.map((command) => command.end()))
})

test('C-403: a state file that is broken ends it with 5, and stays as it is', async () => {
  const file = stateFile()
  await (await startForPrograms('--state', file)).end()
  const broken = readFileSync(file, 'utf8').slice(0, -20)
  writeFileSync(file, broken)
  const { code, stdout, stderr } = await startCommand('--state', file).ended
  expect({ code, stdout }).toEqual({ code: 5, stdout: '' })
  expect(stderr).toContain('cut off')
  expect(stderr.split('\n')).toHaveLength(2)
  expect(readFileSync(file, 'utf8')).toBe(broken)
  expect(readdirSync(dirname(file)).sort()).toEqual(['state.json', 'state.json.key'])
})

test('what --state knows wins over --config, of which the new organizations and people are added', async () => {
  const file = stateFile()
  const config = join(dirname(file), 'seed.yaml')
  const keys = ['AAAAAAaaaaaa111111BBBBBBbbbbbb22', 'CCCCCCcccccc333333DDDDDDdddddd44']
  writeFileSync(
    config,
    `organizations: [{ name: Shop, apiKey: { enabled: true, value: ${keys[0]} } }]
people: [{ role: superadmin, userName: root }, { role: observer }]
passwordPolicy: { minLength: 12 }
`,
  )
  const first = await startForPrograms('--state', file, '--config', config)
  await first.end()
  writeFileSync(
    config,
    `organizations:
  - { name: Shop, apiKey: { enabled: false, value: ${keys[1]} }, people: [{ role: view }] }
  - { name: Bank, apiKey: { value: ${keys[1]} } }
people: [{ role: superadmin, userName: root }, { role: observer, userName: eye }, { role: observer }]
passwordPolicy: { minLength: 20 }
`,
  )
  const second = await startForPrograms('--state', file, '--config', config)
  expect(second.line).toMatchObject({
    organization: first.line.organization,
    apiKey: { enabled: true, value: keys[0] },
    superadmin: { userName: 'root', password: null },
  })
  await second.end()
  const bank = await startForPrograms('--state', file, '--organization', 'Bank')
  expect(bank.line.apiKey).toEqual({ enabled: false, value: keys[1] })
  await bank.end()
  const kept = JSON.parse(readFileSync(file, 'utf8')).state
  expect(kept.systemSettings.passwordPolicy.minLength).toBe(12)
  const people = kept.callers.filter(({ kind }: { kind: string }) => kind === 'person')
  expect(people.map(({ userName }: { userName: string }) => userName).sort()).toEqual(
    ['admin@bank', 'admin@shop', 'eye', 'observer', 'root'].sort(),
  )
})
