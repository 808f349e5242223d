import { expect, test } from 'vitest'
import {
  countDifferences,
  firstDifference,
  inWords,
} from '../../../mock-server/matching/difference.ts'

const REPORT = {
  id: 'first',
  type: 'finding',
  severity: 'medium',
  request: { method: 'GET', headers: ['a', 'b'] },
}

test.each([
  ['nothing in particular', {}],
  ['a part of it', { type: 'finding', request: { method: 'GET' } }],
  ['a whole list', { request: { headers: ['a', 'b'] } }],
  ['a text by its pattern', { id: /^f/ }],
  [
    'an asymmetric matcher',
    { id: expect.any(String), request: expect.objectContaining({ method: 'GET' }) },
  ],
  ['the absence of a field', { hash: undefined }],
])('%s is there', (_what, wanted) => {
  expect(firstDifference(wanted, REPORT)).toBeUndefined()
  expect(countDifferences(wanted, REPORT)).toBe(0)
})

test.each([
  [{ severity: 'high' }, 'severity: wanted "high", got "medium"'],
  [{ hash: 'x' }, 'hash: wanted "x", got nothing'],
  [{ severity: undefined }, 'severity: wanted nothing, got "medium"'],
  [{ request: { method: 'POST' } }, 'request.method: wanted "POST", got "GET"'],
  [{ request: { headers: ['a'] } }, 'request.headers[1]: wanted nothing, got "b"'],
  [{ request: { headers: ['a', 'b', 'c'] } }, 'request.headers[2]: wanted "c", got nothing'],
  [{ request: 'GET /' }, 'request: wanted "GET /", got {"method":"GET","headers":["a","b"]}'],
  [{ id: { method: 'GET' } }, 'id: wanted {"method":"GET"}, got "first"'],
  [{ request: [] }, 'request: wanted [], got {"method":"GET","headers":["a","b"]}'],
  [{ id: /^x/ }, 'id: wanted /^x/, got "first"'],
  [{ request: { method: /GET/, headers: /a/ } }, 'request.headers: wanted /a/, got ["a","b"]'],
  [{ id: expect.any(Number) }, 'id: wanted Any<Number>, got "first"'],
  [{ toString: 'x' }, 'toString: wanted "x", got nothing'],
  ['text', `wanted "text", got ${JSON.stringify(REPORT)}`],
])('%j is not there, and it says where first', (wanted, words) => {
  const difference = firstDifference(wanted, REPORT)
  expect(difference && inWords(difference)).toBe(words)
})

test('a global pattern gives the same answer each time', () => {
  const wanted = { id: /first/g }
  expect([1, 2, 3].map(() => firstDifference(wanted, REPORT))).toEqual([
    undefined,
    undefined,
    undefined,
  ])
})

test('every wanted value that is not there counts', () => {
  expect(countDifferences({ id: 'x', severity: 'high', type: 'finding' }, REPORT)).toBe(2)
})

test('what is shown of a long value is cut', () => {
  const difference = firstDifference({ id: 'x' }, { id: 'y'.repeat(10_000) })
  expect(difference && inWords(difference).length).toBeLessThan(300)
})
