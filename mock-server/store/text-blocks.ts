/** A text in a block of bytes. */
export interface KeptText {
  readonly block: Block
  readonly start: number
  readonly end: number
}

/**
 * Keeps very many texts as bytes, many in a block: as objects of their own the garbage collector would
 * copy and walk each of them. They go in the order in which they came.
 */
export interface TextBlocks {
  /** @param text Well-formed: half a character would come back as another one. */
  keep(text: string): KeptText
  read(kept: KeptText): string
  /** Lets one go. What was taken by all of a block's texts is then used again. */
  drop(kept: KeptText): void
}

interface Block {
  readonly bytes: Buffer
  /** Where the next text goes. */
  next: number
  /** Texts that nobody has dropped. */
  kept: number
}

const SMALLEST_BYTES = 4_096
const LARGEST_BYTES = 1_048_576

/** In UTF-8, of what a text counts as one. */
const LONGEST_CHARACTER_BYTES = 3

/** The first blocks are small, for those who keep little; a text that is larger than a block has one of its own. */
export function createTextBlocks(): TextBlocks {
  let block: Block | undefined
  let spare: Block | undefined
  let nextBytes = SMALLEST_BYTES

  function blockFor(text: string): Block {
    const free = block === undefined ? 0 : block.bytes.length - block.next
    if (block !== undefined && text.length * LONGEST_CHARACTER_BYTES <= free) return block
    const length = Buffer.byteLength(text)
    if (block !== undefined && length <= free) return block
    if (spare !== undefined && length <= spare.bytes.length) {
      block = spare
      spare = undefined
      return block
    }
    block = { bytes: Buffer.allocUnsafeSlow(Math.max(length, nextBytes)), next: 0, kept: 0 }
    nextBytes = Math.min(nextBytes * 2, LARGEST_BYTES)
    return block
  }

  return {
    keep(text) {
      const into = blockFor(text)
      const start = into.next
      into.next += into.bytes.write(text, start)
      into.kept++
      return { block: into, start, end: into.next }
    },
    read: ({ block: { bytes }, start, end }) => bytes.toString('utf8', start, end),
    drop({ block: from }) {
      if (--from.kept > 0) return
      from.next = 0
      if (from !== block && from.bytes.length === LARGEST_BYTES) spare = from
    },
  }
}
