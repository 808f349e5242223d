/**
 * Makes UUIDs of version 7: they sort by the moment they were made.
 *
 * What is random in them is drawn and written out a pool at a time, so that one costs two pieces of text.
 *
 * @see RFC 9562, section 5.7
 */
export function createUuidV7Maker(): (wallClockMs: number) => string {
  let draw: (() => string) | undefined
  let tails = ''
  let position = 0
  let stampedMs = Number.NaN
  let stamp = ''

  return (wallClockMs) => {
    if (position >= tails.length) {
      draw ??= createTailDrawer()
      tails = draw()
      position = 0
    }
    if (wallClockMs !== stampedMs) {
      stampedMs = wallClockMs
      const digits = Math.max(0, Math.trunc(wallClockMs)).toString(16).padStart(12, '0').slice(-12)
      stamp = `${digits.slice(0, 8)}-${digits.slice(8)}`
    }
    const tail = tails.slice(position, position + TAIL_CHARACTERS)
    position += TAIL_FORMS.length * 2
    return stamp + tail
  }
}

/**
 * What follows the moment: version, variant `v`, and `x` for each random digit. Two characters are
 * written at a time, for one random byte; the last one only evens them out.
 */
const TAIL_FORMS = ['-7', 'xx', 'x-', 'vx', 'xx', '-x', 'xx', 'xx', 'xx', 'xx', 'xx', 'x ']
const TAIL_CHARACTERS = 23
const POOL_IDS = 256

/** @returns Draws tails for `POOL_IDS` ids, one after the other. */
function createTailDrawer(): () => string {
  // Loaded with the first id: it takes 2 ms, which the start of a host need not wait for.
  const { randomFillSync } = process.getBuiltinModule('node:crypto')
  const tables = new Map([...new Set(TAIL_FORMS)].map((form) => [form, pairsOf(form)]))
  const places = TAIL_FORMS.flatMap((form) => tables.get(form) ?? [])
  const random = Buffer.allocUnsafe(POOL_IDS * places.length)
  const text = new Uint16Array(random.length)
  const bytes = Buffer.from(text.buffer)
  return () => {
    randomFillSync(random)
    for (let index = 0; index < random.length; ) {
      for (const pairs of places) {
        text[index] = pairs[random[index] as number] as number
        index++
      }
    }
    return bytes.toString('latin1')
  }
}

/** @returns By byte, the pair of characters that stands for it. */
function pairsOf(form: string): Uint16Array {
  const [first = '', second = ''] = form
  const pairs = Array.from(
    { length: 256 },
    (_, byte) => digit(first, byte >> 4) + digit(second, byte),
  )
  return new Uint16Array(Uint8Array.from(Buffer.from(pairs.join(''), 'latin1')).buffer)
}

function digit(form: string, random: number): string {
  if (form === 'x') return (random & 15).toString(16)
  return form === 'v' ? '89ab'.charAt(random & 3) : form
}
