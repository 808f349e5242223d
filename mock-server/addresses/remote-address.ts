import type { AddressRanges } from './address-ranges.ts'
import { plainAddress } from './address-ranges.ts'

/**
 * Tells where a request came from. Forwarding headers are a caller's claim and not read, unless the
 * peer is a proxy that was named as trusted; then the right-most address that is not itself such a
 * proxy counts, since everything further left may have been written by the caller.
 *
 * @param peer The other end of the socket.
 * @param forwardedFor `X-Forwarded-For`, repeated lines joined by comma.
 * @returns Undefined when it cannot be told: then no range includes it.
 */
export function remoteAddressOf(
  peer: string | undefined,
  forwardedFor: string | undefined,
  trustedProxies: AddressRanges,
): string | undefined {
  const address = peer === undefined ? undefined : plainAddress(peer)
  if (address === undefined || !trustedProxies.includes(address)) return address
  // The proxy asks for itself.
  if (forwardedFor === undefined) return address
  for (const entry of forwardedFor.split(',').reverse()) {
    const hop = plainAddress(withoutPort(entry.trim()))
    if (hop === undefined) return undefined
    if (!trustedProxies.includes(hop)) return hop
  }
  return address
}

/**
 * Tells whether the person at the other end came over TLS: straight to this server, or to a proxy that was
 * named as trusted and says so.
 *
 * @param forwardedProto `X-Forwarded-Proto`; of several entries the first is the one nearest to the person.
 */
export function isSecureFrom(
  peer: string | undefined,
  isSecure: boolean,
  forwardedProto: () => string | undefined,
  trustedProxies: AddressRanges,
): boolean {
  if (isSecure || !trustedProxies.includes(peer)) return isSecure
  return forwardedProto()?.split(',')[0]?.trim().toLowerCase() === 'https'
}

/** `10.1.2.3:443` and `"[2001:db8::1]:8"` are ways to write an address with its port. */
function withoutPort(text: string): string {
  const unquoted = /^"(.*)"$/.exec(text)?.[1] ?? text
  const bracketed = /^\[([^\]]*)\](?::\d{1,5})?$/.exec(unquoted)?.[1]
  return bracketed ?? unquoted.replace(/^([^:]+):\d{1,5}$/, '$1')
}
