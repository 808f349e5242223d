import type { LookupFunction } from 'node:net'
import { refusedAddress } from './refused-address.ts'
import { TransportError } from './transport.ts'

/**
 * Resolves names as `dns.lookup` does, and refuses one that leads to an address nobody has a TeamServer
 * at, also among others: a name that was harmless when the engine was configured may be so no longer
 * (DNS rebinding).
 */
export function createGuardedLookup({
  isLinkLocalAllowed,
  lookup = process.getBuiltinModule('node:dns').lookup,
}: {
  readonly isLinkLocalAllowed: boolean
  readonly lookup?: LookupFunction | undefined
}): LookupFunction {
  if (isLinkLocalAllowed) return lookup
  return (hostname, options, callback) =>
    lookup(hostname, options, (error, found, family) => {
      const addresses = Array.isArray(found) ? found.map(({ address }) => address) : [found]
      for (const address of error === null ? addresses : []) {
        const what = refusedAddress(address)
        if (what === undefined) continue
        callback(addressRefused(`${hostname} (${address})`, what), [])
        return
      }
      callback(error, found, family)
    })
}

export function addressRefused(where: string, what: string): TransportError {
  return new TransportError(
    'ERR_ADDRESS_REFUSED',
    `${where} is ${what}, where no TeamServer is: nothing was sent. If one is meant to be, set allowLinkLocal`,
  )
}
