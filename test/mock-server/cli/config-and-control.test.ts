import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { authorizationOf, finding } from '../shop.ts'
import { endCommands, startCommand, startForPrograms } from './command.ts'

const folder = mkdtempSync(join(tmpdir(), 'mock-teamserver-'))
const config = join(folder, 'teamserver.yaml')
const API_KEY = 'AAAAAAaaaaaa111111BBBBBBbbbbbb22'
const SERVICE_KEY = 'SSSSSSssssss333333TTTTTTtttttt44'
const ADMIN_KEY = 'MMMMMMmmmmmm555555NNNNNNnnnnnn66'

beforeAll(() => {
  writeFileSync(
    config,
    `
organizations:
  - name: Shop
    id: 0F1E2D3C-0000-4000-8000-00000000000A
    apiKey: { enabled: true, value: "${API_KEY}" }
    agentKeys:
      - { name: default, serviceKey: "${SERVICE_KEY}" }
      - { name: ci, userName: ci-agent }
    people:
      - { role: view, userName: viewer }
      - { role: admin, userName: boss, serviceKey: "${ADMIN_KEY}" }
  - name: Bank
people:
  - { role: superadmin, userName: root }
`,
  )
}, 120_000)
afterEach(endCommands)
afterAll(() => rmSync(folder, { recursive: true }))

test('--config puts in place what the file says', async () => {
  const { line, end } = await startForPrograms('--config', config)
  const id = '0f1e2d3c-0000-4000-8000-00000000000a'
  expect(line).toMatchObject({
    organization: { id, name: 'Shop' },
    agent: { userName: `agent_${id}@Shop`, serviceKey: SERVICE_KEY },
    apiKey: { enabled: true, value: API_KEY },
    admin: { userName: 'boss', serviceKey: ADMIN_KEY },
    superadmin: { userName: 'root' },
  })
  await end()
})

test('--organization picks one of the file, and --api-key has the last word', async () => {
  const bank = await startForPrograms('--config', config, '--organization', 'Bank')
  expect(bank.line).toMatchObject({ organization: { name: 'Bank' }, apiKey: { enabled: false } })
  await bank.end()
  const off = await startForPrograms('--config', config, '--api-key', 'off')
  expect(off.line).toMatchObject({
    organization: { name: 'Shop' },
    apiKey: { enabled: false, value: API_KEY },
  })
  await off.end()
})

test('--control shows what was taken and what was refused, also to curl', async () => {
  const { line, end } = await startForPrograms('--control')
  const { url, agent, control } = line
  for (const [authorization, id] of [
    [authorizationOf(agent), 'one'],
    ['forged', 'two'],
  ]) {
    await fetch(`${url}/api/engine/v1/reports`, {
      method: 'POST',
      headers: { authorization: String(authorization), 'content-type': 'application/json' },
      body: JSON.stringify({ reports: [finding(String(id))] }),
    })
  }
  expect(control?.url).toBe(url.replace('/Contrast', '/control'))
  const curl = (path: string) =>
    JSON.parse(
      execFileSync(
        'curl',
        ['-s', '-H', `Authorization: Bearer ${control?.token}`, `${control?.url}${path}`],
        { encoding: 'utf8' },
      ),
    )
  expect(curl('/reports')).toEqual({
    reports: [
      {
        receivedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
        organizationId: line.organization.id,
        agentUserName: agent.userName,
        application: 'default',
        report: finding('one'),
      },
    ],
  })
  expect(curl('/refusals')).toMatchObject({
    refusals: [
      {
        reason: 'credentials-wrong',
        detail: 'authorization-malformed',
        remoteAddress: '127.0.0.1',
      },
    ],
  })
  await end()
})

test('without --control there is no control API', async () => {
  const { line, end } = await startForPrograms()
  const response = await fetch(line.url.replace('/Contrast', '/control/reports'))
  expect(response.status).toBe(404)
  await end()
})

test('--control-from without --control is a wrong option', async () => {
  const ending = await startCommand('--port', '0', '--control-from', '10.0.0.0/8').ended
  expect(ending).toMatchObject({
    code: 2,
    stderr: 'mock-teamserver: --control-from needs --control\n',
  })
})
