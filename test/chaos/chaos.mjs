import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { readDiary } from './diary.mjs'
import { startFaultyProxy } from './faulty-proxy.mjs'
import { createLedger } from './ledger.mjs'
import { createRandom } from './random.mjs'
import { createServerLives } from './server-lives.mjs'

const APPLICATION = fileURLToPath(new URL('application.mjs', import.meta.url))

/** What `durability: 'always'` promises. */
const PROMISE_MS = 500

/**
 * An application reports while its server is killed, hung, reset, slowed and started again, and is itself
 * killed with kill -9. What the server process has acknowledged counts as stored: its answers are read
 * where they leave it, and what it stored without living to say so counts for nothing.
 *
 * @param {object} given
 * @param {number} given.seed
 * @param {number} given.seconds
 * @param {number} given.kills How often the application is killed.
 * @param {number} given.perSecond
 * @param {number} given.toleranceMs Added to what `durability: 'always'` promises, for a machine that is busy.
 * @param {string} given.folder
 */
export async function runChaos({ seed, seconds, kills, perSecond, toleranceMs, folder }) {
  const random = createRandom(seed)
  const ledger = createLedger()
  const server = await createServerLives(folder)
  const { agent, apiKey, url } = server.first
  const proxy = await startFaultyProxy({
    port: Number(new URL(url).port),
    random,
    onReports: ledger.note,
  })
  const options = {
    url: `http://127.0.0.1:${proxy.port}/Contrast`,
    agentUserName: agent.userName,
    serviceKey: agent.serviceKey,
    organizationApiKey: apiKey.value,
    application: { name: 'chaos' },
    spoolDirectory: join(folder, 'spool'),
    requestTimeoutMs: 1_000,
  }
  /** @type {Record<string, number>} */
  const faults = {}
  /** @type {string[]} */
  const names = []
  mkdirSync(join(folder, 'diaries'))
  const untilMs = performance.now() + seconds * 1_000
  await Promise.all([breakServer(), killApplications()])
  await endApplication(startApplication('last', 0), undefined)
  const last = readDiary(diaryOf('last'), 0)
  await server.end('SIGTERM')
  proxy.close()
  return outcome()

  async function breakServer() {
    while (performance.now() < untilMs) {
      await sleep(random.between(100, 900))
      const fault = random.pick(
        /** @type {const} */ (['kill', 'hang', 'reset', 'slow', 'flaky', 'restart']),
      )
      faults[fault] = (faults[fault] ?? 0) + 1
      if (fault === 'reset') proxy.resetAll()
      if (fault === 'slow') proxy.slow(random.between(300, 1_500))
      if (fault === 'flaky') {
        proxy.setResetShare(0.3)
        await sleep(random.between(300, 1_500))
        proxy.setResetShare(0)
      }
      if (fault === 'hang') {
        server.signal('SIGSTOP')
        await sleep(random.between(300, 2_000))
        server.signal('SIGCONT')
      }
      if (fault === 'kill' || fault === 'restart') {
        await server.end(fault === 'kill' ? 'SIGKILL' : 'SIGTERM')
        ledger.beginLife()
        await sleep(random.between(0, 1_500))
        await server.start()
      }
    }
  }

  async function killApplications() {
    const periodMs = (seconds * 1_000) / (kills + 1)
    for (let life = 1; life <= kills + 1; life++) {
      const name = `life${life}`
      names.push(name)
      const application = startApplication(name, perSecond)
      const isLast = life === kills + 1
      // The last one lives to the end of the faults.
      const livesMs = isLast ? untilMs - performance.now() : periodMs * random.between(0.6, 1.1)
      await sleep(Math.max(0, livesMs))
      await endApplication(application, 'SIGKILL')
    }
  }

  /** @param {string} name @param {number} rate */
  function startApplication(name, rate) {
    const given = { options, name, diary: diaryOf(name), perSecond: rate }
    return spawn(process.execPath, [APPLICATION, JSON.stringify(given)], {
      cwd: folder,
      stdio: ['ignore', 'ignore', 'inherit'],
      env: { PATH: process.env.PATH, HOME: folder },
    })
  }

  /** @param {import('node:child_process').ChildProcess} application @param {NodeJS.Signals | undefined} signal */
  async function endApplication(application, signal) {
    if (application.exitCode !== null) throw new Error('the application ended by itself')
    const ended = once(application, 'exit')
    if (signal !== undefined) application.kill(signal)
    await ended
  }

  /** @param {string} name */
  function diaryOf(name) {
    return join(folder, 'diaries', name)
  }

  function outcome() {
    const diaries = names.map((name) => ({
      name,
      ...readDiary(diaryOf(name), PROMISE_MS + toleranceMs),
    }))
    const missing = diaries.map(({ name, given, told, old }) => {
      const numbers = Array.from({ length: given }, (_, index) => index + 1)
      const lost = numbers.filter((number) => !ledger.has(`${name}-${number}`))
      return {
        told: lost.filter((number) => number <= told).length,
        old: lost.filter((number) => number <= old).length,
        all: lost.length,
        keys: lost
          .filter((number) => number <= Math.max(told, old))
          .map((number) => `${name}-${number}`),
      }
    })
    const sum = (/** @type {number[]} */ counts) => counts.reduce((total, one) => total + one, 0)
    const givenOf = new Map(diaries.map(({ name, given }) => [name, given]))
    const invented = ledger.keys.filter((key) => {
      const [name = '', number] = key.split('-')
      return Number(number) > (givenOf.get(name) ?? 0)
    })
    return {
      seed,
      faults,
      applications: diaries.length,
      given: sum(diaries.map(({ given }) => given)),
      confirmed: sum(diaries.map(({ told, old }) => Math.max(told, old))),
      lostThoughTold: sum(missing.map(({ told }) => told)),
      lostThoughOld: sum(missing.map(({ old }) => old)),
      lostUnconfirmed: sum(missing.map(({ all, told, old }) => all - Math.max(told, old))),
      givenUp: sum(diaries.map(({ lost }) => lost)) + last.lost,
      storedTwice: ledger.storedTwice,
      invented: invented.length,
      sentAgain: ledger.sentAgain,
      /** Some of those that were confirmed. */
      lost: missing.flatMap(({ keys }) => keys).slice(0, 20),
    }
  }
}
