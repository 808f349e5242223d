import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { refusal } from '../../../mock-server/core/answer.ts'
import { createGuessLimit } from '../../../mock-server/core/guess-limit.ts'
import { DEFAULT_SYSTEM_SETTINGS } from '../../../mock-server/store/system-settings.ts'
import { administrative } from '../forged-data/administering.ts'
import { EACH_DOOR } from '../forged-data/doors.ts'
import { createFixture, type Fixture, layersOf } from '../forged-data/fixture.ts'

const START = new Date('2026-01-01T00:00:00Z')
const HOUR_MS = 3_600_000
const STRONG = { keyLength: 32, minNumbers: 6, minUpperCase: 6, minLowerCase: 6 }
const GUESSABLE = { keyLength: 8, minNumbers: 2, minUpperCase: 2, minLowerCase: 2 }
/** 65.5 bits. */
const LONG_ENOUGH = { keyLength: 11, minNumbers: 0, minUpperCase: 0, minLowerCase: 0 }

const WRONG_SERVICE_KEY = refusal('credentials-wrong', { detail: 'service-key-wrong' })
const WRONG_API_KEY = refusal('api-key-wrong')

/** A limit under a policy, and how long each refused attempt waited. */
function limitUnder(policy: {
  readonly applicationKey?: object
  readonly organizationApiKey?: object
}) {
  const waits: number[] = []
  const keyPolicy = {
    ...DEFAULT_SYSTEM_SETTINGS.keyPolicy,
    ...policy,
  } as typeof DEFAULT_SYSTEM_SETTINGS.keyPolicy
  const limit = createGuessLimit({
    store: { systemSettings: async () => ({ ...DEFAULT_SYSTEM_SETTINGS, keyPolicy }) },
    wait: async (ms) => void waits.push(ms),
  })
  return { limit, waits }
}

const from = (remoteAddress: string, userName = 'agent', atMs = 0) => ({
  at: new Date(START.getTime() + atMs),
  remoteAddress,
  userName,
})

test('K-104: a key below 64 bits: each refused attempt waits longer, and after 100 in an hour none is told apart', async () => {
  const { limit, waits } = limitUnder({ applicationKey: GUESSABLE })
  for (let at = 0; at < 100; at++) {
    expect(limit.closed(from('10.0.0.1'))).toBeUndefined()
    expect(await limit.refused(WRONG_SERVICE_KEY, from('10.0.0.1', 'agent', at))).toBe(
      WRONG_SERVICE_KEY,
    )
  }
  expect(waits.slice(0, 8)).toEqual([100, 200, 400, 800, 1_600, 3_200, 5_000, 5_000])
  expect(waits).toHaveLength(97)
  const limited = {
    status: 429,
    headers: { 'retry-after': '3600' },
    refusal: { reason: 'rate-limited', detail: 'keys-not-tried' },
  }
  expect(limit.closed(from('10.0.0.1', 'agent', 100))).toMatchObject(limited)
  expect(await limit.refused(WRONG_SERVICE_KEY, from('10.0.0.1', 'agent', 100))).toMatchObject(
    limited,
  )
  expect(waits).toHaveLength(97)
  // The same address by its other spelling is the same.
  expect(limit.closed(from('::ffff:10.0.0.1', 'agent', 100))).toMatchObject(limited)
})

test('K-104: nobody is locked out: another address and another account go on, and an hour later all do', async () => {
  const { limit } = limitUnder({ applicationKey: GUESSABLE })
  for (let at = 0; at < 100; at++) {
    await limit.refused(WRONG_SERVICE_KEY, from('10.0.0.1', 'agent', at))
  }
  expect(limit.closed(from('10.0.0.2', 'agent', 100))).toBeUndefined()
  expect(limit.closed(from('10.0.0.1', 'other', 100))).toBeUndefined()
  expect(limit.closed(from('10.0.0.1', 'agent', HOUR_MS - 1))).toBeDefined()
  expect(limit.closed(from('10.0.0.1', 'agent', HOUR_MS))).toBeUndefined()
  // One attempt has grown old, so one more may be made.
  expect(await limit.refused(WRONG_SERVICE_KEY, from('10.0.0.1', 'agent', HOUR_MS))).toBe(
    WRONG_SERVICE_KEY,
  )
  expect(limit.closed(from('10.0.0.1', 'agent', HOUR_MS))).toBeDefined()
})

test('K-104: 300 attempts at once are no more than 100', async () => {
  const { limit } = limitUnder({ applicationKey: GUESSABLE })
  const answers = await Promise.all(
    Array.from({ length: 300 }, () => limit.refused(WRONG_SERVICE_KEY, from('10.0.0.1'))),
  )
  expect(answers.filter(({ status }) => status === 401)).toHaveLength(100)
})

test.each([
  ['a strong policy', { applicationKey: STRONG, organizationApiKey: STRONG }],
  ['one of 65 bits', { applicationKey: LONG_ENOUGH, organizationApiKey: LONG_ENOUGH }],
])('K-104: %s slows nobody down', async (_what, policy) => {
  const { limit, waits } = limitUnder(policy)
  for (let at = 0; at < 200; at++) {
    for (const answer of [WRONG_SERVICE_KEY, WRONG_API_KEY]) {
      expect(await limit.refused(answer, from('10.0.0.1'))).toBe(answer)
    }
  }
  expect(waits).toEqual([])
  expect(limit.closed(from('10.0.0.1'))).toBeUndefined()
})

test('K-104: each kind of key is looked at by its own section, and other refusals not at all', async () => {
  const { limit, waits } = limitUnder({ organizationApiKey: GUESSABLE })
  for (let at = 0; at < 10; at++) {
    await limit.refused(WRONG_SERVICE_KEY, from('10.0.0.1'))
    await limit.refused(refusal('credentials-missing'), from('10.0.0.1'))
    await limit.refused(refusal('session-missing'), from('10.0.0.1'))
    await limit.refused(WRONG_SERVICE_KEY, { at: START, remoteAddress: '10.0.0.1' })
  }
  expect(waits).toEqual([])
  for (let at = 0; at < 5; at++) await limit.refused(WRONG_API_KEY, from('10.0.0.1'))
  expect(waits).toEqual([100, 200])
})

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
})
afterEach(() => {
  vi.useRealTimers()
})

test.each(EACH_DOOR)(
  'K-104: after 100 wrong keys right ones are answered 429 from the same address alone, at %s',
  async (_name, kind) => {
    const fixture: Fixture = await createFixture()
    const { a, a1, teamServer, superadmin } = fixture
    const door = await kind.open(teamServer, '127.0.0.9')
    const saved = administrative(fixture, {
      method: 'PUT',
      path: '/superadmin/security/key-policy',
      json: { ...(await teamServer.keyPolicy()), organizationApiKey: GUESSABLE },
      by: superadmin,
    })
    expect((await door.send(saved)).status).toBe(200)
    const report = (apiKey: string) => fixture.report(a, ...layersOf(a1, apiKey))
    const guess = async () => {
      const { path, headers, body } = report('wrong')
      const request = new Request(`http://teamserver.test${path}`, {
        method: 'POST',
        headers: headers.map(([name, value]): [string, string] => [name, value]),
        body: body ?? '',
      })
      const [answer] = await Promise.all([
        teamServer.handle(request, { remoteAddress: door.remoteAddress ?? '' }),
        vi.advanceTimersByTimeAsync(5_000),
      ])
      return answer.status
    }
    for (let at = 0; at < 100; at++) expect(await guess()).toBe(401)
    expect(await guess()).toBe(429)
    vi.useRealTimers()

    const stored = (await a.reports()).length
    const answer = await door.send(report(a.apiKey.value))
    expect(answer.status).toBe(429)
    expect(answer.headers['retry-after']).toBe('3600')
    expect(await a.reports()).toHaveLength(stored)
    expect((await a.refusals()).at(-1)).toMatchObject({
      reason: 'rate-limited',
      detail: 'keys-not-tried',
    })
    // Another account from there, and the same one from elsewhere.
    expect((await door.send(fixture.honestReport())).status).toBe(202)
    const elsewhere = await kind.open(teamServer, '127.0.0.10')
    expect((await elsewhere.send(report(a.apiKey.value))).status).toBe(202)
    fixture.clock.now = new Date(fixture.clock.now.getTime() + HOUR_MS)
    expect((await door.send(report(a.apiKey.value))).status).toBe(202)
  },
)
