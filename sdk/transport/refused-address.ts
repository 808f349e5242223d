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
  // A name is no address, and looking is not free: node:net may not be loaded yet.
  if (!/^[\d.]+$|:/.test(address)) return undefined
  const { isIP, BlockList } = process.getBuiltinModule('node:net')
  const family = isIP(address)
  if (family === 0) return undefined
  lists ??= makeLists(BlockList)
  const found = lists.find(({ list }) => list.check(address, family === 6 ? 'ipv6' : 'ipv4'))
  return found?.what
}

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

/** Those of Amazon and Google. */
const METADATA_V6 = ['fd00:ec2::254', 'fd00:ec2::23', 'fd20:ce::254']

function makeLists(List: typeof BlockList): readonly NamedList[] {
  const metadata = new List()
  for (const address of METADATA_V4) addIPv4(metadata, address, 32)
  for (const address of METADATA_V6) metadata.addAddress(address, 'ipv6')
  const linkLocal = new List()
  addIPv4(linkLocal, '169.254.0.0', 16)
  linkLocal.addSubnet('fe80::', 10, 'ipv6')
  const unspecified = new List()
  unspecified.addSubnet('0.0.0.0', 8, 'ipv4')
  // Not the other IPv4 addresses in an IPv6 one: `::1` is this machine.
  unspecified.addAddress('::', 'ipv6')
  unspecified.addSubnet('::ffff:0.0.0.0', 104, 'ipv6')
  return [
    { what: 'the address of a metadata service', list: metadata },
    { what: 'a link-local address', list: linkLocal },
    { what: 'an unspecified address', list: unspecified },
  ]
}

/**
 * Adds IPv4 addresses in every form in which a packet for them can be addressed: as they are, mapped
 * (RFC 4291, 2.5.5.2), compatible (2.5.5.1), through NAT64 (RFC 6052) and 6to4 (RFC 3056).
 */
function addIPv4(list: BlockList, address: string, prefixBits: number): void {
  list.addSubnet(address, prefixBits, 'ipv4')
  const [one = 0, two = 0, three = 0, four = 0] = address.split('.').map(Number)
  const hex = (high: number, low: number) => (high * 256 + low).toString(16)
  for (const before of ['::ffff:', '::', '64:ff9b::']) {
    list.addSubnet(`${before}${hex(one, two)}:${hex(three, four)}`, 96 + prefixBits, 'ipv6')
  }
  list.addSubnet(`2002:${hex(one, two)}:${hex(three, four)}::`, 16 + prefixBits, 'ipv6')
}
