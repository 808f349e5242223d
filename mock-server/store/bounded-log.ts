/** Keeps the last so many entries, oldest first. */
export interface BoundedLog<Entry> {
  /** Adds an entry and answers the one that had to go for it. */
  add(entry: Entry): Entry | undefined
  entries(): readonly Entry[]
}

/** @param limit Entries kept. From 1. */
export function createBoundedLog<Entry>(limit: number): BoundedLog<Entry> {
  const kept: Entry[] = []
  // Once full, the place of the oldest entry, which the next one takes.
  let oldest = 0
  return {
    add(entry) {
      if (kept.length < limit) {
        kept.push(entry)
        return undefined
      }
      const gone = kept[oldest]
      kept[oldest] = entry
      oldest = (oldest + 1) % limit
      return gone
    },
    entries: () => [...kept.slice(oldest), ...kept.slice(0, oldest)],
  }
}
