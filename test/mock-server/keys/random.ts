import type { RandomInt } from '../../../mock-server/keys/generate-key.ts'

/** Draws repeatable numbers from a seed (mulberry32), for tests alone. */
export function seededRandom(seed: number): RandomInt {
  let state = seed >>> 0
  return (end) => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * end)
  }
}
