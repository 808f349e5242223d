import type { KeyPolicy } from './key-policy.ts'

const NUMBERS = '0123456789'
const UPPER_CASE = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'
const LOWER_CASE = 'abcdefghijklmnopqrstuvwxyz'
const ALPHABET = NUMBERS + UPPER_CASE + LOWER_CASE

/** Draws a whole number from 0 to one below `end`, each equally likely. */
export type RandomInt = (end: number) => number

/**
 * Makes a key that obeys the policy: the required characters first, the rest from the whole
 * alphabet, then a Fisher-Yates shuffle. Built rather than drawn until it fits, because under a
 * strict policy nearly no draw would fit.
 */
export function generateKey(policy: KeyPolicy, randomInt: RandomInt): string {
  const characters = [
    ...draw(NUMBERS, policy.minNumbers, randomInt),
    ...draw(UPPER_CASE, policy.minUpperCase, randomInt),
    ...draw(LOWER_CASE, policy.minLowerCase, randomInt),
  ]
  characters.push(...draw(ALPHABET, policy.keyLength - characters.length, randomInt))
  for (let last = characters.length - 1; last > 0; last--) {
    const other = randomInt(last + 1)
    const moved = characters[last] as string
    characters[last] = characters[other] as string
    characters[other] = moved
  }
  return characters.join('')
}

function draw(alphabet: string, count: number, randomInt: RandomInt): string[] {
  return Array.from({ length: count }, () => alphabet.charAt(randomInt(alphabet.length)))
}
