import { expect, test } from 'vitest'
import type { OrganizationRole, PersonCredentials, SystemRole } from '../../../mock-server/index.ts'
import { ROUTES } from '../../../mock-server/routes/index.ts'
import { pathOf, type Route } from '../../../mock-server/routes/route.ts'
import { atEachDoor, type Door, EACH_DOOR } from './doors.ts'
import { createFixture, type Fixture, layersOf } from './fixture.ts'
import { expectOutcome, type Outcome } from './outcome.ts'
import { expectRefused } from './refusal.ts'
import { bytesOf, type HeaderLine, type SentRequest } from './sent-request.ts'
import { ownProfile, type SignedIn, signIn } from './signing-in.ts'
import { stateOf } from './state.ts'

/** One row of the table of who may do what. */
interface CallerKind {
  readonly name: string
  readonly role?: OrganizationRole | SystemRole
  readonly isAgent?: true
  readonly isSignedIn?: true
  /** The lines that say who sends, as of now: keys may have been rotated. */
  readonly lines: (cast: Cast) => readonly HeaderLine[] | Promise<readonly HeaderLine[]>
}

/** Everyone who can call. */
interface Cast {
  readonly fixture: Fixture
  readonly door: Door
  readonly people: Readonly<Record<string, PersonCredentials>>
  /** Of those who are signed in. */
  readonly sessions: Map<string, Pick<SignedIn, 'cookie' | 'csrf'>>
}

const PEOPLE = [
  ['view', 'view'],
  ['edit', 'edit'],
  ['rulesAdmin', 'rules_admin'],
  ['admin', 'admin'],
  ['apiOnlyEdit', 'edit'],
  ['auditor', 'auditor'],
  ['superadmin', 'superadmin'],
  ['observer', 'observer'],
] as const

const CALLERS: readonly CallerKind[] = [
  { name: 'nobody', lines: () => [] },
  { name: 'an agent', isAgent: true, lines: ({ fixture }) => agentLines(fixture) },
  {
    name: 'an agent with the session of an admin',
    isAgent: true,
    lines: async (cast) => [...agentLines(cast.fixture), ...(await sessionLines(cast, 'admin'))],
  },
  ...PEOPLE.map(([name, role]) => ({
    name: `${name} by key`,
    role,
    lines: ({ people, fixture }: Cast): readonly HeaderLine[] => [
      ['Authorization', people[name]?.authorization ?? ''],
      ['API-Key', fixture.a.apiKey.value],
    ],
  })),
  ...PEOPLE.filter(([name]) => name !== 'apiOnlyEdit').map(([name, role]) => ({
    name: `${name} by session`,
    role,
    isSignedIn: true as const,
    lines: (cast: Cast) => sessionLines(cast, name),
  })),
]

const TABLE = EACH_DOOR.flatMap(([door, kind]) =>
  CALLERS.map((caller) => [caller.name, door, caller, kind] as const),
)

test.each(TABLE)(
  '%s may use the routes for them and no other, of all there are, at %s',
  async (_name, _door, caller, kind) => {
    const fixture = await createFixture({ scryptCost: 1_024 })
    const door = await kind.open(fixture.teamServer)
    const auditor = await fixture.a.addPerson({ role: 'auditor' })
    const observer = await fixture.teamServer.addPerson({ role: 'observer' })
    const { superadmin } = fixture
    const people = { ...fixture.people, auditor, observer, superadmin }
    const cast: Cast = { fixture, door, people, sessions: new Map() }

    let refused = 0
    for (const route of GUARDED) {
      const lines = await caller.lines(cast)
      const expected = expectedOf(caller, route)
      if (expected === 'OK' && isStream(route)) continue
      const before = await stateOf(fixture)
      const answer = await door.send(askedOf(fixture, route, lines))
      const what = `${route.method} ${route.path}`
      if (expected === 'OK') {
        expect({ what, status: answer.status }).not.toMatchObject({ status: 401 })
        expect({ what, status: answer.status }).not.toMatchObject({ status: 403 })
        continue
      }
      refused++
      expect({ what, status: answer.status }).toEqual({ what, status: STATUS[expected] })
      expectOutcome(door, expected, answer)
      expect(await stateOf(fixture)).toEqual(before)
    }
    // Everyone is kept from something.
    expect(refused).toBeGreaterThan(4)
    expect(fixture.errors).toEqual([])
  },
)

/** Logging out comes last: a session then lasts for all of the others. */
const GUARDED = ROUTES.filter(({ access }) => access !== 'anyone').sort(
  (one, other) => Number(isLogout(one)) - Number(isLogout(other)),
)

function isLogout({ path }: Route): boolean {
  return path === '/ng/logout'
}

function needsSession(route: Route): boolean {
  return 'needsSession' in route && route.needsSession === true
}

/** A stream that is served ends with who reads it. */
function isStream({ description }: Route): boolean {
  return description.answerType === 'text/event-stream'
}

const STATUS = { 'C-MISSING': 401, SESSION: 401, ROLE: 403 } as const

/** The table: what each kind of caller comes to at each kind of route. */
function expectedOf(caller: CallerKind, route: Route): keyof typeof STATUS | 'OK' {
  const { role, isAgent = false, isSignedIn = false } = caller
  if (needsSession(route) && !isSignedIn) return 'SESSION'
  if (role === undefined && !isAgent) return 'C-MISSING'
  if (route.access === 'agents') {
    if (isAgent) return 'OK'
    // A session is not even read where agents report.
    return isSignedIn ? 'C-MISSING' : 'ROLE'
  }
  if (isAgent || role === undefined) return 'ROLE'
  if (role === 'superadmin' || route.access === 'every-person') return 'OK'
  if (route.access === 'superadmin' || route.access === 'anyone') return 'ROLE'
  const { people } = route.access
  return people.includes(role === 'observer' ? 'view' : role) ? 'OK' : 'ROLE'
}

/** A body of another type: whoever may use the route and has to send one is told so, and no more. */
function askedOf(fixture: Fixture, route: Route, lines: readonly HeaderLine[]): SentRequest {
  const path = pathOf(route)
    .replace(':org', fixture.a.id)
    .replace(':platform', 'NODE')
    .replace(/:\w+/g, 'nothing')
  return {
    method: route.method,
    path,
    headers: lines,
    ...(route.method === 'GET' ? {} : { body: 'x' }),
  }
}

function agentLines({ a1, a }: Fixture): readonly HeaderLine[] {
  return layersOf(a1, a.apiKey.value)
}

async function sessionLines(cast: Cast, name: string): Promise<readonly HeaderLine[]> {
  const { door, people, sessions } = cast
  const person = people[name]
  if (person === undefined) throw new Error(`there is no ${name}`)
  const { cookie, csrf } = sessions.get(name) ?? (await signIn(door, person))
  sessions.set(name, { cookie, csrf })
  return [cookie, csrf]
}

test.each(EACH_DOOR)('an administrator of A has no say in B at %s', async (_name, kind) => {
  const fixture = await createFixture({ scryptCost: 1_024 })
  const door = await kind.open(fixture.teamServer)
  const { cookie, csrf } = await signIn(door, fixture.people.admin)
  const byKey: readonly HeaderLine[] = [
    ['Authorization', fixture.people.admin.authorization],
    ['API-Key', fixture.a.apiKey.value],
  ]
  const ofB = ROUTES.filter(
    ({ path, access }) => path.includes(':org') && access !== 'anyone' && access !== 'agents',
  )
  expect(ofB.length).toBeGreaterThan(10)
  const before = await stateOf(fixture)
  for (const route of ofB) {
    // Where a login is asked for, credentials are none.
    for (const lines of needsSession(route) ? [[cookie, csrf]] : [byKey, [cookie, csrf]]) {
      const asked = askedOf(fixture, route, lines)
      const path = asked.path.replace(fixture.a.id, fixture.b.id)
      expectOutcome(door, 'ORG' satisfies Outcome, await door.send({ ...asked, path }))
    }
  }
  expect(await stateOf(fixture)).toEqual(before)
})

test.each(EACH_DOOR)(
  'F-651: a person made view of admin is refused with the next call of an open session and connection at %s',
  async (_name, kind) => {
    const fixture = await createFixture({ scryptCost: 1_024 })
    const door = await kind.open(fixture.teamServer)
    const { a, people, superadmin } = fixture
    const { cookie, csrf } = await signIn(door, people.admin)
    const byKey = layersOf(people.admin, a.apiKey.value)
    const reading: SentRequest = {
      method: 'GET',
      path: `/Contrast/api/ng/${a.id}/users`,
      headers: [],
    }
    const changing: SentRequest = {
      method: 'PUT',
      path: `/Contrast/api/ng/${a.id}/security/ip-ranges`,
      headers: [['Content-Type', 'application/json']],
      body: JSON.stringify({ ipRange: [] }),
    }
    const ways = [reading, changing].flatMap(({ headers, ...rest }) =>
      [[cookie, csrf], byKey].map((lines) => ({ ...rest, headers: [...headers, ...lines] })),
    )
    for (const asked of ways) expect((await door.send(asked)).status).toBe(200)

    const demotion: SentRequest = {
      method: 'PUT',
      path: `/Contrast/api/ng/${a.id}/users/${encodeURIComponent(people.admin.userName)}/role`,
      headers: [...layersOf(superadmin, a.apiKey.value), ['Content-Type', 'application/json']],
      body: JSON.stringify({ role: 'view' }),
    }
    expect((await door.sendAlone(demotion)).status).toBe(200)
    for (const asked of ways) {
      const answer = await expectRefused({ fixture, door }, asked, {
        outcome: 'ROLE',
        detail: 'role-too-small',
        claimedUserName: people.admin.userName,
      })
      expect(answer.isConnectionReused).toBe(door.hasSocket)
    }
    expect((await door.send(ownProfile(cookie))).status).toBe(200)
  },
)

const READS = ['HEAD', 'OPTIONS'].map((method) => ({ id: 'F-649', what: method, method }))

test.each(atEachDoor(READS))(
  '%s of a read needs the credentials, the organization and the role that GET needs at %s',
  async (_what, _door, { method }, kind) => {
    const fixture = await createFixture({ scryptCost: 1_024 })
    const door = await kind.open(fixture.teamServer)
    const { a, b, a1, b1, people } = fixture
    const key = a.apiKey.value
    const callers: readonly (readonly [string, readonly HeaderLine[]])[] = [
      ['nobody', []],
      ['a wrong key', layersOf({ userName: people.admin.userName, serviceKey: 'x' }, key)],
      ['an admin without API key', layersOf(people.admin, key).slice(0, 1)],
      ['an agent', layersOf(a1, key)],
      ['an agent of B', layersOf(b1, b.apiKey.value)],
      ['rules_admin', layersOf(people.rulesAdmin, key)],
      ['an admin', layersOf(people.admin, key)],
    ]
    const reads = ROUTES.filter(
      ({ method: own, access }) => own === 'GET' && access !== 'anyone' && access !== 'agents',
    )
    expect(reads.length).toBeGreaterThan(10)
    let refused = 0
    for (const route of reads) {
      for (const [who, headers] of callers) {
        const { path } = askedOf(fixture, route, [])
        const asGet = await door.send({ method: 'GET', path, headers })
        const answer = await door.send({ method, path, headers })
        const what = `${route.path} by ${who}`
        // `OPTIONS` says what the path answers, also where nothing would be found.
        const isLetIn = ![401, 403].includes(asGet.status)
        const status = isLetIn && method === 'OPTIONS' ? 204 : asGet.status
        expect({ what, status: answer.status }).toEqual({ what, status })
        if (!isLetIn) refused++
        if (method === 'HEAD' || status === 204) expect(answer.body).toHaveLength(0)
        else expect(bytesOf(answer)).toBe(bytesOf(asGet))
      }
    }
    expect(refused).toBeGreaterThan(reads.length * 4)
  },
)

test.each(EACH_DOOR)(
  'layer two holds for people as well; on system routes alone a superadmin needs no key, at %s',
  async (_name, kind) => {
    const fixture = await createFixture({ scryptCost: 1_024 })
    const door = await kind.open(fixture.teamServer)
    const { a, b, people, superadmin } = fixture
    const system = '/Contrast/api/ng/superadmin/security/key-policy'
    const ofA = `/Contrast/api/ng/${a.id}/applications`
    const withoutKey = (who: PersonCredentials, path: string, ...lines: readonly HeaderLine[]) => ({
      method: 'GET',
      path,
      headers: [['Authorization', who.authorization] as const, ...lines],
    })
    const refused = [
      [people.admin, system],
      [people.admin, ofA],
      [people.admin, '/Contrast/api/ng/profile'],
      [superadmin, ofA],
      [superadmin, `/Contrast/api/ng/${b.id}/applications`],
    ] as const
    for (const [who, path] of refused) {
      await expectRefused({ fixture, door }, withoutKey(who, path), {
        outcome: 'K-WRONG',
        detail: 'api-key-missing',
        claimedUserName: who.userName,
      })
    }
    // The key that counts is that of the organization in the path.
    const keyOfA: HeaderLine = ['API-Key', a.apiKey.value]
    await expectRefused(
      { fixture, door },
      withoutKey(superadmin, `/Contrast/api/ng/${b.id}/applications`, keyOfA),
      { outcome: 'K-WRONG', detail: 'api-key-wrong', claimedUserName: superadmin.userName },
    )
    expect((await door.send(withoutKey(superadmin, system))).status).toBe(200)
    expect((await door.send(withoutKey(superadmin, ofA, keyOfA))).status).toBe(200)
    await fixture.a.apiKey.disable()
    expect((await door.send(withoutKey(people.admin, ofA))).status).toBe(200)
  },
)
