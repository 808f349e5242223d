// C-101 to C-114, C-205: what a bad, huge or hostile configuration costs the start of an application.
// `node bench/bad-input.mjs [rounds]`; ends with 1 when a goal is missed.
//
// Each row is a process of its own, with the file in its working directory; what is measured is the call
// of `createEngine()`, the loading of the YAML parser included. Shown are the medians of wall time and of
// the processor time of the main thread; the goal is for the latter, which other work on the machine does
// not lengthen, and for wall time where a file may keep the process waiting.
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { median, shown } from './shared/statistics.mjs'
import { describeMachine } from './shared/tables.mjs'

/** What the start may take. */
const GOAL_MS = 250
/** The same where nothing but the environment is large. */
const ENVIRONMENT_GOAL_MS = 50

const [rounds = 5] = process.argv.slice(2).map(Number)
const child = fileURLToPath(new URL('bad-input-child.mjs', import.meta.url))

/** @param {number} count @param {(index: number) => string} line */
const lines = (count, line) => Array.from({ length: count }, (_, index) => line(index)).join('\n')

/** A file of holes. @param {string} path @param {number} bytes */
function grow(path, bytes) {
  writeFileSync(path, '')
  truncateSync(path, bytes)
}

const SECTION = 'api:\n  url: https://teamserver.test\n  user_name: agent_1@Shop\n'
const COMPLETE = `${SECTION}  service_key: S3rviceKeyS3rviceKey01\n`
/** @param {string} value */
const withKey = (value) => `${SECTION}  service_key: ${value}\n`

/**
 * What stands in the file, or what makes something else of it.
 *
 * @type {[row: string, what: string, given: string | Uint8Array | ((path: string) => unknown)][]}
 */
const FILES = [
  ['C-101', 'empty', ''],
  ['C-101', 'a comment alone', '# nothing'],
  ['C-101', 'with BOM and CRLF', `\ufeff${COMPLETE.replaceAll('\n', '\r\n')}`],
  ['C-101', 'complete', COMPLETE],
  ['C-102', 'a scalar at the top', 'text'],
  ['C-102', 'a list at the top', '- a'],
  ['C-102', 'two documents', `${COMPLETE}---\n${COMPLETE}`],
  ['C-102', 'a section that is null', 'api: null'],
  ['C-103', 'a key of digits', withKey('12345678901234567890123')],
  ['C-103', 'a key like a power', withKey('88912E21')],
  ['C-103', 'a key that is null', withKey('~')],
  ['C-104', 'a key with a comment', withKey('abc #c')],
  ['C-104', 'a key like an alias', withKey('*abc')],
  ['C-104', 'a key in a block', withKey('>\n    abc')],
  ['C-105', 'a key with a NUL', withKey('"a\\x00b"')],
  ['C-105', 'a key with a line break', withKey('"a\\r\\nX: y"')],
  ['C-105', 'a key of 1 KiB', withKey('x'.repeat(1_024))],
  ['C-106', 'a key twice', `${COMPLETE}api: {}`],
  ['C-107', '__proto__ at each level', `__proto__: {a: 1}\napi:\n  __proto__:\n    b: 1\n`],
  ['C-108', 'an alias bomb', 'a: &a [x,x]\nb: &b [*a,*a]\nc: &c [*b,*b]\nd: &d [*c,*c]'],
  ['C-108', '5 000 nested lists', `x: ${'['.repeat(5_000)}${']'.repeat(5_000)}`],
  ['C-108', '1 000 nested maps', `${'{a: '.repeat(1_000)}1${'}'.repeat(1_000)}`],
  ['C-108', '300 nested block maps', lines(300, (depth) => `${' '.repeat(depth)}k:`)],
  ['C-108', '30 000 nested block lists', '- '.repeat(30_000)],
  ['C-108', '30 000 nested keys', '? '.repeat(30_000)],
  ['C-108', 'a reference to itself', 'a: &a [*a]'],
  ['C-108', '20 000 anchors', '&a '.repeat(20_000)],
  ['C-108', '6 000 unresolved aliases', lines(6_000, (key) => `k${key}: *a`)],
  ['C-108', 'a merge', '<<: {enable: false}'],
  ['C-109', '5 000 keys in 64 KiB', lines(5_000, (key) => `key${key}: 1`).slice(0, 65_536)],
  ['C-109', '64 KiB of comments', '# x\n'.repeat(16_384)],
  ['C-109', '64 KiB of empty lines', '\n'.repeat(65_536)],
  ['C-109', '64 KiB of one folded text', `application:\n  code: >\n${'    x\n\n'.repeat(9_000)}`],
  ['C-109', '20 000 keys in 189 KB', lines(20_000, (key) => `key${key}: 1`)],
  ['C-109', '65 KiB of text', 'x'.repeat(66_560)],
  ['C-110', 'a tab for indent', `${COMPLETE}\tx: 1`],
  ['C-110', 'a quote that does not end', withKey('"abc')],
  ['C-110', 'a NUL byte', `${COMPLETE}\0`],
  ['C-110', 'no UTF-8', Buffer.from(`${COMPLETE}# \xff\n`, 'latin1')],
  ['C-110', 'UTF-16', Buffer.from(`\ufeff${COMPLETE}`, 'utf16le')],
  ['C-110', '20 000 brackets that close nothing', '}\n'.repeat(20_000)],
  ['C-110', '20 000 quotes', '"\n'.repeat(20_000)],
  ['C-110', '20 000 wrong escapes', `"${'\\q'.repeat(20_000)}"`],
  ['C-110', '20 000 directives', '%A\n'.repeat(20_000)],
  ['C-111', 'a function as a tag', withKey('!!js/function "() => 1"')],
  ['C-111', '5 000 tags', lines(5_000, (key) => `k${key}: !t x`)],
  ['C-114', 'a folder', (path) => mkdirSync(path)],
  ['C-114', 'a pipe', (path) => execFileSync('mkfifo', [path])],
  ['C-114', '/dev/zero', (path) => symlinkSync('/dev/zero', path)],
  ['C-114', '1 GiB', (path) => grow(path, 2 ** 30)],
  ['C-114', 'a link to itself', (path) => symlinkSync(path, path)],
]

const manyVariables = Object.fromEntries(
  // As many as this system hands to a process at all.
  Array.from({ length: 60_000 }, (_, index) => [`V_${index}`, 'x']),
)

/** @type {[row: string, what: string, env: Record<string, string>][]} */
const ENVIRONMENTS = [
  ['C-205', 'nothing but a PATH', {}],
  ['C-205', '60 000 other variables', manyVariables],
  ['C-205', 'a variable of 127 KiB', { LARGE: 'x'.repeat(130_000) }],
]

/**
 * @param {Uint8Array | string | ((path: string) => unknown) | undefined} given
 * @param {Record<string, string>} [env]
 * @returns {{ wallMs: number, cpuMs: number, state: string }}
 */
function start(given, env = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'bad-input-'))
  const path = join(folder, 'contrast_security.yaml')
  writeFileSync(join(folder, 'package.json'), '{"name":"shop"}')
  if (typeof given === 'function') given(path)
  else if (given !== undefined) writeFileSync(path, given, { mode: 0o600 })
  const { status, stdout, stderr } = spawnSync(process.execPath, [child], {
    cwd: folder,
    env: { PATH: process.env.PATH, HOME: folder, XDG_STATE_HOME: folder, ...env },
    encoding: 'utf8',
  })
  rmSync(folder, { recursive: true, force: true })
  if (status !== 0) throw new Error(`an application did not outlive its configuration: ${stderr}`)
  return JSON.parse(stdout)
}

const rows = [
  ...FILES.map(([row, what, given]) => ({ row, what, goalMs: GOAL_MS, run: () => start(given) })),
  ...ENVIRONMENTS.map(([row, what, env]) => ({
    row,
    what,
    goalMs: ENVIRONMENT_GOAL_MS,
    run: () => start(undefined, env),
  })),
].map(({ run, ...row }) => ({ ...row, runs: Array.from({ length: rounds }, run) }))

console.log('row    wall ms  cpu ms  of goal  engine    configuration')
let missed = 0
for (const { row, what, goalMs, runs } of rows) {
  const wallMs = median(runs.map((run) => run.wallMs))
  const cpuMs = median(runs.map((run) => run.cpuMs))
  // Of a file that keeps the process waiting, the processor knows nothing.
  const counted = row === 'C-114' ? Math.max(wallMs, cpuMs) : cpuMs
  const isMissed = counted > goalMs
  if (isMissed) missed += 1
  const columns = [
    row,
    shown(wallMs).padStart(7),
    shown(cpuMs).padStart(6),
    shown(counted / goalMs).padStart(7),
    (runs[0]?.state ?? '').padEnd(8),
    what,
  ]
  console.log(`${columns.join('  ')}${isMissed ? '  MISSED' : ''}`)
}
console.log(`${describeMachine([]).join('; ')}; goals missed: ${missed}`)
if (missed > 0) process.exitCode = 1
