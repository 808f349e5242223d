/**
 * Makes UUIDs of version 7: they sort by the moment they were made.
 *
 * What is random in them is drawn and written out a pool at a time, so that one costs two pieces of text.
 *
 * @see RFC 9562, section 5.7
 */
export function createUuidV7Maker(): (wallClockMs: number) => string {
  const random = Buffer.allocUnsafe(POOL_IDS * TAIL.length)
  let tails = ''
  let position = 0
  let stampedMs = Number.NaN
  let stamp = ''

  return (wallClockMs) => {
    if (position >= tails.length) {
      tails = drawTails(random)
      position = 0
    }
    if (wallClockMs !== stampedMs) {
      stampedMs = wallClockMs
      const digits = Math.max(0, Math.trunc(wallClockMs)).toString(16).padStart(12, '0').slice(-12)
      stamp = `${digits.slice(0, 8)}-${digits.slice(8)}`
    }
    const tail = tails.slice(position, position + TAIL.length)
    position += TAIL.length
    return stamp + tail
  }
}

/** What follows the moment: version, variant, and `x` for each random digit. */
const TAIL = '-7xxx-vxxx-xxxxxxxxxxxx'
const POOL_IDS = 256

/** By place in the tail, the characters that may stand there: a power of two of them. */
const CHOICES = [...TAIL].map((form) =>
  Buffer.from(form === 'x' ? '0123456789abcdef' : form === 'v' ? '89ab' : form),
)

/** @returns Tails for `POOL_IDS` ids, one after the other. */
function drawTails(pool: Buffer): string {
  // Loaded with the first id: it takes 2 ms, which the start of a host need not wait for.
  process.getBuiltinModule('node:crypto').randomFillSync(pool)
  let index = 0
  while (index < pool.length) {
    for (const choice of CHOICES) {
      pool[index] = choice[(pool[index] ?? 0) & (choice.length - 1)] ?? 0
      index++
    }
  }
  return pool.toString('latin1')
}
