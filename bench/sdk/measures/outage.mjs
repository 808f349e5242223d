// 200 reports a second for 6 s; from the first to the fourth second the sink is down, or answers 401,
// 429 (with Retry-After: 1) or 503. Then it is well again; after the 401 whoever takes a new key without
// a restart gets one. At the end the documented close. How many never arrive; how many arrive twice.
import { mkdtempSync } from 'node:fs'
import { join } from 'node:path'
import { runProgram, startSink } from '../children.mjs'
import { ENGINE, PEERS } from '../reporters.mjs'

const PER_SECOND = 200
const SECONDS = 6
const OUTAGES = /** @type {const} */ (['down', 401, 429, 503])

/** @param {{ folder: string }} given */
export async function measureOutage({ folder }) {
  const rows = []
  for (const entry of [ENGINE, ...PEERS]) {
    const each = await Promise.all(OUTAGES.map((outage) => losses(entry, outage, folder)))
    rows.push({ name: entry.name, each })
  }
  return {
    title: `Reports lost around an outage of 3 s, of ${PER_SECOND * SECONDS}`,
    head: ['', ...OUTAGES.map(String), 'arrived twice', 'goal'],
    rows: rows.map(({ name, each }) => [
      name,
      ...each.map(({ lost }) => String(lost)),
      String(each.reduce((sum, { twice }) => sum + twice, 0)),
      name === ENGINE.name ? '0' : '',
    ]),
    notes: [],
    values: rows,
    missed: rows[0]?.each.some(({ lost }) => lost > 0) ? ['reports lost around an outage'] : [],
  }
}

/**
 * @param {import('../reporters.mjs').ReporterEntry} entry
 * @param {typeof OUTAGES[number]} outage
 * @param {string} folder
 */
async function losses({ file }, outage, folder) {
  const sink = await startSink()
  const place = mkdtempSync(join(folder, 'outage-'))
  const argv = [0, PER_SECOND, SECONDS, outage === 401 ? 4.1 : 0].map(String)
  const ended = runProgram('outage', { reporter: file, sinkUrl: sink.url, folder: place, argv })
  await pass(1_000)
  await sink.setMode(outage)
  await pass(3_000)
  await sink.setMode('up')
  await ended
  const { different, twice } = await sink.counts()
  await sink.close()
  return { outage: String(outage), lost: PER_SECOND * SECONDS - different, twice }
}

/** @param {number} ms */
function pass(ms) {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
