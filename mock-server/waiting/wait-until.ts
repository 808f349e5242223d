// Node's own: a test may have put others in the place of the global ones.
import { clearTimeout, setTimeout } from 'node:timers'
import { setImmediate as turn } from 'node:timers/promises'

export interface WaitOptions {
  /** Longest wait, by the real clock. 0 to 2 147 483 647. @default 1_000 */
  readonly timeoutMs?: number
}

/** What tells of each thing that happens. */
export interface Watchable<Event> {
  /** @returns Ends it. */
  watch(watcher: (event: Event) => void): () => void
}

export interface WaitTerms<Event> {
  /** Whether it is worth another look. */
  concerns(event: Event): boolean
  readonly timeoutMs: number
  /** Ends the wait as if time were up. */
  readonly closing?: AbortSignal
}

/**
 * Waits until a look finds what it looks for: at once, and again after each event that concerns it.
 *
 * @returns `undefined` when time is up.
 */
export async function waitUntil<Found, Event>(
  look: () => Promise<Found | undefined>,
  { watch }: Watchable<Event>,
  { concerns, timeoutMs, closing }: WaitTerms<Event>,
): Promise<Found | undefined> {
  let isTimeUp = closing?.aborted === true
  let wake = () => {}
  const stopWatching = watch((event) => {
    if (concerns(event)) wake()
  })
  const endTime = () => {
    isTimeUp = true
    wake()
  }
  const timer = setTimeout(endTime, timeoutMs)
  closing?.addEventListener('abort', endTime)
  try {
    for (;;) {
      const isLastLook = isTimeUp
      // Made before the look: what happens during it calls for another.
      const woken = new Promise<void>((resolve) => {
        wake = resolve
      })
      const found = await look()
      if (found !== undefined || isLastLook) return found
      await woken
      // Many exchanges in one turn are one look.
      await turn()
    }
  } finally {
    clearTimeout(timer)
    closing?.removeEventListener('abort', endTime)
    stopWatching()
  }
}
