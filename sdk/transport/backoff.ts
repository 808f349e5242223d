/** The first ceiling, and the least that is waited from the second failure in a row on. */
export const BACKOFF_BASE_MS = 500

/** Where the ceiling stops doubling. */
export const BACKOFF_CEILING_MS = 60_000

/**
 * Backoff with full jitter: drawn evenly from 0 to a ceiling that doubles with each failure, so that a
 * hundred engines that failed together do not come back together.
 *
 * @param failures Failures in a row before this wait; from 1.
 * @param random Evenly from [0, 1).
 */
export function backoffMs(failures: number, random: () => number): number {
  return random() * Math.min(BACKOFF_CEILING_MS, BACKOFF_BASE_MS * 2 ** (failures - 1))
}
