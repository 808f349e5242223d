// What the preload with all its plugins costs a small express application: three processes of it, one with
// `--import teamserver-engine/register`, loaded turn by turn by a third, over 8 connections as
// fast as it answers. Latencies of each turn are compared with those of the turn beside it, and the medians
// of these ratios are shown. Beside them what a request costs the host's processor, which others on the
// machine change less. What two processes without the engine differ by is what this run cannot tell apart.
import { execFile, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { median, shown } from '../../shared/statistics.mjs'

const CONNECTIONS = 8
const TURN_MS = 2_000
const path = (/** @type {string} */ name) => fileURLToPath(new URL(name, import.meta.url))
const run = promisify(execFile)

/** @param {{ folder: string, sinkUrl: string, rounds: number }} given */
export async function measureHostOverhead({ folder, sinkUrl, rounds }) {
  const env = {
    PATH: process.env.PATH,
    NODE_ENV: 'production',
    HOME: folder,
    XDG_STATE_HOME: folder,
    CONTRAST__API__URL: sinkUrl,
    CONTRAST__API__USER_NAME: 'agent_bench@Bench',
    CONTRAST__API__SERVICE_KEY: 'S3rviceKeyS3rviceKey01',
    CONTRAST__AGENT__POLLING__APP_ACTIVITY_MS: '5000',
  }
  const bare = await startHost([], env)
  const control = await startHost([], env)
  const watched = await startHost(['--import', 'teamserver-engine/register'], env)
  // The search for libraries, once per start, is over after these.
  for (let turn = 0; turn < 3; turn++) for (const host of [bare, control, watched]) await load(host)
  /** @typedef {{ p50: number, p99: number, processorUs: number }} Turn */
  /** @type {{ bare: Turn, control: Turn, watched: Turn }[]} */
  const turns = []
  for (let round = 0; round < rounds * 3; round++) {
    // Who comes first changes, so that what a turn leaves behind meets all of them.
    const order = [bare, control, watched].map((_, place, hosts) => hosts[(place + round) % 3])
    /** @type {Map<unknown, any>} */
    const seen = new Map()
    for (const host of order) if (host !== undefined) seen.set(host, await load(host))
    turns.push({ bare: seen.get(bare), control: seen.get(control), watched: seen.get(watched) })
  }
  for (const { child } of [bare, control, watched]) {
    child.disconnect()
    await once(child, 'exit')
  }
  const rows = [
    { what: 'p50, ms', key: /** @type {const} */ ('p50'), goal: 3 },
    { what: 'p99, ms', key: /** @type {const} */ ('p99'), goal: 5 },
    { what: 'processor, µs a request', key: /** @type {const} */ ('processorUs') },
  ].map((row) => ({
    ...row,
    bare: median(turns.map((turn) => turn.bare[row.key])),
    watched: median(turns.map((turn) => turn.watched[row.key])),
    more: (median(turns.map((turn) => turn.watched[row.key] / turn.bare[row.key])) - 1) * 100,
    noise: (median(turns.map((turn) => turn.control[row.key] / turn.bare[row.key])) - 1) * 100,
  }))
  return {
    title: 'Latency of an express application under load, with the preload and all plugins',
    head: ['', 'without', 'with', 'more', 'two without', 'goal'],
    rows: rows.map(({ what, bare, watched, more, noise, goal }) => [
      what,
      shown(bare),
      shown(watched),
      `${more.toFixed(1)} %`,
      `${noise.toFixed(1)} %`,
      goal === undefined ? '' : `≤ ${goal} %`,
    ]),
    notes: [`${CONNECTIONS} connections, ${rounds * 3} turns of ${TURN_MS / 1_000} s each.`],
    values: { rows, turns },
    missed: rows
      .filter(({ more, goal }) => goal !== undefined && more > goal)
      .map(({ what }) => `${what} of a host`),
  }
}

/** @param {string[]} execArgv @param {NodeJS.ProcessEnv} env */
async function startHost(execArgv, env) {
  const child = fork(path('../programs/host.mjs'), { execArgv, env, cwd: path('..') })
  const [url] = await once(child, 'message')
  return { child, url: String(url) }
}

/** @param {{ child: import('node:child_process').ChildProcess, url: string }} host */
async function load({ child, url }) {
  const argv = [path('../programs/load.mjs'), url, String(CONNECTIONS), String(TURN_MS)]
  const before = await usageUs(child)
  const { stdout } = await run(process.execPath, argv)
  const { requests, p50, p99 } = JSON.parse(stdout)
  return { p50, p99, processorUs: ((await usageUs(child)) - before) / requests }
}

/** @param {import('node:child_process').ChildProcess} child */
async function usageUs(child) {
  const answered = once(child, 'message')
  child.send('usage')
  const [{ user, system }] = await answered
  return user + system
}
