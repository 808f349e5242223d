/** Keeps the last entries, oldest first, as many as its limits let it. */
export interface BoundedLog<Entry> {
  /** Adds an entry and answers those that had to go for it. */
  add(entry: Entry): readonly Entry[]
  entries(): readonly Entry[]
}

export interface LogLimits<Entry> {
  /** Entries kept. From 1. */
  readonly entries: number
  /** What all entries together may measure. One that is larger by itself is kept alone. */
  readonly size?: { readonly limit: number; readonly of: (entry: Entry) => number }
}

/** Holes at the front that are worth closing. */
const HOLES = 1_024

export function createBoundedLog<Entry>({ entries, size }: LogLimits<Entry>): BoundedLog<Entry> {
  // Where the oldest entry stands; the holes before it are closed up now and then.
  let kept: (Entry | undefined)[] = []
  let first = 0
  let measure = 0
  const NONE: readonly Entry[] = []

  function isTooMuch(): boolean {
    const count = kept.length - first
    return count > entries || (size !== undefined && count > 1 && measure > size.limit)
  }

  function takeOldest(): Entry {
    const oldest = kept[first] as Entry
    kept[first] = undefined
    measure -= size?.of(oldest) ?? 0
    first++
    return oldest
  }

  return {
    add(entry) {
      kept.push(entry)
      measure += size?.of(entry) ?? 0
      if (!isTooMuch()) return NONE
      const gone: Entry[] = []
      while (isTooMuch()) gone.push(takeOldest())
      if (first > HOLES && first * 2 > kept.length) {
        kept = kept.slice(first)
        first = 0
      }
      return gone
    },
    entries: () => kept.slice(first) as Entry[],
  }
}
