import { copyFileSync, readFileSync } from 'node:fs'
import { expect, onTestFinished, test } from 'vitest'
import { createTeamServer, type TeamServer } from '../../../mock-server/index.ts'
import { EMPTY_STATE, type KeptState } from '../../../mock-server/state/kept-state.ts'
import { readState, writeState } from '../../../mock-server/state/state-text.ts'
import { createMemoryStore } from '../../../mock-server/store/memory-store.ts'
import { createEngine } from '../../../sdk/index.ts'
import { atEachDoor, type DoorKind, EACH_DOOR, NODE_HTTP } from '../forged-data/doors.ts'
import { layersOf } from '../forged-data/fixture.ts'
import { stateFile } from './folder.ts'

const START = new Date('2026-01-01T00:00:00Z')
const HOUR_MS = 3_600_000

/** A TeamServer on a state file that can be ended and started again, at the time of a clock by hand. */
function createRestartable(kind: DoorKind = NODE_HTTP) {
  const file = stateFile()
  const clock = { now: START }
  const start = () => createTeamServer({ stateFile: file, clock: () => clock.now })
  let teamServer = start()
  onTestFinished(() => teamServer.close())
  return {
    clock,
    get teamServer() {
      return teamServer
    },
    advance(ms: number) {
      clock.now = new Date(clock.now.getTime() + ms)
    },
    async restart(): Promise<TeamServer> {
      await teamServer.close()
      teamServer = start()
      return teamServer
    },
    /** The status and the headers of the overlap that a report is answered with. */
    async report(credentials: { userName: string; serviceKey: string }, apiKey: string) {
      const door = await kind.open(teamServer)
      const { status, headers } = await door.sendAlone({
        method: 'POST',
        path: '/Contrast/api/engine/v1/reports',
        headers: [['Content-Type', 'application/json'], ...layersOf(credentials, apiKey)],
        body: '{"reports":[{"id":"one","type":"finding","rule":"x"}]}',
      })
      return {
        status,
        serviceKey: headers['service-key-accepted-until'],
        apiKey: headers['api-key-accepted-until'],
      }
    },
  }
}

const SLOTS = atEachDoor([
  { id: 'F-309', what: 'service key', isApiKey: false },
  { id: 'F-309', what: 'organization API key', isApiKey: true },
])

test.each(SLOTS)(
  '%s: restarted in the middle of an overlap, the answers and the end of it are the same, at %s',
  async (_what, _door, { isApiKey }, kind) => {
    const server = createRestartable(kind)
    const shop = await server.teamServer.createOrganization({
      name: 'Shop',
      apiKey: { enabled: true },
    })
    const { userName } = shop.agent
    const old = { userName, serviceKey: shop.agent.serviceKey, apiKey: shop.apiKey.value }
    if (isApiKey) await shop.apiKey.rotate({ overlapMs: HOUR_MS })
    else await shop.rotateAgentKey('default', { overlapMs: HOUR_MS })
    const next = { userName, serviceKey: shop.agent.serviceKey, apiKey: shop.apiKey.value }
    const answers = async () => [
      await server.report(old, old.apiKey),
      await server.report(next, next.apiKey),
      await server.report({ ...next, serviceKey: 'x' }, next.apiKey),
      await server.report(next, 'x'),
    ]

    server.advance(HOUR_MS / 2)
    const before = await answers()
    expect(before.map(({ status }) => status)).toEqual([202, 202, 401, 401])
    const end = new Date(START.getTime() + HOUR_MS).toISOString()
    expect(before[0]?.[isApiKey ? 'apiKey' : 'serviceKey']).toBe(end)
    await server.restart()
    expect(await answers()).toEqual(before)

    server.advance(HOUR_MS / 2)
    await server.restart()
    expect((await answers()).map(({ status }) => status)).toEqual([401, 202, 401, 401])
  },
)

test.each(SLOTS)(
  '%s: an overlap that has ended stays ended when restart and clock go back together, at %s',
  async (_what, _door, { isApiKey }, kind) => {
    const server = createRestartable(kind)
    const shop = await server.teamServer.createOrganization({
      name: 'Shop',
      apiKey: { enabled: true },
    })
    const old = { userName: shop.agent.userName, serviceKey: shop.agent.serviceKey }
    const oldApiKey = shop.apiKey.value
    if (isApiKey) await shop.apiKey.rotate({ overlapMs: HOUR_MS })
    else await shop.rotateAgentKey('default', { overlapMs: HOUR_MS })
    server.advance(HOUR_MS)
    expect((await server.report(old, oldApiKey)).status).toBe(401)
    server.advance(-HOUR_MS)
    await server.restart()
    expect((await server.report(old, oldApiKey)).status).toBe(401)
  },
)

test('the end of an overlap is kept when it is first seen, not only when the TeamServer ends well', async () => {
  const file = stateFile()
  const clock = { now: START }
  const crashed = createTeamServer({ stateFile: file, clock: () => clock.now })
  onTestFinished(() => crashed.close())
  const shop = await crashed.createOrganization({ name: 'Shop' })
  await shop.apiKey.rotate({ overlapMs: HOUR_MS })
  clock.now = new Date(START.getTime() + HOUR_MS)
  await crashed.handle(new Request('http://teamserver.test/Contrast/api/openapi.json'))
  expect(readFileSync(file, 'utf8')).toContain(clock.now.toISOString())
})

test.each(EACH_DOOR)(
  'an application that was configured once stays configured, at %s',
  async (_name, kind) => {
    const server = createRestartable(kind)
    const shop = await server.teamServer.createOrganization({
      name: 'Shop',
      apiKey: { enabled: true },
    })
    const { userName, serviceKey } = shop.agent
    const apiKey = shop.apiKey.value
    await server.restart()
    const [again] = await server.teamServer.organizations()
    expect(again?.id).toBe(shop.id)
    expect(again?.agent.serviceKey).toBe(serviceKey)
    expect(again?.apiKey.value).toBe(apiKey)
    expect(again?.apiKey.isEnabled).toBe(true)
    expect((await server.report({ userName, serviceKey }, apiKey)).status).toBe(202)
    expect((await server.report({ userName, serviceKey }, '')).status).toBe(401)
  },
)

test('an engine goes on with the same credentials after a restart', async () => {
  const server = createRestartable()
  const shop = await server.teamServer.createOrganization({
    name: 'Shop',
    apiKey: { enabled: true },
  })
  const engine = createEngine({
    ...shop.engineOptions(),
    application: { name: 'till' },
    fetch: (url, init) => server.teamServer.fetch(url, init as RequestInit),
  })
  onTestFinished(() => engine.close())
  engine.report({ type: 'finding', rule: 'cookie-flags-missing' })
  await engine.flush()
  await server.restart()
  engine.report({ type: 'finding', rule: 'cookie-flags-missing' })
  await engine.flush()
  expect(engine.status()).toMatchObject({ accepted: 2, refused: 0, waiting: 0 })
  expect(await (await server.teamServer.organization(shop.id))?.reports()).toHaveLength(1)
})

test('everything of the administration is there again: records, settings, deleted keys, people', async () => {
  const server = createRestartable()
  const shop = await server.teamServer.createOrganization({ name: "Whalen'sOrg" })
  await server.teamServer.createOrganization({ name: 'Ünter & Söhne', apiKey: { enabled: true } })
  await shop.addAgentKey({ name: 'ci' })
  await shop.deleteAgentKey('ci')
  await shop.addAgentKey({ name: 'ci' })
  await shop.addPerson({ role: 'admin' })
  await shop.addPerson({ role: 'edit', isApiOnly: true })
  await server.teamServer.addPerson({ role: 'superadmin' })
  await shop.apiKey.rotate()
  await shop.apiKey.rotate({ overlapMs: 1 })
  await shop.lock()
  await server.teamServer.store.changeSystemSettings(
    (before) => ({
      ...before,
      keyPolicy: { ...before.keyPolicy, maskInvalidIpsOnLogin: false },
      passwordPolicy: { ...before.passwordPolicy, minLength: 12 },
    }),
    { at: START, kind: 'administration', reason: 'x', detail: 'x' },
  )
  const all = async ({ store }: TeamServer) => {
    const organizations = await store.organizations()
    return {
      organizations,
      callers: await Promise.all(organizations.map(({ id }) => store.callers(id))),
      people: await store.people(),
      ci: await store.agentKey(shop.id, 'ci'),
      settings: await store.systemSettings(),
    }
  }
  const before = await all(server.teamServer)
  await server.restart()
  expect(await all(server.teamServer)).toEqual(before)
  expect(before.settings.passwordPolicy.minLength).toBe(12)
})

test.each(EACH_DOOR)(
  'K-405: when a replaced key was last used is known after a restart, at %s',
  async (_name, kind) => {
    const server = createRestartable(kind)
    const shop = await server.teamServer.createOrganization({
      name: 'Shop',
      apiKey: { enabled: true },
    })
    const old = { userName: shop.agent.userName, serviceKey: shop.agent.serviceKey }
    const oldApiKey = shop.apiKey.value
    await shop.rotateAgentKey('default', { overlapMs: HOUR_MS })
    await shop.apiKey.rotate({ overlapMs: HOUR_MS })
    server.advance(1_000)
    expect((await server.report(old, oldApiKey)).status).toBe(202)
    const usedAt = server.clock.now
    server.advance(1_000)
    expect((await server.report(shop.agent, shop.apiKey.value)).status).toBe(202)
    const lastUses = async (teamServer: TeamServer) => {
      const found = await teamServer.organization(shop.id)
      const [key] = (await found?.agentKeys()) ?? []
      return [found?.apiKey, key].map((each) => [each?.lastUsedAt, each?.replacedLastUsedAt])
    }
    const before = await lastUses(server.teamServer)
    const both = [server.clock.now, usedAt]
    expect(before).toEqual([both, both])
    expect(await lastUses(await server.restart())).toEqual(before)
  },
)

test('K-405: the use of a replaced key outlives a crash, and is written at most once a minute', async () => {
  const file = stateFile()
  const clock = { now: START }
  const crashed = createTeamServer({ stateFile: file, clock: () => clock.now })
  onTestFinished(() => crashed.close())
  const shop = await crashed.createOrganization({ name: 'Shop' })
  const { userName, serviceKey: old } = shop.agent
  await shop.rotateAgentKey('default', { overlapMs: HOUR_MS })
  let writes = 0
  let text = readFileSync(file, 'utf8')
  const use = async (serviceKey: string) => {
    clock.now = new Date(clock.now.getTime() + 1_000)
    const answer = await crashed.handle(
      new Request('http://teamserver.test/Contrast/api/engine/v1/heartbeat', {
        method: 'POST',
        headers: [
          ...layersOf({ userName, serviceKey }, ''),
          ['content-type', 'application/json'],
        ].map(([name = '', value = '']): [string, string] => [name, value]),
        body: '{"counters":{}}',
      }),
    )
    expect(answer.status).toBe(200)
    const now = readFileSync(file, 'utf8')
    if (now !== text) writes++
    text = now
  }
  // Ten minutes of a current key alone ask nothing of the disk.
  for (let second = 0; second < 600; second++) await use(shop.agent.serviceKey)
  expect(writes).toBe(0)
  await use(old)
  for (let second = 0; second < 599; second++) await use(old)
  expect(writes).toBeGreaterThanOrEqual(9)
  expect(writes).toBeLessThanOrEqual(10)

  // As it stands on the disk, without the end that tells of the last uses.
  const copy = stateFile()
  for (const end of ['', '.key']) copyFileSync(`${file}${end}`, `${copy}${end}`)
  const again = createTeamServer({ stateFile: copy, clock: () => clock.now })
  onTestFinished(() => again.close())
  const [key] = (await (await again.organization(shop.id))?.agentKeys()) ?? []
  const missedMs = clock.now.getTime() - (key?.replacedLastUsedAt?.getTime() ?? 0)
  expect(missedMs).toBeLessThanOrEqual(60_000)
})

test('a state that knows nothing of uses is read', async () => {
  const text = writeState(EMPTY_STATE, Buffer.alloc(32, 7))
  const { keyUses: _uses, ...before } = EMPTY_STATE
  const old = writeState(before as KeptState, Buffer.alloc(32, 7))
  expect(old).not.toBe(text)
  expect(readState(old, Buffer.alloc(32, 7))).toEqual({ status: 'read', state: EMPTY_STATE })
})

test('reports, login sessions and the audit log are fresh', async () => {
  const server = createRestartable()
  const shop = await server.teamServer.createOrganization({ name: 'Shop' })
  expect((await server.report(shop.agent, '')).status).toBe(202)
  await server.restart()
  const again = await server.teamServer.organization(shop.id)
  expect(await again?.reports()).toEqual([])
  expect(await again?.auditLog()).toEqual([])
})

test('an organization out of a state can be administered, and its object follows', async () => {
  const server = createRestartable()
  const made = await server.teamServer.createOrganization({ name: 'Shop' })
  await made.addPerson({ role: 'admin', userName: 'boss' })
  await server.restart()
  const shop = await server.teamServer.organization(made.id.toUpperCase())
  expect(shop).toBe((await server.teamServer.organizations())[0])
  const before = shop?.apiKey.value
  await shop?.apiKey.enable()
  expect(await shop?.apiKey.rotate()).not.toBe(before)
  expect(shop?.engineOptions().organizationApiKey).toBe(shop?.apiKey.value)
  const boss = await shop?.person('boss')
  expect(boss?.role).toBe('admin')
  expect(boss?.serviceKey).toMatch(/^\w{32}$/)
  expect(JSON.stringify(boss)).toBe('{}')
  expect(await shop?.person('nobody')).toBeUndefined()
  expect(await server.teamServer.organization('nowhere')).toBeUndefined()
})

test('a key of an earlier run does not come back: the ten before are remembered over restarts', async () => {
  const server = createRestartable()
  const made = await server.teamServer.createOrganization({ name: 'Shop' })
  await made.apiKey.enable()
  const first = made.apiKey.value
  await made.apiKey.rotate()
  await server.restart()
  const shop = await server.teamServer.organization(made.id)
  await server.report(made.agent, first)
  expect(await shop?.refusals()).toMatchObject([{ detail: 'api-key-retired' }])
})

test('each change that outlives a restart goes through the state file', () => {
  // What a memory store can change, and is fresh at each start. A new name has to be thought about.
  const fresh = [
    'addLoginSession',
    'changeLoginSession',
    'endLoginSessions',
    'changeApplication',
    'changeServer',
    'addSession',
    'addReports',
    'addExport',
    'addAuditEntry',
    'changeTriage',
    'removeVulnerabilities',
    'changeLibrary',
    'changeRoute',
    'removeRoutes',
    'changeAttack',
  ]
  const kept = [
    'addOrganization',
    'changeOrganization',
    'changeSystemSettings',
    'addCaller',
    'changeCaller',
  ]
  const names = Object.keys(createMemoryStore()).filter((name) =>
    /^(add|change|end|remove|delete|set)/.test(name),
  )
  expect(names.sort()).toEqual([...fresh, ...kept].sort())
})
