import { setImmediate } from 'node:timers'

/**
 * Resolves at the end of this turn of the event loop, for all who ask in it together. Answers that are
 * written then follow each other at once, and who reads them wakes up for the first and finds the rest:
 * to wake a process for each costs as much as the answer itself.
 */
export function endOfTurn(): Promise<void> {
  end ??= new Promise((resolve) => {
    setImmediate(() => {
      end = undefined
      resolve()
    })
  })
  return end
}

let end: Promise<void> | undefined
