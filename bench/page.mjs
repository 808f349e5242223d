// The live view in Chromium: 10 000 requests in the list, and 200 a second more while it is watched.
// `node bench/page.mjs [seconds]`; ends with 1 when a goal is missed. Needs Chromium, as the tests of the page do.
//
// - Frames: of all seconds that were watched, the twentieth part that went worst shows 50 or more.
// - Main thread: busy for no more than half of each second, so that frames have room.
// - Memory: 20 000 requests more leave no more than 4 MiB, and no more nodes than there were.
//
// The browser draws 60 frames a second at most. The requests go in without a socket, so that the load is the
// page's; the server lives in this process, the page in those of the browser.
import { chromium } from 'playwright-core'
import { createTeamServer } from '../dist/mock-server/index.js'
import { shown } from './shared/statistics.mjs'
import { describeMachine } from './shared/tables.mjs'

const GOALS = { frames: 50, busyMs: 500, grownMiB: 4, nodes: 2_000 }
const ENTRIES = 10_000
const PER_SECOND = 200
const MORE = 20_000
const MIB = 1_048_576

const [seconds = 40] = process.argv.slice(2).map(Number)
const teamServer = createTeamServer({ scryptCost: 1_024 })
const shop = await teamServer.createOrganization({ name: 'Shop' })
const admin = await shop.addPerson({ role: 'admin', userName: 'admin' })
const { url } = await teamServer.listen()
const authorization = btoa(`${shop.agent.userName}:${shop.agent.serviceKey}`)
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-dev-shm-usage', '--disable-gpu'],
})
try {
  await measure()
} finally {
  await browser.close()
  await teamServer.close()
}

async function measure() {
  const page = await browser.newPage({ viewport: { width: 1_280, height: 900 } })
  await page.goto(`${url}/#/live`)
  await page.getByLabel('User name').fill(admin.userName)
  await page.getByLabel('Password').fill(admin.password)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByText('No request has come yet').waitFor()
  const session = await page.context().newCDPSession(page)

  await send(ENTRIES, 250, 5)
  await page.getByText(`${ENTRIES} requests`).waitFor()
  const before = await memoryOf(session)

  await session.send('Performance.enable')
  const busyBeforeMs = (await taskSecondsOf(session)) * 1_000
  await watchFrames(page)
  await send(seconds * PER_SECOND, PER_SECOND / 20, 50)
  const { rates, longTasks } = await framesOf(page)
  const busyMs = ((await taskSecondsOf(session)) * 1_000 - busyBeforeMs) / seconds
  await send(MORE, 250, 5)
  await page.waitForTimeout(1_000)
  const after = await memoryOf(session)

  const ordered = [...rates].sort((one, other) => one - other)
  const worst = ordered[Math.floor(ordered.length / 20)] ?? 0
  const middle = ordered[Math.floor(ordered.length / 2)] ?? 0
  const grownMiB = (after.heapBytes - before.heapBytes) / MIB
  console.log(describeMachine([]).join(' · '))
  console.log(
    `frames a second over ${rates.length} s, ${ENTRIES} requests in the list, ${PER_SECOND}/s more: ` +
      `p5 ${shown(worst)}, median ${shown(middle)} (goal: p5 at least ${GOALS.frames}); ${longTasks} tasks over 50 ms`,
  )
  console.log(
    `main thread of the page: ${shown(busyMs)} ms of each second (goal: at most ${GOALS.busyMs})`,
  )
  console.log(
    `heap after a collection: ${shown(before.heapBytes / MIB)} MiB, after ${MORE + seconds * PER_SECOND} requests more ` +
      `${shown(after.heapBytes / MIB)} MiB: ${shown(grownMiB)} MiB more (goal: at most ${GOALS.grownMiB})`,
  )
  console.log(
    `DOM nodes: ${before.nodes}, after that ${after.nodes} (goal: at most ${GOALS.nodes})`,
  )
  const isMissed =
    worst < GOALS.frames ||
    busyMs > GOALS.busyMs ||
    grownMiB > GOALS.grownMiB ||
    after.nodes > GOALS.nodes
  if (isMissed) process.exitCode = 1
}

/**
 * Sends heartbeats of an engine.
 *
 * @param {number} count
 * @param {number} perTick
 * @param {number} tickMs
 */
async function send(count, perTick, tickMs) {
  const startMs = performance.now()
  for (let sent = 0; sent < count; sent += perTick) {
    await Promise.all(Array.from({ length: perTick }, heartbeat))
    // By the time that has passed, so that the rate is the one that was asked for.
    const nextMs = startMs + (sent / perTick + 1) * tickMs
    await new Promise((resolve) => setTimeout(resolve, Math.max(1, nextMs - performance.now())))
  }
}

function heartbeat() {
  return teamServer.handle(
    new Request('http://127.0.0.1/Contrast/api/engine/v1/heartbeat', {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization },
      body: '{"counters":{}}',
    }),
  )
}

/** @param {import('playwright-core').Page} page */
function watchFrames(page) {
  return page.evaluate(() => {
    /** @type {number[]} */
    const times = []
    const seen = { times, longTasks: 0 }
    const note = (/** @type {number} */ now) => {
      times.push(now)
      requestAnimationFrame(note)
    }
    requestAnimationFrame(note)
    new PerformanceObserver((list) => {
      seen.longTasks += list.getEntries().length
    }).observe({ type: 'longtask' })
    Object.assign(globalThis, { seen })
  })
}

/**
 * How many frames each whole second had.
 *
 * @param {import('playwright-core').Page} page
 * @returns {Promise<{ rates: number[], longTasks: number }>}
 */
function framesOf(page) {
  return page.evaluate(() => {
    const { times, longTasks } = /** @type {any} */ (globalThis).seen
    const first = times[0] ?? 0
    const whole = Math.floor(((times.at(-1) ?? 0) - first) / 1_000)
    const rates = Array.from({ length: whole }, () => 0)
    for (const time of times) {
      const second = Math.floor((time - first) / 1_000)
      if (second < whole) rates[second] = (rates[second] ?? 0) + 1
    }
    return { rates, longTasks }
  })
}

/**
 * How long tasks of the page have taken since it was opened.
 *
 * @param {import('playwright-core').CDPSession} session
 */
async function taskSecondsOf(session) {
  const { metrics } = await session.send('Performance.getMetrics')
  return metrics.find(({ name }) => name === 'TaskDuration')?.value ?? Number.NaN
}

/** @param {import('playwright-core').CDPSession} session */
async function memoryOf(session) {
  await session.send('HeapProfiler.collectGarbage')
  const { usedSize } = await session.send('Runtime.getHeapUsage')
  const { nodes } = await session.send('Memory.getDOMCounters')
  return { heapBytes: usedSize, nodes }
}
