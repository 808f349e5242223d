import { mkdirSync, renameSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import type { EngineOptions } from '../../../sdk/configuration/options.ts'
import { NO_FILE, stampOf } from '../../../sdk/configuration/small-file.ts'
import type { GivenSurroundings } from '../../../sdk/configuration/surroundings.ts'
import type { Engine } from '../../../sdk/engine/engine.ts'
import { startEngine } from '../../../sdk/engine/start-engine.ts'
import { freshFolder } from '../configuration/try-resolve.ts'
import { createManualClock, type ManualClock } from './manual-clock.ts'
import { createScriptedTransport, refusal } from './scripted-transport.ts'
import { API_KEY, BARE, createLineLog, expectSumsUp, SERVICE_KEY } from './test-engine.ts'

const NEW_KEY = 'N3wServiceKeyN3wServiceKey02'
const NEW_API_KEY = 'N3wApik3yN3wApik3yN3wApik3y02'
const USER = 'agent_1@Org'
const URL = 'http://127.0.0.1:9/Contrast'
const MINUTE = 60_000

interface Keys {
  serviceKey: string
  /** Layer two is on if there is one. */
  apiKey?: string
}

interface Given {
  readonly options?: EngineOptions
  readonly yaml?: string
  readonly around?: GivenSurroundings
}

/** An engine before a TeamServer whose keys the test turns, in a folder of its own. */
function startBefore(teamServer: Keys, { options = {}, yaml, around = {} }: Given = {}) {
  const cwd = freshFolder()
  const file = join(cwd, 'contrast_security.yaml')
  const write = (content: string) => {
    writeFileSync(`${file}.new`, content, { mode: 0o600 })
    renameSync(`${file}.new`, file)
  }
  if (yaml !== undefined) write(yaml)
  const clock = createManualClock()
  const log = createLineLog()
  const transport = createScriptedTransport(({ headers }) => {
    const [user, key] = Buffer.from(headers.authorization ?? '', 'base64')
      .toString()
      .split(':')
    if (user !== USER || key !== teamServer.serviceKey) return refusal(401, 'credentials-wrong')
    if (teamServer.apiKey === undefined || headers['api-key'] === teamServer.apiKey)
      return undefined
    return refusal(401, 'api-key-wrong')
  })
  const engine = startEngine(
    {
      url: URL,
      application: { name: 'shop' },
      logger: log,
      // So few that no body is zipped, which takes a time of its own.
      batchLimitReports: 5,
      ...options,
    },
    {
      transport,
      clock,
      random: () => 0.5,
      // Looked at at once: the clock of the test does not wait for a file system.
      async stampOfPath(path) {
        const stats = statSync(path, { bigint: true, throwIfNoEntry: false })
        return stats === undefined ? NO_FILE : stampOf(stats)
      },
      configuration: { ...BARE, cwd, ...around },
    },
  )
  onTestFinished(() => void engine.close())
  return { engine, clock, log, transport, teamServer, cwd, file, write }
}

type Started = ReturnType<typeof startBefore>

let reports = 0
function report(engine: Engine): void {
  reports += 1
  engine.report({ type: 'finding', rule: 'cookie-flags-missing', id: `r-${reports}` })
}

/** Goes on reporting, and says how long it took until the engine runs again. */
async function msUntilRunning({ engine }: Started, clock: ManualClock): Promise<number> {
  const fromMs = clock.now()
  while (engine.status().state !== 'running') {
    await clock.advance(50)
    if (clock.now() - fromMs > 10 * MINUTE) throw new Error('never')
  }
  return clock.now() - fromMs
}

async function expectNothingLost({ engine, transport, clock }: Started): Promise<void> {
  for (let turn = 0; turn < 200 && engine.status().waiting > 0; turn++) await clock.advance(50)
  expectSumsUp(engine)
  const { given, accepted, refused, dropped } = engine.status()
  expect({ accepted, refused, dropped }).toEqual({ accepted: given, refused: 0, dropped: 0 })
  expect(new Set(transport.storedIds).size).toBe(given)
}

function yamlOf(lines: Record<string, string>): string {
  return `api:\n${Object.entries(lines)
    .map(([key, value]) => `  ${key}: "${value}"\n`)
    .join('')}`
}

const YAML = { user_name: USER, service_key: SERVICE_KEY }

/** How a person hands a new key to an engine that runs; `withinMs` is how soon it must count. */
const WAYS: {
  way: string
  withinMs: number
  start(keys: Keys): { started: Started; give(key: string, apiKey?: string): void }
}[] = [
  {
    way: 'by updateCredentials()',
    withinMs: 1_000,
    start(keys) {
      const { serviceKey, apiKey } = keys
      const options = {
        agentUserName: USER,
        serviceKey,
        ...(apiKey !== undefined && { organizationApiKey: apiKey }),
      }
      const started = startBefore(keys, { options })
      return {
        started,
        give: (newKey, organizationApiKey) =>
          started.engine.updateCredentials({ serviceKey: newKey, organizationApiKey }),
      }
    },
  },
  {
    way: 'in the YAML file',
    withinMs: 1_000,
    start(keys) {
      const contentOf = (key: string, apiKey?: string) =>
        yamlOf({
          user_name: USER,
          service_key: key,
          ...(apiKey !== undefined && { api_key: apiKey }),
        })
      const started = startBefore(keys, { yaml: contentOf(keys.serviceKey, keys.apiKey) })
      return { started, give: (key, apiKey) => started.write(contentOf(key, apiKey)) }
    },
  },
  {
    way: 'from the function credentials',
    // It is asked every 30 s; what it gives counts at once.
    withinMs: 30_000,
    start(keys) {
      let answer: [string, string | undefined] = [keys.serviceKey, keys.apiKey]
      const started = startBefore(keys, {
        options: {
          credentials: async () => ({
            agentUserName: USER,
            serviceKey: answer[0],
            organizationApiKey: answer[1],
          }),
        },
      })
      return {
        started,
        give(key, apiKey) {
          answer = [key, apiKey]
        },
      }
    },
  },
]

const ROTATIONS = [
  { row: 'D-201', what: 'service key', before: {}, after: { serviceKey: NEW_KEY } },
  {
    row: 'D-202',
    what: 'API key',
    before: { apiKey: API_KEY },
    after: { apiKey: NEW_API_KEY },
  },
]

test.each(ROTATIONS.flatMap((rotation) => WAYS.map((way) => ({ ...rotation, ...way }))))(
  '$row: the $what is retired mid-run, the new one given $way 5 min later: 0 lost, at most 4 requests between, back within $withinMs ms',
  async ({ before, after, start, withinMs }) => {
    const keys: Keys = { serviceKey: SERVICE_KEY, ...before }
    const { started, give } = start(keys)
    const { engine, clock, transport, log } = started
    report(engine)
    await clock.advance(6_000)
    expect(engine.status()).toMatchObject({ state: 'running', accepted: 1 })

    const sentBefore = transport.requests.length
    Object.assign(keys, after)
    for (let second = 0; second < 300; second++) {
      report(engine)
      await clock.advance(1_000)
    }
    expect(engine.status()).toMatchObject({ state: 'holding', waiting: 300 })
    const between = transport.requests.length - sentBefore
    expect(between).toBeGreaterThan(0)
    expect(between).toBeLessThanOrEqual(4)

    give(keys.serviceKey, keys.apiKey)
    expect(await msUntilRunning(started, clock)).toBeLessThanOrEqual(withinMs)
    await expectNothingLost(started)
    const text = log.lines.join('\n')
    for (const key of [SERVICE_KEY, API_KEY, NEW_KEY, NEW_API_KEY]) expect(text).not.toContain(key)
    expect(log.lines.filter((line) => line.startsWith('warn'))).toHaveLength(2)
  },
)

test('D-203: layer two is switched on and the engine has no key: it holds, says once what to set, and takes it from a new file', async () => {
  const started = startBefore(
    { serviceKey: SERVICE_KEY },
    { options: { agentUserName: USER, serviceKey: SERVICE_KEY } },
  )
  const { engine, clock, log, teamServer, write } = started
  report(engine)
  await clock.advance(6_000)
  teamServer.apiKey = API_KEY
  report(engine)
  await clock.advance(5 * MINUTE)
  expect(engine.status()).toMatchObject({
    state: 'holding',
    hold: { cause: 'api-key' },
    waiting: 1,
  })
  expect(log.lines).toEqual([
    expect.stringMatching(
      /^warn: .*layer two wants the organization API key and this engine has none\. Set the option organizationApiKey, the variable CONTRAST__API__API_KEY or the YAML key api\.api_key/,
    ),
  ])
  write(yamlOf({ api_key: API_KEY }))
  expect(await msUntilRunning(started, clock)).toBeLessThanOrEqual(1_000)
  await expectNothingLost(started)
  expect(log.lines.join('\n')).not.toContain(API_KEY)
})

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

// --- The function `credentials` ---

test('the function credentials is asked before the first request, and not before there is one', async () => {
  const asks: number[] = []
  const started = startBefore(
    { serviceKey: SERVICE_KEY },
    {
      options: {
        async credentials() {
          asks.push(started.clock.now())
          return { agentUserName: USER, serviceKey: SERVICE_KEY }
        },
      },
    },
  )
  const { engine, clock, transport } = started
  await clock.advance(MINUTE)
  expect(asks).toEqual([])
  report(engine)
  await clock.advance(5 * MINUTE)
  expect(asks).toHaveLength(1)
  expect(transport.requestsOf('createApplication')).toHaveLength(1)
  await expectNothingLost(started)
})

test('its answer stands above every other source; an API key that it leaves out comes from there', async () => {
  const started = startBefore(
    { serviceKey: SERVICE_KEY, apiKey: API_KEY },
    {
      options: {
        serviceKey: 'of-the-options',
        credentials: async () => ({ agentUserName: USER, serviceKey: SERVICE_KEY }),
      },
      around: { env: { CONTRAST__API__USER_NAME: 'agent_9@Env', CONTRAST__API__API_KEY: API_KEY } },
    },
  )
  report(started.engine)
  await started.clock.advance(6_000)
  await expectNothingLost(started)
  expect(started.transport.requestsOf('reports')).toHaveLength(1)
})

test('while it fails the other sources count, and one line says so', async () => {
  const started = startBefore(
    { serviceKey: SERVICE_KEY },
    {
      options: { credentials: () => Promise.reject(new Error(NEW_KEY)) },
      yaml: yamlOf(YAML),
    },
  )
  const { engine, clock, log } = started
  report(engine)
  await clock.advance(6_000)
  await expectNothingLost(started)
  expect(log.lines).toEqual(['warn: the function credentials failed (Error). The keys in use stay'])
})

test('without any credentials nothing is sent and everything kept, until it answers', async () => {
  let answer: { agentUserName: string; serviceKey: string } | undefined
  const started = startBefore(
    { serviceKey: SERVICE_KEY },
    {
      options: {
        async credentials() {
          if (answer === undefined) throw new Error('sealed')
          return answer
        },
      },
    },
  )
  const { engine, clock, log, transport } = started
  report(engine)
  await clock.advance(5 * MINUTE)
  expect(transport.requests).toEqual([])
  expect(engine.status()).toMatchObject({
    state: 'holding',
    hold: { cause: 'no-credentials' },
    waiting: 1,
  })
  expect(log.lines).toEqual([
    'warn: the function credentials failed (Error). There are no keys yet',
    'warn: TeamServer at http://127.0.0.1:9/Contrast/api: there are no credentials yet. The function ' +
      'credentials is asked for them every 30 s; updateCredentials() sets them too (nothing was sent). ' +
      'Reports are kept.',
  ])
  answer = { agentUserName: USER, serviceKey: SERVICE_KEY }
  expect(await msUntilRunning(started, clock)).toBeLessThanOrEqual(30_000)
  await expectNothingLost(started)
})

test('one that never answers holds up nothing but the first request, and that for 10 s', async () => {
  const started = startBefore(
    { serviceKey: SERVICE_KEY },
    { options: { credentials: () => new Promise(() => {}) }, yaml: yamlOf(YAML) },
  )
  const { engine, clock, transport } = started
  report(engine)
  const flushed = engine.flush({ timeoutMs: 2_000 })
  await clock.advance(2_000)
  expect(await flushed).toEqual({ accepted: 0, spooled: 0, waiting: 1 })
  await clock.advance(7_999)
  expect(transport.requests).toEqual([])
  await clock.advance(1)
  await expectNothingLost(started)
})

test('an engine whose function never answers closes in time, and takes no late answer', async () => {
  let settle: (answer: { agentUserName: string; serviceKey: string }) => void = () => {}
  const started = startBefore(
    { serviceKey: SERVICE_KEY },
    {
      options: {
        credentials: () =>
          new Promise((resolve) => {
            settle = resolve
          }),
      },
    },
  )
  const { engine, clock, transport } = started
  report(engine)
  const closed = engine.close()
  await clock.advance(5_000)
  await closed
  settle({ agentUserName: USER, serviceKey: SERVICE_KEY })
  await clock.advance(MINUTE)
  expect(transport.requests).toEqual([])
  expect(engine.status()).toMatchObject({ state: 'closed', dropped: 1, waiting: 0 })
})

test('with the function a missing url is all that makes an engine unusable', () => {
  const { engine } = startBefore(
    { serviceKey: SERVICE_KEY },
    {
      options: {
        url: undefined,
        credentials: async () => ({ agentUserName: USER, serviceKey: 'x' }),
      },
    },
  )
  expect(engine.status()).toMatchObject({
    state: 'disabled',
    lastError: expect.stringMatching(/^url is missing\. /),
  })
})

test('an API key of a download stays behind where the function gives the credentials', async () => {
  const values = { url: URL, user_name: USER, service_key: 'old', api_key: API_KEY }
  const started = startBefore(
    { serviceKey: SERVICE_KEY },
    {
      options: {
        url: undefined,
        credentials: async () => ({ agentUserName: USER, serviceKey: SERVICE_KEY }),
      },
      around: { prefitted: { status: 'read', values } },
    },
  )
  report(started.engine)
  await started.clock.advance(6_000)
  await expectNothingLost(started)
  for (const { headers } of started.transport.requests)
    expect(headers).not.toHaveProperty('api-key')
})
