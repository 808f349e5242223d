import { expect, test } from 'vitest'
import { createNewestMap } from '../../../mock-server/store/newest-map.ts'

test('the one put longest ago goes first, wherever it stands', () => {
  const map = createNewestMap<number>(3)
  for (const [at, key] of ['a', 'b', 'c'].entries()) map.put(key, at)
  map.put('a', 10)
  expect(map.values()).toEqual([1, 2, 10])
  map.put('d', 3)
  map.put('c', 20)
  expect(map.values()).toEqual([10, 3, 20])
  expect([map.get('a'), map.get('b'), map.size]).toEqual([10, undefined, 3])
})

test('what is deleted in the middle, in front and behind leaves the rest in order', () => {
  const map = createNewestMap<string>(9)
  for (const key of ['a', 'b', 'c', 'd', 'e']) map.put(key, key)
  for (const key of ['c', 'a', 'e', 'c']) map.delete(key)
  map.put('f', 'f')
  expect(map.values()).toEqual(['b', 'd', 'f'])
  map.clear()
  expect([map.values(), map.size]).toEqual([[], 0])
  map.put('g', 'g')
  expect(map.values()).toEqual(['g'])
})

test('in the order of arrival nothing moves when it is put again', () => {
  const map = createNewestMap<number>(3)
  for (const [at, key] of ['a', 'b', 'c'].entries()) map.put(key, at)
  map.put('a', 10)
  expect(map.arrivals()).toEqual([10, 1, 2])
  map.put('d', 3)
  expect(map.arrivals()).toEqual([10, 2, 3])
})
