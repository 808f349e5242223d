// Node's own: a test may have put others in the place of the global ones.
import { clearTimeout, setTimeout } from 'node:timers'
import { setImmediate as turn } from 'node:timers/promises'
import type { ExchangeEvent } from '../core/journal.ts'
import type { ExchangeWatchers } from './exchange-watchers.ts'

export interface WaitOptions {
  /** Longest wait, by the real clock. 0 to 2 147 483 647. @default 1_000 */
  readonly timeoutMs?: number
}

/**
 * Waits until a look finds what it looks for: at once, and again after each exchange that concerns it.
 *
 * @returns `undefined` when time is up.
 */
export async function waitUntil<Found>(
  look: () => Promise<Found | undefined>,
  { watch }: Pick<ExchangeWatchers, 'watch'>,
  { concerns, timeoutMs }: { concerns(event: ExchangeEvent): boolean; timeoutMs: number },
): Promise<Found | undefined> {
  let isTimeUp = false
  let wake = () => {}
  const stopWatching = watch((event) => {
    if (concerns(event)) wake()
  })
  const timer = setTimeout(() => {
    isTimeUp = true
    wake()
  }, timeoutMs)
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
    stopWatching()
  }
}
