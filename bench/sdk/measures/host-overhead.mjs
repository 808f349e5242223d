// What the preload with all its plugins costs a small express application: two processes of it, one with
// `--import teamserver-engine/register`, loaded turn by turn by a third, over 8 connections as
// fast as it answers. Latencies of each turn are compared with those of the turn beside it, and the medians
// of these ratios are shown.
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
  const watched = await startHost(['--import', 'teamserver-engine/register'], env)
  for (const { url } of [bare, watched]) await load(url)
  const turns = []
  for (let round = 0; round < rounds * 3; round++) {
    // Who comes first changes, so that what a turn leaves behind meets both.
    const order = round % 2 === 0 ? [bare, watched] : [watched, bare]
    const latencies = new Map()
    for (const host of order) latencies.set(host, await load(host.url))
    turns.push({ bare: latencies.get(bare), watched: latencies.get(watched) })
  }
  for (const { child } of [bare, watched]) {
    child.disconnect()
    await once(child, 'exit')
  }
  const rows = /** @type {const} */ (['p50', 'p99']).map((share) => ({
    share,
    bareMs: median(turns.map((turn) => turn.bare[share])),
    watchedMs: median(turns.map((turn) => turn.watched[share])),
    more: (median(turns.map((turn) => turn.watched[share] / turn.bare[share])) - 1) * 100,
    goal: share === 'p50' ? 3 : 5,
  }))
  return {
    title: 'Latency of an express application under load, with the preload and all plugins',
    head: ['', 'without, ms', 'with, ms', 'more', 'goal'],
    rows: rows.map(({ share, bareMs, watchedMs, more, goal }) => [
      share,
      shown(bareMs),
      shown(watchedMs),
      `${more.toFixed(1)} %`,
      `≤ ${goal} %`,
    ]),
    notes: [`${CONNECTIONS} connections, ${rounds * 3} turns of ${TURN_MS / 1_000} s each.`],
    values: { rows, turns },
    missed: rows.filter(({ more, goal }) => more > goal).map(({ share }) => `${share} of a host`),
  }
}

/** @param {string[]} execArgv @param {NodeJS.ProcessEnv} env */
async function startHost(execArgv, env) {
  const child = fork(path('../programs/host.mjs'), { execArgv, env, cwd: path('..') })
  const [url] = await once(child, 'message')
  return { child, url: String(url) }
}

/** @param {string} url @returns {Promise<{ p50: number, p99: number }>} */
async function load(url) {
  const argv = [path('../programs/load.mjs'), url, String(CONNECTIONS), String(TURN_MS)]
  const { stdout } = await run(process.execPath, argv)
  return JSON.parse(stdout)
}
