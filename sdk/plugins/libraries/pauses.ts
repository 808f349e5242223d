import { setTimeout } from 'node:timers'

/** So long may a search keep a process alive that has come to its end. */
const WORK_MS = 10

/**
 * Makes a wait for the steps of a long search: every 10 ms it lets go of the process, which ends right
 * there if nothing else keeps it alive.
 */
export function createPauses(now = () => performance.now()): () => Promise<void> {
  let workedSinceMs = now()
  return async () => {
    if (now() - workedSinceMs < WORK_MS) return
    // An immediate would not do: one without a hold on the process waits for the host's next event.
    await new Promise<void>((resolve) => void setTimeout(resolve, 1).unref())
    workedSinceMs = now()
  }
}
