import { expect, test } from 'vitest'
import { atEachDoor, EACH_DOOR } from './doors.ts'
import { createFixture, type Fixture, layersOf } from './fixture.ts'
import { type ExpectedRefusal, expectRefused } from './refusal.ts'
import { type HeaderLine, jsonOf, type SentRequest, withBody } from './sent-request.ts'
import { signIn } from './signing-in.ts'
import { stateOf } from './state.ts'

interface Row {
  readonly id: string
  readonly what: string
  readonly forge: (fixture: Fixture) => SentRequest
  readonly expected: ExpectedRefusal
  readonly claimed?: (fixture: Fixture) => string
}

const OF_OTHERS: ExpectedRefusal = { outcome: 'ORG', detail: 'organization-of-others' }
const UNKNOWN: ExpectedRefusal = { outcome: 'ORG', detail: 'organization-unknown' }
const WRONG_KEY: ExpectedRefusal = { outcome: 'K-WRONG', detail: 'api-key-wrong' }

const ROWS: readonly Row[] = [
  {
    id: 'F-501',
    what: 'A1 where the path names B',
    forge: (fixture) => fixture.report(fixture.b, ...layersOf(fixture.a1, fixture.a.apiKey.value)),
    expected: OF_OTHERS,
  },
  {
    id: 'F-501',
    what: 'A1 where the path names B in upper case',
    forge: (fixture) =>
      fixture.report(
        { id: fixture.b.id.toUpperCase() },
        ...layersOf(fixture.a1, fixture.a.apiKey.value),
      ),
    expected: OF_OTHERS,
  },
  {
    id: 'F-501',
    what: 'A1 where the path names an organization that is not there',
    forge: (fixture) =>
      fixture.report(
        { id: '00000000-0000-4000-8000-000000000000' },
        ...layersOf(fixture.a1, fixture.a.apiKey.value),
      ),
    expected: UNKNOWN,
  },
  {
    id: 'F-501',
    what: 'A1 where the path names something that is no UUID',
    forge: (fixture) =>
      fixture.report({ id: '__proto__' }, ...layersOf(fixture.a1, fixture.a.apiKey.value)),
    expected: UNKNOWN,
  },
  {
    id: 'F-505',
    what: "B1 with A's API key in B",
    forge: (fixture) => fixture.report(fixture.b, ...layersOf(fixture.b1, fixture.a.apiKey.value)),
    expected: WRONG_KEY,
    claimed: ({ b1 }) => b1.userName,
  },
  {
    id: 'F-505',
    what: "B1 with A's API key in A",
    forge: (fixture) => fixture.report(fixture.a, ...layersOf(fixture.b1, fixture.a.apiKey.value)),
    expected: WRONG_KEY,
    claimed: ({ b1 }) => b1.userName,
  },
  {
    id: 'F-505',
    what: "A1 with B's API key in A",
    forge: (fixture) => fixture.report(fixture.a, ...layersOf(fixture.a1, fixture.b.apiKey.value)),
    expected: WRONG_KEY,
  },
  {
    id: 'F-505',
    what: "A1 with B's API key in B",
    forge: (fixture) => fixture.report(fixture.b, ...layersOf(fixture.a1, fixture.b.apiKey.value)),
    expected: WRONG_KEY,
  },
]

test.each(atEachDoor(ROWS))('%s is refused at %s', async (_what, _door, row, kind) => {
  const fixture = await createFixture()
  const door = await kind.open(fixture.teamServer)
  await expectRefused({ fixture, door }, row.forge(fixture), {
    ...row.expected,
    claimedUserName: (row.claimed ?? (({ a1 }) => a1.userName))(fixture),
  })
})

test.each(EACH_DOOR)('F-502: the path may name A in upper case, at %s', async (_name, kind) => {
  const fixture = await createFixture()
  const door = await kind.open(fixture.teamServer)
  const request = fixture.report(
    { id: fixture.a.id.toUpperCase() },
    ...layersOf(fixture.a1, fixture.a.apiKey.value),
  )
  expect((await door.send(request)).status).toBe(202)
  expect(await fixture.a.reports({ withReceipt: true })).toMatchObject([
    { organizationId: fixture.a.id },
  ])
})

test.each(
  atEachDoor([
    { id: 'F-503', what: 'organization', field: 'organization' },
    { id: 'F-503', what: 'organizationId', field: 'organizationId' },
    { id: 'F-503', what: 'organization_uuid', field: 'organization_uuid' },
  ]),
)('%s of B in body and report is not read, at %s', async (_what, _door, { field }, kind) => {
  const fixture = await createFixture()
  const door = await kind.open(fixture.teamServer)
  const { a, b } = fixture
  const before = await stateOf(fixture)
  const request = withBody(
    fixture.report(a, ...layersOf(fixture.a1, fixture.a.apiKey.value)),
    (document) => ({
      ...document,
      [field]: b.id,
      reports: document.reports.map((report) => ({ ...report, [field]: b.id })),
    }),
  )
  expect((await door.send(request)).status).toBe(202)

  const [stored, ...others] = await a.reports({ withReceipt: true })
  expect(others).toEqual([])
  expect(stored).toMatchObject({ organizationId: a.id, agentUserName: fixture.a1.userName })
  expect(JSON.stringify(stored)).not.toContain(b.id)
  expect((await stateOf(fixture)).b).toEqual(before.b)
})

test.each(EACH_DOOR)(
  'F-504: a body that names an application, server and session of B changes nothing of B at %s',
  async (_name, kind) => {
    const fixture = await createFixture()
    const door = await kind.open(fixture.teamServer)
    const { a, b } = fixture
    const asB = layersOf(fixture.b1, b.apiKey.value)
    const put = (path: string, body: object) =>
      door.send({
        method: 'PUT',
        path: `/Contrast/api/ng/${b.id}/${path}`,
        headers: [['Content-Type', 'application/json'], ...asB],
        body: JSON.stringify(body),
      })
    const server = { name: 'host-b', path: '/srv', type: 'node.js' }
    await put('applications/create', { name: 'shop-b', language: 'Node', server })
    await put('sessions', { application: 'shop-b' })
    const [application] = await b.applications()
    const [session] = await b.sessions()
    const [machine] = await b.servers()
    const before = await stateOf(fixture)
    expect(before.b).toMatchObject({ applications: [{}], sessions: [{}], servers: [{}] })

    const request = withBody(
      fixture.report(a, ...layersOf(fixture.a1, fixture.a.apiKey.value)),
      (document) => ({
        ...document,
        session: session?.id,
        application: application?.id,
        application_id: application?.id,
        server_id: machine?.id,
      }),
    )
    expect((await door.send(request)).status).toBe(202)

    expect((await stateOf(fixture)).b).toEqual(before.b)
    expect(await a.applications()).toMatchObject([{ name: application?.id }])
    expect((await a.applications())[0]?.id).not.toBe(application?.id)
    expect([await a.servers(), await a.sessions()]).toEqual([[], []])
  },
)

test.each(EACH_DOOR)(
  "F-504: a session of B does not lend its application's name to a report of A at %s",
  async (_name, kind) => {
    const fixture = await createFixture()
    const door = await kind.open(fixture.teamServer)
    const { a, b, teamServer } = fixture
    const session = {
      id: 'session-of-b',
      application: 'shop-b',
      agentUserName: fixture.b1.userName,
      metadata: {},
      createdAt: fixture.clock.now,
    }
    await teamServer.store.addSession(b.id, session)
    const request = withBody(
      fixture.report(a, ...layersOf(fixture.a1, fixture.a.apiKey.value)),
      (document) => ({
        ...document,
        session: session.id,
      }),
    )
    expect((await door.send(request)).status).toBe(202)
    expect(await a.reports({ withReceipt: true })).toMatchObject([
      { application: 'default', session: 'session-of-b' },
    ])
  },
)

test.each(EACH_DOOR)(
  'F-506: an application of the same name in A and B is two applications at %s',
  async (_name, kind) => {
    const fixture = await createFixture()
    const door = await kind.open(fixture.teamServer)
    const { a, b } = fixture
    const shop = { application: 'shop' }
    const ofA = fixture.report(a, ...layersOf(fixture.a1, fixture.a.apiKey.value))
    const ofB = fixture.report(b, ...layersOf(fixture.b1, b.apiKey.value))
    for (const request of [ofA, ofB]) {
      const named = withBody(request, (document) => ({ ...document, ...shop }))
      expect((await door.send(named)).status).toBe(202)
    }
    const [inA, ...othersOfA] = await a.applications()
    const [inB, ...othersOfB] = await b.applications()
    expect([inA?.name, inB?.name, othersOfA, othersOfB]).toEqual(['shop', 'shop', [], []])
    expect(inA?.id).not.toBe(inB?.id)
  },
)

test.each(EACH_DOOR)(
  'F-507: what a person of both organizations does in A has no effect in B at %s',
  async (_name, kind) => {
    const fixture = await createFixture()
    const door = await kind.open(fixture.teamServer)
    const { a, b, people, teamServer } = fixture
    const { userName, authorization } = people.admin
    const record = await teamServer.store.caller(userName)
    if (record?.kind !== 'person') throw new Error('the fixture has no administrator')
    await teamServer.store.changeCaller(record, (before) => ({
      ...before,
      roles: new Map([...before.roles, [b.id, 'admin']]),
    }))
    const before = await stateOf(fixture)
    const auditOfB = await b.auditLog()
    const download = (organization: { readonly id: string }, apiKey: string) =>
      door.send({
        method: 'GET',
        path: `/Contrast/api/ng/${organization.id}/agents/external/default/NODE`,
        headers: [
          ['Authorization', authorization],
          ['API-Key', apiKey],
        ],
      })

    const answer = await download(a, a.apiKey.value)
    const text = Buffer.from(answer.body).toString('utf8')
    expect(answer.status).toBe(200)
    expect(text).toContain(fixture.a1.serviceKey)
    expect(text).not.toContain(fixture.b1.serviceKey)
    expect(await stateOf(fixture)).toEqual(before)
    expect(await b.auditLog()).toEqual(auditOfB)
    expect(
      (await a.auditLog()).filter(({ claimedUserName }) => claimedUserName === userName),
    ).toMatchObject([{ reason: 'agent-configuration-downloaded' }])
    // Nor has a change: the person administers both.
    const inA = {
      method: 'PUT',
      path: `/Contrast/api/ng/${a.id}/organizations/apikey/rotate`,
      headers: [
        ['Content-Type', 'application/json'] as const,
        ...layersOf(people.admin, a.apiKey.value),
      ],
      body: '{}',
    }
    expect((await door.send(inA)).status).toBe(200)
    expect((await stateOf(fixture)).a).not.toEqual(before.a)
    expect((await stateOf(fixture)).b).toEqual(before.b)
    expect(await b.auditLog()).toEqual(auditOfB)
    // The person does belong to B: with B's key the same call is answered there.
    expect((await download(b, b.apiKey.value)).status).toBe(200)
    expect((await download(b, a.apiKey.value)).status).toBe(401)
  },
)

test.each(EACH_DOOR)(
  'F-508: a report id that B has used is free in A, and the report of B stays as it is, at %s',
  async (_name, kind) => {
    const fixture = await createFixture()
    const door = await kind.open(fixture.teamServer)
    const { a, b } = fixture
    const used = fixture.report(b, ...layersOf(fixture.b1, b.apiKey.value))
    expect((await door.send(used)).status).toBe(202)
    const before = await stateOf(fixture)

    const again = {
      ...fixture.report(a, ...layersOf(fixture.a1, fixture.a.apiKey.value)),
      body: used.body ?? '',
    }
    expect(jsonOf(await door.send(again))).toMatchObject({ added: 1, known: 0 })
    expect((await a.reports()).map(({ id }) => id)).toEqual((await b.reports()).map(({ id }) => id))
    expect((await stateOf(fixture)).b).toEqual(before.b)
  },
)

test.each(EACH_DOOR)(
  'a locked organization is closed to its engines and people from the answer on, and open to a superadmin, at %s',
  async (_name, kind) => {
    const fixture = await createFixture({ scryptCost: 1_024 })
    const door = await kind.open(fixture.teamServer)
    const { a, a1, b, b1, people, superadmin } = fixture
    const { cookie } = await signIn(door, people.admin)
    const key = a.apiKey.value
    const read = (...headers: readonly HeaderLine[]): SentRequest => ({
      method: 'GET',
      path: `/Contrast/api/ng/${a.id}/applications`,
      headers,
    })
    // B's engine is served all along.
    const scene = {
      fixture: Object.assign(fixture, {
        honestReport: () => fixture.report(b, ...layersOf(b1, b.apiKey.value)),
      }),
      door,
    }
    expect((await door.send(read(cookie))).status).toBe(200)
    await a.lock()
    await expectRefused(scene, fixture.report(a, ...layersOf(a1, key)), {
      outcome: 'C-WRONG',
      detail: 'organization-locked',
      claimedUserName: a1.userName,
    })
    for (const lines of [[cookie], layersOf(people.admin, key)]) {
      await expectRefused(scene, read(...lines), {
        outcome: 'ORG',
        detail: 'organization-locked',
        claimedUserName: people.admin.userName,
      })
    }
    expect((await door.send(read(...layersOf(superadmin, key)))).status).toBe(200)
    await a.unlock()
    expect((await door.send(read(cookie))).status).toBe(200)
    expect((await door.send(fixture.report(a, ...layersOf(a1, key)))).status).toBe(202)
  },
)
