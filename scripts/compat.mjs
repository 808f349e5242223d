// Runs the tests, and a fresh install of the packed package, on each Node with each major of undici, msw
// and vitest that is supported. The checkout is copied and stays as it is; --write puts the results into
// the table of the README.
//
// npm run compat -- [--only 24]... [--quick] [--write]
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { copyCheckout, installedVersion } from './compat/checkout-copy.mjs'
import { FAILED_INSTALL, tryFreshInstall } from './compat/fresh-install.mjs'
import { installNode } from './compat/node-versions.mjs'
import { mustRunOn } from './compat/processes.mjs'
import { OLDER, ROWS, TELLING_TESTS } from './compat/rows.mjs'
import { tryRunners } from './compat/runners.mjs'
import { runSuite } from './compat/suite.mjs'
import { withResults } from './compat/table.mjs'
import { root } from './esbuild-options.mjs'
import { describeCounts } from './test-counts.mjs'

const { values } = parseArgs({
  options: {
    only: { type: 'string', multiple: true, default: [] },
    quick: { type: 'boolean', default: false },
    write: { type: 'boolean', default: false },
  },
})
const known = new Set(ROWS.map(({ node }) => node))
const unknown = values.only.filter((node) => !known.has(node))
if (unknown.length > 0) {
  console.error(`--only takes ${[...known].join(', ')}; it got ${unknown.join(', ')}`)
  process.exit(2)
}
const rows = ROWS.filter(({ node }) => values.only.length === 0 || values.only.includes(node))

const folder = mkdtempSync(join(tmpdir(), 'compat-'))
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.once(signal, () => {
    rmSync(folder, { recursive: true, force: true })
    process.exit(1)
  })
}
/** What several rows share is made once. @type {Map<string, Promise<string>>} */
const made = new Map()
/** @type {import('./compat/table.mjs').Result[]} */
const results = []
try {
  for (const row of rows) {
    try {
      const result = await tryRow(row)
      results.push(result)
      if (values.write) write(result)
    } catch (error) {
      // Nothing to write down, and no reason to leave the other rows out.
      console.error(error)
      process.exitCode = 1
    }
  }
} finally {
  rmSync(folder, { recursive: true, force: true })
}
const isRight = results.every(
  ({ tests, install, runners }) =>
    / 0 failed/.test(tests) && install !== FAILED_INSTALL && !/ fails/.test(runners),
)
if (!isRight) process.exitCode = 1

/** @param {import('./compat/rows.mjs').Row} row */
async function tryRow({ node: major, peers }) {
  const node = await once(`node-${major}`, (place) => installNode(place, major))
  const copy = await copyWith(peers)
  const version = (await mustRunOn(node, ['node', '--version'], { cwd: copy })).trim().slice(1)
  const result = {
    node: version,
    undici: installedVersion(copy, 'undici'),
    msw: installedVersion(copy, 'msw'),
    vitest: installedVersion(copy, 'vitest'),
  }
  console.error(Object.entries(result).flat().join(' '))
  const counts = await runSuite(node, copy, values.quick ? TELLING_TESTS : [])
  const tests = `${describeCounts(counts)}${values.quick ? ' (--quick)' : ''}`
  const install = await once(`fresh-${major}`, async (place) =>
    tryFreshInstall(node, place, await tarball()),
  )
  const runners = await once(`runners-${major}`, () =>
    tryRunners(node, join(folder, `fresh-${major}`)),
  )
  console.error(`  ${tests}; fresh install: ${install}; global setup: ${runners}`)
  return { ...result, tests, install, runners }
}

/** At once: the next row may be interrupted. @param {import('./compat/table.mjs').Result} result */
function write(result) {
  const readme = join(root, 'README.md')
  writeFileSync(readme, withResults(readFileSync(readme, 'utf8'), [result]))
}

/** @param {import('./compat/rows.mjs').Peers} peers */
function copyWith(peers) {
  return once(peers === OLDER ? 'older' : 'newer', async (place) => {
    await copyCheckout(place, peers)
    return place
  })
}

/** The package as it would be published: its ranges are those of the checkout. */
function tarball() {
  return once('package', async (place) => {
    mkdirSync(place)
    const pack = ['npm', 'pack', '--json', '--ignore-scripts', '--pack-destination', place]
    const copy = await copyWith(OLDER)
    const [{ filename }] = JSON.parse(await mustRunOn(process.execPath, pack, { cwd: copy }))
    return join(place, filename)
  })
}

/**
 * @param {string} name
 * @param {(place: string) => Promise<string>} make
 */
function once(name, make) {
  const making = made.get(name) ?? make(join(folder, name))
  made.set(name, making)
  return making
}
