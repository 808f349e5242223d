import type { DelayLength } from './fault.ts'

/** The longest that a drawn delay becomes, so that a rare draw does not hold a test for hours. */
const LONGEST_DRAWN_MS = 3_600_000

/** @param random Evenly from [0, 1). @returns Milliseconds. */
export function drawDelayMs(length: DelayLength, random: () => number): number {
  switch (length.kind) {
    case 'fixed':
      return length.ms
    case 'range':
      return length.fromMs + random() * (length.toMs - length.fromMs)
    case 'log-normal':
      return Math.min(
        LONGEST_DRAWN_MS,
        length.medianMs * Math.exp(length.sigma * drawNormal(random)),
      )
  }
}

/** By Box and Muller: two even numbers make a normal one. */
function drawNormal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
}
