import { BlockList } from 'node:net'
import { expect, onTestFinished, test, vi } from 'vitest'
import {
  createAddressRanges,
  isAddressIn,
  mistakesInRanges,
  networkOf,
  plainAddress,
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
  const mistake = mistakesInRanges(['10.0.0.0/8', entry])
  expect(mistake).toMatch(/^ipRange\[1\] must be /)
  expect(mistake?.length).toBeLessThan(120)
})

test('one sentence names the place of every mistake, neighbours together (F-414)', () => {
  const entries = ['x', '10.0.0.1', 'x', 'x', 'x', '10.0.0.2', 7, null]
  expect(mistakesInRanges(entries)).toMatch(/^ipRange\[0\], \[2\]-\[4\], \[6\]-\[7\] must be /)
})

test('a thousand mistakes still make a sentence that a refusal can bear', () => {
  const entries = Array.from({ length: 1_000 }, (_, index) => (index % 2 === 0 ? 'x' : '10.0.0.1'))
  expect(mistakesInRanges(entries)).toContain('[18] and 490 more must be')
  expect(mistakesInRanges(entries)?.length).toBeLessThan(250)
})

test('a list without a mistake has none', () => {
  expect(mistakesInRanges(['10.0.0.0/8', '::1'])).toBeUndefined()
})

test('a list is compiled once, and another one with the same entries on its own', () => {
  const subnets = vi.spyOn(BlockList.prototype, 'addSubnet')
  onTestFinished(() => subnets.mockRestore())
  const list = ['10.0.0.0/8', '2001:db8::/32']
  expect(isAddressIn(list, '10.1.2.3')).toBe(true)
  expect(isAddressIn(list, '2001:db8::1')).toBe(true)
  expect(isAddressIn(list, '11.1.2.3')).toBe(false)
  expect(subnets).toHaveBeenCalledTimes(2)
  expect(isAddressIn([...list], '10.1.2.3')).toBe(true)
  expect(subnets).toHaveBeenCalledTimes(4)
})

test('a list without entries restricts nothing; one with entries keeps out who cannot be told', () => {
  expect(isAddressIn([], undefined)).toBe(true)
  expect(isAddressIn(['0.0.0.0/0', '::/0'], undefined)).toBe(false)
})

test('an empty list includes nobody: that it means no restriction is for whoever asks', () => {
  expect(createAddressRanges([]).includes('10.0.0.1')).toBe(false)
})

test.each([
  ['10.1.2.3', '10.1.2.3'],
  ['::ffff:10.1.2.3', '10.1.2.3'],
  ['::FFFF:10.1.2.3', '10.1.2.3'],
  ['::ffff:a01:203', '10.1.2.3'],
  ['::ffff:0:0', '0.0.0.0'],
  ['::ffff:ffff:ffff', '255.255.255.255'],
  ['::10.1.2.3', '::10.1.2.3'],
  ['64:ff9b::a01:203', '64:ff9b::a01:203'],
  ['2001:db8::1', '2001:db8::1'],
  ['::ffff:10.1.2.300', undefined],
  ['::ffff:10.1.2.03', undefined],
  ['fe80::1%eth0', undefined],
  ['010.1.2.3', undefined],
  ['', undefined],
])('%j is written as %j (F-403 to F-405)', (text, plain) => {
  expect(plainAddress(text)).toBe(plain)
})

test.each([
  ['10.1.2.3', '10.1.2.3'],
  ['2001:db8:0:1:2:3:4:5', '2001:db8:0:1::/64'],
  ['2001:DB8::1:0:0:0:1', '2001:db8:0:1::/64'],
  ['2001:db8:0:1::', '2001:db8:0:1::/64'],
  ['2001:db8:0:2::1', '2001:db8:0:2::/64'],
  ['::1', '0:0:0:0::/64'],
  ['::', '0:0:0:0::/64'],
  ['64:ff9b::192.0.2.1', '64:ff9b:0:0::/64'],
  ['fe80::1', 'fe80:0:0:0::/64'],
])('%s calls from the network %s', (address, network) => {
  expect(networkOf(address)).toBe(network)
})
