import { mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { NO_FILE } from '../../../sdk/configuration/small-file.ts'
import { startEngine } from '../../../sdk/engine/start-engine.ts'
import { createManualClock } from './manual-clock.ts'
import {
  expectNothingLost,
  type Given,
  MINUTE,
  msUntilRunning,
  NEW_API_KEY,
  NEW_KEY,
  report,
  startBefore,
  URL,
  USER,
  YAML,
  yamlOf,
} from './rotating-team-server.ts'
import { createScriptedTransport, refusal } from './scripted-transport.ts'
import { API_KEY, BARE, SERVICE_KEY } from './test-engine.ts'

test.each<[string, string]>([
  ['is no YAML', `api:\n\tservice_key: ${NEW_KEY}\n`],
  ['has a wrong value', yamlOf({ ...YAML, service_key: `${NEW_KEY} ` })],
  ['has a wrong value of another kind', `${yamlOf(YAML)}  timeout_ms: ${NEW_KEY}\n`],
  ['lacks a key', yamlOf({ user_name: USER })],
  ['is empty', ''],
  ['is larger than 64 KiB', `# ${NEW_KEY}${' '.repeat(65_536)}`],
  ['switches the engine off', `enable: false\n${yamlOf(YAML)}`],
])('C-117: a file that %s leaves what counted, with one warning', async (_what, content) => {
  const started = startBefore({ serviceKey: SERVICE_KEY }, { yaml: yamlOf(YAML) })
  const { engine, clock, log, write } = started
  report(engine)
  await clock.advance(6_000)
  write(content)
  await clock.advance(10 * MINUTE)
  report(engine)
  await clock.advance(6_000)
  await expectNothingLost(started)
  expect(log.lines).toEqual([expect.stringMatching(/^warn: .*\. The keys in use stay$/)])
  expect(log.lines[0]).not.toContain(NEW_KEY)

  // Mended, it counts.
  started.teamServer.serviceKey = NEW_KEY
  write(yamlOf({ ...YAML, service_key: NEW_KEY }))
  await clock.advance(11_000)
  report(engine)
  await clock.advance(6_000)
  await expectNothingLost(started)
  expect(log.lines).toHaveLength(2)
  expect(log.lines[1]).toMatch(
    /^info: other keys count from now on: serviceKey from \S+:3 api\.service_key, /,
  )
})

test('C-117: while keys are refused a broken file is no news either, and its repair ends the hold', async () => {
  const started = startBefore({ serviceKey: NEW_KEY }, { yaml: yamlOf(YAML) })
  const { engine, clock, log, write } = started
  report(engine)
  await clock.advance(6_000)
  for (let turn = 0; turn < 3; turn++) {
    write('api: [')
    await clock.advance(1_000)
  }
  expect(log.lines.filter((line) => line.includes('The keys in use stay'))).toHaveLength(1)
  write(yamlOf({ ...YAML, service_key: NEW_KEY }))
  expect(await msUntilRunning(started, clock)).toBeLessThanOrEqual(1_000)
  await expectNothingLost(started)
})

test('C-117: a file that goes away leaves the keys, and counts when it is back', async () => {
  const started = startBefore({ serviceKey: SERVICE_KEY }, { yaml: yamlOf(YAML) })
  const { engine, clock, log, write, file, teamServer } = started
  rmSync(file)
  await clock.advance(MINUTE)
  expect(log.lines).toEqual([
    expect.stringMatching(
      /^warn: agentUserName and serviceKey are missing\. .*The keys in use stay$/,
    ),
  ])
  write(yamlOf({ ...YAML, service_key: NEW_KEY }))
  await clock.advance(11_000)
  teamServer.serviceKey = NEW_KEY
  report(engine)
  await clock.advance(6_000)
  await expectNothingLost(started)
})

test('a new key that is there before the old one is refused costs no refusal', async () => {
  const started = startBefore({ serviceKey: SERVICE_KEY }, { yaml: yamlOf(YAML) })
  const { engine, clock, transport, teamServer, write } = started
  report(engine)
  await clock.advance(6_000)
  write(yamlOf({ ...YAML, service_key: NEW_KEY }))
  await clock.advance(11_000)
  teamServer.serviceKey = NEW_KEY
  report(engine)
  await clock.advance(6_000)
  await expectNothingLost(started)
  expect(transport.requestsOf('reports')).toHaveLength(2)
})

test('a folder of a container that is swapped for another is a change', async () => {
  const started = startBefore({ serviceKey: SERVICE_KEY }, { yaml: yamlOf(YAML) })
  const { engine, clock, cwd, file, teamServer } = started
  for (const [version, key] of [
    ['v1', SERVICE_KEY],
    ['v2', NEW_KEY],
  ] as const) {
    mkdirSync(join(cwd, version))
    writeFileSync(join(cwd, version, 'keys.yaml'), yamlOf({ ...YAML, service_key: key }), {
      mode: 0o600,
    })
  }
  symlinkSync('v1', join(cwd, '..data'))
  rmSync(file)
  symlinkSync('..data/keys.yaml', file)
  report(engine)
  await clock.advance(MINUTE)
  teamServer.serviceKey = NEW_KEY
  report(engine)
  await clock.advance(6_000)
  expect(engine.status().state).toBe('holding')
  symlinkSync('v2', join(cwd, '..data_tmp'))
  renameSync(join(cwd, '..data_tmp'), join(cwd, '..data'))
  expect(await msUntilRunning(started, clock)).toBeLessThanOrEqual(1_000)
  await expectNothingLost(started)
})

test.each<[string, Given]>([
  ['an option', { options: { serviceKey: SERVICE_KEY } }],
  ['a variable', { around: { env: { CONTRAST__API__SERVICE_KEY: SERVICE_KEY } } }],
])('%s stands above a file that changes', async (_what, given) => {
  const started = startBefore({ serviceKey: NEW_KEY }, { ...given, yaml: yamlOf(YAML) })
  const { engine, clock, write, transport } = started
  report(engine)
  await clock.advance(6_000)
  write(yamlOf({ ...YAML, service_key: NEW_KEY }))
  await clock.advance(20_000)
  expect(engine.status().state).toBe('holding')
  expect(transport.requests).toHaveLength(1)
})

test('what updateCredentials() said stands above a file that changes', async () => {
  const started = startBefore({ serviceKey: SERVICE_KEY }, { yaml: yamlOf(YAML) })
  const { engine, clock, write, teamServer } = started
  teamServer.serviceKey = NEW_KEY
  engine.updateCredentials({ serviceKey: NEW_KEY })
  write(yamlOf({ ...YAML, service_key: 'another', api_key: NEW_API_KEY }))
  await clock.advance(11_000)
  teamServer.apiKey = NEW_API_KEY
  report(engine)
  await clock.advance(6_000)
  await expectNothingLost(started)
})

test('keys that an application takes out of its environment after the start still count', async () => {
  const env: Record<string, string | undefined> = {
    CONTRAST__API__USER_NAME: USER,
    CONTRAST__API__SERVICE_KEY: SERVICE_KEY,
  }
  const started = startBefore({ serviceKey: SERVICE_KEY }, { around: { env }, yaml: '# none' })
  const { engine, clock, write, log, teamServer } = started
  env.CONTRAST__API__SERVICE_KEY = undefined
  write(yamlOf({ api_key: API_KEY }))
  await clock.advance(11_000)
  teamServer.apiKey = API_KEY
  report(engine)
  await clock.advance(6_000)
  await expectNothingLost(started)
  expect(log.lines.filter((line) => line.startsWith('warn'))).toEqual([])
})

test('a file with keys for another address takes a restart, and its keys do not leave', async () => {
  const started = startBefore(
    { serviceKey: SERVICE_KEY },
    { options: { url: undefined }, yaml: yamlOf({ ...YAML, url: URL }) },
  )
  const { engine, clock, write, log, transport } = started
  write(yamlOf({ ...YAML, url: 'https://other.test', service_key: NEW_KEY }))
  await clock.advance(11_000)
  report(engine)
  await clock.advance(6_000)
  await expectNothingLost(started)
  expect(log.lines).toEqual([
    expect.stringMatching(
      /^warn: url is another one \(\S+:4 api\.url\), which counts from the next start on\. The keys in use stay$/,
    ),
  ])
  expect(JSON.stringify(transport.requests)).not.toContain(
    Buffer.from(`${USER}:${NEW_KEY}`).toString('base64'),
  )
})

test('a pre-fitted API key stays behind once a file brings another service key', async () => {
  const values = { url: URL, user_name: USER, service_key: SERVICE_KEY, api_key: API_KEY }
  const started = startBefore(
    { serviceKey: NEW_KEY },
    { options: { url: undefined }, around: { prefitted: { status: 'read', values } } },
  )
  const { engine, clock, write, log, transport } = started
  report(engine)
  await clock.advance(6_000)
  write(yamlOf({ service_key: NEW_KEY }))
  expect(await msUntilRunning(started, clock)).toBeLessThanOrEqual(1_000)
  await expectNothingLost(started)
  expect(transport.requests[0]?.headers['api-key']).toBe(API_KEY)
  for (const { headers } of transport.requests.slice(1))
    expect(headers).not.toHaveProperty('api-key')
  expect(
    log.lines.filter((line) => line.includes('pre-fitted credentials is not used')),
  ).toHaveLength(1)
})

test('another user in the file has a session of its own', async () => {
  const started = startBefore(
    { serviceKey: SERVICE_KEY },
    { yaml: yamlOf({ ...YAML, user_name: 'agent_2@Org' }) },
  )
  const { engine, clock, write, transport } = started
  report(engine)
  await clock.advance(6_000)
  write(yamlOf(YAML))
  expect(await msUntilRunning(started, clock)).toBeLessThanOrEqual(1_000)
  expect(transport.requestsOf('createSession')).toHaveLength(1)
  await expectNothingLost(started)
})

test('an engine without files looks at none until its keys are refused', async () => {
  let looks = 0
  const clock = createManualClock()
  const transport = createScriptedTransport(() => refusal(401, 'credentials-wrong'))
  const engine = startEngine(
    { url: URL, agentUserName: USER, serviceKey: SERVICE_KEY, logger: false },
    {
      clock,
      transport,
      configuration: BARE,
      async stampOfPath() {
        looks += 1
        return NO_FILE
      },
    },
  )
  await clock.advance(4 * MINUTE)
  expect(looks).toBe(0)
  engine.report({ type: 'finding', rule: 'x' })
  await clock.advance(6_000)
  expect(looks).toBeGreaterThan(0)
  const closed = engine.close()
  await clock.advance(6_000)
  await closed
  const looksBefore = looks
  await clock.advance(10 * MINUTE)
  expect(looks).toBe(looksBefore)
})
