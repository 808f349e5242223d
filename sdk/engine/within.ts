import type { Clock } from '../clock.ts'

/** Waits for a promise that never rejects, but no longer than `limitMs`; the process stays alive that long. */
export function within(done: Promise<void>, limitMs: number, clock: Clock): Promise<void> {
  return new Promise((resolve) => {
    const cancel = clock.after(limitMs, resolve, { keepsProcessAlive: true })
    void done.then(() => {
      cancel()
      resolve()
    })
  })
}
