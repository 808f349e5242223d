import { expect, test } from 'vitest'
import { foldPath } from '../../../../sdk/plugins/routes/fold-path.ts'

test.each([
  ['/', ''],
  ['', ''],
  ['/orders', '/orders'],
  ['/orders/', '/orders'],
  ['/orders?page=2', '/orders'],
  ['/orders#top', '/orders'],
  ['//orders///open', '/orders/open'],
  ['/orders;jsessionid=1/open', '/orders/open'],
  ['https://shop.test:8443/orders?x=1', '/orders'],
  ['https://shop.test', ''],
  ['*', '/*'],
])('%s is the path %s', (url, path) => {
  expect(foldPath(url)).toBe(path)
})

test.each([
  ['a number', '123'],
  ['a negative number', '-5'],
  ['a date', '2024-01-31'],
  ['a UUID', '3F2504E0-4f89-11d3-9a0c-0305e82c3301'],
  ['a short hash', '3f2a1b9c'],
  ['an ObjectId', '507f1f77bcf86cd799439011'],
  ['a SHA-256', 'a1'.repeat(32)],
  ['a nanoid', 'V1StGXR8_Z5jdHi6B-myT'],
  ['a ULID', '01ARZ3NDEKTSV4RRFFQ69G5FAV'],
  ['a cuid', 'cjld2cjxh0000qzrmn831i7rn'],
  ['base64', 'eyJhbGciOiJIUzI1NiJ9Cg=='],
  ['a JSON web token', 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.s1gNaTuRe'],
  ['an address', 'ann@shop.test'],
  ['an encoded address', 'ann%40shop.test'],
  ['something very long', 'x'.repeat(65)],
])('%s is folded', (_what, value) => {
  expect(foldPath(`/orders/${value}/lines`)).toBe('/orders/:id/lines')
})

test.each([
  'v1',
  '2.0',
  'deadbeef',
  'facade',
  'top-10-films-of-the-year',
  'getUsersByRegionAndCountry',
  'index.3f2a1b9c8d7e6f5a.js',
  'caf%C3%A9',
])('%s stays', (word) => {
  expect(foldPath(`/${word}`)).toBe(`/${word}`)
})

test('a deep path ends in a star, and its pattern is bounded', () => {
  expect(foldPath('/a'.repeat(16))).toBe('/a'.repeat(16))
  expect(foldPath('/a'.repeat(17))).toBe(`${'/a'.repeat(16)}/*`)
  expect(foldPath(`/${'x'.repeat(64)}`.repeat(1_000)).length).toBeLessThanOrEqual(1_100)
})
