import { expect, test } from 'vitest'
import { createManualClock } from '../engine/manual-clock.ts'
import { createMemoryDisk } from '../engine/memory-disk.ts'
import { startScene } from '../engine/scene.ts'
import { refusal } from '../engine/scripted-transport.ts'
import { API_KEY, SERVICE_KEY } from '../engine/test-engine.ts'

const NEXT_KEY = 'Fr3shFr3shFr3shFr3sh01'

test.each([
  {
    id: 'D-201',
    what: 'the service key',
    reason: 'credentials-wrong',
    update: { serviceKey: NEXT_KEY },
    isRight: (headers: Readonly<Record<string, string>>) =>
      headers.authorization === Buffer.from(`agent_1@Org:${NEXT_KEY}`).toString('base64'),
  },
  {
    id: 'D-202',
    what: 'the API key',
    reason: 'api-key-wrong',
    update: { organizationApiKey: NEXT_KEY },
    isRight: (headers: Readonly<Record<string, string>>) => headers['api-key'] === NEXT_KEY,
  },
])(
  '$id: $what is retired mid-run, and the new one comes five minutes later: nothing is lost',
  async ({ reason, update, isRight }) => {
    let isRetired = false
    const { advance, report, engine, transport } = startScene({
      options: { organizationApiKey: API_KEY },
      script: ({ headers }) => (!isRetired || isRight(headers) ? undefined : refusal(401, reason)),
    })
    const ids = report(5, 'before')
    await advance(10_000)
    isRetired = true
    const requestsBefore = transport.requests.length
    for (let second = 0; second < 300; second++) {
      ids.push(...report(1, `s-${second}`))
      await advance(1_000)
    }
    expect(transport.requests.length - requestsBefore).toBeLessThanOrEqual(4)
    engine.updateCredentials(update)
    await advance(1_000)
    expect(transport.storedIds).toEqual(ids)
    expect(engine.status()).toMatchObject({
      state: 'running',
      accepted: 305,
      dropped: 0,
      waiting: 0,
    })
  },
)

test('D-203: layer two is switched on mid-run: one warning that names the option, and no key', async () => {
  let isOn = false
  const { advance, report, engine, lines } = startScene({
    script: ({ headers }) =>
      isOn && headers['api-key'] !== API_KEY ? refusal(401, 'api-key-wrong') : undefined,
  })
  report(5, 'before')
  await advance(10_000)
  isOn = true
  report(5)
  await advance(600_000, 10_000)
  expect(engine.status()).toMatchObject({
    state: 'holding',
    hold: { cause: 'api-key' },
    accepted: 5,
    waiting: 5,
  })
  expect(lines).toHaveLength(1)
  expect(lines[0]).toMatch(/organizationApiKey.*CONTRAST__API__API_KEY.*api\.api_key/)
  expect(lines[0]).not.toContain(SERVICE_KEY)
  engine.updateCredentials({ organizationApiKey: API_KEY })
  await advance(0)
  expect(engine.status()).toMatchObject({ state: 'running', accepted: 10, dropped: 0 })
})

test('D-204: an address that is refused is held with a message of its own', async () => {
  const { advance, report, engine, lines } = startScene({
    script: () => refusal(403, 'address-refused'),
  })
  report(5)
  await advance(600_000, 10_000)
  expect(engine.status()).toMatchObject({ hold: { cause: 'address' }, waiting: 5, dropped: 0 })
  expect(lines).toEqual([expect.stringContaining('add it to the address ranges')])
})

test('D-205: what was spooled under the old key is delivered with the new one, and no key is on disk', async () => {
  const disk = createMemoryDisk()
  const clock = createManualClock()
  const old = startScene({
    clock,
    disk,
    options: { organizationApiKey: API_KEY },
    script: () => refusal(401, 'credentials-wrong'),
  })
  const ids = old.report(20)
  await old.advance(10_000)
  old.exit()
  for (const secret of [SERVICE_KEY, API_KEY, 'agent_1@Org']) {
    expect(disk.written.join()).not.toContain(secret)
  }
  const next = startScene({ clock, disk, options: { serviceKey: NEXT_KEY } })
  await next.advance(10_000)
  expect(next.transport.storedIds).toEqual(ids)
  const authorization = Buffer.from(`agent_1@Org:${NEXT_KEY}`).toString('base64')
  for (const { headers } of next.transport.requests)
    expect(headers).toMatchObject({ authorization })
})

test('D-206: what was spooled for one organization is not sent by an engine of another', async () => {
  const disk = createMemoryDisk()
  const clock = createManualClock()
  const ofA = startScene({ clock, disk, script: () => ({ status: 503 }) })
  const ids = ofA.report(20, 'a')
  ofA.exit()
  const ofB = startScene({ clock, disk, options: { agentUserName: 'agent_2@Other' } })
  ofB.report(5, 'b')
  await ofB.advance(120_000, 1_000)
  expect(ofB.transport.storedIds).toEqual(['b-0', 'b-1', 'b-2', 'b-3', 'b-4'])
  expect(ofB.engine.status()).toMatchObject({ given: 5, accepted: 5 })
  expect(disk.ids).toEqual(ids)
  const again = startScene({ clock, disk })
  await again.advance(2_000)
  expect(again.transport.storedIds).toEqual(ids)
})

test('D-207: an archived application that is back after three minutes gets everything two minutes later at most', async () => {
  let isArchived = true
  const { advance, report, engine } = startScene({
    script: () =>
      isArchived
        ? { status: 409, body: { success: false, messages: ['Invalid archived application'] } }
        : undefined,
  })
  report(5)
  await advance(5_000)
  expect(engine.status()).toMatchObject({ hold: { cause: 'archived' } })
  await advance(180_000, 1_000)
  isArchived = false
  await advance(120_000, 1_000)
  expect(engine.status()).toMatchObject({ state: 'running', accepted: 5, dropped: 0 })
})

test('another agent user name takes along what memory has; what the disk alone has stays for the name before', async () => {
  const disk = createMemoryDisk()
  const clock = createManualClock()
  let isUp = false
  const { advance, report, engine, transport, lines } = startScene({
    clock,
    disk,
    options: { queueLimitReports: 10, batchLimitReports: 5 },
    script: () => (isUp ? undefined : { status: 503 }),
  })
  const ids = report(30)
  await advance(6_000)
  expect(engine.status()).toMatchObject({ waiting: 30, spooled: 30 })
  engine.updateCredentials({ agentUserName: 'agent_2@Other' })
  expect(engine.status()).toMatchObject({ given: 30, waiting: 10, dropped: 20 })
  expect(lines.at(-1)).toContain(
    'stay on disk for an engine with the agent user name of before: 20',
  )
  await advance(300)
  expect(engine.status()).toMatchObject({ waiting: 10, spooled: 10 })
  expect(disk.ids.toSorted()).toEqual(ids.toSorted())
  isUp = true
  await advance(120_000, 1_000)
  expect(transport.storedIds).toEqual(ids.slice(0, 10))
  expect(disk.ids).toEqual(ids.slice(10))

  const before = startScene({ clock, disk })
  await before.advance(10_000)
  expect(before.transport.storedIds).toEqual(ids.slice(10))
})

test('what is being written or read while the name changes is neither lost nor sent twice', async () => {
  const clock = createManualClock()
  const disk = createMemoryDisk({
    wait: () => new Promise((resolve) => void clock.after(1_000, resolve)),
  })
  let isUp = false
  const { advance, report, engine, transport } = startScene({
    clock,
    disk,
    options: { queueLimitReports: 10, batchLimitReports: 5, durability: 'always' },
    script: () => (isUp ? undefined : { status: 503 }),
  })
  const ids = report(10)
  // Under way to disk.
  await advance(700)
  engine.updateCredentials({ agentUserName: 'agent_2@Other' })
  await advance(20_000, 100)
  expect(disk.ids).toEqual(ids)
  isUp = true
  await advance(120_000, 1_000)
  expect(transport.storedIds).toEqual(ids)
  expect(disk.ids).toEqual([])
  expect(engine.status()).toMatchObject({ accepted: 10, dropped: 0, waiting: 0 })
})
