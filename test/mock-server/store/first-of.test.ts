import { expect, test } from 'vitest'
import { createSeededRandom } from '../../../mock-server/faults/seeded-random.ts'
import { firstOf } from '../../../mock-server/store/first-of.ts'

interface Thing {
  readonly value: number
  readonly serial: number
}

const compare = (one: Thing, other: Thing) => other.value - one.value || one.serial - other.serial

test.each([0, 1, 3, 50, 256, 257, 1_000, Number.POSITIVE_INFINITY])(
  'the first %d of many are those of a whole sort, whatever order they come in',
  (count) => {
    const random = createSeededRandom(7)
    const mixed = Array.from({ length: 1_000 }, (_, serial) => ({
      value: Math.floor(random() * 40),
      serial,
    }))
    for (const items of [mixed, [...mixed].sort(compare), [...mixed].sort(compare).reverse()]) {
      const whole = [...items].sort(compare)
      expect(firstOf(items, count, compare).slice(0, count)).toEqual(whole.slice(0, count))
    }
  },
)

test('a list is left as it was', () => {
  const items = [
    { value: 1, serial: 1 },
    { value: 2, serial: 2 },
  ]
  firstOf(items, 1, compare)
  firstOf(items, 1_000, compare)
  expect(items.map(({ serial }) => serial)).toEqual([1, 2])
})
