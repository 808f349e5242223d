import { type Channel, channel, subscribe, unsubscribe } from 'node:diagnostics_channel'
import { inspect } from 'node:util'
import { expect, test, vi } from 'vitest'
import { startEngine } from '../../../sdk/engine/start-engine.ts'
import { deliver } from '../../../sdk/events/deliver.ts'
import { createEvents } from '../../../sdk/events/events.ts'
import { letPromisesRun } from '../engine/manual-clock.ts'
import { FINDING, startScene } from '../engine/scene.ts'
import { refusal } from '../engine/scripted-transport.ts'
import { API_KEY, BARE, SERVICE_KEY } from '../engine/test-engine.ts'
import { CHANNEL_NAMES, hearOn, listen } from './listener.ts'

/** What Node makes of a channel once somebody subscribes. */
const ActiveChannel: Channel = (() => {
  const probe = channel('test:probe')
  subscribe('test:probe', () => {})
  return Object.getPrototypeOf(probe)
})()

const NO_REPORT = { type: 'finding' } as never

test('a subscriber that throws, and one that rejects, cost one line, and nobody but themselves', async () => {
  const uncaught = vi.fn()
  process.on('uncaughtException', uncaught).on('unhandledRejection', uncaught)
  hearOn('teamserver-engine:reports:refused', () => {
    throw new TypeError('x is not a function')
  })
  hearOn('teamserver-engine:reports:refused', async () => {
    throw new Error('too late')
  })
  const { on } = listen()
  const { engine, lines, report, advance } = startScene()
  for (let count = 0; count < 3; count++) engine.report(NO_REPORT)
  report(1)
  await advance(6_000)
  await letPromisesRun()
  process.off('uncaughtException', uncaught).off('unhandledRejection', uncaught)

  expect(uncaught).not.toHaveBeenCalled()
  expect(on('teamserver-engine:reports:refused')).toHaveLength(3)
  expect(engine.status()).toMatchObject({ refused: 3, accepted: 1 })
  expect(lines).toEqual([
    'warn: a report was not taken: a finding needs a rule',
    'warn: a subscriber of teamserver-engine:reports:refused failed: TypeError: x is not a function',
  ])
})

test.each(CHANNEL_NAMES)('Node keeps its subscribers of %s where they are looked for', (name) => {
  const subscriber = () => {}
  subscribe(name, subscriber)
  try {
    expect(channel(name)).toMatchObject({ _subscribers: expect.arrayContaining([subscriber]) })
  } finally {
    unsubscribe(name, subscriber)
  }
})

test('a Node that keeps its subscribers elsewhere publishes by itself', () => {
  const own = { name: 'teamserver-engine:heartbeat', publish: vi.fn() }
  const message = { engine: { id: 'e' } }
  deliver({ channel: own as unknown as Channel, message, onFault: vi.fn() })
  expect(own.publish).toHaveBeenCalledExactlyOnceWith(message)
})

test('a subscriber may take itself away, and others with it, while it is called', () => {
  const heard: string[] = []
  const name = 'teamserver-engine:reports:refused'
  const first = () => {
    heard.push('first')
    unsubscribe(name, first)
    unsubscribe(name, second)
  }
  const second = () => void heard.push('second')
  subscribe(name, first)
  subscribe(name, second)
  const { engine } = startScene()
  engine.report(NO_REPORT)
  engine.report(NO_REPORT)
  // As Node does it: whoever was there when the message came gets it.
  expect(heard).toEqual(['first', 'second'])
})

test('what a subscriber sets off comes in a later turn, and a circle neither blocks nor grows', async () => {
  const { on } = listen()
  let isNested = false
  const { engine } = startScene()
  hearOn('teamserver-engine:reports:refused', () => {
    expect(isNested).toBe(false)
    isNested = true
    engine.report(NO_REPORT)
    engine.report(NO_REPORT)
    isNested = false
  })
  engine.report(NO_REPORT)
  expect(on('teamserver-engine:reports:refused')).toHaveLength(1)
  expect(engine.status().refused).toBe(3)
  for (let turn = 0; turn < 15; turn++) await new Promise((resolve) => setImmediate(resolve))
  const { length } = on('teamserver-engine:reports:refused')
  // Twice as many in each turn, up to what is kept for a turn.
  expect(length).toBeGreaterThan(1_000)
  expect(length).toBeLessThanOrEqual(15 * 1_000)
})

test('a subscriber that closes the engine, changes its keys and asks for its status does just that', async () => {
  const sums: boolean[] = []
  const { engine, report, advance, transport } = startScene({
    options: { organizationApiKey: API_KEY },
    script: ({ headers }) =>
      headers['api-key'] === API_KEY ? refusal(401, 'api-key-wrong') : undefined,
  })
  for (const name of CHANNEL_NAMES) {
    hearOn(name, ({ counters }) => {
      const { given, accepted, refused, dropped, waiting } = engine.status()
      sums.push(given === accepted + refused + dropped + waiting)
      expect(counters).toEqual({ given, accepted, refused, dropped, waiting })
    })
  }
  hearOn('teamserver-engine:credentials:refused', () => {
    engine.updateCredentials({ organizationApiKey: 'N3wKeyN3wKeyN3wKeyN3wKey' })
  })
  hearOn('teamserver-engine:reports:accepted', () => void engine.close())
  report(2)
  await advance(6_000)
  await advance(6_000)
  expect(sums.length).toBeGreaterThan(5)
  expect(sums).not.toContain(false)
  expect(transport.storedIds).toEqual(['r-0', 'r-1'])
  expect(engine.status()).toMatchObject({ state: 'closed', accepted: 2, waiting: 0 })
})

test('nobody can change a message, nor the engine by one', async () => {
  const { heard } = listen()
  const { engine, report, advance } = startScene({ script: () => refusal(401, 'api-key-wrong') })
  report(1)
  await advance(6_000)
  expect(heard.length).toBeGreaterThan(3)
  for (const [, message] of heard) {
    expect(Object.isFrozen(message)).toBe(true)
    expect(Object.isFrozen(message.engine)).toBe(true)
    expect(Object.isFrozen(message.counters)).toBe(true)
    if ('hold' in message) message.hold?.since.setTime(0)
  }
  expect(engine.status().hold?.since).toEqual(new Date('2026-01-01T00:00:05.000Z'))
})

test('K-301: no message holds a key, a proxy password or anything made of them', async () => {
  const { heard } = listen()
  const keys = [SERVICE_KEY, API_KEY]
  let isRefused = false
  const { engine, report, advance } = startScene({
    options: {
      organizationApiKey: API_KEY,
      proxy: { url: 'http://walter:hunter2hunter2@127.0.0.1:9' },
    },
    script: ({ call, headers }) => {
      if (call !== 'reports') return undefined
      if (isRefused) return refusal(401, 'api-key-wrong')
      const quoted = `${keys.join(' ')} ${headers.authorization}`
      return Object.assign(new Error(quoted), { code: 'ECONNRESET' })
    },
  })
  report(2)
  engine.report({ ...FINDING, id: `id-${API_KEY}` })
  await advance(6_000)
  engine.updateCredentials({ organizationApiKey: 'N3wKeyN3wKeyN3wKeyN3wKey' })
  keys.push('N3wKeyN3wKeyN3wKeyN3wKey')
  await advance(60_000)
  isRefused = true
  await advance(60_000)
  const closing = engine.close()
  await advance(6_000)
  await closing
  const env = { CONTRAST__API__URL: 'http://walter:hunter2hunter2@127.0.0.1:9' }
  startEngine({ serviceKey: SERVICE_KEY, logger: false }, { configuration: { ...BARE, env } })
  const names = new Set(heard.map(([name]) => name))
  expect([...names]).toEqual(
    expect.arrayContaining([
      'teamserver-engine:exchange',
      'teamserver-engine:state',
      'teamserver-engine:credentials:refused',
      'teamserver-engine:credentials:renewed',
      'teamserver-engine:reports:dropped',
    ]),
  )
  expect(JSON.stringify(heard)).toContain('••••')
  const printed = heard
    .map((each) => `${JSON.stringify(each)} ${inspect(each, { depth: 10, showHidden: true })}`)
    .join('\n')
  const secrets = [...keys, 'hunter2hunter2']
  const base64 = secrets.map((secret) => Buffer.from(secret).toString('base64').slice(0, 20))
  for (const text of [...secrets, ...base64]) expect(printed).not.toContain(text)
})

// --- Without subscribers ---

test('a report that is taken asks no channel, whoever listens', () => {
  const { heard } = listen()
  const { engine } = startScene()
  const before = heard.length
  const asked = vi.spyOn(ActiveChannel, 'hasSubscribers', 'get')
  for (let count = 0; count < 1_000; count++) engine.report(FINDING)
  expect(asked).not.toHaveBeenCalled()
  expect(heard).toHaveLength(before)
  engine.report(NO_REPORT)
  expect(asked).toHaveBeenCalled()
  asked.mockRestore()
})

test('a message that nobody is to get is not put together', () => {
  const options = {
    identity: vi.fn(() => ({ id: 'e' })),
    counters: vi.fn(() => ({ given: 0, accepted: 0, refused: 0, dropped: 0, waiting: 0 })),
    withoutKeys: vi.fn((text: string) => text),
    onFault: vi.fn(),
  }
  const events = createEvents(options)
  const fields = vi.fn(() => ({ reports: 1 }))
  for (const name of CHANNEL_NAMES) {
    expect(events.to(name.replace('teamserver-engine:', '') as 'state')).toBeUndefined()
  }
  events.to('reports:accepted')?.(fields())
  for (const each of [fields, ...Object.values(options)]) expect(each).not.toHaveBeenCalled()

  const { on } = listen(['teamserver-engine:reports:accepted'])
  events.to('reports:accepted')?.(fields())
  expect(on('teamserver-engine:reports:accepted')).toMatchObject([{ reports: 1 }])
})
