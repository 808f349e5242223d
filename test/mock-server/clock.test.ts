import { expect, test } from 'vitest'
import { createMovableClock } from '../../mock-server/clock.ts'

const START = Date.parse('2026-03-01T12:00:00Z')
const at = (ms: number) => new Date(START + ms)

function setUp(notBefore?: Date) {
  const wall = { ms: START }
  return { wall, clock: createMovableClock(() => wall.ms, notBefore) }
}

test('it goes with the clock that it reads, and stands still while that goes back', () => {
  const { wall, clock } = setUp()
  wall.ms += 10
  expect(clock.now()).toEqual(at(10))
  wall.ms -= 5
  expect(clock.now()).toEqual(at(10))
  wall.ms += 6
  expect(clock.now()).toEqual(at(11))
})

test('moved forward, it goes on from there with the clock that it reads', () => {
  const { wall, clock } = setUp()
  expect(clock.advance(1_000)).toEqual(at(1_000))
  wall.ms += 1
  expect(clock.now()).toEqual(at(1_001))
  expect(clock.set(at(5_000))).toEqual(at(5_000))
  expect(clock.set('2026-03-01T12:00:06Z')).toEqual(at(6_000))
  expect(clock.set(START + 7_000)).toEqual(at(7_000))
  wall.ms += 1
  expect(clock.now()).toEqual(at(7_001))
})

test('it is moved from the latest moment of an earlier run, not from a wall clock that is behind', () => {
  const { clock } = setUp(at(60_000))
  expect(clock.now()).toEqual(at(60_000))
  expect(clock.advance(1)).toEqual(at(60_001))
})

test('it is never set back, and the error says what time it is', () => {
  const { clock } = setUp()
  expect(() => clock.set(at(-1))).toThrow(
    expect.objectContaining({
      code: 'ERR_OPTION_INVALID',
      message:
        'the clock never goes back: it is 2026-03-01T12:00:00.000Z, and 2026-03-01T11:59:59.999Z is before',
    }),
  )
  expect(clock.now()).toEqual(at(0))
})

test.each([-1, Number.NaN, Number.POSITIVE_INFINITY, '5', undefined, null, 9e15])(
  'it is not advanced by %j',
  (ms) => {
    const { clock } = setUp()
    expect(() => clock.advance(ms as never)).toThrow(
      expect.objectContaining({ code: 'ERR_OPTION_INVALID' }),
    )
    expect(clock.now()).toEqual(at(0))
  },
)

test.each(['', 'tomorrow', Number.NaN, undefined, {}])('it is not set to %j', (moment) => {
  const { clock } = setUp()
  expect(() => clock.set(moment as never)).toThrow(
    expect.objectContaining({ code: 'ERR_OPTION_INVALID' }),
  )
})

test('a state that is put back takes the time back with it', () => {
  const { wall, clock } = setUp()
  clock.advance(1_000)
  const state = clock.state()
  clock.advance(60_000)
  wall.ms += 10
  clock.restore(state)
  expect(clock.now()).toEqual(at(1_010))
})

test('a clock that gives no moment is told', () => {
  expect(() => createMovableClock(() => Number.NaN).now()).toThrow(
    expect.objectContaining({ code: 'ERR_OPTION_INVALID' }),
  )
})
