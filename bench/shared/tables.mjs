import { readFileSync, writeFileSync } from 'node:fs'
import { cpus, loadavg, totalmem } from 'node:os'
import { fileURLToPath } from 'node:url'

/**
 * What a measure gives: a table, and for programs what stands behind it.
 *
 * @typedef {object} Measured
 * @property {string} title
 * @property {string[]} head
 * @property {string[][]} rows
 * @property {string[]} notes
 * @property {unknown} values
 * @property {string[]} missed Goals that were not met.
 */

const file = (/** @type {string} */ path) =>
  fileURLToPath(new URL(`../../${path}`, import.meta.url))
const PAGE = file('docs/benchmarks.md')

/** What a figure depends on, and nothing that names the machine. @param {readonly string[]} peers */
export function describeMachine(peers) {
  const load = loadavg()[1] ?? 0
  const isBusy = load > cpus().length * 2
  return [
    `node ${process.version}`,
    `${cpus().length} cores of ${cpus()[0]?.model.trim()}`,
    `${Math.round(totalmem() / 2 ** 30)} GiB`,
    `teamserver-engine ${JSON.parse(readFileSync(file('package.json'), 'utf8')).version}`,
    ...peers,
    `load average ${load.toFixed(1)}${isBusy ? BUSY : ''}`,
  ]
}

const BUSY =
  ': busy with other work, so that times are worth little, and only ratios and counts something'

/** A table for a terminal. @param {Measured} measured */
export function printed({ title, head, rows, notes }) {
  const widths = head.map((_, column) =>
    Math.max(...[head, ...rows].map((row) => (row[column] ?? '').length)),
  )
  const line = (/** @type {string[]} */ row) =>
    row.map((cell, column) =>
      column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0),
    )
  const lines = [head, ...rows].map((row) => `  ${line(row).join('  ')}`)
  return [title, ...lines, ...notes.map((note) => `  ${note}`), ''].join('\n')
}

/**
 * Replaces the tables of a command in docs/benchmarks.md.
 *
 * @param {string} command
 * @param {readonly string[]} machine
 * @param {readonly Measured[]} measured
 */
export function writePage(command, machine, measured) {
  const [begin, end] = [`<!-- ${command} begins -->`, `<!-- ${command} ends -->`]
  const tables = measured.map(({ title, head, rows, notes }) =>
    [
      `### ${title}\n`,
      `| ${head.join(' | ')} |`,
      `| --- |${' ---: |'.repeat(head.length - 1)}`,
      ...rows.map((row) => `| ${row.join(' | ')} |`),
      ...notes.map((note) => `\n${note}`),
    ].join('\n'),
  )
  const section = [begin, `${machine.join(', ')}.`, ...tables, end].join('\n\n')
  const before = readFileSync(PAGE, 'utf8')
  const [from, until] = [before.indexOf(begin), before.indexOf(end)]
  if (from < 0 || until < 0) {
    throw new Error(`${PAGE} has lost the marks that the tables of ${command} stand between`)
  }
  writeFileSync(PAGE, before.slice(0, from) + section + before.slice(until + end.length))
}
