// What the engine takes of the main thread of its host when there is much to do at once.
// `node bench/main-thread.mjs [rounds]`; ends with 1 when a goal is missed.
//
// - D-501: 10 000 reports in one tick, a spool, a TeamServer that answers: at most 250 ms of the main
//   thread in all, until everything is delivered; nothing lost; at most 64 MiB more resident.
// - A spool of 64 MiB that an engine before has left is taken over: the host's event loop is late by at
//   most 10 ms (p99), and so it is while all of it is delivered.
//
// The main thread is measured by its processor time (shared/main-thread.mjs), so that neither other work on
// the machine nor gzip on threads of its own counts.
// How late the loop is, is measured by a timer of 1 ms; beside it stands the same of a process that does
// nothing, in the same minute.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { startSink } from './sdk/children.mjs'
import { median, shown } from './shared/statistics.mjs'
import { describeMachine } from './shared/tables.mjs'

const GOALS = { burstMs: 250, burstMiB: 64, lateMs: 10 }

const [rounds = 5] = process.argv.slice(2).map(Number)
const child = fileURLToPath(new URL('main-thread-child.mjs', import.meta.url))
const sink = await startSink()

/** @param {string} what @param {string} [folder] */
function run(what, folder = '') {
  const { stdout, stderr, signal } = spawnSync(process.execPath, [child, what, folder, sink.url], {
    encoding: 'utf8',
    env: { PATH: process.env.PATH, HOME: tmpdir() },
  })
  if (signal !== 'SIGKILL' && stdout === '') throw new Error(`${what} failed: ${stderr}`)
  return stdout === '' ? undefined : JSON.parse(stdout)
}

/** @param {string} folder */
function mebibytesIn(folder) {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  const sizes = names.map((name) => statSync(join(folder, name)).size)
  return sizes.reduce((sum, size) => sum + size, 0) / 1_048_576
}

/** @template Result @param {(folder: string) => Result} act */
async function inFolder(act) {
  const folder = mkdtempSync(join(tmpdir(), 'main-thread-'))
  try {
    return await act(folder)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

const bursts = []
const adoptions = []
const idles = []
for (let round = 0; round < rounds; round++) {
  bursts.push(await inFolder((folder) => run('burst', folder)))
  idles.push(run('idle'))
  adoptions.push(
    await inFolder(async (folder) => {
      await sink.setMode(503)
      run('leave', folder)
      await sink.setMode('up')
      return { mebibytes: mebibytesIn(folder), ...run('adopt', folder) }
    }),
  )
}
await sink.close()

/** @param {(one: any) => number} of @param {any[]} runs */
const middle = (runs, of) => median(runs.map(of))
const idleMs = middle(idles, ({ p99 }) => p99)
const rows = [
  ['D-501: main thread for 10 000 reports, ms', middle(bursts, (one) => one.ownMs), GOALS.burstMs],
  ['D-501: of it in the tick that reports, ms', middle(bursts, (one) => one.tickMs)],
  ['D-501: resident, MiB more', middle(bursts, (one) => one.residentMiB), GOALS.burstMiB],
  ['D-501: lost', Math.max(...bursts.map((one) => one.lost)), 0],
  ['nothing to do: event loop late, p99 ms', idleMs],
  ['taken over, MiB', middle(adoptions, (one) => one.mebibytes)],
  ['taking over: event loop late, p99 ms', middle(adoptions, (one) => one.known.p99), GOALS.lateMs],
  ['taking over: at most, ms', middle(adoptions, (one) => one.known.max)],
  ['taking over: main thread in all, ms', middle(adoptions, (one) => one.known.ownMs)],
  ['taking over: until it is known, ms', middle(adoptions, (one) => one.known.tookMs)],
  [
    'delivering it: event loop late, p99 ms',
    middle(adoptions, (one) => one.delivered.p99),
    GOALS.lateMs,
  ],
  ['delivering it: at most, ms', middle(adoptions, (one) => one.delivered.max)],
  [
    'of it lost',
    Math.max(...adoptions.map(({ delivered }) => delivered.given - delivered.accepted)),
    0,
  ],
]
let missed = 0
for (const [what = '', value = Number.NaN, goal] of rows) {
  const isMissed = goal !== undefined && Number(value) > Number(goal)
  if (isMissed) missed += 1
  const columns = [String(what).padEnd(44), shown(Number(value)).padStart(8)]
  const asked = goal === undefined ? '' : `  goal ${goal}${isMissed ? '  MISSED' : ''}`
  console.log(`${columns.join('')}${asked}`)
}
console.log(`${describeMachine([]).join('; ')}; goals missed: ${missed}`)
if (missed > 0) process.exitCode = 1
