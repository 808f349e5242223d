import { createHash } from 'node:crypto'

/**
 * Loops over every case of something large run a tenth of it, drawn by a seed; all of it with
 * `MATRIX=full`. `SEED=<number>` draws again what a failing run has drawn.
 */
export const isFull = process.env.MATRIX === 'full'

/** For tests that are such a loop. */
export const LOOP_TIMEOUT_MS = 300_000

/** Printed with what fails: each assertion in a loop says it. */
export const seed = Number(process.env.SEED ?? Math.trunc(Math.random() * 2 ** 31))

/** How often a loop runs that would run so often in full. */
export function rounds(full: number): number {
  return isFull ? full : Math.ceil(full / 10)
}

/** The numbers from 0 that a loop over so many cases takes. Always the first and the last. */
export function sampled(count: number): number[] {
  const all = Array.from({ length: count }, (_, index) => index)
  if (isFull) return all
  const random = createRandom(`sampled ${count}`)
  return all.filter((index) => index === 0 || index === count - 1 || random() < 0.1)
}

/** @returns Draws evenly from [0, 1), the same for the same seed and purpose. */
export function createRandom(purpose: string): () => number {
  let count = 0
  return () => {
    count += 1
    const digest = createHash('sha256').update(`${seed} ${purpose} ${count}`).digest()
    return digest.readUInt32BE() / 2 ** 32
  }
}
