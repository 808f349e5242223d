import { EventEmitter } from 'node:events'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'
import { createProcessEnd, type HostProcess } from '../../../sdk/engine/process-end.ts'
import { temporaryFolder } from '../../end-to-end/download.ts'
import { startProgram } from '../../end-to-end/program.ts'

let place: Awaited<ReturnType<typeof temporaryFolder>>
beforeAll(async () => {
  place = await temporaryFolder({ 'join.cjs': JOIN_FILE })
  await build({
    entryPoints: [fileURLToPath(new URL('../../../sdk/engine/process-end.ts', import.meta.url))],
    outfile: join(place.folder, 'process-end.cjs'),
    bundle: true,
    platform: 'node',
    format: 'cjs',
    logLevel: 'error',
  })
})
afterAll(() => place[Symbol.asyncDispose]())

/** Joins an engine that notes each time it is asked to spool; where there is nothing to note in, nothing. */
const JOIN_FILE = `
  module.exports = (name, signals = true) => {
    const spoolNow = () => require('node:fs').appendFileSync(process.env.NOTES, name)
    if (process.env.NOTES) require('./process-end.cjs').processEnd.join({ spoolNow }, { signals })
  }`
const JOIN = `require('./join.cjs')('a')`

/** Runs to its end, which signals bring about: one when it says \`ready\`, the next when it \`heard\`. */
async function run(program: string, signals: readonly NodeJS.Signals[], isJoined = true) {
  turn += 1
  const notes = join(place.folder, `notes-${turn}`)
  const started = startProgram(place.folder, ['-e', program], isJoined ? { NOTES: notes } : {})
  for (const [index, signal] of signals.entries()) {
    await started.untilStderr(index === 0 ? 'ready' : 'heard')
    started.child.kill(signal)
  }
  const ended = await started.ended
  // Where Node itself stood when it called a listener depends on how many there are.
  const stderr = ended.stderr.replace(/\(node:.+\)/g, '')
  return { ended: { ...ended, stderr }, noted: await readFile(notes, 'utf8').catch(() => '') }
}
let turn = 0

/** The same program with and without the engine. */
async function compare(program: string, signals: readonly NodeJS.Signals[] = []) {
  const [joined, bare] = await Promise.all([run(program, signals), run(program, signals, false)])
  return { with: joined.ended, without: bare.ended, noted: joined.noted }
}

const READY = `
  setTimeout(() => { console.error('too late'); process.exit(99) }, 15_000)
  console.error('ready')`
const SHUT_DOWN = `() => setTimeout(() => process.exit(3), 20)`
/** As the package signal-exit 4 does: alone, it raises the signal again. */
const SIGNAL_EXIT = (signal: string) => `
  process.on('${signal}', function own() {
    if (process.listeners('${signal}').length > 1) return
    process.removeListener('${signal}', own)
    process.kill(process.pid, '${signal}')
  });`

const SIGNALS = ['SIGTERM', 'SIGINT'] as const
const HOSTS: readonly (readonly [string, (signal: string) => string, number | null])[] = [
  ['no listener', () => JOIN, null],
  ['a listener from before', (signal) => `process.on('${signal}', ${SHUT_DOWN}); ${JOIN}`, 3],
  ['a listener from after', (signal) => `${JOIN}; process.on('${signal}', ${SHUT_DOWN})`, 3],
  ['once, from before', (signal) => `process.once('${signal}', ${SHUT_DOWN}); ${JOIN}`, 3],
  ['once, from after', (signal) => `${JOIN}; process.once('${signal}', ${SHUT_DOWN})`, 3],
  [
    'once, from after and put in front',
    (signal) => `${JOIN}; process.prependOnceListener('${signal}', ${SHUT_DOWN})`,
    3,
  ],
  [
    'a listener that throws',
    (signal) => `${JOIN}; process.on('${signal}', () => { throw new Error('no') })`,
    1,
  ],
  [
    'a listener that was taken away again',
    (signal) => `const own = () => {}
      process.on('${signal}', own); ${JOIN}; process.off('${signal}', own)`,
    null,
  ],
  [
    'one that raises the signal when it is alone, from before',
    (signal) => `${SIGNAL_EXIT(signal)}; ${JOIN}`,
    null,
  ],
  [
    'one that raises the signal when it is alone, from after',
    (signal) => `${JOIN}; ${SIGNAL_EXIT(signal)}`,
    null,
  ],
]

test.each(
  HOSTS.flatMap(([what, host, code]) =>
    SIGNALS.map((signal) => ({ what, program: `${host(signal)}; ${READY}`, code, signal })),
  ),
)(
  'D-405: $signal ends a host as it would without the engine, which has spooled: $what',
  async ({ program, code, signal }) => {
    const both = await compare(program, [signal])
    expect(both.with).toEqual(both.without)
    expect(both.with).toMatchObject({ code, signal: code === null ? signal : null })
    // A host that shuts down or throws exits, and the engine hears of that as well.
    expect(both.noted).toBe(code === null ? 'a' : 'aa')
  },
)

test.each(SIGNALS)(
  'D-405: a host that takes the first %s and no second is killed by the second',
  async (signal) => {
    const hear = `() => setImmediate(() => setImmediate(() => console.error('heard')))`
    const both = await compare(`${JOIN}; process.once('${signal}', ${hear}); ${READY}`, [
      signal,
      signal,
    ])
    expect(both.with).toEqual(both.without)
    expect(both.with).toMatchObject({ code: null, signal })
    expect(both.noted).toBe('aa')
  },
)

test.each(SIGNALS)('D-405: with two copies of the engine, %s still kills', async (signal) => {
  const second = `delete require.cache[require.resolve('./process-end.cjs')]; require('./join.cjs')('b')`
  const { ended, noted } = await run(`${JOIN}; ${second}; ${READY}`, [signal])
  expect(ended).toEqual({ code: null, signal, stdout: '', stderr: 'ready\n' })
  expect([...noted].sort()).toEqual(['a', 'b'])
})

test.each(SIGNALS)('D-405: with `signals` off, nothing of ours listens to %s', async (signal) => {
  const off = `require('./join.cjs')('a', false); console.error(process.listenerCount('${signal}'))`
  const { ended, noted } = await run(`${off}; ${READY}`, [signal])
  expect(ended).toEqual({ code: null, signal, stdout: '', stderr: '0\nready\n' })
  expect(noted).toBe('')
})

test.each([
  ['calls process.exit', `process.exit(4)`, 4],
  ['throws', `throw new Error('no')`, 1],
  ['leaves a rejection to itself', `Promise.reject(new Error('no'))`, 1],
  ['ends by itself', `setTimeout(() => {}, 10)`, 0],
  ['ends by itself with a code of its own', `process.exitCode = 5`, 5],
  ['sets its code when it exits', `process.on('exit', () => { process.exitCode = 6 })`, 6],
  ['exits while it exits', `process.prependListener('exit', () => process.exit(7))`, 7],
  ['throws while it exits', `process.prependListener('exit', () => { throw new Error('no') })`, 1],
])(
  'D-404: a host that %s ends as it would without the engine, which has spooled',
  async (_, host, code) => {
    const both = await compare(`${JOIN}; ${host}`)
    expect(both.with).toEqual(both.without)
    expect(both.with).toMatchObject({ code, signal: null })
    expect(both.noted).toBe('a')
  },
)

test('D-403: a worker thread spools when it ends, and by a signal that somebody makes up it does not end', async () => {
  const inWorker = `${JOIN}; process.emit('SIGTERM', 'SIGTERM'); console.log('still here')`
  const { ended, noted } = await run(
    `new (require('node:worker_threads').Worker)(${JSON.stringify(inWorker)}, { eval: true })`,
    [],
  )
  expect(ended).toEqual({ code: 0, signal: null, stdout: 'still here\n', stderr: '' })
  expect(noted).toBe('aa')
})

// --- With a process that only plays one ---

function createHost() {
  const emitter = new EventEmitter()
  const kills: string[] = []
  const host = Object.assign(emitter, {
    pid: 1,
    kill: (_: number, signal: string) => kills.push(signal),
  })
  return { host: host as unknown as HostProcess & EventEmitter, kills }
}

/** What Node would warn of. */
function watchWarnings(): string[] {
  const warnings: string[] = []
  vi.spyOn(process, 'emitWarning').mockImplementation((warning) => {
    warnings.push(String(warning))
  })
  return warnings
}
afterEach(() => void vi.restoreAllMocks())

const EVENTS = ['newListener', 'exit', 'SIGTERM', 'SIGINT'] as const
const countsOf = (host: EventEmitter) => EVENTS.map((event) => host.listenerCount(event))

test('the first engine brings one listener for each event, and the last one takes them along', () => {
  const { host } = createHost()
  const end = createProcessEnd(host, () => true)
  const places = [true, true, false].map((signals) => end.join({ spoolNow() {} }, { signals }))
  expect(countsOf(host)).toEqual([1, 1, 1, 1])
  places[0]?.leave()
  places[0]?.leave()
  expect(countsOf(host)).toEqual([1, 1, 1, 1])
  places[1]?.leave()
  expect(countsOf(host)).toEqual([1, 1, 0, 0])
  places[2]?.leave()
  expect(countsOf(host)).toEqual([0, 0, 0, 0])
})

test('every engine spools, also beside one that fails, and learns that this is the end', () => {
  const { host } = createHost()
  const end = createProcessEnd(host, () => true)
  const spooled: string[] = []
  const place = end.join({ spoolNow: () => spooled.push('one') }, { signals: true })
  end.join(
    {
      spoolNow() {
        throw new Error('no disk')
      },
    },
    { signals: true },
  )
  end.join({ spoolNow: () => spooled.push('three') }, { signals: false })
  expect(place.isEnding).toBe(false)
  host.emit('exit', 0)
  expect(spooled).toEqual(['one', 'three'])
  expect(place.isEnding).toBe(true)
})

test('a signal that somebody else hears is not the end', () => {
  const { host, kills } = createHost()
  const place = createProcessEnd(host, () => true).join({ spoolNow() {} }, { signals: true })
  host.on('SIGTERM', () => {})
  host.emit('SIGTERM', 'SIGTERM')
  expect(kills).toEqual([])
  expect(place.isEnding).toBe(false)
})

test('after a signal that is ignored, the next one is heard again', async () => {
  const { host, kills } = createHost()
  createProcessEnd(host, () => true).join({ spoolNow() {} }, { signals: true })
  for (let round = 1; round <= 2; round++) {
    host.emit('SIGTERM', 'SIGTERM')
    expect(kills).toHaveLength(round)
    await new Promise((resolve) => setImmediate(() => setImmediate(resolve)))
    expect(host.listenerCount('SIGTERM')).toBe(1)
  }
})

test.each([10, 3])(
  'a host may have as many listeners as before, and no more: a limit of %i',
  (limit) => {
    const { host } = createHost()
    host.setMaxListeners(limit)
    const warnings = watchWarnings()
    const place = createProcessEnd(host, () => true).join({ spoolNow() {} }, { signals: true })
    for (let count = 0; count < limit; count++) host.on('SIGTERM', () => {})
    expect(warnings).toEqual([])
    host.on('SIGTERM', () => {})
    expect(warnings).toEqual([expect.stringContaining(`${limit + 2} SIGTERM listeners added`)])
    place.leave()
    expect(host.getMaxListeners()).toBe(limit)
  },
)

test('an engine that joins a host at its limit brings no warning', () => {
  const { host } = createHost()
  const warnings = watchWarnings()
  for (let count = 0; count < 10; count++) host.on('exit', () => {})
  createProcessEnd(host, () => true).join({ spoolNow() {} }, { signals: true })
  expect(warnings).toEqual([])
})
