import { expect, test } from 'vitest'
import type { EngineOptions } from '../../../sdk/configuration/options.ts'
import { createRandom, seed } from '../../loops.ts'
import { createManualClock } from '../engine/manual-clock.ts'
import {
  createScriptedTransport,
  goodReply,
  type Reply,
  refusal,
  type SeenRequest,
} from '../engine/scripted-transport.ts'
import {
  API_KEY,
  createLineLog,
  expectSumsUp,
  SERVICE_KEY,
  startTestEngine,
  until,
} from '../engine/test-engine.ts'

const FINDING = { type: 'finding', rule: 'x' } as const

function startWith(
  script: (request: SeenRequest) => Reply | undefined,
  options: EngineOptions = {},
  random = () => 0.5,
) {
  const clock = createManualClock()
  const logger = createLineLog()
  const transport = createScriptedTransport(script)
  const engine = startTestEngine({ logger, ...options }, { clock, transport, random })
  return { clock, engine, transport, lines: logger.lines }
}

test.each([408, 425, 429, 439, 500, 502, 503, 504, 507, 599])(
  'D-106: after %i three times the report arrives once',
  async (status) => {
    let failures = 0
    const { clock, engine, transport } = startWith(({ call }) =>
      call === 'reports' && failures++ < 3 ? { status } : undefined,
    )
    engine.report({ ...FINDING, id: 'r-1' })
    await clock.advance(60_000)
    expect(transport.storedIds).toEqual(['r-1'])
    expect(engine.status()).toMatchObject({ state: 'running', accepted: 1, dropped: 0 })
    expectSumsUp(engine)
  },
)

test('D-101: a server that appears after a minute gets everything, after few attempts', async () => {
  let isUp = false
  const { clock, engine, transport, lines } = startWith(
    () =>
      isUp ? undefined : Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' }),
    {},
    createRandom('backoff'),
  )
  engine.report(FINDING)
  await clock.advance(5_000 + 60_000)
  expect(transport.requests.length, `SEED=${seed}`).toBeLessThanOrEqual(16)
  expect(engine.status()).toMatchObject({
    state: 'retrying',
    waiting: 1,
    lastError: 'connect ECONNREFUSED',
  })
  isUp = true
  await clock.advance(60_000)
  expect(engine.status(), `SEED=${seed}`).toMatchObject({
    state: 'running',
    accepted: 1,
    dropped: 0,
  })
  expect(engine.status()).not.toHaveProperty('lastError')
  expect(lines).toEqual([
    expect.stringContaining('out of reach (connect ECONNREFUSED)'),
    expect.stringContaining('resumed'),
  ])
})

test('D-102: ten minutes down cost few attempts and few lines, whatever is reported meanwhile', async () => {
  let isUp = false
  const { clock, engine, transport, lines } = startWith(
    () => (isUp ? undefined : { status: 503 }),
    {},
    createRandom('backoff'),
  )
  for (let second = 0; second < 600; second++) {
    engine.report(FINDING)
    await clock.advance(1_000)
  }
  expect(transport.requests.length, `SEED=${seed}`).toBeLessThanOrEqual(48)
  expect(lines.length).toBeLessThanOrEqual(10)
  isUp = true
  await clock.advance(60_000)
  await until(() => engine.status().accepted === 600)
  expect(engine.status()).toMatchObject({ dropped: 0, refused: 0, waiting: 0 })
}, 60_000)

test('D-107: Retry-After is waited for, and no other report hurries it', async () => {
  let isUp = false
  const { clock, engine, transport } = startWith(() =>
    isUp ? undefined : { status: 429, headers: { 'retry-after': '120' } },
  )
  engine.report(FINDING)
  await clock.advance(5_000)
  isUp = true
  engine.report(FINDING)
  await clock.advance(119_999)
  expect(transport.requests).toHaveLength(1)
  await clock.advance(1)
  expect(engine.status().accepted).toBe(2)
})

test('a server that says "at once" again and again is asked twice a second at most', async () => {
  const { clock, engine, transport } = startWith(() => ({
    status: 503,
    headers: { 'retry-after': '0' },
  }))
  engine.report(FINDING)
  await clock.advance(5_000)
  await clock.advance(10_000)
  expect(transport.requests.length).toBeLessThanOrEqual(22)
})

test('what failed once does not wait for company again', async () => {
  let isUp = false
  const { clock, engine } = startWith(
    ({ call }) => (isUp || call !== 'reports' ? undefined : { status: 503 }),
    {
      flushIntervalMs: 3_600_000,
    },
  )
  engine.report(FINDING)
  const flushed = engine.flush({ timeoutMs: 10 })
  await clock.advance(10)
  expect(await flushed).toMatchObject({ waiting: 1 })
  isUp = true
  await clock.advance(1_000)
  expect(engine.status().accepted).toBe(1)
})

test('D-109: a server that never answers is given up after requestTimeoutMs', async () => {
  const { clock, engine } = startWith(() => 'silence', { requestTimeoutMs: 3_000 })
  engine.report(FINDING)
  await clock.advance(5_000 + 2_999)
  expect(engine.status().state).toBe('starting')
  await clock.advance(1)
  expect(engine.status()).toMatchObject({
    state: 'retrying',
    waiting: 1,
    lastError: 'ERR_TIMEOUT no whole answer within 3000 ms',
  })
})

test('D-118: one poisoned report among 128 costs itself and at most 15 requests', async () => {
  const { clock, engine, transport, lines } = startWith(
    ({ call, json }) =>
      call === 'reports' && json.reports.some(({ id }) => id === 'r-77')
        ? refusal(400, 'body-malformed')
        : undefined,
    { batchLimitReports: 128 },
  )
  for (let count = 0; count < 128; count++) engine.report({ ...FINDING, id: `r-${count}` })
  await clock.advance(0)
  await until(() => engine.status().waiting === 0)
  expect(engine.status()).toMatchObject({ given: 128, accepted: 127, refused: 1, dropped: 0 })
  expect(transport.requestsOf('reports').length).toBeLessThanOrEqual(15)
  expect(transport.storedIds).toEqual(
    Array.from({ length: 128 }, (_, index) => `r-${index}`).filter((id) => id !== 'r-77'),
  )
  expect(lines).toEqual([expect.stringContaining('r-77 (finding): 400 body-malformed')])
  expectSumsUp(engine)
})

test('a batch that is too large is halved, a single report that is too large is refused', async () => {
  const { clock, engine } = startWith(({ call, json }) =>
    call === 'reports' && (json.reports.length > 2 || json.reports[0]?.id === 'big')
      ? refusal(413, 'body-too-large')
      : undefined,
  )
  for (const id of ['a', 'b', 'big', 'c', 'd']) engine.report({ ...FINDING, id })
  await clock.advance(5_000)
  expect(engine.status()).toMatchObject({ accepted: 4, refused: 1, waiting: 0 })
})

test('halving that meets a fault keeps what is left, in order', async () => {
  let failures = 0
  const { clock, engine, transport } = startWith(({ call, json }) => {
    if (call !== 'reports') return undefined
    if (json.reports.length > 2) return refusal(400, 'body-malformed')
    return json.reports[0]?.id === 'c' && failures++ === 0 ? { status: 503 } : undefined
  })
  for (const id of ['a', 'b', 'c', 'd']) engine.report({ ...FINDING, id })
  await clock.advance(5_000)
  expect(engine.status()).toMatchObject({ state: 'retrying', accepted: 2, waiting: 2 })
  expectSumsUp(engine)
  await clock.advance(60_000)
  expect(transport.storedIds).toEqual(['a', 'b', 'c', 'd'])
})

test('D-208: of a hundred the one that TeamServer names is refused, and not sent again', async () => {
  const { clock, engine, transport, lines } = startWith((request) => {
    if (request.call !== 'reports') return undefined
    const good = goodReply(request).body as object
    const rejected = [{ index: 41, id: 'r-41', reason: 'rule is missing' }]
    return { status: 202, body: { ...good, added: 99, rejected } }
  })
  for (let count = 0; count < 100; count++) engine.report({ ...FINDING, id: `r-${count}` })
  await clock.advance(0)
  await until(() => engine.status().waiting === 0)
  await clock.advance(100_000)
  expect(engine.status()).toMatchObject({ accepted: 99, refused: 1, dropped: 0 })
  expect(transport.requestsOf('reports')).toHaveLength(1)
  expect(lines).toEqual(['warn: TeamServer refused the report r-41 (finding): rule is missing'])
})

test('an answer that names another batch is taken for nobody’s', async () => {
  const { clock, engine } = startWith((request) =>
    request.call === 'reports'
      ? { status: 202, body: { ...(goodReply(request).body as object), batch: 'another' } }
      : undefined,
  )
  engine.report(FINDING)
  await clock.advance(5_000)
  expect(engine.status()).toMatchObject({
    state: 'holding',
    waiting: 1,
    hold: { cause: 'not-teamserver' },
  })
})

const HOLDS = [
  [refusal(401, 'credentials-wrong'), 'credentials', 'serviceKey from option serviceKey'],
  [refusal(401, 'credentials-missing'), 'credentials', 'layer one'],
  [refusal(401, 'api-key-wrong'), 'api-key', 'layer two'],
  [{ status: 401 }, 'unauthorized', 'without a word which'],
  [refusal(403, 'address-refused'), 'address', 'address ranges'],
  [refusal(403, 'organization-refused'), 'organization', 'another organization'],
  [refusal(403, 'role-refused'), 'role', 'not an agent'],
  [{ status: 403 }, 'forbidden', 'forbidden'],
  [refusal(404, 'route-unknown'), 'path', 'url comes from option url'],
  [{ status: 410 }, 'path', 'url comes from option url'],
  [{ status: 407 }, 'proxy', 'proxy'],
  [{ status: 302, headers: { location: 'http://elsewhere/' } }, 'not-teamserver', '302'],
  [{ status: 200, body: '<html>please sign in</html>' }, 'not-teamserver', 'not TeamServer'],
  [{ status: 204 }, 'not-teamserver', 'not TeamServer'],
] as const satisfies readonly (readonly [Reply, string, string])[]

test.each(HOLDS)(
  '%j holds by %s: one line, one probe after 30 s, then each 5 min',
  async (reply, cause, words) => {
    let isRight = false
    const { clock, engine, transport, lines } = startWith(() => (isRight ? undefined : reply))
    engine.report(FINDING)
    await clock.advance(5_000)
    expect(engine.status()).toMatchObject({
      state: 'holding',
      hold: { cause },
      waiting: 1,
      dropped: 0,
    })
    expect(lines).toEqual([expect.stringContaining(words)])
    expect(lines[0]).toContain('http://127.0.0.1:9/Contrast/api')

    engine.report(FINDING)
    expect(await engine.flush()).toEqual({ accepted: 0, spooled: 0, waiting: 2 })
    await clock.advance(29_999)
    expect(transport.requests).toHaveLength(1)
    await clock.advance(1)
    expect(transport.requests).toHaveLength(2)
    await clock.advance(299_999)
    expect(transport.requests).toHaveLength(2)
    isRight = true
    await clock.advance(1)
    expect(engine.status()).toMatchObject({ state: 'running', accepted: 2, waiting: 0 })
    expect(engine.status()).not.toHaveProperty('hold')
    expect(lines).toHaveLength(2)
    expect(lines[1]).toContain('resumed')
    expectSumsUp(engine)
  },
)

test('D-207: an archived application is asked about every two minutes', async () => {
  let isArchived = true
  const { clock, engine, transport } = startWith(() =>
    isArchived
      ? { status: 409, body: { success: false, messages: ['Invalid archived application'] } }
      : undefined,
  )
  engine.report(FINDING)
  await clock.advance(5_000)
  expect(engine.status().hold?.message).toContain('"shop" is archived')
  await clock.advance(180_000)
  expect(transport.requests).toHaveLength(2)
  isArchived = false
  await clock.advance(120_000)
  expect(engine.status()).toMatchObject({ state: 'running', accepted: 1 })
})

test('D-201: a new service key ends the hold at once, with nothing lost', async () => {
  const fresh = 'Fr3shFr3shFr3shFr3sh01'
  const right = Buffer.from(`agent_1@Org:${fresh}`).toString('base64')
  const { clock, engine, transport } = startWith(({ headers }) =>
    headers.authorization === right ? undefined : refusal(401, 'credentials-wrong'),
  )
  engine.report(FINDING)
  await clock.advance(5_000 + 300_000)
  expect(transport.requests.length).toBeLessThanOrEqual(4)
  engine.updateCredentials({ serviceKey: fresh })
  await clock.advance(0)
  expect(engine.status()).toMatchObject({ state: 'running', accepted: 1, dropped: 0 })
})

test('D-203: an engine without an API key is told where to set one, and it can be given at run time', async () => {
  const { clock, engine, lines } = startWith(({ headers }) =>
    headers['api-key'] === API_KEY ? undefined : refusal(401, 'api-key-wrong'),
  )
  engine.report(FINDING)
  await clock.advance(5_000)
  expect(lines).toHaveLength(1)
  expect(lines[0]).toMatch(/organizationApiKey.*CONTRAST__API__API_KEY.*api\.api_key/)
  engine.updateCredentials({ organizationApiKey: API_KEY })
  await clock.advance(0)
  expect(engine.status()).toMatchObject({ state: 'running', accepted: 1 })
})

test('an API key that is wrong is named by where it came from, and null takes it away', async () => {
  const { clock, engine, transport, lines } = startWith(
    ({ headers }) => ('api-key' in headers ? refusal(401, 'api-key-wrong') : undefined),
    { organizationApiKey: API_KEY },
  )
  engine.report(FINDING)
  await clock.advance(5_000)
  expect(lines[0]).toContain('comes from option organizationApiKey')
  expect(lines.join()).not.toContain(API_KEY)
  engine.updateCredentials({ organizationApiKey: null })
  await clock.advance(0)
  expect(engine.status().accepted).toBe(1)
  expect(transport.requests.at(-1)?.headers).not.toHaveProperty('api-key')
})

test('an answer to the old key does not hold the new one', async () => {
  let answer: (() => void) | undefined
  const clock = createManualClock()
  const scripted = createScriptedTransport(({ headers }) =>
    headers['api-key'] === API_KEY ? undefined : refusal(401, 'api-key-wrong'),
  )
  let isFirst = true
  const transport = {
    ...scripted,
    async send(...given: Parameters<typeof scripted.send>) {
      if (isFirst) await new Promise<void>((resolve) => (answer = resolve))
      isFirst = false
      return scripted.send(...given)
    },
  }
  const logger = createLineLog()
  const engine = startTestEngine({ logger }, { clock, transport })
  engine.report(FINDING)
  await clock.advance(5_000)
  engine.updateCredentials({ organizationApiKey: API_KEY })
  answer?.()
  await clock.advance(0)
  expect(engine.status()).toMatchObject({ state: 'running', accepted: 1 })
  expect(logger.lines).toEqual([])
})

test('another agent user name opens a session of its own', async () => {
  const { clock, engine, transport } = startWith(() => undefined)
  engine.report(FINDING)
  await clock.advance(5_000)
  engine.updateCredentials({ agentUserName: 'agent_2@Other' })
  engine.report(FINDING)
  await clock.advance(5_000)
  expect(transport.requestsOf('createSession')).toHaveLength(2)
  expect(engine.status().accepted).toBe(2)
})

test.each([
  [{ serviceKey: 7 }],
  [{ organizationApiKey: '' }],
  [{ serviceKey: `${SERVICE_KEY} ` }],
  [{ colour: 'red' }],
])('updateCredentials(%j) throws ERR_OPTION_INVALID and changes nothing', async (update) => {
  const { clock, engine, transport } = startWith(() => undefined)
  expect(() => engine.updateCredentials(update as never)).toThrow(
    expect.objectContaining({ code: 'ERR_OPTION_INVALID' }),
  )
  engine.report(FINDING)
  await clock.advance(5_000)
  expect(transport.requests[0]?.headers.authorization).toBe(
    Buffer.from(`agent_1@Org:${SERVICE_KEY}`).toString('base64'),
  )
})

test('faults drawn at random lose nothing, count everything, and end in delivery', async () => {
  const random = createRandom('faults')
  let isHealed = false
  const faults: ((request: SeenRequest) => Reply | undefined)[] = [
    () => new Error('reset'),
    () => ({ status: 503 }),
    () => ({ status: 200, body: '<html>' }),
    () => refusal(401, 'credentials-wrong'),
    () => ({ status: 429, headers: { 'retry-after': '3' } }),
    () => 'silence',
  ]
  const { clock, engine, transport } = startWith(
    (request) =>
      isHealed || random() < 0.4 ? undefined : faults[Math.trunc(random() * 6)]?.(request),
    { batchLimitReports: 3 },
    random,
  )
  const ids = Array.from({ length: 60 }, (_, index) => `r-${index}`)
  for (const id of ids) {
    engine.report({ ...FINDING, id })
    await clock.advance(random() * 20_000)
    expectSumsUp(engine)
  }
  isHealed = true
  await clock.advance(1_000_000)
  expect(transport.storedIds.toSorted(), `SEED=${seed}`).toEqual(ids.toSorted())
  expect(engine.status(), `SEED=${seed}`).toMatchObject({ given: 60, accepted: 60, waiting: 0 })
})
