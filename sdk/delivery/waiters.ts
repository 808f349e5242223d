import type { Clock } from '../clock.ts'

/** Those who wait until everything up to a report is settled. */
export interface Waiters {
  readonly isEmpty: boolean
  /**
   * Waits no longer than `limitMs`; the process stays alive that long.
   *
   * @param sequence The last report it waits for.
   */
  wait(sequence: number, limitMs: number): Promise<void>
  /** Something may be settled now. */
  look(): void
}

/** @param isSettled Whether everything up to a report is settled, or waiting for it is of no use. */
export function createWaiters(clock: Clock, isSettled: (sequence: number) => boolean): Waiters {
  const waiters = new Set<{ readonly sequence: number; settle(): void }>()
  return {
    get isEmpty() {
      return waiters.size === 0
    },
    wait: (sequence, limitMs) =>
      new Promise((resolve) => {
        if (isSettled(sequence)) {
          resolve()
          return
        }
        const waiter = { sequence, settle }
        const cancelTimer = clock.after(limitMs, settle, { keepsProcessAlive: true })
        waiters.add(waiter)
        function settle(): void {
          cancelTimer()
          waiters.delete(waiter)
          resolve()
        }
      }),
    look() {
      for (const { sequence, settle } of waiters) if (isSettled(sequence)) settle()
    },
  }
}
