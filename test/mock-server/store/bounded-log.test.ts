import { expect, test } from 'vitest'
import { createBoundedLog } from '../../../mock-server/store/bounded-log.ts'

test('past the limit the oldest entry goes, and is handed back', () => {
  const log = createBoundedLog<number>({ entries: 3 })
  expect([1, 2, 3].map((entry) => log.add(entry))).toEqual([[], [], []])
  expect(log.add(4)).toEqual([1])
  expect(log.entries()).toEqual([2, 3, 4])
})

test('a large entry drives out as many old ones as it takes', () => {
  const size = { limit: 10, of: (entry: string) => entry.length }
  const log = createBoundedLog({ entries: 100, size })
  for (const entry of ['aaa', 'bbb', 'ccc']) log.add(entry)
  expect(log.add('dddddd')).toEqual(['aaa', 'bbb'])
  expect(log.entries()).toEqual(['ccc', 'dddddd'])
})

test('an entry above the limit is kept alone', () => {
  const size = { limit: 10, of: (entry: string) => entry.length }
  const log = createBoundedLog({ entries: 100, size })
  log.add('a')
  expect(log.add('x'.repeat(50))).toEqual(['a'])
  expect(log.entries()).toHaveLength(1)
  expect(log.add('b')).toEqual(['x'.repeat(50)])
})

test('after many times its limit it still holds the last entries in order', () => {
  const log = createBoundedLog<number>({ entries: 5 })
  for (let entry = 0; entry < 10_000; entry++) log.add(entry)
  expect(log.entries()).toEqual([9_995, 9_996, 9_997, 9_998, 9_999])
})
