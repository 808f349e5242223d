import { type AddressRanges, networkOf, plainAddress } from '../addresses/address-ranges.ts'

/** Counts refused credentials by where they came from, and says when there were too many. */
export interface FailedAttempts {
  /** How long the address has to wait; undefined when it need not. */
  waitSecondsOf(remoteAddress: string | undefined, now: Date): number | undefined
  count(remoteAddress: string | undefined, now: Date): void
}

const WINDOW_MS = 60_000

/** Addresses that are remembered; past it the one that began longest ago is forgotten. */
const LARGEST = 10_000

/** For requests that came through no socket, and for addresses that nobody could read. */
const NOWHERE = ''

/**
 * @param perMinute Refused attempts that an address has in a minute; undefined counts none.
 * @param exempt Addresses that are not counted.
 */
export function createFailedAttempts(
  perMinute: number | undefined,
  exempt: AddressRanges,
): FailedAttempts {
  const windows = new Map<string, { readonly since: number; count: number }>()
  const isCounted = (address: string | undefined) =>
    perMinute !== undefined && !exempt.includes(address)

  function windowOf(remoteAddress: string | undefined, now: Date) {
    const key = placeOf(remoteAddress)
    const found = windows.get(key)
    if (found !== undefined && now.getTime() - found.since < WINDOW_MS) return found
    windows.delete(key)
    return undefined
  }

  return {
    waitSecondsOf(remoteAddress, now) {
      if (perMinute === undefined || !isCounted(remoteAddress)) return undefined
      const window = windowOf(remoteAddress, now)
      if (window === undefined || window.count < perMinute) return undefined
      return Math.ceil((window.since + WINDOW_MS - now.getTime()) / 1_000)
    },
    count(remoteAddress, now) {
      if (!isCounted(remoteAddress)) return
      const window = windowOf(remoteAddress, now)
      if (window !== undefined) {
        window.count++
        return
      }
      windows.set(placeOf(remoteAddress), { since: now.getTime(), count: 1 })
      if (windows.size <= LARGEST) return
      for (const oldest of windows.keys()) {
        windows.delete(oldest)
        return
      }
    },
  }
}

/** One spelling for all addresses that one caller has. */
export function placeOf(remoteAddress: string | undefined): string {
  const plain = remoteAddress === undefined ? undefined : plainAddress(remoteAddress)
  return plain === undefined ? NOWHERE : networkOf(plain)
}
