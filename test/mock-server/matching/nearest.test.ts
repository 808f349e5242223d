import { expect, test } from 'vitest'
import { nearest } from '../../../mock-server/matching/nearest.ts'

const REPORTS = [
  { id: '1', type: 'finding', rule: 'a', severity: 'low' },
  { id: '2', type: 'finding', rule: 'b', severity: 'low' },
  { id: '3', type: 'library', name: 'express' },
]
const itself = (report: object) => report

test('the one with the fewest differences is nearest, with its first difference', () => {
  expect(nearest({ type: 'finding', rule: 'b', severity: 'high' }, REPORTS, itself)).toEqual({
    candidate: REPORTS[1],
    difference: { path: 'severity', wanted: 'high', given: 'low' },
  })
})

test('of several as near, the newest', () => {
  expect(nearest({ type: 'finding', rule: 'c' }, REPORTS, itself)?.candidate).toBe(REPORTS[1])
})

test('there is none among nothing, and none where something is as wanted', () => {
  expect(nearest({ type: 'finding' }, [], itself)).toBeUndefined()
  expect(nearest({ rule: 'a' }, REPORTS, itself)).toBeUndefined()
})
