import { expect, test } from 'vitest'
import type { Plugin, PluginContext } from '../../../sdk/plugins/plugin.ts'
import { createManualClock } from './manual-clock.ts'
import { createScriptedTransport, goodReply } from './scripted-transport.ts'
import { createLineLog, startTestEngine } from './test-engine.ts'

function startWith(start: Plugin['start'], ...others: Plugin['start'][]) {
  const clock = createManualClock()
  const logger = createLineLog()
  const transport = createScriptedTransport((request) => {
    const good = goodReply(request)
    if (request.call !== 'heartbeat') return good
    return { ...good, body: { ...Object(good.body), settings: { activityPeriodMs: 2_000 } } }
  })
  const plugins = [start, ...others].map((each, index) => ({ name: `p${index}`, start: each }))
  const engine = startTestEngine({ plugins, logger }, { clock, transport })
  return { clock, engine, transport, lines: logger.lines }
}

const nameless = Object.defineProperty(new Error('x'), 'name', {
  get() {
    throw new Error('no name')
  },
})

test.each<[string, unknown]>([
  ['an error whose name throws', nameless],
  ['an error with a symbol for a name', Object.assign(new Error('x'), { name: Symbol('x') })],
  ['a revoked proxy', revokedProxy()],
])('%s, thrown by a plugin, reaches neither createEngine() nor a timer', async (_, error) => {
  const { clock, lines } = startWith((context) => {
    context.every(1_000, () => {
      throw error
    })
    throw error
  })
  await clock.advance(1_000)
  expect(lines).toEqual([
    'warn: plugin p0 failed in start: an error that cannot be shown',
    'warn: plugin p0 failed in every: an error that cannot be shown',
  ])
})

test('a plugin that fails each second costs a line a minute', async () => {
  const { clock, lines } = startWith((context) => {
    context.every(1_000, () => {
      throw new Error('again')
    })
  })
  await clock.advance(60_999)
  expect(lines).toEqual(['warn: plugin p0 failed in every: Error: again'])
  await clock.advance(1)
  expect(lines[1]).toBe('warn: plugin p0 failed in every: Error: again (and 59 more like it)')
})

test('a plugin whose flush never ends keeps no other from being asked again', async () => {
  let asked = 0
  const { clock, engine } = startWith(
    () => ({ flush: () => new Promise(() => {}) }),
    () => ({
      flush() {
        asked += 1
      },
    }),
  )
  for (const times of [1, 2, 3]) {
    const flushed = engine.flush({ timeoutMs: 100 })
    await clock.advance(100)
    await flushed
    expect(asked).toBe(times)
  }
})

test('a plugin that was stopped is not asked to flush', async () => {
  const calls: string[] = []
  const { engine } = startWith(() => ({
    flush: () => void calls.push('flush'),
    stop: () => void calls.push('stop'),
  }))
  await engine.close()
  await engine.flush()
  expect(calls).toEqual(['flush', 'stop'])
})

test.each([0, -1, Number.NaN, '5', null])('a period of %j makes no busy loop', async (period) => {
  let rings = 0
  const { clock } = startWith((context) => {
    context.every(period as number, () => void rings++)
  })
  await clock.advance(10_000)
  expect(rings).toBe(10)
})

test('a timer by the activity period follows TeamServer, also within a period', async () => {
  let context: PluginContext | undefined
  const ringsMs: number[] = []
  const { clock } = startWith((given) => {
    context = given
    given.every(
      () => given.activityPeriodMs,
      () => void ringsMs.push(clock.now()),
    )
  })
  await clock.advance(300_000)
  expect(ringsMs.slice(0, 2)).toEqual([30_000, 60_000])
  expect(context?.activityPeriodMs).toBe(2_000)
  await clock.advance(4_000)
  expect(ringsMs.slice(-2)).toEqual([302_000, 304_000])
})

test('a timer that is on its way when TeamServer shortens the period ends by the new one', async () => {
  const ringsMs: number[] = []
  const { clock, engine } = startWith((context) => {
    context.every(
      () => (context.activityPeriodMs === 2_000 ? 400_000 : 86_400_000),
      () => void ringsMs.push(clock.now()),
    )
  })
  await clock.advance(400_000)
  expect(ringsMs).toEqual([400_000])
  await engine.close()
})

test('a timer that a plugin stops does not come back with another period', async () => {
  let rings = 0
  const { clock } = startWith((context) => {
    const stop = context.every(
      () => context.activityPeriodMs,
      () => {
        rings += 1
        stop()
      },
    )
  })
  await clock.advance(400_000)
  expect(rings).toBe(1)
})

function revokedProxy(): object {
  const { proxy, revoke } = Proxy.revocable({}, {})
  revoke()
  return proxy
}
