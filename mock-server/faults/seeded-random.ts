/**
 * Numbers that are the same each time for one seed, evenly from [0, 1). Not for secrets.
 *
 * @param seed 0 to 4 294 967 295.
 */
export function createSeededRandom(seed: number): () => number {
  // A counter through a 32-bit mixer, so that near seeds give far numbers.
  let counter = seed >>> 0
  return () => {
    counter = (counter + 0x9e3779b9) >>> 0
    let mixed = counter
    mixed = Math.imul(mixed ^ (mixed >>> 16), 0x21f0aaad)
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97)
    return ((mixed ^ (mixed >>> 15)) >>> 0) / 2 ** 32
  }
}
