/**
 * A generator that gives the same numbers for the same seed (mulberry32).
 *
 * @param {number} seed
 */
export function createRandom(seed) {
  let state = seed >>> 0

  function next() {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }

  return {
    /** Evenly from [0, 1). */
    next,
    /** @param {number} from @param {number} until */
    between: (from, until) => from + next() * (until - from),
    /** @template Item @param {readonly Item[]} items @returns {Item} */
    pick(items) {
      const item = items[Math.floor(next() * items.length)]
      if (item === undefined) throw new Error('there is nothing to pick from')
      return item
    },
  }
}

/** @typedef {ReturnType<typeof createRandom>} Random */
