import { expect, test } from 'vitest'
import { type AdministrativeCall, administrative, shown } from '../../forged-data/administering.ts'
import { atEachDoor, EACH_DOOR, NODE_HTTP } from '../../forged-data/doors.ts'
import { createFixture, type Fixture, layersOf } from '../../forged-data/fixture.ts'
import { reportOfA1 } from '../../forged-data/key-slot.ts'
import { expectOutcome } from '../../forged-data/outcome.ts'
import { expectRefused } from '../../forged-data/refusal.ts'
import { stateOf } from '../../forged-data/state.ts'

const KEYS = '/:org/agents/keys'
const HOUR_MS = 3_600_000
const START_MS = Date.parse('2026-01-01T00:00:00Z')
const OWN = '0123456789ABCDEFGHIJabcdefghijkl'

const list: AdministrativeCall = { method: 'GET', path: KEYS }
const add = (name: unknown): AdministrativeCall => ({ method: 'POST', path: KEYS, json: { name } })
const rotate = (name: string, json?: unknown): AdministrativeCall => ({
  method: 'PUT',
  path: `${KEYS}/${name}/rotate`,
  json,
})
const revoke = (name: string): AdministrativeCall => ({
  method: 'PUT',
  path: `${KEYS}/${name}/revoke`,
})
const remove = (name: string): AdministrativeCall => ({
  method: 'DELETE',
  path: `${KEYS}/${name}`,
})

interface AgentKey {
  readonly name: string
  readonly user_name: string
  readonly service_key: string
  readonly token: string
}

const keyIn = (body: unknown) => (body as { readonly agent_key: AgentKey }).agent_key

test.each(EACH_DOOR)(
  'an agent key is added, listed, rotated, revoked and deleted, each audited, at %s',
  async (_name, kind) => {
    const fixture = await createFixture()
    const { a, people } = fixture
    const door = await kind.open(fixture.teamServer)
    const send = async (call: AdministrativeCall) =>
      shown(await door.send(administrative(fixture, call)))

    const added = await send(add('ci main'))
    const { user_name, service_key } = keyIn(added.body)
    expect(user_name).toMatch(/^agent_[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}@Whalen'sOrg$/)
    expect(service_key).toMatch(/^[0-9A-Za-z]{32}$/)
    const resource = (serviceKey: string, more: object = {}) => ({
      name: 'ci main',
      user_name,
      service_key: serviceKey,
      token: expect.toSatisfy((token: string) => {
        const content = JSON.parse(Buffer.from(token, 'base64').toString())
        expect(content).toEqual({
          url: expect.stringMatching(/^http:\/\/127\.0\.0\.1(:\d+)?\/Contrast$/),
          user_name,
          service_key: serviceKey,
          api_key: a.apiKey.value,
        })
        return true
      }),
      created: START_MS,
      compliant: true,
      ...more,
    })
    const document = { success: true, messages: [] }
    expect(added).toEqual({ status: 201, body: { ...document, agent_key: resource(service_key) } })

    const listed = await send(list)
    expect(listed).toEqual({
      status: 200,
      body: {
        ...document,
        agent_keys: [
          expect.objectContaining({ name: 'default', user_name: a.agent.userName }),
          expect.objectContaining({ name: 'second' }),
          resource(service_key),
        ],
        count: 3,
      },
    })

    const rotated = await send(rotate('ci%20main', { overlapMs: HOUR_MS }))
    const next = keyIn(rotated.body).service_key
    expect(next).not.toBe(service_key)
    const overlap = { accepted_until: START_MS + HOUR_MS }
    expect(rotated).toEqual({
      status: 200,
      body: { ...document, agent_key: resource(next, overlap) },
    })
    const credentials = (serviceKey: string) => ({ userName: user_name, serviceKey })
    for (const serviceKey of [service_key, next]) {
      const report = fixture.report(a, ...layersOf(credentials(serviceKey), a.apiKey.value))
      expect((await door.send(report)).status).toBe(202)
    }

    expect(await send(revoke('ci%20main'))).toEqual({
      status: 200,
      body: { ...document, agent_key: resource(next, { last_used: START_MS }) },
    })
    const old = fixture.report(a, ...layersOf(credentials(service_key), a.apiKey.value))
    expectOutcome(door, 'C-WRONG', await door.send(old))

    expect(await send(remove('ci%20main'))).toEqual({ status: 200, body: document })
    expect((await send(list)).body).toMatchObject({ count: 2 })
    const acts = (await a.auditLog()).filter(({ claimedUserName, kind: each }) => {
      return claimedUserName === people.admin.userName && each === 'administration'
    })
    expect(acts).toEqual(
      [
        ['agent-key-added', 'added the agent key ci main'],
        ['agent-key-rotated', 'rotated the agent key ci main with an overlap of 3600000 ms'],
        ['agent-key-overlap-closed', 'ended the overlap of the agent key ci main'],
        ['agent-key-deleted', 'deleted the agent key ci main'],
      ].map(([reason, detail]) => ({
        at: fixture.clock.now,
        kind: 'administration',
        reason,
        detail,
        claimedUserName: people.admin.userName,
        ...(door.remoteAddress === undefined ? {} : { remoteAddress: door.remoteAddress }),
      })),
    )
    expect(fixture.errors).toEqual([])
  },
)

test.each(EACH_DOOR)(
  'F-124, F-310: a key deleted over REST during its overlap is refused at once with both, on an open connection, at %s',
  async (_name, kind) => {
    const fixture = await createFixture()
    const door = await kind.open(fixture.teamServer)
    const { a, a1 } = fixture
    const { userName, serviceKey: replaced } = a1
    fixture.noteSecrets()
    await door.send(administrative(fixture, rotate('default', { overlapMs: HOUR_MS })))
    const { serviceKey: current } = a1
    expect(current).not.toBe(replaced)
    const report = (serviceKey: string) => reportOfA1(fixture, serviceKey, a.apiKey.value)
    for (const key of [replaced, current]) expect((await door.send(report(key))).status).toBe(202)

    expect((await door.send(administrative(fixture, remove('default')))).status).toBe(200)
    for (const key of [replaced, current]) {
      const answer = await expectRefused({ fixture, door }, report(key), {
        outcome: 'C-WRONG',
        detail: 'agent-key-deleted',
        claimedUserName: userName,
      })
      expect(answer.isConnectionReused).toBe(kind === NODE_HTTP)
    }
    // The name is free again; the user name of before is not.
    const again = shown(await door.send(administrative(fixture, add('default'))))
    expect(again.status).toBe(201)
    expect(keyIn(again.body).user_name).not.toBe(userName)
    expect(a1.userName).toBe(keyIn(again.body).user_name)
  },
)

test.each(EACH_DOOR)(
  'K-405: the list tells when the current and when the replaced service key was last used, at %s',
  async (_name, kind) => {
    const fixture = await createFixture()
    const door = await kind.open(fixture.teamServer)
    const { a, a1, clock } = fixture
    const advance = (ms: number) => {
      clock.now = new Date(clock.now.getTime() + ms)
    }
    const defaultKey = async () => {
      const { body } = shown(await door.send(administrative(fixture, list)))
      const [first] = (body as { readonly agent_keys: readonly object[] }).agent_keys
      return first
    }
    const use = async (serviceKey: string) =>
      expect((await door.send(reportOfA1(fixture, serviceKey, a.apiKey.value))).status).toBe(202)
    expect(await defaultKey()).not.toHaveProperty('last_used')

    const replaced = a1.serviceKey
    await use(replaced)
    advance(1_000)
    expect(await defaultKey()).toMatchObject({ last_used: START_MS })
    await a.rotateAgentKey('default', { overlapMs: HOUR_MS })
    // Nobody has the new one yet, and nobody has used the old one since.
    const justRotated = await defaultKey()
    expect(justRotated).not.toHaveProperty('last_used')
    expect(justRotated).not.toHaveProperty('replaced_last_used')

    advance(1_000)
    await use(replaced)
    advance(1_000)
    await use(a1.serviceKey)
    expect(await defaultKey()).toMatchObject({
      last_used: START_MS + 3_000,
      replaced_last_used: START_MS + 2_000,
    })
    const [shownInProcess] = await a.agentKeys()
    expect(shownInProcess?.lastUsedAt).toEqual(new Date(START_MS + 3_000))
    expect(shownInProcess?.replacedLastUsedAt).toEqual(new Date(START_MS + 2_000))
    expect(shownInProcess?.acceptedUntil).toEqual(new Date(START_MS + 1_000 + HOUR_MS))

    // A refused key is not a used one.
    advance(HOUR_MS)
    expectOutcome(door, 'C-WRONG', await door.send(reportOfA1(fixture, replaced, a.apiKey.value)))
    expect(await defaultKey()).toMatchObject({ replaced_last_used: START_MS + 2_000 })
    await a.closeAgentKeyOverlap('default')
    expect(await defaultKey()).not.toHaveProperty('replaced_last_used')
  },
)

test.each(EACH_DOOR)(
  'K-405: so does the answer about the organization API key, at %s',
  async (_name, kind) => {
    const fixture = await createFixture()
    const door = await kind.open(fixture.teamServer)
    const { a, a1, clock } = fixture
    const replaced = a.apiKey.value
    await a.apiKey.rotate({ overlapMs: HOUR_MS })
    expect([a.apiKey.lastUsedAt, a.apiKey.replacedLastUsedAt]).toEqual([undefined, undefined])
    clock.now = new Date(START_MS + 5_000)
    const report = reportOfA1(fixture, a1.serviceKey, replaced)
    expect((await door.send(report)).status).toBe(202)
    const asked = administrative(fixture, { method: 'GET', path: '/:org/organizations/apikey' })
    clock.now = new Date(START_MS + 6_000)
    expect(shown(await door.send(asked)).body).toMatchObject({
      lastUsed: '2026-01-01T00:00:06.000Z',
      replacedLastUsed: '2026-01-01T00:00:05.000Z',
    })
  },
)

test.each(EACH_DOOR)(
  'K-401, K-403: rotations at once all succeed, and never more than two service keys are taken, at %s',
  async (_name, kind) => {
    const fixture = await createFixture()
    const door = await kind.open(fixture.teamServer)
    const { a, a1 } = fixture
    const first = a1.serviceKey
    const calls = Array.from({ length: 5 }, () => rotate('default', { overlapMs: HOUR_MS }))
    const answers = await Promise.all(
      calls.map((call) => door.sendAlone(administrative(fixture, call))),
    )
    const made = answers.map((answer) => keyIn(shown(answer).body).service_key)
    expect(new Set([first, ...made]).size).toBe(6)
    const taken: string[] = []
    for (const key of [first, ...made]) {
      const { status } = await door.send(reportOfA1(fixture, key, a.apiKey.value))
      if (status === 202) taken.push(key)
    }
    expect(taken).toHaveLength(2)
    expect(taken).toContain(a1.serviceKey)
    // A lost answer is repaired by rotating again.
    const repaired = await door.send(administrative(fixture, rotate('default')))
    const { service_key } = keyIn(shown(repaired).body)
    const report = reportOfA1(fixture, service_key, a.apiKey.value)
    expect((await door.send(report)).status).toBe(202)
  },
)

test.each(EACH_DOOR)(
  'F-306, K-507: a service key of before, or a name, does not come back, and the current one stays, at %s',
  async (_name, kind) => {
    const fixture = await createFixture()
    const door = await kind.open(fixture.teamServer)
    const { a, a1, teamServer } = fixture
    const first = a1.serviceKey
    for (let at = 0; at < 10; at++) await a.rotateAgentKey('default')
    const held = 'the service key may not be the current one or one of the last 10'
    for (const value of [first, a1.serviceKey]) {
      fixture.noteSecrets()
      const before = await stateOf(fixture)
      const { status, body } = shown(
        await door.send(administrative(fixture, rotate('default', { value }))),
      )
      expect({ status, body }).toEqual({
        status: 400,
        body: {
          success: false,
          messages: [`The body is malformed: ${held}.`],
          reason: 'body-malformed',
        },
      })
      expect(await stateOf(fixture)).toEqual(before)
    }
    const current = reportOfA1(fixture, a1.serviceKey, a.apiKey.value)
    expect((await door.send(current)).status).toBe(202)
    await a.rotateAgentKey('default')
    const answer = await door.send(administrative(fixture, rotate('default', { value: first })))
    expect(shown(answer)).toMatchObject({
      status: 200,
      body: { agent_key: { service_key: first } },
    })

    const loose = { keyLength: 13, minNumbers: 0, minUpperCase: 0, minLowerCase: 0 }
    await teamServer.setKeyPolicy({ ...(await teamServer.keyPolicy()), applicationKey: loose })
    await a.addAgentKey({ name: 'shop-of-thing', userName: 'agent-of-shop' })
    for (const value of ['shop-of-thing', 'AGENT-OF-SHOP', 'exampleapikey']) {
      const call = rotate('shop-of-thing', { value })
      const { status, body } = shown(await door.send(administrative(fixture, call)))
      expect({ value, status, body }).toMatchObject({
        status: 400,
        body: { messages: [expect.stringContaining('may not be a name, an id or an example')] },
      })
    }
  },
)

test.each(EACH_DOOR)(
  'a service key of one’s own may come with an overlap, at %s',
  async (_n, kind) => {
    const fixture = await createFixture()
    const door = await kind.open(fixture.teamServer)
    const { a, a1 } = fixture
    const before = a1.serviceKey
    await door.send(administrative(fixture, rotate('default', { value: OWN, overlapMs: HOUR_MS })))
    expect(a1.serviceKey).toBe(OWN)
    for (const key of [before, OWN]) {
      expect((await door.send(reportOfA1(fixture, key, a.apiKey.value))).status).toBe(202)
    }
  },
)

const BAD_NAMES = [
  { what: 'no name', name: undefined, says: 'name is missing' },
  { what: 'an empty name', name: '', says: 'name must not be empty' },
  { what: 'a number', name: 7, says: 'name must be text' },
  { what: '129 characters', name: 'x'.repeat(129), says: 'name is longer than 128 characters' },
  {
    what: 'a line end',
    name: 'a\nb',
    says: 'the name of an agent key must be 1 to 128 characters without control characters',
  },
  {
    what: 'a name that is there',
    name: 'second',
    says: 'an agent key of this name exists already',
  },
  ...['a/b', 'a\\b', '.', '..', '\ud800'].map((name) => ({
    what: `${JSON.stringify(name)}, which no path can say`,
    name,
    says: 'name may be no dots alone and hold no slashes: a path has to name the key',
  })),
].map((row) => ({ id: '400', ...row }))

test.each(atEachDoor(BAD_NAMES))(
  '%s adds nothing and is told, at %s',
  async (_what, _door, { name, says }, kind) => {
    const fixture = await createFixture()
    const door = await kind.open(fixture.teamServer)
    const before = await stateOf(fixture)
    expect(shown(await door.send(administrative(fixture, add(name))))).toEqual({
      status: 400,
      body: {
        success: false,
        messages: [`The body is malformed: ${says}.`],
        reason: 'body-malformed',
      },
    })
    expect(await stateOf(fixture)).toEqual(before)
  },
)

test.each(EACH_DOOR)(
  'a field that nobody asked for has no effect on a new key (S-307), at %s',
  async (_name, kind) => {
    const fixture = await createFixture()
    const door = await kind.open(fixture.teamServer)
    const json = {
      name: 'third',
      userName: 'root',
      user_name: 'root',
      serviceKey: OWN,
      service_key: OWN,
      organizationId: fixture.b.id,
      kind: 'person',
    }
    const { status, body } = shown(await door.send(administrative(fixture, { ...add('x'), json })))
    expect(status).toBe(201)
    expect(keyIn(body)).toMatchObject({ name: 'third' })
    expect(keyIn(body).user_name).toMatch(/^agent_.{36}@Whalen'sOrg$/)
    expect(keyIn(body).service_key).not.toBe(OWN)
    expect(await fixture.b.agentKeys()).toHaveLength(1)
  },
)

test.each(EACH_DOOR)(
  'what is not there, and what is deleted, is 404 and changes nothing, at %s',
  async (_name, kind) => {
    const fixture = await createFixture()
    const door = await kind.open(fixture.teamServer)
    const before = await stateOf(fixture)
    for (const name of ['nowhere', 'deleted', '__proto__', 'constructor']) {
      for (const call of [rotate(name), revoke(name), remove(name)]) {
        expect(shown(await door.send(administrative(fixture, call)))).toEqual({
          status: 404,
          body: {
            success: false,
            messages: ['This is not available here: no agent key of this name.'],
            reason: 'not-available',
          },
        })
      }
    }
    expect(await stateOf(fixture)).toEqual(before)
    expect(fixture.errors).toEqual([])
  },
)

test.each(EACH_DOOR)(
  'rules_admin and up see the keys, an admin alone changes them, and of their own organization, at %s',
  async (_name, kind) => {
    const fixture = await createFixture()
    const door = await kind.open(fixture.teamServer)
    const { a, a1, b, people, superadmin, teamServer } = fixture
    const { view, edit, rulesAdmin, apiOnlyEdit, admin } = people
    const auditor = await a.addPerson({ role: 'auditor' })
    const observer = await teamServer.addPerson({ role: 'observer' })
    const adminOfB = await b.addPerson({ role: 'admin' })
    const changes = [add('third'), rotate('default'), revoke('default'), remove('second')]
    const before = await stateOf(fixture)
    for (const by of [view, edit, apiOnlyEdit, auditor, observer]) {
      for (const call of [list, ...changes]) {
        expectOutcome(door, 'ROLE', await door.send(administrative(fixture, { ...call, by })))
      }
    }
    for (const call of changes) {
      const asked = administrative(fixture, { ...call, by: rulesAdmin })
      expectOutcome(door, 'ROLE', await door.send(asked))
    }
    for (const call of [list, ...changes]) {
      const asked = administrative(fixture, call)
      const body = asked.headers.filter(([name]) => name === 'Content-Type')
      const as = (...lines: (typeof asked.headers)[number][]) =>
        door.send({ ...asked, headers: [...lines, ...body] })
      expectOutcome(door, 'ROLE', await as(...layersOf(a1, a.apiKey.value)))
      expectOutcome(door, 'C-MISSING', await as())
      const linesOfB = [
        ['Authorization', adminOfB.authorization],
        ['API-Key', b.apiKey.value],
      ] as const
      expectOutcome(door, 'ORG', await as(...linesOfB))
    }
    expect(await stateOf(fixture)).toEqual(before)
    for (const by of [rulesAdmin, admin, superadmin]) {
      const { status, body } = shown(await door.send(administrative(fixture, { ...list, by })))
      expect(status).toBe(200)
      const [first] = (body as { readonly agent_keys: readonly AgentKey[] }).agent_keys
      expect(first?.token).toBe(a1.token)
    }
    for (const by of [admin, superadmin]) {
      expect((await door.send(administrative(fixture, { ...rotate('second'), by }))).status).toBe(
        200,
      )
    }
  },
)

test.each(EACH_DOOR)(
  'while the layer is off, no token holds the API key, at %s',
  async (_n, kind) => {
    const fixture: Fixture = await createFixture()
    const door = await kind.open(fixture.teamServer)
    await fixture.a.apiKey.disable()
    const { body } = shown(await door.send(administrative(fixture, list)))
    const keys = (body as { readonly agent_keys: readonly AgentKey[] }).agent_keys
    expect(keys).toHaveLength(2)
    for (const { token } of keys) {
      expect(Object.keys(JSON.parse(Buffer.from(token, 'base64').toString()))).toEqual([
        'url',
        'user_name',
        'service_key',
      ])
    }
  },
)
