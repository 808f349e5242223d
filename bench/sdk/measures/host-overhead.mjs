// What the preload with all its plugins costs a small express application. Two processes of the very same
// application differ by up to 30 % for as long as they live, so every round starts its own: one without the
// engine, a second one like it, one with `--import teamserver-engine/register`, and one that sends by hand
// what the engine sends at its start. A further process loads them turn by turn over 8 connections, as fast
// as they answer; latencies of the first part of a turn do not count. A round compares its own processes; what
// is shown are the medians over the rounds. What the two without the engine differ by is what this run cannot
// tell apart.
//
// Beside them, in one process, the plugin `routes` is switched on and off in turn: that is what it costs a
// request, whatever else two processes differ by.
import { execFile, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { median, shown } from '../../shared/statistics.mjs'

const CONNECTIONS = 8
const TURNS = 3
const TURN_MS = 1_000
const path = (/** @type {string} */ name) => fileURLToPath(new URL(name, import.meta.url))
const run = promisify(execFile)

const KINDS = {
  bare: [],
  control: [],
  watched: ['--import', 'teamserver-engine/register'],
  byHand: ['--import', path('../programs/sends-by-hand.mjs')],
}

/**
 * @typedef {keyof typeof KINDS} Kind
 * @typedef {{ p50: number, p99: number, processorUs: number }} Figures
 * @param {{ folder: string, sinkUrl: string, rounds: number }} given
 */
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
  const countRounds = rounds * 3
  /** @type {Record<Kind, Figures>[]} */
  const seen = []
  for (let round = 0; round < countRounds; round++) seen.push(await measureRound(env, round))
  const switched = await measureSwitched(env)

  const rows = [
    { what: 'p50, ms', key: /** @type {const} */ ('p50'), goal: 3 },
    { what: 'p99, ms', key: /** @type {const} */ ('p99'), goal: 5 },
    { what: 'processor, µs a request', key: /** @type {const} */ ('processorUs') },
  ].map((row) => {
    const more = (/** @type {Kind} */ kind) =>
      (median(seen.map((round) => round[kind][row.key] / round.bare[row.key])) - 1) * 100
    return {
      ...row,
      bare: median(seen.map(({ bare }) => bare[row.key])),
      watched: median(seen.map(({ watched }) => watched[row.key])),
      more: more('watched'),
      byHand: more('byHand'),
      noise: more('control'),
    }
  })
  const percent = (/** @type {number} */ value) => `${value.toFixed(1)} %`
  return {
    title: 'Latency of an express application under load, with the preload and all plugins',
    head: ['', 'without', 'with', 'more', 'by hand', 'two without', 'goal'],
    rows: rows.map(({ what, bare, watched, more, byHand, noise, goal }) => [
      what,
      shown(bare),
      shown(watched),
      percent(more),
      percent(byHand),
      percent(noise),
      goal === undefined ? '' : `≤ ${goal} %`,
    ]),
    notes: [
      `${CONNECTIONS} connections; ${countRounds} processes of each kind, ${TURNS} turns of ${TURN_MS / 1_000} s each. \`by hand\`: a host without the engine that sends five gzipped requests through undici before it begins.`,
      `In one process, a request costs ${shown(switched.offUs)} µs of the processor without the plugin \`routes\` and ${percent((switched.onUs / switched.offUs - 1) * 100)} more with it (${switched.turns} turns).`,
    ],
    values: { rows, rounds: seen, switched },
    missed: rows
      .filter(({ more, goal }) => goal !== undefined && more > goal)
      .map(({ what }) => `${what} of a host`),
  }
}

/**
 * @param {NodeJS.ProcessEnv} env
 * @param {number} round
 * @returns {Promise<Record<Kind, Figures>>}
 */
async function measureRound(env, round) {
  const kinds = /** @type {Kind[]} */ (Object.keys(KINDS))
  // Who comes first changes, so that what a turn leaves behind meets all of them.
  const order = kinds.map((_, place) => /** @type {Kind} */ (kinds[(place + round) % kinds.length]))
  const hosts = []
  for (const kind of order) {
    hosts.push({ kind, ...(await startHost('host', KINDS[kind], env)) })
  }
  // What there is to do at the start, such as the search for libraries, is over after these.
  for (let turn = 0; turn < 3; turn++) for (const host of hosts) await load(host, TURN_MS / 2)
  /** @type {Map<Kind, Figures[]>} */
  const turns = new Map(kinds.map((kind) => [kind, []]))
  for (let turn = 0; turn < TURNS; turn++) {
    for (const host of hosts) turns.get(host.kind)?.push(await load(host, TURN_MS))
  }
  for (const { child } of hosts) {
    child.disconnect()
    await once(child, 'exit')
  }
  const middle = (/** @type {Kind} */ kind, /** @type {keyof Figures} */ key) =>
    median((turns.get(kind) ?? []).map((turn) => turn[key]))
  const figures = (/** @type {Kind} */ kind) => ({
    p50: middle(kind, 'p50'),
    p99: middle(kind, 'p99'),
    processorUs: middle(kind, 'processorUs'),
  })
  return {
    bare: figures('bare'),
    control: figures('control'),
    watched: figures('watched'),
    byHand: figures('byHand'),
  }
}

/** @param {NodeJS.ProcessEnv} env */
async function measureSwitched(env) {
  const { child, url } = await startHost('host-switched', [], env)
  await run(process.execPath, [path('../programs/load.mjs'), url, String(CONNECTIONS), '15000'])
  const answered = once(child, 'message')
  child.send('turns')
  const [turns] = await answered
  child.disconnect()
  await once(child, 'exit')
  // The first turns are those in which the application gets warm.
  const of = (/** @type {boolean} */ isOn) =>
    median(
      turns
        .slice(20)
        .filter((/** @type {{ isOn: boolean }} */ turn) => turn.isOn === isOn)
        .map((/** @type {{ processorUs: number }} */ turn) => turn.processorUs),
    )
  return { onUs: of(true), offUs: of(false), turns: turns.length - 20 }
}

/** @param {string} program @param {string[]} execArgv @param {NodeJS.ProcessEnv} env */
async function startHost(program, execArgv, env) {
  const child = fork(path(`../programs/${program}.mjs`), { execArgv, env, cwd: path('..') })
  const [url] = await once(child, 'message')
  return { child, url: String(url) }
}

/**
 * @param {{ child: import('node:child_process').ChildProcess, url: string }} host
 * @param {number} turnMs
 */
async function load({ child, url }, turnMs) {
  const argv = [path('../programs/load.mjs'), url, String(CONNECTIONS), String(turnMs), '200']
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
