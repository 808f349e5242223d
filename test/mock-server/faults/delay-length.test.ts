import { expect, test } from 'vitest'
import { drawDelayMs } from '../../../mock-server/faults/delay-length.ts'
import { createSeededRandom } from '../../../mock-server/faults/seeded-random.ts'

const DRAWS = 10_000

function drawn(length: Parameters<typeof drawDelayMs>[0]): number[] {
  const random = createSeededRandom(7)
  return Array.from({ length: DRAWS }, () => drawDelayMs(length, random)).sort((a, b) => a - b)
}

test('one seed gives the same numbers each time, and another seed others', () => {
  const firstOf = (seed: number) => Array.from({ length: 5 }, createSeededRandom(seed))
  expect(firstOf(1)).toEqual(firstOf(1))
  expect(firstOf(1)).not.toEqual(firstOf(2))
})

test('the numbers of a seed are spread evenly over [0, 1)', () => {
  const random = createSeededRandom(42)
  const tenths = Array.from({ length: 10 }, () => 0)
  for (let draw = 0; draw < DRAWS; draw++) {
    const number = random()
    expect(number).toBeGreaterThanOrEqual(0)
    expect(number).toBeLessThan(1)
    tenths[Math.floor(number * 10)] = (tenths[Math.floor(number * 10)] ?? 0) + 1
  }
  for (const count of tenths) expect(Math.abs(count - 1_000)).toBeLessThan(150)
})

test('a fixed delay is itself', () => {
  expect(drawDelayMs({ kind: 'fixed', ms: 200 }, () => 0.5)).toBe(200)
})

test('a range is even between its ends', () => {
  const delays = drawn({ kind: 'range', fromMs: 100, toMs: 900 })
  expect(delays[0]).toBeGreaterThanOrEqual(100)
  expect(delays.at(-1)).toBeLessThan(900)
  expect(delays[DRAWS / 2]).toBeGreaterThan(480)
  expect(delays[DRAWS / 2]).toBeLessThan(520)
})

test('a log-normal delay has its median, and a long tail', () => {
  const delays = drawn({ kind: 'log-normal', medianMs: 80, sigma: 0.5 })
  expect(delays[DRAWS / 2]).toBeGreaterThan(77)
  expect(delays[DRAWS / 2]).toBeLessThan(83)
  // exp(0.5 × 2.326) = 3.2 medians at the 99th percentile.
  expect(delays[DRAWS * 0.99]).toBeGreaterThan(80 * 2.9)
  expect(delays[DRAWS * 0.99]).toBeLessThan(80 * 3.5)
})

test('a wild log-normal delay stays below an hour', () => {
  const random = createSeededRandom(7)
  const length = { kind: 'log-normal', medianMs: 1_000_000, sigma: 10 } as const
  for (let draw = 0; draw < 1_000; draw++) {
    expect(drawDelayMs(length, random)).toBeLessThanOrEqual(3_600_000)
  }
})
