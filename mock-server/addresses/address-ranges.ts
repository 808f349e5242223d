import { BlockList, isIPv4, isIPv6 } from 'node:net'

/** Addresses that are let in: each entry is one address or a range in CIDR notation. */
export interface AddressRanges {
  /** @param address As the socket or a trusted proxy told it; undefined is in no range. */
  includes(address: string | undefined): boolean
}

/** Longest entry that is looked at, in characters. */
const LONGEST_ENTRY = 64

/** Places in a sentence, of which a refusal has 300 characters. */
const MOST_PLACES_TOLD = 10

/** An IPv4 address in the words of IPv6, as dual-stack sockets report their peers. */
const MAPPED_DOTTED = /^::ffff:(\d{1,3}(?:\.\d{1,3}){3})$/i
const MAPPED_HEX = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/i

/** What a list that never changes was compiled to. */
const compiled = new WeakMap<readonly string[], AddressRanges>()

/** The places of the entries that are no address and no range: an entry may be anything. */
export function mistakenEntries(entries: readonly unknown[]): readonly number[] {
  return entries.flatMap((entry, index) => (parse(entry) === undefined ? [index] : []))
}

/**
 * Says in one sentence which entries are no address and no range, each by its place.
 *
 * @returns Undefined when all of them are.
 */
export function mistakesInRanges(
  entries: readonly unknown[],
  field = 'ipRange',
): string | undefined {
  const places = mistakenEntries(entries)
  if (places.length === 0) return undefined
  const must = 'must be an IPv4 or IPv6 address, alone or with a prefix such as 10.0.0.0/8'
  return `${namedPlaces(field, places)} ${must}`
}

/**
 * Whether a list lets an address in; an empty list restricts nothing.
 *
 * @param entries As checked by `mistakesInRanges`, and never changed: compiled once.
 */
export function isAddressIn(entries: readonly string[], address: string | undefined): boolean {
  if (entries.length === 0) return true
  const known = compiled.get(entries) ?? createAddressRanges(entries)
  compiled.set(entries, known)
  return known.includes(address)
}

/** @param entries As checked by `mistakesInRanges`. */
export function createAddressRanges(entries: readonly string[]): AddressRanges {
  if (entries.length === 0) return { includes: () => false }
  let list: BlockList | undefined
  return {
    includes(address) {
      const plain = address === undefined ? undefined : plainAddress(address)
      if (plain === undefined) return false
      list ??= blockListOf(entries)
      return list.check(plain, familyOf(plain) ?? 'ipv6')
    },
  }
}

function blockListOf(entries: readonly string[]): BlockList {
  const list = new BlockList()
  for (const entry of entries) {
    const range = parse(entry)
    if (range !== undefined) list.addSubnet(range.address, range.prefix, range.family)
  }
  return list
}

/**
 * Writes an address in the one form that is compared: an IPv4 address that arrived in the words of
 * IPv6 as IPv4, since a block list would look for it in the wrong family.
 *
 * @returns Undefined for what is no address, one with a zone included.
 */
export function plainAddress(text: string): string | undefined {
  if (isIPv4(text)) return text
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
  return familyOf(text) === 'ipv6' ? text : undefined
}

/**
 * The network that somebody calls from. Of IPv6 it is the first 64 bits: whoever has one address of them has
 * all of them.
 *
 * @param plain As `plainAddress` gives it.
 * @returns In one spelling for each network, such as `10.1.2.3` and `2001:db8:0:1::/64`.
 */
export function networkOf(plain: string): string {
  if (isIPv4(plain)) return plain
  // Written as short as can be, in small letters and without dots.
  const [head = '', tail] = new URL(`http://[${plain}]`).hostname.slice(1, -1).split('::')
  const before = groupsOf(head)
  const after = tail === undefined ? [] : groupsOf(tail)
  const zeros = Array.from({ length: 8 - before.length - after.length }, () => '0')
  return `${[...before, ...zeros, ...after].slice(0, 4).join(':')}::/64`
}

function groupsOf(text: string): string[] {
  return text === '' ? [] : text.split(':')
}

function parse(
  entry: unknown,
):
  | { readonly address: string; readonly prefix: number; readonly family: 'ipv4' | 'ipv6' }
  | undefined {
  if (typeof entry !== 'string' || entry.length > LONGEST_ENTRY) return undefined
  const [address = '', prefixText, ...more] = entry.split('/')
  if (more.length > 0 || address.includes('%')) return undefined
  const family = familyOf(address)
  // A mapped range could mean either family: whoever wants it writes it as IPv4.
  if (family === undefined || /^::ffff:/i.test(address)) return undefined
  const widest = family === 'ipv4' ? 32 : 128
  if (prefixText === undefined) return { address, prefix: widest, family }
  const prefix = /^(0|[1-9]\d{0,2})$/.test(prefixText) ? Number(prefixText) : Number.NaN
  return prefix <= widest ? { address, prefix, family } : undefined
}

/** This machine is known by sight: Node's expression for the rest of IPv6 takes 3 ms to be compiled. */
function familyOf(address: string): 'ipv4' | 'ipv6' | undefined {
  if (isIPv4(address)) return 'ipv4'
  return address === '::1' || isIPv6(address) ? 'ipv6' : undefined
}

/** `ipRange[0], [2]-[5]`: the places in as few words as name them all, up to what a sentence bears. */
function namedPlaces(field: string, places: readonly number[]): string {
  const runs: { readonly first: number; last: number }[] = []
  for (const place of places) {
    const run = runs.at(-1)
    if (run !== undefined && run.last === place - 1) run.last = place
    else runs.push({ first: place, last: place })
  }
  const told = runs.slice(0, MOST_PLACES_TOLD)
  const untold = runs
    .slice(MOST_PLACES_TOLD)
    .reduce((count, { first, last }) => count + last - first + 1, 0)
  const words = told.map(({ first, last }) =>
    first === last ? `[${first}]` : `[${first}]-[${last}]`,
  )
  return `${field}${words.join(', ')}${untold === 0 ? '' : ` and ${untold} more`}`
}
