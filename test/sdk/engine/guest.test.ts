import { expect, test } from 'vitest'
import type { CredentialsUpdate } from '../../../sdk/configuration/credentials-update.ts'
import { startEngine } from '../../../sdk/engine/start-engine.ts'
import { createManualClock } from './manual-clock.ts'
import type { Reply } from './scripted-transport.ts'
import { createScriptedTransport, goodReply } from './scripted-transport.ts'
import {
  API_KEY,
  BARE,
  createLineLog,
  expectSumsUp,
  SERVICE_KEY,
  startTestEngine,
} from './test-engine.ts'

const FINDING = { type: 'finding', rule: 'x' } as const

test('an engine that cannot even start is switched off with one line', () => {
  const logger = createLineLog()
  const broken = {
    ...createManualClock(),
    after() {
      throw new RangeError('no timers here')
    },
  }
  const engine = startTestEngine(
    { logger },
    { clock: broken, transport: createScriptedTransport() },
  )
  expect(engine.status()).toMatchObject({ state: 'disabled' })
  expect(logger.lines).toEqual([
    'error: switched off, nothing is reported: the engine could not start (RangeError)',
  ])
})

test('an environment like no other switches the engine off with one line', () => {
  const logger = createLineLog()
  const env = new Proxy(
    {},
    {
      ownKeys() {
        throw new RangeError('no environment here')
      },
    },
  )
  const engine = startEngine({ logger }, { configuration: { ...BARE, env } })
  expect(engine.status().state).toBe('disabled')
  expect(logger.lines).toHaveLength(1)
})

test('what fails inside report() stays inside, and is counted', async () => {
  const { clock, breakNow } = createBreakingClock()
  const engine = startTestEngine({}, { clock, transport: createScriptedTransport() })
  // What sends reports is there by now.
  await clock.advance(500)
  breakNow()
  engine.report(FINDING)
  expect(engine.status()).toMatchObject({ given: 1, waiting: 1 })
  expectSumsUp(engine)
})

test('while what sends reports cannot be loaded, they are dropped and counted, with one line', async () => {
  const { clock, breakNow, mend } = createBreakingClock()
  const logger = createLineLog()
  const transport = createScriptedTransport()
  const engine = startTestEngine({ logger }, { clock, transport })
  breakNow()
  engine.report(FINDING)
  engine.report(FINDING)
  expect(await engine.flush()).toEqual({ accepted: 0, spooled: 0, waiting: 0 })
  expect(engine.status()).toMatchObject({ given: 2, dropped: 2, waiting: 0 })
  expect(logger.lines).toEqual([
    'warn: what sends reports cannot be loaded (RangeError). They are dropped',
  ])
  mend()
  engine.report(FINDING)
  await clock.advance(5_000)
  expect(engine.status()).toMatchObject({ given: 3, dropped: 2, accepted: 1 })
})

/** Its timers fail as everything does that is called where the stack is used up. */
function createBreakingClock() {
  const clock = createManualClock()
  let isBroken = false
  const breaking = {
    ...clock,
    after(...given: Parameters<typeof clock.after>) {
      if (isBroken) throw new RangeError('Maximum call stack size exceeded')
      return clock.after(...given)
    },
  }
  const setBroken = (next: boolean) => () => {
    isBroken = next
  }
  return { clock: breaking, breakNow: setBroken(true), mend: setBroken(false) }
}

test.each([
  ['null', null],
  ['a text', 'soon'],
  [
    'a getter that throws',
    {
      get timeoutMs() {
        throw new Error('not now')
      },
    },
  ],
])('flush() with %s as options neither throws nor rejects', async (_, options) => {
  const engine = startTestEngine({}, { transport: createScriptedTransport() })
  engine.report(FINDING)
  expect(await engine.flush(options as never)).toEqual({ accepted: 1, spooled: 0, waiting: 0 })
  await engine.close()
})

test('a session that was asked for by the caller before is not the next caller’s', async () => {
  const clock = createManualClock()
  const held: (() => void)[] = []
  const scripted = createScriptedTransport((request): Reply => {
    const good = goodReply(request)
    if (request.call !== 'createSession') return good
    const session_id = `session of ${userOf(request.headers)}`
    return { ...good, body: { ...Object(good.body), session_id } }
  })
  const transport = {
    ...scripted,
    async send(...given: Parameters<typeof scripted.send>) {
      const answer = await scripted.send(...given)
      const isHeld = scripted.requests.at(-1)?.call === 'createSession' && held.length === 0
      if (isHeld) await new Promise<void>((resolve) => held.push(resolve))
      return answer
    },
  }
  const engine = startTestEngine({}, { clock, transport })
  engine.report(FINDING)
  await clock.advance(5_000)
  expect(held).toHaveLength(1)
  engine.updateCredentials({ agentUserName: 'agent_2@Other', serviceKey: SERVICE_KEY })
  held[0]?.()
  await clock.advance(5_000)
  const [reports] = scripted.requestsOf('reports')
  expect(userOf(reports?.headers ?? {})).toBe('agent_2@Other')
  expect(reports?.json.session).toBe('session of agent_2@Other')
})

test('halves of a batch that wait when another caller takes over go out with its session', async () => {
  const clock = createManualClock()
  const scripted = createScriptedTransport((request): Reply => {
    const good = goodReply(request)
    if (request.call === 'reports' && request.json.reports.length > 1) {
      engine.updateCredentials({ agentUserName: 'agent_2@Other' })
      return { status: 413 }
    }
    if (request.call !== 'createSession') return good
    const session_id = `session of ${userOf(request.headers)}`
    return { ...good, body: { ...Object(good.body), session_id } }
  })
  const engine = startTestEngine({}, { clock, transport: scripted })
  engine.report({ ...FINDING, id: 'r-1' })
  engine.report({ ...FINDING, id: 'r-2' })
  await clock.advance(60_000)
  const sent = scripted.requestsOf('reports').map(({ headers, json }) => ({
    user: userOf(headers),
    session: json.session,
  }))
  expect(sent[0]).toEqual({ user: 'agent_1@Org', session: 'session of agent_1@Org' })
  for (const { user, session } of sent.slice(1)) expect(session).toBe(`session of ${user}`)
  expectSumsUp(engine)
})

test('a pre-fitted API key that stays behind is told of', async () => {
  const logger = createLineLog()
  const transport = createScriptedTransport()
  const values = {
    url: 'https://teamserver.test',
    user_name: 'agent_1@Org',
    service_key: SERVICE_KEY,
    api_key: API_KEY,
  }
  const configuration = { ...BARE, prefitted: { status: 'read', values } } as const
  const engine = startEngine({ logger }, { transport, configuration })
  engine.report(FINDING)
  await engine.flush()
  engine.updateCredentials({ agentUserName: 'agent_2@Other', serviceKey: 'another' })
  engine.report(FINDING)
  await engine.close()
  const keys = transport.requestsOf('reports').map(({ headers }) => headers['api-key'])
  expect(keys).toEqual([API_KEY, undefined])
  expect(logger.lines).toEqual([expect.stringContaining('is not used any more')])
})

test('K-301: no key shows where a transport, a server or a plugin repeats one', async () => {
  const logger = createLineLog()
  const clock = createManualClock()
  const secrets = [SERVICE_KEY, API_KEY, 'the_next_service_key', 'the_next_api_key']
  let isDown = true
  const scripted = createScriptedTransport((request) => {
    const quoted = Object.values(request.headers).join(' ')
    if (isDown) return Object.assign(new Error(`bad header ${quoted}`), { code: 'ERR_HEADER' })
    const good = goodReply(request)
    if (request.call !== 'reports') return good
    return { ...good, body: { ...Object(good.body), rejected: [{ index: 0, reason: quoted }] } }
  })
  const plugin = {
    name: 'quoting',
    start() {
      throw new Error(`no entry for ${SERVICE_KEY}`)
    },
  }
  const engine = startTestEngine(
    { organizationApiKey: API_KEY, logger, plugins: [plugin] },
    { clock, transport: scripted },
  )
  engine.report(FINDING)
  await clock.advance(5_000)
  const shown = [JSON.stringify(engine)]
  const next: CredentialsUpdate = {
    serviceKey: 'the_next_service_key',
    organizationApiKey: 'the_next_api_key',
  }
  engine.updateCredentials(next)
  isDown = false
  await clock.advance(60_000)
  await engine.close()
  expect(engine.status()).toMatchObject({ refused: 1 })
  expect(logger.lines).toHaveLength(4)
  shown.push(JSON.stringify(engine), ...logger.lines)
  for (const secret of secrets) expect(shown.join()).not.toContain(secret)
  expect(shown.join()).not.toContain(headerOf(SERVICE_KEY))
  expect(shown.join()).not.toContain(headerOf('the_next_service_key'))
})

function headerOf(serviceKey: string): string {
  return Buffer.from(`agent_1@Org:${serviceKey}`).toString('base64').replace(/=+$/, '')
}

function userOf(headers: Readonly<Record<string, string>>): string {
  const text = Buffer.from(headers.authorization ?? '', 'base64').toString()
  return text.slice(0, text.indexOf(':'))
}
