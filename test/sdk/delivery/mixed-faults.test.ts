import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, test } from 'vitest'
import { createRandom, LOOP_TIMEOUT_MS, rounds, seed } from '../../loops.ts'
import { createManualClock, letPromisesRun } from '../engine/manual-clock.ts'
import { createMortalClock, type MortalClock } from '../engine/mortal-clock.ts'
import { FINDING, type Scene, startScene } from '../engine/scene.ts'
import {
  createScriptedTransport,
  goodReply,
  type Reply,
  refusal,
  type SeenRequest,
} from '../engine/scripted-transport.ts'
import { createSteadyDisk } from '../engine/steady-disk.ts'
import { startTestEngine } from '../engine/test-engine.ts'
import { createFaultyFiles, type Fault } from '../spool/faulty-files.ts'
import { freshDirectory } from '../spool/test-spool.ts'

type Random = () => number

function oneOf<Item>(random: Random, items: readonly Item[]): Item {
  return items[Math.trunc(random() * items.length)] as Item
}

/** Faults of 2.2 and 2.3 that an answer may be. */
const ANSWERS: readonly ((request: SeenRequest) => Reply)[] = [
  () => Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' }),
  () => ({ status: 503 }),
  () => ({ status: 500 }),
  () => ({ status: 429, headers: { 'retry-after': '3' } }),
  () => ({ status: 408 }),
  () => ({ status: 200, body: '<html>please sign in</html>' }),
  () => ({ status: 302, headers: { location: 'http://elsewhere/' } }),
  () => refusal(401, 'credentials-wrong'),
  () => refusal(401, 'api-key-wrong'),
  () => refusal(403, 'address-refused'),
  () => ({ status: 407 }),
  () => ({ status: 409 }),
  () => ({ status: 204 }),
  () => 'silence',
]

const DISK_FAULTS: readonly Fault[] = ['EIO', 'ENOSPC', 'EACCES', 'EMFILE', 'short write']

/** What a TeamServer has seen and stored, and which ids it will never take. */
function createMockMemory(random: Random) {
  const received = new Map<string, number>()
  // How often an id was stored without an answer.
  const unanswered = new Map<string, number>()
  const stored = new Set<string>()
  let faultRate = 0

  function script(request: SeenRequest): Reply | undefined {
    const isFaulty = random() < faultRate
    if (request.call !== 'reports') return isFaulty ? oneOf(random, ANSWERS)(request) : undefined
    const ids = request.json.reports.map(({ id }) => id)
    if (isFaulty && random() < 0.5) return oneOf(random, ANSWERS)(request)
    if (ids.some((id) => id.startsWith('poison'))) return refusal(400, 'body-malformed')
    for (const id of ids) {
      received.set(id, (received.get(id) ?? 0) + 1)
      if (isFaulty) unanswered.set(id, (unanswered.get(id) ?? 0) + 1)
      stored.add(id)
    }
    // Stored, and the connection dies before the answer.
    return isFaulty ? Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' }) : undefined
  }

  return {
    received,
    unanswered,
    stored,
    script,
    setFaultRate(rate: number) {
      faultRate = rate
    },
  }
}

interface Process extends Scene {
  readonly mortalClock: MortalClock
}

/** A life of some processes, one after the other, drawn step by step; checked against a plain list. */
async function live(turn: number, hasDiskFaults: boolean): Promise<void> {
  const what = `turn ${turn}, SEED=${seed}`
  const random = createRandom(`D-508 ${turn}`)
  const clock = createManualClock()
  const server = createMockMemory(random)
  const files = createFaultyFiles()
  const directory = freshDirectory()
  const list: string[] = []
  const lives: Process[] = []
  let current = start()

  function start(): Process {
    const mortalClock = createMortalClock(clock)
    const { watch, advance, sleep, setWallClock } = clock
    const scene = startScene({
      clock: { ...mortalClock, watch, advance, sleep, setWallClock, livingTimers: 0 },
      random,
      disk: createSteadyDisk(directory, { files, hasEnded: mortalClock.hasEnded }),
      script: server.script,
      options: {
        queueLimitReports: 20,
        batchLimitReports: 7,
        requestTimeoutMs: 4_000,
        durability: random() < 0.3 ? 'always' : 'exit',
      },
    })
    const process = { ...scene, mortalClock }
    lives.push(process)
    return process
  }

  async function end(): Promise<void> {
    if (random() < 0.5) current.exit()
    else {
      let isClosed = false
      void current.engine.close().then(() => {
        isClosed = true
      })
      await clock.advance(5_000)
      expect(isClosed, what).toBe(true)
    }
    current.mortalClock.end()
    await letPromisesRun()
  }

  const steps: readonly (readonly [number, () => unknown])[] = [
    [40, () => list.push(...current.report(1 + Math.trunc(random() * 30), `r-${list.length}`))],
    [2, () => list.push(...current.report(1, `poison-${list.length}`))],
    [30, () => clock.advance(random() * 20_000)],
    [12, () => server.setFaultRate(oneOf(random, [0, 0, 0.3, 0.9, 1]))],
    [5, () => void current.engine.flush({ timeoutMs: random() * 8_000 })],
    [3, () => current.engine.updateCredentials({ serviceKey: `key-${Math.trunc(random() * 9)}` })],
    [1, () => clock.sleep(random() * 3_600_000)],
    [1, () => current.signal()],
    [
      hasDiskFaults ? 6 : 0,
      () => files.failAt(1 + Math.trunc(random() * 20), oneOf(random, DISK_FAULTS)),
    ],
    [hasDiskFaults ? 2 : 0, () => files.failAt(1, oneOf(random, DISK_FAULTS), { isForGood: true })],
    [hasDiskFaults ? 4 : 0, () => files.mend()],
    [
      3,
      async () => {
        await end()
        current = start()
      },
    ],
  ]
  const total = steps.reduce((sum, [weight]) => sum + weight, 0)
  for (let step = 0; step < 500; step++) {
    let drawn = random() * total
    const found = steps.find(([weight]) => {
      drawn -= weight
      return drawn < 0
    })
    await found?.[1]()
  }

  files.mend()
  server.setFaultRate(0)
  for (let minute = 0; minute < 25; minute++) await clock.advance(60_000)
  const dropped = lives.reduce((sum, { engine }) => sum + engine.status().dropped, 0)
  // What memory alone had when a process ended: no disk took it.
  const left = lives.reduce((sum, { engine }) => {
    const { waiting, spooled } = engine.status()
    return sum + waiting - spooled
  }, 0)
  const missing = list.filter((id) => !server.stored.has(id) && !id.startsWith('poison'))
  if (!hasDiskFaults) expect({ dropped, left }, what).toEqual({ dropped: 0, left: 0 })
  expect(missing.length, what).toBeLessThanOrEqual(dropped + left)
  expect(current.engine.status(), what).toMatchObject({ state: 'running', waiting: 0, spooled: 0 })
  // Sent again is what was stored without an answer, and what was under way when a process ended.
  for (const [id, times] of server.received) {
    const excused = (server.unanswered.get(id) ?? 0) + lives.length - 1
    if (times > 1 + excused) expect.fail(`${id} came ${times} times, ${what}`)
  }
}

/** Of two hundred lives; in parts, each of which has its own time. */
const PARTS = [0, 50, 100, 150].map((firstTurn) => ({
  firstTurn,
  disk: firstTurn < 100 ? 'sound' : 'faulty',
}))

test.each(PARTS)(
  'D-508: from turn $firstTurn on a $disk disk, faults drawn at random lose nothing that is not counted',
  async ({ firstTurn, disk }) => {
    for (let turn = 0; turn < rounds(50); turn++) await live(firstTurn + turn, disk === 'faulty')
  },
  LOOP_TIMEOUT_MS,
)

test(
  'D-506: a million reports over mixed faults add up, and leave no trace in memory',
  async () => {
    const count = rounds(1_000_000)
    const random = createRandom('D-506')
    const clock = createManualClock()
    const stored = new Uint8Array(count)
    let faultRate = 0
    const transport = createScriptedTransport((request) => {
      if (random() < faultRate) return oneOf(random, ANSWERS)(request)
      if (request.call === 'reports') {
        for (const { id } of request.json.reports) stored[Number(id)] = 1
      }
      transport.requests.length = 0
      return goodReply(request)
    })
    const engine = startTestEngine(
      { spoolDirectory: '/spool', requestTimeoutMs: 2_000 },
      { clock, random, transport, openSpool: createSteadyDisk(freshDirectory()).openSpool },
    )
    const sumsUp = () => {
      const { given, accepted, refused, dropped, waiting } = engine.status()
      return accepted + refused + dropped + waiting === given
    }
    const heapBefore = heapAfterCollection()
    for (let next = 0; next < count; ) {
      faultRate = oneOf(random, [0, 0, 0, 0.5, 1])
      const burst = Math.min(count - next, Math.trunc(random() * 2_000))
      for (const end = next + burst; next < end; next++)
        engine.report({ ...FINDING, id: `${next}` })
      if (!sumsUp()) expect.fail(`after ${next} reports, SEED=${seed}`)
      await clock.advance(random() * 10_000)
      transport.requests.length = 0
      transport.storedIds.length = 0
      if (!sumsUp()) expect.fail(`after ${next} reports, SEED=${seed}`)
    }
    faultRate = 0
    for (let minute = 0; minute < 20; minute++) await clock.advance(60_000)
    transport.requests.length = 0
    transport.storedIds.length = 0
    const grownBytes = heapAfterCollection() - heapBefore
    expect(engine.status(), `SEED=${seed}`).toMatchObject({ given: count, waiting: 0, refused: 0 })
    const { accepted, dropped } = engine.status()
    expect(
      stored.reduce((sum, one) => sum + one, 0),
      `SEED=${seed}`,
    ).toBeGreaterThanOrEqual(accepted)
    expect(accepted + dropped).toBe(count)
    expect(grownBytes).toBeLessThan(16 * 1_048_576)
    await engine.close()
  },
  LOOP_TIMEOUT_MS,
)

function heapAfterCollection(): number {
  setFlagsFromString('--expose-gc')
  runInNewContext('gc')()
  return process.memoryUsage().heapUsed
}
