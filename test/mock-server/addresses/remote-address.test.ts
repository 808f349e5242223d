import { expect, test } from 'vitest'
import { createAddressRanges } from '../../../mock-server/addresses/address-ranges.ts'
import { isSecureFrom, remoteAddressOf } from '../../../mock-server/addresses/remote-address.ts'

const trusted = createAddressRanges(['192.0.2.0/24', '2001:db8:ffff::/48'])

test('what a stranger says of itself is not read (F-406)', () => {
  expect(remoteAddressOf('198.51.100.9', '10.1.2.3', trusted)).toBe('198.51.100.9')
})

test.each([
  ['10.1.2.3', '10.1.2.3'],
  ['10.1.2.3, 198.51.100.9', '198.51.100.9'],
  ['198.51.100.9, 10.1.2.3, 192.0.2.7', '10.1.2.3'],
  ['10.1.2.3:443', '10.1.2.3'],
  ['"[2001:db8::1]:8"', '2001:db8::1'],
  ['[2001:db8::1]', '2001:db8::1'],
  ['2001:db8::1', '2001:db8::1'],
  ['::ffff:10.1.2.3', '10.1.2.3'],
  ['192.0.2.8, 192.0.2.9', '192.0.2.1'],
  [`${'10.1.2.3, '.repeat(199)}10.9.9.9`, '10.9.9.9'],
  ['unknown', undefined],
  ['10.1.2.3, unknown', undefined],
  ['', undefined],
  [undefined, '192.0.2.1'],
])('from a trusted proxy, %s means %s (F-408 to F-410)', (forwardedFor, address) => {
  expect(remoteAddressOf('192.0.2.1', forwardedFor, trusted)).toBe(address)
})

test('a trusted proxy is known in the words of IPv6 as well', () => {
  expect(remoteAddressOf('::ffff:192.0.2.1', '10.1.2.3', trusted)).toBe('10.1.2.3')
})

test('a request without a socket comes from nowhere', () => {
  expect(remoteAddressOf(undefined, '10.1.2.3', trusted)).toBeUndefined()
})

test.each([
  ['192.0.2.1', false, 'https', true],
  ['192.0.2.1', false, ' HTTPS , http', true],
  ['::ffff:192.0.2.1', false, 'https', true],
  ['192.0.2.1', false, 'http', false],
  ['192.0.2.1', false, 'http, https', false],
  ['192.0.2.1', false, 'httpsx', false],
  ['192.0.2.1', false, '', false],
  ['192.0.2.1', false, undefined, false],
  ['198.51.100.9', false, 'https', false],
  [undefined, false, 'https', false],
  ['192.0.2.1', true, 'http', true],
  ['198.51.100.9', true, undefined, true],
])(
  'a peer at %s, over TLS %s, that says %s: the person came over TLS is %s',
  (peer, isSecure, said, expected) => {
    expect(isSecureFrom(peer, isSecure, () => said, trusted)).toBe(expected)
  },
)
