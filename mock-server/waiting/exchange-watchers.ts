import type { ExchangeEvent } from '../core/journal.ts'

/** Whoever wants to know of each request once it is answered. */
export interface ExchangeWatchers {
  /** Without watchers nothing has to be told. */
  readonly areThere: boolean
  tell(event: ExchangeEvent): void
  /** @returns Ends it. */
  watch(watcher: (event: ExchangeEvent) => void): () => void
}

export function createExchangeWatchers(): ExchangeWatchers {
  const watchers = new Set<(event: ExchangeEvent) => void>()
  return {
    get areThere() {
      return watchers.size > 0
    },
    tell(event) {
      for (const watcher of watchers) watcher(event)
    },
    watch(watcher) {
      watchers.add(watcher)
      return () => watchers.delete(watcher)
    },
  }
}
