import type { KeyPolicy } from './key-policy.ts'

/** Bits that a key should have at least; weaker policies are allowed, with a warning. */
export const STRONG_KEY_BITS = 128

/**
 * How hard the generated key that is easiest to guess is to guess, in bits: the required characters
 * from their classes, the rest from all 62, and the ways to arrange them, less those that come to
 * the same key. The worst key is the one that the most arrangements lead to.
 *
 * @param policy As checked by `mistakesInKeyPolicy`.
 */
export function worstCaseBits(policy: KeyPolicy): number {
  const { keyLength, minNumbers, minUpperCase, minLowerCase } = policy
  const free = keyLength - minNumbers - minUpperCase - minLowerCase
  const drawn =
    minNumbers * Math.log2(10) +
    (minUpperCase + minLowerCase) * Math.log2(26) +
    free * Math.log2(62)
  const arranged =
    factorialBits(keyLength) -
    [minNumbers, minUpperCase, minLowerCase, free].reduce((sum, n) => sum + factorialBits(n), 0)
  let sameKey = 0
  for (let numbers = 0; numbers <= free; numbers++) {
    for (let upperCase = 0; upperCase <= free - numbers; upperCase++) {
      const lowerCase = free - numbers - upperCase
      const bits =
        chooseBits(minNumbers + numbers, minNumbers) +
        chooseBits(minUpperCase + upperCase, minUpperCase) +
        chooseBits(minLowerCase + lowerCase, minLowerCase)
      sameKey = Math.max(sameKey, bits)
    }
  }
  return drawn + arranged - sameKey
}

function chooseBits(from: number, count: number): number {
  return factorialBits(from) - factorialBits(count) - factorialBits(from - count)
}

function factorialBits(n: number): number {
  let bits = 0
  for (let factor = 2; factor <= n; factor++) bits += Math.log2(factor)
  return bits
}
