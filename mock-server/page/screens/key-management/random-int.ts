/** Draws a whole number from 0 to one below `end`, each equally likely; what would tip the scales is drawn again. */
export function randomInt(end: number): number {
  const fair = Math.floor(2 ** 32 / end) * end
  const drawn = new Uint32Array(1)
  for (;;) {
    const [value = 0] = crypto.getRandomValues(drawn)
    if (value < fair) return value % end
  }
}
