import { expect, test } from 'vitest'
import { countUpTo, windowOf } from '../../mock-server/page/screens/live/window.ts'
import { createExchangeLog, LONGEST_LOG } from '../../mock-server/page/state/exchange-log.ts'
import type { LiveExchange } from '../../mock-server/page/state/live-connection.ts'

const NOW = Date.parse('2026-11-24T08:00:00.500Z')

function exchange(id: number, more: Partial<LiveExchange> = {}): LiveExchange {
  return {
    id,
    at: new Date(NOW).toISOString(),
    method: 'POST',
    path: '/Contrast/api/engine/v1/reports',
    status: 202,
    isOfEngine: true,
    durationMs: 1,
    ...more,
  }
}

const refused = (reason: string) => ({ status: 401, refusal: { reason, detail: reason } })

/** A log whose frames come when the test says so. */
function createLog() {
  const frames: (() => void)[] = []
  const log = createExchangeLog(
    (flush) => frames.push(flush),
    () => NOW,
  )
  return { log, frames, frame: () => frames.splice(0).map((flush) => flush()) }
}

test('however many come, followers are told once a frame', () => {
  const { log, frames, frame } = createLog()
  for (let id = 1; id <= 100; id++) log.add(exchange(id))
  expect(frames).toHaveLength(1)
  expect(log.matching()).toEqual([])
  frame()
  expect(log.version.get()).toBe(1)
  expect(log.matching()).toHaveLength(100)
})

test('the newest 10 000 are kept, and a few more until the oldest go together', () => {
  const { log, frame } = createLog()
  let most = 0
  for (let id = 1; id <= 3 * LONGEST_LOG; id++) {
    log.add(exchange(id))
    if (id % 100 === 0) frame()
    most = Math.max(most, log.matching().length)
  }
  expect(most).toBeLessThanOrEqual(LONGEST_LOG + 1_000)
  expect(log.matching().length).toBeGreaterThanOrEqual(LONGEST_LOG)
  expect(log.matching().at(-1)?.id).toBe(3 * LONGEST_LOG)
})

test('in a window without frames what waits is bounded too', () => {
  const { log, frame } = createLog()
  for (let id = 1; id <= 5 * LONGEST_LOG; id++) log.add(exchange(id))
  frame()
  // Each that waited was given its order with the frame.
  expect(log.newest()).toBeLessThanOrEqual(LONGEST_LOG + 1_000)
  expect(log.matching().at(-1)?.id).toBe(5 * LONGEST_LOG)
})

test('engines are counted by the layer that stopped them, and people are not counted', () => {
  const { log, frame } = createLog()
  log.add(exchange(1))
  log.add(exchange(2, refused('credentials-wrong')))
  log.add(exchange(3, refused('credentials-missing')))
  log.add(exchange(4, refused('api-key-wrong')))
  log.add(exchange(5, { status: 403, refusal: { reason: 'role-refused', detail: 'x' } }))
  log.add(exchange(6, { isOfEngine: false }))
  frame()
  expect(log.counts()).toEqual({ taken: 1, refused: 4, refusedByLayerOne: 2, refusedByLayerTwo: 1 })
  expect(log.seconds(2)).toEqual([
    { second: NOW / 1_000 - 1.5, taken: 0, refused: 0 },
    { second: NOW / 1_000 - 0.5, taken: 1, refused: 4 },
  ])
})

test('the filter looks at everything that a row says', () => {
  const { log, frame } = createLog()
  log.add(exchange(1, { userName: 'agent_1@Shop' }))
  log.add(exchange(2, { ...refused('api-key-wrong'), remoteAddress: '203.0.113.7' }))
  log.add(exchange(3, { isOfEngine: false, path: '/Contrast/api/ng/profile' }))
  frame()
  const found = (filter: Partial<typeof log.filter>) => {
    log.filter = { outcome: 'all', from: 'all', text: '', ...filter }
    return log.matching().map(({ id }) => id)
  }
  expect(found({})).toEqual([1, 2, 3])
  expect(found({ from: 'engines' })).toEqual([1, 2])
  expect(found({ outcome: 'refused' })).toEqual([2])
  expect(found({ outcome: 'taken' })).toEqual([1, 3])
  expect(found({ text: 'AGENT_1' })).toEqual([1])
  expect(found({ text: '203.0.113' })).toEqual([2])
  expect(found({ text: 'api-key-wrong' })).toEqual([2])
  expect(found({ text: 'profile' })).toEqual([3])
})

test.each([
  [0, 36, 0, 600, { first: 0, end: 0 }],
  [3, 36, 0, 600, { first: 0, end: 3 }],
  [10_000, 36, 0, 360, { first: 0, end: 16 }],
  [10_000, 36, 36_000, 360, { first: 994, end: 1_016 }],
  [10_000, 36, 360_000, 360, { first: 9_994, end: 10_000 }],
  [5, 36, 360_000, 360, { first: 5, end: 5 }],
])(
  'of %i rows of %i px, scrolled by %i in %i, these are there',
  (count, row, top, height, expected) => {
    expect(windowOf(count, row, top, height)).toEqual(expected)
  },
)

test('what came up to an order is found, whatever is missing in between', () => {
  const list = [2, 5, 9].map((order) => ({ order }))
  expect([0, 1, 2, 4, 5, 9, 10].map((order) => countUpTo(list, order))).toEqual([
    0, 0, 1, 1, 2, 3, 3,
  ])
})
