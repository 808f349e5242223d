import { expect, test } from 'vitest'
import { createRandom, seed } from '../../loops.ts'
import { createManualClock } from '../engine/manual-clock.ts'
import { FINDING, startScene } from '../engine/scene.ts'
import {
  createScriptedTransport,
  goodReply,
  type Reply,
  refusal,
} from '../engine/scripted-transport.ts'
import { startTestEngine } from '../engine/test-engine.ts'

test('D-105: what was stored before the connection died is sent again, and known by its id', async () => {
  const received: string[] = []
  let isBroken = true
  const { advance, report, engine } = startScene({
    script(request) {
      if (request.call !== 'reports') return undefined
      received.push(...request.json.reports.map(({ id }) => id))
      if (isBroken) return Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' })
      const known = request.json.reports.length
      return { status: 202, body: { ...Object(goodReply(request).body), added: 0, known } }
    },
  })
  report(3)
  await advance(5_000)
  isBroken = false
  await advance(1_000)
  expect(received).toEqual(['r-0', 'r-1', 'r-2', 'r-0', 'r-1', 'r-2'])
  expect(engine.status()).toMatchObject({ given: 3, accepted: 3, refused: 0, dropped: 0 })
})

/** With `random` at 0.5 the first backoff is 250 ms. */
const BACKOFF_MS = 250

test.each<[string, number]>([
  ['2', 2_000],
  ['Thu, 01 Jan 2026 00:00:07 GMT', 2_000],
  ['Wed, 31 Dec 2025 23:59:59 GMT', BACKOFF_MS],
  ['Fri, 01 Jan 2100 00:00:00 GMT', 300_000],
  ['-1', BACKOFF_MS],
  ['abc', BACKOFF_MS],
  ['1e9', 300_000],
])(
  'D-107: after 429 with Retry-After %s, the next request comes after %i ms',
  async (retryAfter, waitMs) => {
    const { advance, report, transport } = startScene({
      script: () => ({ status: 429, headers: { 'retry-after': retryAfter } }),
    })
    report(1)
    await advance(5_000)
    expect(transport.requests).toHaveLength(1)
    await advance(waitMs - 1)
    expect(transport.requests).toHaveLength(1)
    await advance(1)
    expect(transport.requests).toHaveLength(2)
  },
)

/** Two batches under way at once, each answered when the test says so. */
async function twoUnderWay() {
  const answers: ((reply: Reply | undefined) => void)[] = []
  const scene = startScene({
    options: { batchLimitReports: 1 },
    script: ({ call, json }) =>
      call === 'reports' && json.reports[0]?.id !== 'first-0'
        ? new Promise((resolve) => void answers.push(resolve))
        : undefined,
  })
  scene.report(1, 'first')
  await scene.advance(5_000)
  scene.report(10)
  await scene.advance(0)
  expect(answers).toHaveLength(2)
  const answer = async (index: number, reply?: Reply) => {
    answers[index]?.(reply)
    await scene.advance(0)
  }
  return { ...scene, answers, answer }
}

test('once things work two requests are under way, and never more', async () => {
  const { answer, answers, engine } = await twoUnderWay()
  for (let index = 0; index < 10; index++) {
    await answer(index)
    expect(answers).toHaveLength(Math.min(10, index + 3))
  }
  expect(engine.status()).toMatchObject({ accepted: 11, waiting: 0 })
})

test('two requests that fail together are one failure, and the longer wait counts', async () => {
  const { answer, answers, advance, lines } = await twoUnderWay()
  await answer(0, { status: 429, headers: { 'retry-after': '2' } })
  await answer(1, { status: 429, headers: { 'retry-after': '7' } })
  expect(lines).toHaveLength(1)
  await advance(6_999)
  expect(answers).toHaveLength(2)
  await advance(1)
  expect(answers).toHaveLength(3)
  await answer(2, { status: 503 })
  // The second failure in a row, of which the ceiling is a second.
  await advance(499)
  expect(answers).toHaveLength(3)
  await advance(1)
  expect(answers).toHaveLength(4)
})

test('a success that left before the setback does not end the wait', async () => {
  const { answer, answers, advance, engine } = await twoUnderWay()
  await answer(0, { status: 503, headers: { 'retry-after': '60' } })
  await answer(1)
  expect(engine.status()).toMatchObject({ state: 'retrying', accepted: 2 })
  await advance(59_999)
  expect(answers).toHaveLength(2)
  await advance(1)
  expect(answers).toHaveLength(3)
})

test('two requests that are refused together are one hold, asked about after 30 s', async () => {
  const { answer, answers, advance, engine, lines } = await twoUnderWay()
  await answer(0, refusal(401, 'credentials-wrong'))
  await answer(1, refusal(401, 'credentials-wrong'))
  expect(lines).toHaveLength(1)
  await advance(29_999)
  expect(answers).toHaveLength(2)
  await advance(1)
  expect(answers).toHaveLength(3)
  await answer(2)
  expect(engine.status()).toMatchObject({ state: 'running' })
})

test('a server that is out of reach is asked by one request at a time', async () => {
  const { answer, answers, advance } = await twoUnderWay()
  await answer(0, { status: 503 })
  await answer(1, { status: 503 })
  await advance(1_000)
  expect(answers).toHaveLength(3)
  await advance(5_000)
  expect(answers).toHaveLength(3)
})

test('D-108: a hundred engines that failed together do not come back together', async () => {
  const random = createRandom('D-108')
  const clock = createManualClock()
  const attemptsAtMs: number[][] = Array.from({ length: 100 }, () => [])
  for (const attempts of attemptsAtMs) {
    const transport = createScriptedTransport(() => {
      attempts.push(clock.now())
      return { status: 503 }
    })
    startTestEngine({}, { clock, random, transport }).report(FINDING)
  }
  await clock.advance(200_000)
  for (let round = 1; round <= 7; round++) {
    const share = largestShare(
      attemptsAtMs.map((attempts) => attempts[round] ?? 0),
      100,
    )
    // Drawn evenly from 500 ms, 100 ms hold a fifth of them, and by chance more: so it begins.
    const evenShare = 100 / (500 * 2 ** (round - 1))
    const limit = round < 5 ? 2 * evenShare + 0.08 : 0.1
    expect(share, `round ${round}, SEED=${seed}`).toBeLessThanOrEqual(limit)
  }
}, 60_000)

/** @returns The largest part of the moments that lies in one window. */
function largestShare(momentsMs: readonly number[], windowMs: number): number {
  const sorted = momentsMs.toSorted((one, other) => one - other)
  const counts = sorted.map(
    (from) => sorted.filter((at) => at >= from && at < from + windowMs).length,
  )
  return Math.max(...counts) / sorted.length
}

test.each<[string, Reply]>([
  ['a page to sign in', { status: 200, body: '<html>please sign in</html>' }],
  ['204', { status: 204 }],
  ['200 {}', { status: 200, body: {} }],
  ['200 null', { status: 200, body: null, headers: { 'content-type': 'application/json' } }],
  [
    'truncated JSON',
    {
      status: 200,
      body: '{"success": true, "mess',
      headers: { 'content-type': 'application/json' },
    },
  ],
  ['202 that counts what nobody sent', { status: 202, body: { success: true, added: -1 } }],
])('D-114: after %s everything is kept', async (_, reply) => {
  const { advance, report, engine, transport } = startScene({
    script: ({ call }) => (call === 'reports' ? reply : undefined),
  })
  report(2)
  await advance(5_000)
  expect(transport.requestsOf('reports')).toHaveLength(1)
  expect(engine.status()).toMatchObject({
    state: 'holding',
    hold: { cause: 'not-teamserver' },
    waiting: 2,
    accepted: 0,
    dropped: 0,
  })
})

test('D-117: a server that refuses every size ends with each report refused, after few requests', async () => {
  const { advance, report, engine, transport } = startScene({
    script: ({ call }) => (call === 'reports' ? refusal(413, 'body-too-large') : undefined),
  })
  report(8)
  await advance(5_000)
  await advance(600_000)
  expect(engine.status()).toMatchObject({ given: 8, refused: 8, waiting: 0 })
  // 8, then halves down to each by itself: 1 + 2 + 4 + 8.
  expect(transport.requestsOf('reports')).toHaveLength(15)
})

test('D-117: a connection that is reset over the size of the body costs no report and no endless loop', async () => {
  const { advance, report, engine, transport } = startScene({
    script: ({ call }) =>
      call === 'reports' ? Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }) : undefined,
  })
  report(8)
  await advance(600_000, 1_000)
  expect(transport.requestsOf('reports').length).toBeLessThan(48)
  expect(engine.status()).toMatchObject({ waiting: 8, dropped: 0, refused: 0 })
})

test.each([401, 403, 404, 407, 409, 410])(
  'what %i holds is asked about by one request at a time',
  async (status) => {
    let isHeld = false
    const { advance, report, transport } = startScene({
      options: { batchLimitReports: 1 },
      script: () => (isHeld ? { status } : undefined),
    })
    report(1, 'first')
    await advance(5_000)
    isHeld = true
    report(50)
    await advance(0)
    const before = transport.requests.length
    await advance(29_999)
    expect(transport.requests).toHaveLength(before)
  },
)
