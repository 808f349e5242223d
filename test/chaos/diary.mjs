import { readFileSync } from 'node:fs'

/** Beside it, a longer pause between two lines is time that the machine gave to somebody else. */
const LONGEST_PAUSE_MS = 50

/**
 * Reads what an application wrote down until it was killed. Its time is what it lived through: a machine
 * that was busy with others gave it no time to keep a promise in.
 *
 * @param {string} path
 * @param {number} promiseMs What is older must be safe.
 */
export function readDiary(path, promiseMs) {
  const lines = readFileSync(path, 'utf8').split('\n').slice(0, -1)
  let [livedMs, beforeMs] = [0, 0]
  const entries = lines.map((line) => {
    const [what, count, at] = line.split(' ')
    livedMs += Math.min(LONGEST_PAUSE_MS, Number(at) - beforeMs)
    beforeMs = Number(at)
    return { what, count: Number(count), atMs: livedMs }
  })
  const most = (/** @type {(entry: { what?: string, atMs: number }) => boolean} */ isWanted) =>
    entries.filter(isWanted).reduce((count, entry) => Math.max(count, entry.count), 0)
  const old = most(({ what, atMs }) => what === 'given' && atMs <= livedMs - promiseMs)
  return {
    given: most(({ what }) => what === 'given'),
    /** The engine said so. */
    told: most(({ what }) => what === 'safe' || what === 'flushed'),
    /** They are older than what the engine promises. */
    old,
    /** Refused or given up by the engine. */
    lost: most(({ what }) => what === 'lost'),
  }
}
