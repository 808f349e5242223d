import { expect, test } from 'vitest'
import { NO_FILE } from '../../../sdk/configuration/small-file.ts'
import { startEngine } from '../../../sdk/engine/start-engine.ts'
import { createManualClock } from './manual-clock.ts'
import {
  expectNothingLost,
  type Keys,
  MINUTE,
  msUntilRunning,
  NEW_API_KEY,
  NEW_KEY,
  report,
  type Started,
  startBefore,
  URL,
  USER,
  yamlOf,
} from './rotating-team-server.ts'
import { createScriptedTransport, refusal } from './scripted-transport.ts'
import { API_KEY, BARE, createLineLog, SERVICE_KEY } from './test-engine.ts'

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

test('D-204: right keys from a refused address: it holds with a message of its own, and looks for no keys', async () => {
  let isRefused = true
  let looks = 0
  const clock = createManualClock()
  const log = createLineLog()
  const transport = createScriptedTransport(() =>
    isRefused ? refusal(403, 'address-refused') : undefined,
  )
  const engine = startEngine(
    { url: URL, agentUserName: USER, serviceKey: SERVICE_KEY, logger: log },
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
  report(engine)
  await clock.advance(4 * MINUTE)
  expect(engine.status()).toMatchObject({
    state: 'holding',
    hold: { cause: 'address' },
    waiting: 1,
  })
  expect(log.lines).toEqual([
    expect.stringMatching(
      /^warn: .*the keys were right, but requests from this address are refused\. Ask an administrator/,
    ),
  ])
  expect(log.lines[0]).not.toContain(SERVICE_KEY)
  expect(transport.requests).toHaveLength(2)
  expect(looks).toBe(0)
  isRefused = false
  await clock.advance(2 * MINUTE)
  expect(engine.status()).toMatchObject({ state: 'running', accepted: 1, dropped: 0 })
})
