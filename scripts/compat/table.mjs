/**
 * The table of the README, between `<!-- compat -->` and `<!-- /compat -->`.
 * @typedef {import('./table.mjs').Result} Result
 */

/** @type {readonly [keyof Result, string][]} */
const COLUMNS = [
  ['node', 'Node'],
  ['undici', 'undici'],
  ['msw', 'msw'],
  ['vitest', 'vitest'],
  ['tests', 'tests'],
  ['install', 'fresh install, for production'],
  ['runners', 'global setup of other runners'],
]

/**
 * Puts results into a page; rows that were not run again stay as they are.
 *
 * @param {string} page
 * @param {readonly Result[]} results
 */
export function withResults(page, results) {
  const parts = /(<!-- compat -->\n)(.*?)(<!-- \/compat -->)/s.exec(page)
  if (parts === null) throw new Error('the page has no <!-- compat --> … <!-- /compat -->')
  const [all, start, table = '', end] = parts
  const rows = new Map([...readRows(table), ...results].map((result) => [keyOf(result), result]))
  const sorted = [...rows].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, row]) => row)
  return page.replace(all, () => `${start}${tableOf(sorted)}${end}`)
}

/** Which row a result belongs to: majors alone. @param {Result} result */
function keyOf({ node, undici }) {
  return [node, undici].map((version) => version.split('.', 1)[0]).join('/')
}

/** @param {readonly Result[]} rows */
function tableOf(rows) {
  const lines = [
    COLUMNS.map(([, title]) => title),
    COLUMNS.map(() => '---'),
    ...rows.map((row) => COLUMNS.map(([name]) => row[name])),
  ]
  return lines.map((cells) => `| ${cells.join(' | ')} |\n`).join('')
}

/**
 * @param {string} table
 * @returns {Result[]}
 */
function readRows(table) {
  return table
    .split('\n')
    .slice(2)
    .filter((line) => line.startsWith('|'))
    .map((line) => {
      const cells = line.slice(1, -1).split('|')
      const entries = COLUMNS.map(([name], index) => [name, cells[index]?.trim() ?? ''])
      return /** @type {Result} */ (Object.fromEntries(entries))
    })
}
