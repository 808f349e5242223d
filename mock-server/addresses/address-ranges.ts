import { BlockList, isIPv4, isIPv6 } from 'node:net'

/** Addresses that are let in: each entry is one address or a range in CIDR notation. */
export interface AddressRanges {
  /** @param address As the socket or a trusted proxy told it; undefined is in no range. */
  includes(address: string | undefined): boolean
}

/** Longest entry that is looked at, in characters. */
const LONGEST_ENTRY = 64

/** An IPv4 address in the words of IPv6, as dual-stack sockets report their peers. */
const MAPPED_DOTTED = /^::ffff:(\d{1,3}(?:\.\d{1,3}){3})$/i
const MAPPED_HEX = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/i

/**
 * Finds the entries that are no address and no range.
 *
 * @returns One sentence for each; an entry is named by its place, since it may be anything.
 */
export function mistakesInRanges(entries: readonly string[], field = 'ipRange'): readonly string[] {
  return entries.flatMap((entry, index) =>
    parse(entry) === undefined ? [mistake(field, index)] : [],
  )
}

/** @param entries As checked by `mistakesInRanges`. */
export function createAddressRanges(entries: readonly string[]): AddressRanges {
  const list = new BlockList()
  for (const entry of entries) {
    const range = parse(entry)
    if (range !== undefined) list.addSubnet(range.address, range.prefix, range.family)
  }
  return {
    includes(address) {
      const plain = address === undefined ? undefined : plainAddress(address)
      return plain !== undefined && list.check(plain, isIPv4(plain) ? 'ipv4' : 'ipv6')
    },
  }
}

/**
 * Writes an address in the one form that is compared: an IPv4 address that arrived in the words of
 * IPv6 as IPv4, since a block list would look for it in the wrong family.
 *
 * @returns Undefined for what is no address, one with a zone included.
 */
export function plainAddress(text: string): string | undefined {
  const dotted = MAPPED_DOTTED.exec(text)?.[1]
  if (dotted !== undefined) return isIPv4(dotted) ? dotted : undefined
  const [, high, low] = MAPPED_HEX.exec(text) ?? []
  if (high !== undefined && low !== undefined) {
    const bytes = [high, low].flatMap((half) => {
      const word = Number.parseInt(half, 16)
      return [word >> 8, word & 0xff]
    })
    return bytes.join('.')
  }
  if (text.includes('%')) return undefined
  return isIPv4(text) || isIPv6(text) ? text : undefined
}

function parse(
  entry: string,
):
  | { readonly address: string; readonly prefix: number; readonly family: 'ipv4' | 'ipv6' }
  | undefined {
  if (entry.length > LONGEST_ENTRY) return undefined
  const [address = '', prefixText, ...more] = entry.split('/')
  if (more.length > 0 || address.includes('%')) return undefined
  const family = isIPv4(address) ? 'ipv4' : isIPv6(address) ? 'ipv6' : undefined
  // A mapped range could mean either family: whoever wants it writes it as IPv4.
  if (family === undefined || /^::ffff:/i.test(address)) return undefined
  const widest = family === 'ipv4' ? 32 : 128
  if (prefixText === undefined) return { address, prefix: widest, family }
  const prefix = /^(0|[1-9]\d{0,2})$/.test(prefixText) ? Number(prefixText) : Number.NaN
  return prefix <= widest ? { address, prefix, family } : undefined
}

function mistake(field: string, index: number): string {
  return `${field}[${index}] must be an IPv4 or IPv6 address, alone or with a prefix such as 10.0.0.0/8`
}
