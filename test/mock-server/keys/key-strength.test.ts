import { expect, test } from 'vitest'
import { STRONG_KEY_BITS, worstCaseBits } from '../../../mock-server/keys/key-strength.ts'

test.each([
  [32, 6, 6, 6, '187.1'],
  [22, 0, 0, 0, '131.0'],
  [22, 6, 6, 6, '126.6'],
  [16, 4, 4, 4, '92.1'],
  [8, 2, 2, 2, '45.5'],
  [8, 8, 0, 0, '26.6'],
])('K-104: a key of %i/%i/%i/%i has %s bits at worst', (...row) => {
  const [keyLength, minNumbers, minUpperCase, minLowerCase, bits] = row
  const policy = { keyLength, minNumbers, minUpperCase, minLowerCase }
  expect(worstCaseBits(policy).toFixed(1)).toBe(bits)
  expect(worstCaseBits(policy) < STRONG_KEY_BITS).toBe(Number(bits) < 128)
})
