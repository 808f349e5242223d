import { expect, test } from 'vitest'
import {
  expectNothingLost,
  MINUTE,
  msUntilRunning,
  NEW_KEY,
  report,
  startBefore,
  URL,
  USER,
  YAML,
  yamlOf,
} from './rotating-team-server.ts'
import { API_KEY, SERVICE_KEY } from './test-engine.ts'

test('K-404: the function credentials is asked before the first request, and not before there is one', async () => {
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
