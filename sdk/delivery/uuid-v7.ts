import { randomFillSync } from 'node:crypto'

/**
 * Makes UUIDs of version 7: they sort by the moment they were made.
 *
 * Random bits are drawn a pool at a time, so that one costs a few string pieces.
 *
 * @see RFC 9562, section 5.7
 */
export function createUuidV7Maker(): (wallClockMs: number) => string {
  const pool = Buffer.allocUnsafe(POOL_IDS * RANDOM_BYTES)
  let hex = ''
  let position = 0
  let stampedMs = Number.NaN
  let stamp = ''

  return (wallClockMs) => {
    if (position >= hex.length) {
      hex = randomFillSync(pool).toString('hex')
      position = 0
    }
    if (wallClockMs !== stampedMs) {
      stampedMs = wallClockMs
      const digits = Math.max(0, Math.trunc(wallClockMs)).toString(16).padStart(12, '0').slice(-12)
      stamp = `${digits.slice(0, 8)}-${digits.slice(8)}-7`
    }
    const start = position
    position += RANDOM_BYTES * 2
    const variant = VARIANTS[Number.parseInt(hex.charAt(start + 3), 16) & 3]
    return `${stamp}${hex.slice(start, start + 3)}-${variant}${hex.slice(start + 4, start + 7)}-${hex.slice(start + 7, start + 19)}`
  }
}

/** The four hexadecimal digits whose two high bits are 10. */
const VARIANTS = '89ab'
/** 19 of their 20 digits are used: 3, then 1 for the variant, 3, 12. */
const RANDOM_BYTES = 10
const POOL_IDS = 256
