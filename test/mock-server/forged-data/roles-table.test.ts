import { expect, test } from 'vitest'
import type { PersonCredentials } from '../../../mock-server/index.ts'
import { atEachDoor, type Door } from './doors.ts'
import { createFixture, type Fixture, layersOf } from './fixture.ts'
import { expectOutcome, type Outcome } from './outcome.ts'
import { type HeaderLine, jsonOf, type SentRequest } from './sent-request.ts'
import { login, logout, ownProfile, signIn } from './signing-in.ts'
import { stateOf } from './state.ts'

interface Scene {
  readonly fixture: Fixture
  readonly door: Door
}

const PEOPLE = ['view', 'edit', 'rulesAdmin', 'admin', 'apiOnlyEdit', 'superadmin'] as const
type Person = (typeof PEOPLE)[number]

/** A row of the table. */
interface CallerKind {
  readonly name: string
  readonly people?: readonly Person[]
  /** The lines that say who sends, for callers that are no people. */
  readonly lines?: (scene: Scene) => Promise<readonly HeaderLine[]>
}

const agentLines = ({ fixture }: Scene) => layersOf(fixture.a1, fixture.a.apiKey.value)

const CALLERS: readonly CallerKind[] = [
  { name: 'nobody', lines: async () => [] },
  { name: 'an agent of A', lines: async (scene) => agentLines(scene) },
  { name: 'view', people: ['view'] },
  { name: 'edit and rules_admin', people: ['edit', 'rulesAdmin'] },
  { name: 'an admin of A', people: ['admin'] },
  { name: 'an API-only edit', people: ['apiOnlyEdit'] },
  { name: 'a superadmin', people: ['superadmin'] },
  {
    name: 'an agent of A with the session of an admin',
    async lines(scene) {
      const { cookie, csrf } = await signIn(scene.door, scene.fixture.people.admin)
      return [...agentLines(scene), cookie, csrf]
    },
  },
]

/** The columns of which the answer depends on credentials alone; every request of one is asked. */
const COLUMNS = [
  { name: 'a report', requests: ({ report, a }: Fixture) => [report(a)] },
  {
    name: 'REST that reads',
    requests: ({ a }: Fixture) => [
      get(`/${a.id}/applications`),
      get(`/${a.id}/agents/versions`),
      get(`/${a.id}/organizations`),
    ],
  },
  { name: 'REST that administers', requests: ({ a }: Fixture) => administering(a.id) },
  {
    name: 'system policy',
    requests: () => [
      get('/superadmin/security/key-policy'),
      put('/superadmin/security/key-policy', {
        organizationApiKey: RULES,
        applicationKey: RULES,
        maskInvalidIpsOnLogin: true,
      }),
      get('/superadmin/security/password-policy'),
      put('/superadmin/security/password-policy', { min_length: 9 }),
      get('/superadmin/security/audit'),
    ],
  },
]

const RULES = { keyLength: 32, minNumbers: 6, minUpperCase: 6, minLowerCase: 6 }

let newcomers = 0

function administering(organizationId: string): readonly SentRequest[] {
  const newcomer = `newcomer-${++newcomers}`
  return [
    get(`/${organizationId}/organizations/apikey`),
    put(`/${organizationId}/organizations/apikey`, { enabled: true }),
    put(`/${organizationId}/organizations/apikey/rotate`, { overlapMs: 60_000 }),
    post(`/${organizationId}/agents/keys`, { name: 'third' }),
    put(`/${organizationId}/agents/keys/third/rotate`, {}),
    { ...get(`/${organizationId}/agents/keys/third`), method: 'DELETE' },
    get(`/${organizationId}/security/ip-ranges`),
    put(`/${organizationId}/security/ip-ranges`, { ipRange: [] }),
    get(`/${organizationId}/users`),
    post(`/${organizationId}/users`, { username: newcomer, role_name: 'view' }),
    put(`/${organizationId}/users/${newcomer}/role`, { role: 'edit' }),
  ]
}

function get(path: string): SentRequest {
  return { method: 'GET', path: `/Contrast/api/ng${path}`, headers: [] }
}

function put(path: string, body: object): SentRequest {
  const headers: readonly HeaderLine[] = [['Content-Type', 'application/json']]
  return { ...get(path), method: 'PUT', headers, body: JSON.stringify(body) }
}

function post(path: string, body: object): SentRequest {
  return { ...put(path, body), method: 'POST' }
}

/** The table, without its last two columns. */
const TABLE: readonly (readonly ('OK' | Outcome)[])[] = [
  ['C-MISSING', 'C-MISSING', 'C-MISSING', 'C-MISSING'],
  ['OK', 'ROLE', 'ROLE', 'ROLE'],
  ['ROLE', 'OK', 'ROLE', 'ROLE'],
  ['ROLE', 'OK', 'ROLE', 'ROLE'],
  ['ROLE', 'OK', 'OK', 'ROLE'],
  ['ROLE', 'OK', 'ROLE', 'ROLE'],
  ['ROLE', 'OK', 'OK', 'OK'],
  ['OK', 'ROLE', 'ROLE', 'ROLE'],
]

/** A row of cells has six columns. */
function idOf(row: number, column: number): string {
  return `F-${601 + 6 * row + column}`
}

const CELLS = CALLERS.flatMap((caller, row) =>
  COLUMNS.map((column, at) => {
    const outcome = TABLE[row]?.[at] ?? 'OK'
    const what = `${caller.name} and ${column.name}`
    return { id: idOf(row, at), what: `${what}: ${outcome}`, caller, column, outcome }
  }),
)

function personOf({ people, superadmin }: Fixture, name: Person): PersonCredentials {
  return name === 'superadmin' ? superadmin : people[name]
}

/** Each way in which a caller can say who they are, one after the other: keys are rotated on the way. */
async function eachWay(
  { people, lines }: CallerKind,
  scene: Scene,
  ask: (lines: () => Promise<readonly HeaderLine[]>, isSession: boolean) => Promise<void>,
): Promise<void> {
  if (lines !== undefined) {
    const once = await lines(scene)
    const rest = once.slice(agentLines(scene).length)
    await ask(async () => (once.length === 0 ? [] : [...agentLines(scene), ...rest]), false)
  }
  for (const name of people ?? []) {
    const person = personOf(scene.fixture, name)
    await ask(async () => layersOf(person, scene.fixture.a.apiKey.value), false)
    if (name === 'apiOnlyEdit') continue
    const { cookie, csrf } = await signIn(scene.door, person)
    await ask(async () => [cookie, csrf], true)
  }
}

test.each(atEachDoor(CELLS))(
  '%s, at %s',
  async (_what, _door, { caller, column, outcome }, kind) => {
    const fixture = await createFixture({ scryptCost: 1_024 })
    const door = await kind.open(fixture.teamServer)
    await eachWay(caller, { fixture, door }, async (lines, isSession) => {
      for (const request of column.requests(fixture)) {
        const before = await stateOf(fixture)
        fixture.noteSecrets()
        const headers = [...request.headers, ...(await lines())]
        const answer = await door.send({ ...request, headers })
        const what = `${request.method} ${request.path}`
        if (outcome === 'OK') {
          expect({ what, isServed: Math.floor(answer.status / 100) === 2 }).toEqual({
            what,
            isServed: true,
          })
          expect(jsonOf(answer)).toMatchObject({ success: true })
          continue
        }
        // Where engines report a session is not even read.
        const isUnread = isSession && column.name === 'a report'
        expectOutcome(door, isUnread ? 'C-MISSING' : outcome, answer)
        expect(await stateOf(fixture)).toEqual(before)
      }
    })
    const isReport = column.name === 'a report'
    expect(await fixture.a.reports()).toHaveLength(isReport && outcome === 'OK' ? 1 : 0)
    expect(fixture.errors).toEqual([])
  },
)

test.each(
  atEachDoor([
    { id: idOf(4, 2), what: 'an admin of A and REST that administers B: ORG', caller: CALLERS[4] },
  ]),
)('%s, at %s', async (_what, _door, { caller }, kind) => {
  const fixture = await createFixture({ scryptCost: 1_024 })
  const door = await kind.open(fixture.teamServer)
  if (caller === undefined) throw new Error('there is no such row')
  await eachWay(caller, { fixture, door }, async (lines) => {
    for (const request of administering(fixture.b.id)) {
      const before = await stateOf(fixture)
      const headers = [...request.headers, ...(await lines())]
      expectOutcome(door, 'ORG', await door.send({ ...request, headers }))
      expect(await stateOf(fixture)).toEqual(before)
    }
  })
})

/** What a browser does: it signs in, and every call of its page comes with the cookie alone. */
const PAGE: readonly ((scene: Scene) => Promise<void>)[] = [
  // Anyone may ask to sign in, and nothing else.
  async ({ fixture, door }) => {
    const nobody = { userName: 'nobody@nowhere', password: 'none' }
    expectOutcome(door, 'LOGIN', await door.send(login(nobody)))
    expectOutcome(door, 'C-MISSING', await door.send(ownProfile()))
    expect(await fixture.teamServer.refusals()).toHaveLength(2)
  },
  // The credentials of an engine are no session, and begin none.
  async (scene) => {
    const { door, fixture } = scene
    expectOutcome(door, 'SESSION', await door.send(logout(...agentLines(scene))))
    const { userName, serviceKey } = fixture.a1
    expectOutcome(door, 'LOGIN', await door.send(login({ userName, password: serviceKey })))
  },
  bySession('view'),
  bySession('edit', 'rulesAdmin'),
  bySession('admin'),
  async ({ fixture, door }) => {
    expectOutcome(door, 'LOGIN', await door.send(login(fixture.people.apiOnlyEdit)))
    expect((await fixture.a.refusals()).at(-1)?.detail).toBe('api-only')
  },
  bySession('superadmin'),
  // The credentials win: the session beside them is not even looked at.
  async (scene) => {
    const { cookie } = await signIn(scene.door, scene.fixture.people.admin)
    const both = ownProfile(...agentLines(scene), cookie)
    expectOutcome(scene.door, 'ROLE', await scene.door.send(both))
  },
]

function bySession(...names: readonly Person[]) {
  return async ({ fixture, door }: Scene) => {
    for (const name of names) {
      const person = personOf(fixture, name)
      const { cookie } = await signIn(door, person)
      const answer = await door.send(ownProfile(cookie))
      expect([answer.status, jsonOf(answer)]).toMatchObject([
        200,
        { user: { user_uid: person.userName } },
      ])
    }
  }
}

test.each(
  atEachDoor(
    CALLERS.map(({ name }, row) => ({
      id: idOf(row, 4),
      what: `${name} and the page`,
      isAsExpected: PAGE[row],
    })),
  ),
)('%s, at %s', async (_what, _door, { isAsExpected }, kind) => {
  const fixture = await createFixture({ scryptCost: 1_024 })
  const door = await kind.open(fixture.teamServer)
  expect(isAsExpected).toBeDefined()
  await isAsExpected?.({ fixture, door })
  expect(fixture.errors).toEqual([])
})

test.each(
  atEachDoor(
    CALLERS.map((caller, row) => ({
      id: idOf(row, 5),
      what: `${caller.name} and logging out`,
      caller,
    })),
  ),
)('%s, at %s', async (_what, _door, { caller }, kind) => {
  const fixture = await createFixture({ scryptCost: 1_024 })
  const door = await kind.open(fixture.teamServer)
  const bystander = await signIn(door, fixture.people.view)
  await eachWay(caller, { fixture, door }, async (lines, isSession) => {
    const sent = await lines()
    const answer = await door.send(logout(...sent))
    if (isSession) expect(answer.status).toBe(200)
    else expectOutcome(door, 'SESSION', answer)
    // Nobody logs others out; least of all an engine that has somebody's cookie.
    const cookies = sent.filter(([name]) => name === 'Cookie' && !isSession)
    if (caller.people?.includes('view') !== true) cookies.push(bystander.cookie)
    for (const cookie of cookies) expect((await door.send(ownProfile(cookie))).status).toBe(200)
  })
})
