/** A small generator (mulberry32), so that a failing run can be played again. */
export function seededRandom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** `SEED=… npx vitest run …` plays a run again. */
export function drawSeed(): number {
  const given = Number(process.env.SEED)
  return process.env.SEED !== undefined && Number.isSafeInteger(given)
    ? given
    : Math.trunc(Math.random() * 2 ** 31)
}
