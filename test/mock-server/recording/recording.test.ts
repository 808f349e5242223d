import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, expect, onTestFinished, test } from 'vitest'
import { replay } from '../../../mock-server/index.ts'
import { ask } from '../ask.ts'
import { endCommands, startForPrograms } from '../cli/command.ts'
import { ROOT } from '../root.ts'
import { authorizationOf, createShop, finding } from '../shop.ts'

const folder = mkdtempSync(join(tmpdir(), 'mock-teamserver-'))
afterAll(() => {
  endCommands()
  rmSync(folder, { recursive: true })
})

async function setUp() {
  let now = Date.parse('2026-03-01T12:00:00Z')
  const { teamServer, shop, errors } = await createShop({ clock: () => now, isApiKeyEnabled: true })
  onTestFinished(() => teamServer.close())
  const send = (method: string, path: string, json: object) =>
    ask(teamServer, method, path, {
      authorization: authorizationOf(shop.agent),
      headers: { 'api-key': shop.apiKey.value },
      json,
    })
  const later = (ms: number) => {
    now += ms
  }
  return { teamServer, shop, errors, send, later }
}

test('calls of engines are recorded with their times, and no key', async () => {
  const { teamServer, shop, send, later } = await setUp()
  const file = join(folder, 'recorded.yaml')
  const recording = teamServer.record(file)
  await send('PUT', '/ng/sessions', { application: 'till' })
  later(1_500)
  await send('POST', `/engine/v1/organizations/${shop.id}/reports`, { reports: [finding('one')] })
  await ask(teamServer, 'POST', '/engine/v1/reports', { authorization: 'forged', json: {} })
  await send('POST', '/engine/v1/reports', { reports: [{}] })
  await send('POST', '/engine/v1/reports', {
    reports: [finding('big', { title: 'x'.repeat(999) })],
    pad: 'x'.repeat(70_000),
  })
  recording.stop()
  await send('POST', '/engine/v1/heartbeat', {})
  const text = readFileSync(file, 'utf8')
  expect(text.split('\n').slice(1)).toEqual([
    'format: mock-teamserver recording',
    'version: 1',
    'requests:',
    '  - {"afterMs":0,"call":"createSession","status":200,"body":{"application":"till"}}',
    '  - {"afterMs":1500,"call":"reports","status":202,"body":{"reports":[{"id":"one","type":"finding","rule":"cookie-flags-missing"}]}}',
    '  - {"afterMs":1500,"call":"reports","status":400,"body":{"reports":[{}]}}',
    '',
  ])
  expect([recording.requests, recording.skipped]).toEqual([3, 1])
  for (const secret of [shop.agent.serviceKey, shop.apiKey.value])
    expect(text).not.toContain(secret)
})

test('sent again to another TeamServer, they are answered as they were', async () => {
  const { teamServer, send } = await setUp()
  const file = join(folder, 'again.yaml')
  teamServer.record(file)
  await send('POST', '/engine/v1/reports', { reports: [finding('one')] })
  await send('POST', '/engine/v1/reports', { reports: [{}] })
  const other = await setUp()
  const { fetch } = other.teamServer
  expect(await replay(file, other.shop.engineOptions(), { fetch })).toEqual([
    { call: 'reports', recordedStatus: 202, status: 202 },
    { call: 'reports', recordedStatus: 400, status: 400 },
  ])
  expect(await other.shop.reports()).toEqual([finding('one')])
  const wrong = { ...other.shop.engineOptions(), serviceKey: 'wrong' }
  expect((await replay(file, wrong, { fetch })).map(({ status }) => status)).toEqual([401, 401])
})

test.each([
  ['', 'it is no mock-teamserver recording'],
  ['format: mock-teamserver recording\nversion: 2', 'not of version 1'],
  ['{', 'it cannot be read'],
  [
    'format: mock-teamserver recording\nversion: 1\nrequests: [{ afterMs: 0, call: explode, status: 1, body: {} }]',
    'requests[0] must have',
  ],
])('%j is refused', async (text, message) => {
  const { shop } = await setUp()
  const file = join(folder, 'broken.yaml')
  writeFileSync(file, text)
  await expect(replay(file, shop.engineOptions())).rejects.toThrow(
    expect.objectContaining({ code: 'ERR_RECORDING', message: expect.stringContaining(message) }),
  )
})

test('a file that cannot be made is told at once', async () => {
  const { teamServer } = await setUp()
  expect(() => teamServer.record(join(folder, 'none', 'x.yaml'))).toThrow(
    expect.objectContaining({ code: 'ERR_RECORDING', message: expect.stringContaining('ENOENT') }),
  )
})

test('mock-teamserver --record, and replay with the credentials of the environment', async () => {
  const file = join(folder, 'command.yaml')
  const { line, end } = await startForPrograms('--record', file)
  const run = (env: Readonly<Record<string, string>>) =>
    promisify(execFile)(
      process.execPath,
      [`${ROOT}dist/mock-server/mock-teamserver.js`, 'replay', file, '--url', line.url],
      { env: { PATH: process.env.PATH, ...env } },
    ).catch((error) => error)
  const credentials = {
    CONTRAST__API__USER_NAME: line.agent.userName,
    CONTRAST__API__SERVICE_KEY: line.agent.serviceKey,
  }
  await fetch(`${line.url}/api/engine/v1/reports`, {
    method: 'POST',
    headers: { authorization: authorizationOf(line.agent), 'content-type': 'application/json' },
    body: JSON.stringify({ reports: [finding('one')] }),
  })
  expect((await run(credentials)).stdout).toBe('202 reports\n')
  expect(await run({ ...credentials, CONTRAST__API__SERVICE_KEY: 'wrong' })).toMatchObject({
    code: 1,
    stdout: expect.stringContaining('401 reports  (202 when it was recorded)\n'),
  })
  expect(await run({})).toMatchObject({
    code: 2,
    stderr: 'mock-teamserver: replay needs CONTRAST__API__USER_NAME in the environment\n',
  })
  await end()
})
