import { expect, test } from 'vitest'
import { backoffMs } from '../../../sdk/transport/backoff.ts'
import { retryAfterMs } from '../../../sdk/transport/retry-after.ts'

const NOW_MS = Date.parse('2026-01-01T00:00:00Z')

test.each([
  ['2', 2_000],
  [' 2 ', 2_000],
  ['0', 0],
  ['Thu, 01 Jan 2026 00:00:02 GMT', 2_000],
  ['Thursday, 01-Jan-26 00:00:02 GMT', 2_000],
  ['Wed, 31 Dec 2025 23:59:00 GMT', undefined],
  ['Fri, 01 Jan 2100 00:00:00 GMT', 300_000],
  ['-1', undefined],
  ['abc', undefined],
  ['1e9', 300_000],
  ['1000000000', 300_000],
  ['9'.repeat(400), 300_000],
  ['', undefined],
  ['2, 3', undefined],
  [null, undefined],
])('D-107: Retry-After %j asks for %j ms', (header, waitMs) => {
  expect(retryAfterMs(header, NOW_MS)).toBe(waitMs)
})

test.each([
  [1, 500],
  [2, 1_000],
  [7, 32_000],
  [8, 60_000],
  [5_000, 60_000],
])('after %i failures in a row the wait is drawn from [0, %i) ms', (failures, ceilingMs) => {
  expect(backoffMs(failures, () => 0)).toBe(0)
  expect(backoffMs(failures, () => 0.5)).toBe(ceilingMs / 2)
  expect(backoffMs(failures, () => 0.999)).toBeLessThan(ceilingMs)
})
