import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { cpus, totalmem } from 'node:os'
import { fileURLToPath } from 'node:url'
import { peerVersion } from './peers.mjs'
import { PEERS } from './reporters.mjs'

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

const PAGE = fileURLToPath(new URL('../../docs/benchmarks.md', import.meta.url))
const [BEGIN, END] = ['<!-- bench:sdk begins -->', '<!-- bench:sdk ends -->']

/** What a figure depends on, and nothing that names the machine. */
export function describeMachine() {
  const packages = [...new Set(PEERS.map((peer) => peer.package ?? ''))]
  return [
    `node ${process.version}`,
    `${cpus().length} cores of ${cpus()[0]?.model.trim()}`,
    `${Math.round(totalmem() / 2 ** 30)} GiB`,
    `teamserver-engine ${ownVersion()}`,
    ...packages.map((name) => `${name} ${peerVersion(name)}`),
  ]
}

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

/** Replaces the tables in docs/benchmarks.md. @param {string[]} machine @param {readonly Measured[]} measured */
export function writePage(machine, measured) {
  const tables = measured.map(({ title, head, rows, notes }) =>
    [
      `### ${title}\n`,
      `| ${head.join(' | ')} |`,
      `| --- |${' ---: |'.repeat(head.length - 1)}`,
      ...rows.map((row) => `| ${row.join(' | ')} |`),
      ...notes.map((note) => `\n${note}`),
    ].join('\n'),
  )
  const section = [BEGIN, `${machine.join(', ')}.`, ...tables, END].join('\n\n')
  const before = existsSync(PAGE) ? readFileSync(PAGE, 'utf8') : ''
  const [from, until] = [before.indexOf(BEGIN), before.indexOf(END)]
  if (from < 0 || until < 0)
    throw new Error(`${PAGE} has lost the marks that the tables stand between`)
  writeFileSync(PAGE, before.slice(0, from) + section + before.slice(until + END.length))
}

function ownVersion() {
  const file = fileURLToPath(new URL('../../package.json', import.meta.url))
  return JSON.parse(readFileSync(file, 'utf8')).version
}
