import type { BlockList } from 'node:net'

/**
 * Tells what an address is that nobody has a TeamServer at: link-local, a cloud's metadata service,
 * or unspecified, which reaches this machine. Keys that are sent there are in wrong hands.
 *
 * @param host A name, or an address in any form that `URL` gives it; IPv6 with or without brackets.
 * @returns Words that follow "is"; `undefined` for any other address or name.
 */
export function refusedAddress(host: string): string | undefined {
  const name = host.toLowerCase().replace(/\.$/, '')
  if (METADATA_NAMES.has(name)) return 'the name of a metadata service'
  const address = name.replace(/^\[|\]$/g, '')
  // Whoever starts with an address of IPv4 need not wait for node:net, which brings streams along: 6 ms.
  if (IPV4.test(address)) return whatOfIPv4(address)
  if (!address.includes(':')) return undefined
  const { isIPv6, BlockList } = process.getBuiltinModule('node:net')
  if (!isIPv6(address)) return undefined
  lists ??= makeLists(BlockList)
  return lists.find(({ list }) => list.check(address, 'ipv6'))?.what
}

const IPV4 = /^\d+(\.\d+){3}$/

/** @param address Four numbers, as `URL` and resolvers write every spelling of one. */
function whatOfIPv4(address: string): string | undefined {
  if (METADATA_V4.includes(address)) return METADATA
  if (address.startsWith(LINK_LOCAL_V4)) return LINK_LOCAL
  return address.startsWith(UNSPECIFIED_V4) ? UNSPECIFIED : undefined
}

const METADATA = 'the address of a metadata service'
const LINK_LOCAL = 'a link-local address'
const UNSPECIFIED = 'an unspecified address'

const METADATA_NAMES: ReadonlySet<string> = new Set([
  'metadata.google.internal',
  'metadata.goog',
  'metadata',
  'instance-data',
  'instance-data.ec2.internal',
])

interface NamedList {
  readonly what: string
  readonly list: BlockList
}

let lists: readonly NamedList[] | undefined

/** The metadata services of Alibaba, Azure, Oracle; those of Amazon, Google and Azure at 169.254. */
const METADATA_V4 = ['100.100.100.200', '168.63.129.16', '192.0.0.192']
const LINK_LOCAL_V4 = '169.254.'
const UNSPECIFIED_V4 = '0.'

/** Those of Amazon and Google. */
const METADATA_V6 = ['fd00:ec2::254', 'fd00:ec2::23', 'fd20:ce::254']

function makeLists(List: typeof BlockList): readonly NamedList[] {
  const metadata = new List()
  for (const address of METADATA_V4) addIPv4(metadata, address, 32)
  for (const address of METADATA_V6) metadata.addAddress(address, 'ipv6')
  const linkLocal = new List()
  addIPv4(linkLocal, `${LINK_LOCAL_V4}0.0`, 16)
  linkLocal.addSubnet('fe80::', 10, 'ipv6')
  const unspecified = new List()
  // Not the other IPv4 addresses in an IPv6 one: `::1` is this machine.
  unspecified.addAddress('::', 'ipv6')
  unspecified.addSubnet('::ffff:0.0.0.0', 104, 'ipv6')
  return [
    { what: METADATA, list: metadata },
    { what: LINK_LOCAL, list: linkLocal },
    { what: UNSPECIFIED, list: unspecified },
  ]
}

/**
 * Adds IPv4 addresses in every form of IPv6 in which a packet for them can be addressed: mapped
 * (RFC 4291, 2.5.5.2), compatible (2.5.5.1), through NAT64 (RFC 6052) and 6to4 (RFC 3056).
 */
function addIPv4(list: BlockList, address: string, prefixBits: number): void {
  const [one = 0, two = 0, three = 0, four = 0] = address.split('.').map(Number)
  const hex = (high: number, low: number) => (high * 256 + low).toString(16)
  for (const before of ['::ffff:', '::', '64:ff9b::']) {
    list.addSubnet(`${before}${hex(one, two)}:${hex(three, four)}`, 96 + prefixBits, 'ipv6')
  }
  list.addSubnet(`2002:${hex(one, two)}:${hex(three, four)}::`, 16 + prefixBits, 'ipv6')
}
