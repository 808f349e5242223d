import { countDifferences, type Difference, firstDifference } from './difference.ts'

/** What comes closest to what was wanted, and what it lacks first. */
export interface Nearest<Candidate> {
  readonly candidate: Candidate
  readonly difference: Difference
}

/**
 * Looks for what comes closest to what is wanted; of several, the newest.
 *
 * @param candidates Oldest first.
 * @param read What of a candidate is compared.
 * @returns `undefined` when there is nothing, or something is as wanted.
 */
export function nearest<Candidate>(
  wanted: unknown,
  candidates: readonly Candidate[],
  read: (candidate: Candidate) => unknown,
): Nearest<Candidate> | undefined {
  let best: Nearest<Candidate> | undefined
  let fewest = Number.POSITIVE_INFINITY
  for (const candidate of candidates) {
    const value = read(candidate)
    const difference = firstDifference(wanted, value)
    if (difference === undefined) return undefined
    const count = countDifferences(wanted, value)
    if (count > fewest) continue
    fewest = count
    best = { candidate, difference }
  }
  return best
}
