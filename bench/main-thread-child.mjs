// A host whose main thread is looked at: `main-thread-child.mjs <what> <folder> <sink url>`.
//
// - `idle`: nothing, for two seconds.
// - `burst`: 10 000 reports in one tick, until they are delivered.
// - `leave`: fills a spool to its limit and is gone, as after kill -9.
// - `adopt`: takes over what was left, until that is known, then until all of it is delivered.
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { createEngine } from 'teamserver-engine'
import { makeReport } from './sdk/report.mjs'
import { mainThreadMs } from './shared/main-thread.mjs'

const [what, folder = '', sinkUrl = ''] = process.argv.slice(2)
const BURST_REPORTS = 10_000
/** With about 300 bytes each, 64 MiB of records. */
const SPOOL_REPORTS = 150_000

const delay = monitorEventLoopDelay({ resolution: 1 })
// It counts from one of its own ticks to the next.
const lateMs = () => ({ p99: delay.percentile(99) / 1e6 - 1, max: delay.max / 1e6 - 1 })

/** @param {import('teamserver-engine').EngineOptions} [options] */
function start(options) {
  return createEngine({
    url: sinkUrl,
    agentUserName: 'agent_bench@Bench',
    serviceKey: 'S3rviceKeyS3rviceKey01',
    application: { name: 'bench' },
    spoolDirectory: `${folder}/spool`,
    logger: false,
    ...options,
  })
}

const pass = (/** @type {number} */ ms) => new Promise((resolve) => setTimeout(resolve, ms))

/** @param {() => boolean} isTrue */
async function until(isTrue) {
  while (!isTrue()) await pass(5)
}

const programs = {
  async idle() {
    delay.enable()
    await pass(2_000)
    return lateMs()
  },

  async burst() {
    const engine = start()
    // What is loaded once in the life of a host is no part of a burst.
    engine.report(makeReport(BURST_REPORTS))
    await engine.flush()
    const reports = Array.from({ length: BURST_REPORTS }, (_, turn) => makeReport(turn))
    await pass(100)
    const residentKib = process.resourceUsage().maxRSS
    const [beforeMs, startedAt] = [mainThreadMs(), performance.now()]
    for (const report of reports) engine.report(report)
    const tickMs = performance.now() - startedAt
    await engine.flush({ timeoutMs: 60_000 })
    const ownMs = mainThreadMs() - beforeMs
    const { accepted, dropped } = engine.status()
    const residentMiB = (process.resourceUsage().maxRSS - residentKib) / 1_024
    await engine.close()
    return { ownMs, tickMs, residentMiB, lost: BURST_REPORTS + 1 - accepted, dropped }
  },

  async leave() {
    const engine = start({
      durability: 'always',
      flushIntervalMs: 600_000,
      batchLimitReports: 1_000,
    })
    for (let turn = 0; turn < SPOOL_REPORTS; turn++) {
      engine.report(makeReport(turn))
      if (turn % 1_000 > 0) continue
      // As fast as the disk takes them: what it does not would be dropped.
      await until(() => {
        const { waiting, spooled } = engine.status()
        return waiting - spooled < 5_000
      })
    }
    await until(() => engine.status().spooled === SPOOL_REPORTS)
    process.kill(process.pid, 'SIGKILL')
  },

  async adopt() {
    const engine = start()
    delay.enable()
    const startedAt = performance.now()
    const beforeMs = mainThreadMs()
    await until(() => engine.status().spooled > 0)
    const known = {
      ...lateMs(),
      ownMs: mainThreadMs() - beforeMs,
      tookMs: performance.now() - startedAt,
    }
    delay.reset()
    await engine.flush({ timeoutMs: 120_000 })
    const { accepted, given } = engine.status()
    const delivered = { ...lateMs(), tookMs: performance.now() - startedAt, accepted, given }
    await engine.close()
    return { known, delivered }
  },
}

const program = programs[/** @type {keyof typeof programs} */ (what)]
console.log(JSON.stringify(await program()))
