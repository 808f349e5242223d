/** The newest records of a log, as bytes in one block of memory: nothing of them is an object until somebody looks. */
export interface ByteRing {
  readonly sizeRecords: number
  readonly sizeBytes: number
  /** Keeps a text in UTF-8 with bytes behind it as one record. Past a limit the oldest go. What is larger than the whole ring is not kept. */
  add(text: string, bytes?: Uint8Array): void
  /** Copies, oldest first. */
  records(): readonly Uint8Array[]
  clear(): void
}

/**
 * @param limitBytes The block, which is asked for with the first record.
 * @param limitRecords From 1.
 */
export function createByteRing(limitBytes: number, limitRecords: number): ByteRing {
  let block: Buffer | undefined
  // Where a text becomes bytes: how many is known once it has.
  let desk: Buffer | undefined
  // Where each record stands, oldest first, in a ring of their own.
  const starts = new Uint32Array(limitRecords)
  const lengths = new Uint32Array(limitRecords)
  let first = 0
  let count = 0
  let next = 0
  let sizeBytes = 0

  const slotAt = (index: number) => (first + index) % limitRecords

  function dropOldest(): void {
    sizeBytes -= lengths[first] ?? 0
    first = (first + 1) % limitRecords
    count--
  }

  /** @returns Bytes that hold until the next text. */
  function encoded(text: string): Uint8Array {
    if (text.length * LONGEST_CHARACTER_BYTES > DESK_BYTES) return Buffer.from(text)
    desk ??= Buffer.allocUnsafeSlow(DESK_BYTES)
    return desk.subarray(0, desk.write(text))
  }

  /** Whether the oldest record stands in the way of these bytes. */
  function isOldestIn(start: number, end: number): boolean {
    const from = starts[first] ?? 0
    return count > 0 && from < end && from + room(lengths[first] ?? 0) > start
  }

  return {
    get sizeRecords() {
      return count
    },
    get sizeBytes() {
      return sizeBytes
    },
    add(text, bytes) {
      const start = encoded(text)
      const length = start.length + (bytes?.length ?? 0)
      if (length > limitBytes) return
      block ??= Buffer.allocUnsafeSlow(limitBytes)
      if (next + room(length) > limitBytes) {
        // A record stands in one piece: what is left at the end stays free, and whoever stood there goes.
        while (isOldestIn(next, limitBytes)) dropOldest()
        next = 0
      }
      while (count === limitRecords || isOldestIn(next, next + room(length))) dropOldest()
      block.set(start, next)
      if (bytes !== undefined) block.set(bytes, next + start.length)
      const slot = slotAt(count)
      starts[slot] = next
      lengths[slot] = length
      count++
      next += room(length)
      sizeBytes += length
    },
    records() {
      if (block === undefined) return []
      const whole = block
      return Array.from({ length: count }, (_, index) => {
        const start = starts[slotAt(index)] ?? 0
        return Uint8Array.prototype.slice.call(whole, start, start + (lengths[slotAt(index)] ?? 0))
      })
    },
    clear() {
      first = 0
      count = 0
      next = 0
      sizeBytes = 0
    },
  }
}

const DESK_BYTES = 16_384
/** In UTF-8, of what a text counts as one. */
const LONGEST_CHARACTER_BYTES = 3

/** An empty record has a place too: in the order of places the oldest is always next. */
function room(length: number): number {
  return Math.max(1, length)
}
