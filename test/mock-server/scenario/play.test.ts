import { expect, onTestFinished, test } from 'vitest'
import type { PlayedStep, ScenarioStep } from '../../../mock-server/index.ts'
import { ask } from '../ask.ts'
import { authorizationOf, createShop, finding } from '../shop.ts'

const START = Date.parse('2026-03-01T12:00:00Z')

async function setUp() {
  const { teamServer, shop, errors } = await createShop({ clock: () => START })
  onTestFinished(() => teamServer.close())
  const bank = await teamServer.createOrganization({ name: 'Bank' })
  /** Plays steps, and moves the clock to each in turn. */
  async function playAll(...steps: readonly ScenarioStep[]) {
    const startMs = teamServer.clock.now().getTime()
    const playing = teamServer.play(steps)
    for (const { at } of steps) teamServer.clock.set(startMs + at * 1_000)
    return playing.done
  }
  let reports = 0
  const status = async (organization = shop, credentials = organization.agent, apiKey?: string) => {
    const { status: answered } = await ask(teamServer, 'POST', '/engine/v1/reports', {
      authorization: authorizationOf(credentials),
      headers: apiKey === undefined ? {} : { 'api-key': apiKey },
      json: { application: 'till', reports: [finding(String(++reports))] },
    })
    return answered
  }
  return { teamServer, shop, bank, errors, playAll, status }
}

const errorsOf = (played: readonly PlayedStep[]) =>
  played.flatMap(({ error }) => (error instanceof Error ? [error.message] : []))

function signal(): readonly [Promise<void>, () => void] {
  let give = () => {}
  const given = new Promise<void>((resolve) => {
    give = resolve
  })
  return [given, () => give()]
}

test('a step is done when the clock reaches its time, and not before', async () => {
  const { teamServer, shop } = await setUp()
  const seen: string[] = []
  const [first, resolve] = signal()
  const playing = teamServer.play(
    [
      { at: 10, do: 'disable api key' },
      { at: 5, do: 'enable api key' },
    ],
    {
      onStep({ step }) {
        seen.push(step.do)
        resolve()
      },
    },
  )
  teamServer.clock.advance(4_999)
  expect(shop.apiKey.isEnabled).toBe(false)
  teamServer.clock.advance(1)
  await first
  expect([seen, shop.apiKey.isEnabled]).toEqual([['enable api key'], true])
  teamServer.clock.advance(5_000)
  expect((await playing.done).map(({ at }) => at.getTime() - START)).toEqual([5_000, 10_000])
  expect(shop.apiKey.isEnabled).toBe(false)
})

test('keys are rotated with an overlap that is closed, switched and deleted', async () => {
  const { shop, bank, playAll, status } = await setUp()
  const old = { userName: shop.agent.userName, serviceKey: shop.agent.serviceKey } as never
  const oldApiKey = shop.apiKey.value
  await playAll(
    { at: 1, do: 'enable api key' },
    { at: 2, do: 'rotate api key', overlapMs: 60_000 },
    { at: 3, do: 'rotate agent key', overlapMs: 60_000 },
  )
  expect(await status(shop, old, oldApiKey)).toBe(202)
  await playAll({ at: 4, do: 'close overlap' })
  expect(await status(shop, old, oldApiKey)).toBe(401)
  expect(await status(shop, old, shop.apiKey.value)).toBe(202)
  expect(await status(bank)).toBe(202)
  await playAll({ at: 5, do: 'delete agent key', organization: 'Bank', name: 'default' })
  expect(await status(bank)).toBe(401)
})

test('faults come and go, of one organization or of all', async () => {
  const { shop, bank, playAll, status } = await setUp()
  await playAll({ at: 1, do: 'add fault', organization: 'Bank', fault: '503' })
  expect([await status(shop), await status(bank)]).toEqual([202, 503])
  await playAll({ at: 2, do: 'add fault', fault: { do: '429', route: 'reports' } })
  expect(await status(shop)).toBe(429)
  await playAll({ at: 3, do: 'remove faults' })
  expect([await status(shop), await status(bank)]).toEqual([202, 202])
})

test('an application is archived and taken back', async () => {
  const { playAll, status } = await setUp()
  await status()
  await playAll({ at: 1, do: 'archive application', application: 'till' })
  expect(await status()).toBe(409)
  await playAll({ at: 2, do: 'restore application', application: 'till' })
  expect(await status()).toBe(202)
})

test('a step that moves the clock does not bring the others nearer', async () => {
  const { teamServer, shop } = await setUp()
  const [moved, resolve] = signal()
  const playing = teamServer.play(
    [
      { at: 1, do: 'advance clock', ms: 3_600_000 },
      { at: 2, do: 'enable api key' },
    ],
    { onStep: () => resolve() },
  )
  teamServer.clock.advance(1_000)
  await moved
  expect(teamServer.clock.now()).toEqual(new Date(START + 3_601_000))
  teamServer.clock.advance(999)
  expect(shop.apiKey.isEnabled).toBe(false)
  teamServer.clock.advance(1)
  await playing.done
  expect(shop.apiKey.isEnabled).toBe(true)
})

test('a restart closes the port and opens it again, with the same address and token', async () => {
  const { teamServer, playAll } = await setUp()
  const listener = await teamServer.listen({ control: true })
  const secure = await teamServer.listen({ tls: true })
  // A connection that was kept would be one of before.
  const alone = { connection: 'close' }
  const ready = () => fetch(listener.url.replace('/Contrast', '/ready'), { headers: alone })
  expect((await ready()).status).toBe(200)
  expect(errorsOf(await playAll({ at: 1, do: 'restart' }))).toEqual([])
  expect((await ready()).status).toBe(200)
  const headers = { ...alone, authorization: `Bearer ${listener.control?.token}` }
  expect((await fetch(`${listener.control?.url}/clock`, { headers })).status).toBe(200)
  await listener.close()
  await expect(ready()).rejects.toThrow()
  await secure.close()
})

test('what cannot be done is told, and the scenario goes on', async () => {
  const { shop, playAll } = await setUp()
  const played = await playAll(
    { at: 1, do: 'delete agent key', name: 'none' },
    { at: 1, do: 'enable api key', organization: 'Nobody' },
    { at: 1, do: 'archive application', application: 'none' },
    { at: 2, do: 'enable api key' },
  )
  expect(errorsOf(played)).toEqual([
    'no agent key of this name',
    'no organization is Nobody',
    'no application of this name has reported',
  ])
  expect(shop.apiKey.isEnabled).toBe(true)
})

test('each step stands in the audit log, of its organization or of none', async () => {
  const { teamServer, shop, playAll } = await setUp()
  await playAll({ at: 1, do: 'enable api key' }, { at: 2, do: 'restart' })
  const steps = (entries: Awaited<ReturnType<typeof shop.auditLog>>) =>
    entries.filter(({ reason }) => reason === 'scenario-step').map(({ detail }) => detail)
  expect(steps(await shop.auditLog())).toEqual(['reached the step at 1 s: enable api key'])
  expect(steps(await teamServer.auditLog())).toEqual(['reached the step at 2 s: restart'])
})

test('stopped, or with its TeamServer closed, it does no further step', async () => {
  const { teamServer, shop } = await setUp()
  const stopped = teamServer.play([{ at: 1, do: 'enable api key' }])
  stopped.stop()
  const closed = teamServer.play([{ at: 1, do: 'enable api key' }])
  await teamServer.close()
  teamServer.clock.advance(1_000)
  expect([await stopped.done, await closed.done]).toEqual([[], []])
  expect(shop.apiKey.isEnabled).toBe(false)
})

test('an error of who watches is theirs, and the scenario goes on', async () => {
  const { teamServer, shop, errors } = await setUp()
  const onStep = () => {
    throw new Error('mine')
  }
  await teamServer.play([{ at: 0, do: 'enable api key' }], { onStep }).done
  expect(shop.apiKey.isEnabled).toBe(true)
  expect(errors).toEqual([new Error('mine')])
})

test.each([
  ['x', 'scenario must be a list'],
  [[5], 'scenario[0] must be a map of fields'],
  [[{ at: 1, do: 'explode' }], 'scenario[0].do must be one of rotate api key, close overlap'],
  [[{ at: 1, do: 'toString' }], 'scenario[0].do must be one of'],
  [[{ do: 'restart' }], 'scenario[0].at must be a number from 0'],
  [[{ at: -1, do: 'restart' }], 'scenario[0].at must be a number from 0'],
  [[{ at: 1, do: 'restart', ms: 5 }], 'scenario[0] knows no ms; restart takes at, do, downMs'],
  [[{ at: 1, do: 'advance clock' }], 'scenario[0] needs ms to advance clock'],
  [[{ at: 1, do: 'add fault' }], 'scenario[0] needs fault to add fault'],
  [[{ at: 1, do: 'add fault', fault: '999' }], 'scenario[0].fault cannot be planted'],
  [[{ at: 1, do: 'rotate api key', overlapMs: 1e12 }], 'scenario[0].overlapMs must be'],
  [[{ at: 1, do: 'enable api key', organization: 5 }], 'scenario[0].organization must be text'],
])('%j is refused by name, and nothing is played', async (scenario, message) => {
  const { teamServer } = await setUp()
  expect(() => teamServer.play(scenario as never)).toThrow(
    expect.objectContaining({
      code: 'ERR_OPTION_INVALID',
      message: expect.stringContaining(message),
    }),
  )
})
