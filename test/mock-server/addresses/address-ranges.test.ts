import { expect, test } from 'vitest'
import {
  createAddressRanges,
  mistakesInRanges,
} from '../../../mock-server/addresses/address-ranges.ts'

const ranges = createAddressRanges(['10.0.0.0/8', '203.0.113.7', '2001:db8::/32'])

test.each(['10.1.2.3', '203.0.113.7', '2001:db8::1', '::ffff:10.1.2.3', '::ffff:a01:203'])(
  '%s is inside (F-401, F-403)',
  (address) => {
    expect(ranges.includes(address)).toBe(true)
  },
)

test.each([
  '11.0.0.1',
  '203.0.113.8',
  '2001:db9::1',
  '::ffff:203.0.113.8',
  '::10.1.2.3',
  '64:ff9b::a01:203',
  'fe80::1%eth0',
  'unknown',
  '',
  undefined,
])('%s is outside (F-402, F-404, F-405)', (address) => {
  expect(ranges.includes(address)).toBe(false)
})

test.each([
  '010.0.0.1',
  '10.1',
  '0x0a.0.0.1',
  '167772161',
  '10.0.0.1/33',
  '10.0.0.1/-1',
  '10.0.0.1/08',
  '10.0.0.1/8/8',
  '10.0.0.1/',
  '2001:db8::/129',
  'fe80::1%eth0',
  '::ffff:10.0.0.0/104',
  '١.٢.٣.٤',
  '',
  ' 10.0.0.1',
  '1'.repeat(5_000),
])('%s is no entry, and the sentence names its place alone (F-414)', (entry) => {
  const [mistake, ...others] = mistakesInRanges(['10.0.0.0/8', entry])
  expect(mistake).toContain('ipRange[1]')
  expect(others).toEqual([])
  expect(mistake?.length).toBeLessThan(120)
})

test('an empty list includes nobody: that it means no restriction is for whoever asks', () => {
  expect(createAddressRanges([]).includes('10.0.0.1')).toBe(false)
})
