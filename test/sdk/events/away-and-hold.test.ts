import { expect, test } from 'vitest'
import { goodReply, refusal } from '../engine/scripted-transport.ts'
import { API_KEY } from '../engine/test-engine.ts'
import { NONE, overhear } from './overhear.ts'

const DOWN = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' })

test('away and back: the attempts are counted, and the wait is told', async () => {
  const replies = [DOWN, { status: 503, headers: { 'retry-after': '7' } }, DOWN, undefined, DOWN]
  const { heard, on, report, advance, engineOf } = overhear({
    options: { session: { id: 's' } },
    script: ({ call }) => (call === 'reports' ? replies.shift() : undefined),
  })
  report(1)
  await advance(60_000, 500)

  const counters = { ...NONE, given: 1, waiting: 1 }
  const after = { ...NONE, given: 1, accepted: 1 }
  const told = heard.filter(([, message]) => !('call' in message) || message.call === 'reports')
  const exchange = {
    engine: engineOf,
    counters,
    call: 'reports',
    reports: 1,
    bodyBytes: expect.any(Number),
    sentBytes: expect.any(Number),
    durationMs: 0,
  }
  const why = 'ECONNREFUSED'
  expect(told.slice(2)).toEqual([
    [
      'teamserver-engine:exchange',
      {
        ...exchange,
        attempt: 1,
        outcome: 'retryable',
        why: 'connect ECONNREFUSED',
        retryInMs: 250,
      },
    ],
    [
      'teamserver-engine:state',
      {
        engine: engineOf,
        counters,
        state: 'retrying',
        previous: 'running',
        why: `connect ${why}`,
      },
    ],
    [
      'teamserver-engine:exchange',
      {
        ...exchange,
        attempt: 2,
        httpStatus: 503,
        outcome: 'retryable',
        why: '503',
        retryInMs: 7_000,
      },
    ],
    [
      'teamserver-engine:exchange',
      {
        ...exchange,
        attempt: 3,
        outcome: 'retryable',
        why: 'connect ECONNREFUSED',
        retryInMs: 1_000,
      },
    ],
    [
      'teamserver-engine:exchange',
      { ...exchange, attempt: 4, httpStatus: 202, outcome: 'accepted' },
    ],
    [
      'teamserver-engine:state',
      { engine: engineOf, counters, state: 'running', previous: 'retrying' },
    ],
    ['teamserver-engine:reports:accepted', { engine: engineOf, counters: after, reports: 1 }],
  ])

  report(1, 'next')
  await advance(6_000)
  const [failed, accepted] = on('teamserver-engine:exchange').slice(-2)
  expect(failed).toMatchObject({ attempt: 1, outcome: 'retryable', retryInMs: 250 })
  expect(accepted).toMatchObject({ attempt: 2, outcome: 'accepted' })
})

test.each([
  ['credentials', 1, refusal(401, 'credentials-wrong')],
  ['organization', 1, refusal(403, 'organization-refused')],
  ['role', 1, refusal(403, 'role-refused')],
  ['api-key', 2, refusal(401, 'api-key-wrong')],
  ['unauthorized', undefined, { status: 401 }],
] as const)('keys that are refused with the cause %s: layer %s', async (cause, layer, reply) => {
  let isRefused = true
  const { heard, on, report, advance, engine, engineOf } = overhear({
    options: { organizationApiKey: API_KEY },
    script: () => (isRefused ? reply : undefined),
  })
  report(1)
  await advance(6_000)
  const { hold } = engine.status()
  const counters = { ...NONE, given: 1, waiting: 1 }
  const common = { engine: engineOf, counters }
  expect(on('teamserver-engine:exchange').at(-1)).toMatchObject({
    outcome: 'hold',
    cause,
    why: expect.stringMatching(/^40[13]/),
    retryInMs: 30_000,
  })
  expect(heard.slice(-2)).toEqual([
    [
      'teamserver-engine:state',
      {
        ...common,
        state: 'holding',
        previous: 'starting',
        hold: { cause, since: new Date('2026-01-01T00:00:05.000Z'), message: hold?.message },
        why: expect.stringMatching(/^40[13]/),
      },
    ],
    [
      'teamserver-engine:credentials:refused',
      { ...common, cause, message: hold?.message, ...(layer !== undefined && { layer }) },
    ],
  ])

  isRefused = false
  const before = heard.length
  engine.updateCredentials({ serviceKey: 'An0therKeyAn0therKey01' })
  expect(heard.slice(before)).toEqual([
    [
      'teamserver-engine:credentials:renewed',
      {
        ...common,
        origins: {
          agentUserName: 'option agentUserName',
          serviceKey: 'updateCredentials serviceKey',
          organizationApiKey: 'option organizationApiKey',
        },
      },
    ],
    [
      'teamserver-engine:state',
      { ...common, state: 'starting', previous: 'holding', why: expect.any(String) },
    ],
  ])
})

test('a hold for another reason than the keys refuses no keys', async () => {
  const { heard, on, report, advance } = overhear({ script: () => ({ status: 404 }) })
  report(1)
  await advance(6_000)
  expect(on('teamserver-engine:state').at(-1)?.hold?.cause).toBe('path')
  expect(heard.map(([name]) => name)).not.toContain('teamserver-engine:credentials:refused')
})

test('a hold that gets another cause is told again', async () => {
  const reasons = ['credentials-wrong', 'credentials-wrong', 'api-key-wrong']
  const { on, report, advance } = overhear({
    script: () => refusal(401, reasons.shift() ?? 'api-key-wrong'),
  })
  report(1)
  await advance(1_000_000, 10_000)
  expect(on('teamserver-engine:state').map(({ state, hold }) => `${state} ${hold?.cause}`)).toEqual(
    ['starting undefined', 'holding credentials', 'holding api-key'],
  )
  expect(on('teamserver-engine:credentials:refused').map(({ layer }) => layer)).toEqual([1, 2])
})

test('a key that was rotated is told once, with the moment of its end', async () => {
  const until = '2026-01-02T00:00:00.000Z'
  const { on, report, advance, engineOf } = overhear({
    script: (request) => ({
      ...goodReply(request),
      headers: { 'service-key-accepted-until': until, 'api-key-accepted-until': until },
    }),
  })
  report(1)
  await advance(6_000)
  const counters = { ...NONE, given: 1, waiting: 1 }
  const acceptedUntil = new Date(until)
  expect(on('teamserver-engine:credentials:rotated')).toEqual([
    { engine: engineOf, counters, key: 'serviceKey', acceptedUntil },
    { engine: engineOf, counters, key: 'organizationApiKey', acceptedUntil },
  ])
})
