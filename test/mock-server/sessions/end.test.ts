import { expect, test } from 'vitest'
import { atEachDoor, type Door, EACH_DOOR } from '../forged-data/doors.ts'
import { createFixture, type Fixture, layersOf } from '../forged-data/fixture.ts'
import { expectOutcome } from '../forged-data/outcome.ts'
import { expectRefused } from '../forged-data/refusal.ts'
import type { HeaderLine, SentRequest } from '../forged-data/sent-request.ts'
import { login, logout, ownProfile, type SignedIn, signIn } from '../forged-data/signing-in.ts'

const NEXT_PASSWORD = 'Next-password-2026'

interface Scene {
  readonly fixture: Fixture
  readonly door: Door
  /** Two sessions of the administrator of A. */
  readonly first: SignedIn
  readonly second: SignedIn
}

function put(path: string, body: object, ...lines: readonly HeaderLine[]): SentRequest {
  return {
    method: 'PUT',
    path: `/Contrast/api/ng${path}`,
    headers: [['Content-Type', 'application/json'], ...lines],
    body: JSON.stringify(body),
  }
}

/** A change to the administrator of A, made by the superadmin. */
function aboutAdmin({ a, people, superadmin }: Fixture, what: string, body: object): SentRequest {
  const path = `/${a.id}/users/${encodeURIComponent(people.admin.userName)}/${what}`
  return put(path, body, ...layersOf(superadmin, a.apiKey.value))
}

const profile = (scene: Scene, session: SignedIn) => scene.door.send(ownProfile(session.cookie))

/** What ends every session of the person, at once. */
const ENDS: readonly {
  readonly what: string
  readonly request: (scene: Scene) => SentRequest
  /** Whether the person can sign in again as before. */
  readonly isLoginOpen: boolean
}[] = [
  {
    what: 'a log out',
    request: ({ first }) => logout(first.cookie, first.csrf),
    isLoginOpen: true,
  },
  {
    what: 'a change of the password',
    request: ({ fixture, first }) =>
      put(
        '/profile/password',
        { old_password: fixture.people.admin.password, new_password: NEXT_PASSWORD },
        first.cookie,
        first.csrf,
      ),
    isLoginOpen: false,
  },
  {
    what: 'a change of the password by key',
    request: ({ fixture: { people, a } }) =>
      put(
        '/profile/password',
        { current: people.admin.password, next: NEXT_PASSWORD },
        ...layersOf(people.admin, a.apiKey.value),
      ),
    isLoginOpen: false,
  },
  {
    what: 'disabling the person',
    request: ({ fixture }) => aboutAdmin(fixture, 'enabled', { enabled: false }),
    isLoginOpen: false,
  },
  {
    what: 'locking the person',
    request: ({ fixture }) => aboutAdmin(fixture, 'lock', {}),
    isLoginOpen: false,
  },
]

test.each(atEachDoor(ENDS.map((row) => ({ ...row, id: 'F-703' }))))(
  '%s ends all sessions of that person at once, and no other, at %s',
  async (_what, _door, { request, isLoginOpen }, kind) => {
    const fixture = await createFixture({ scryptCost: 1_024 })
    const door = await kind.open(fixture.teamServer)
    const { admin, view } = fixture.people
    const scene = {
      fixture,
      door,
      first: await signIn(door, admin),
      second: await signIn(door, admin),
    }
    const other = await signIn(door, view)
    for (const { cookie } of [scene.first, scene.second, other]) {
      expect((await door.send(ownProfile(cookie))).status).toBe(200)
    }

    expect((await door.send(request(scene))).status).toBe(200)
    for (const { cookie } of [scene.first, scene.second]) {
      await expectRefused({ fixture, door }, ownProfile(cookie), {
        outcome: 'SESSION',
        detail: 'session-unknown',
      })
    }
    expect((await profile(scene, other)).status).toBe(200)

    const again = await door.send(login(admin))
    if (isLoginOpen) expect(again.status).toBe(200)
    else expectOutcome(door, 'LOGIN', again)
    // What had ended stays ended, whoever signs in.
    expectOutcome(door, 'SESSION', await profile(scene, scene.first))
  },
)

const REFUSED_BY_KEY = [
  { what: 'disabled', act: ['enabled', { enabled: false }], detail: 'person-disabled' },
  { what: 'locked', act: ['lock', {}], detail: 'person-locked' },
] as const

test.each(atEachDoor(REFUSED_BY_KEY.map((row) => ({ ...row, id: 'F-703' }))))(
  '%s: the service key of such a person is refused as well, on an open connection too, at %s',
  async (_what, _door, { act: [what, body], detail }, kind) => {
    const fixture = await createFixture({ scryptCost: 1_024 })
    const door = await kind.open(fixture.teamServer)
    const { admin } = fixture.people
    const byKey = ownProfile(...layersOf(admin, fixture.a.apiKey.value))
    expect((await door.send(byKey)).status).toBe(200)
    expect((await door.send(aboutAdmin(fixture, what, body))).status).toBe(200)
    const answer = await expectRefused({ fixture, door }, byKey, {
      outcome: 'C-WRONG',
      detail,
      claimedUserName: admin.userName,
    })
    expect(answer.isConnectionReused).toBe(door.hasSocket)
  },
)

test.each(EACH_DOOR)(
  'F-703: enabling or unlocking a person revives no session, at %s',
  async (_name, kind) => {
    const fixture = await createFixture({ scryptCost: 1_024 })
    const door = await kind.open(fixture.teamServer)
    for (const [undo, body, redo, next] of [
      ['enabled', { enabled: false }, 'enabled', { enabled: true }],
      ['lock', {}, 'unlock', {}],
    ] as const) {
      const { cookie } = await signIn(door, fixture.people.admin)
      for (const request of [aboutAdmin(fixture, undo, body), aboutAdmin(fixture, redo, next)]) {
        expect((await door.send(request)).status).toBe(200)
      }
      expectOutcome(door, 'SESSION', await door.send(ownProfile(cookie)))
      expect((await door.send(login(fixture.people.admin))).status).toBe(200)
    }
  },
)

test.each(EACH_DOOR)(
  'F-703: the next password opens the login and the old one no longer does, at %s',
  async (_name, kind) => {
    const fixture = await createFixture({ scryptCost: 1_024 })
    const door = await kind.open(fixture.teamServer)
    const { admin } = fixture.people
    const { cookie, csrf } = await signIn(door, admin)
    const passwords = { old_password: admin.password, new_password: NEXT_PASSWORD }
    const changed = await door.send(put('/profile/password', passwords, cookie, csrf))
    expect(changed.status).toBe(200)
    expectOutcome(door, 'LOGIN', await door.send(login(admin)))
    expect(
      (await door.send(login({ userName: admin.userName, password: NEXT_PASSWORD }))).status,
    ).toBe(200)
  },
)

test.each(EACH_DOOR)(
  'F-703: a change of the role leaves the session open with the rights of the new one, at %s',
  async (_name, kind) => {
    const fixture = await createFixture({ scryptCost: 1_024 })
    const door = await kind.open(fixture.teamServer)
    const { a, people } = fixture
    const { cookie } = await signIn(door, people.admin)
    const users: SentRequest = {
      method: 'GET',
      path: `/Contrast/api/ng/${a.id}/users`,
      headers: [cookie],
    }
    expect((await door.send(users)).status).toBe(200)
    expect((await door.send(aboutAdmin(fixture, 'role', { role: 'view' }))).status).toBe(200)
    expectOutcome(door, 'ROLE', await door.send(users))
    expect((await door.send(ownProfile(cookie))).status).toBe(200)
    expect((await door.send(aboutAdmin(fixture, 'role', { role: 'admin' }))).status).toBe(200)
    expect((await door.send(users)).status).toBe(200)
  },
)

const ROTATIONS = [
  { what: 'the organization API key', rotate: ({ a }: Fixture) => a.apiKey.rotate() },
  { what: 'an agent key', rotate: ({ a }: Fixture) => a.rotateAgentKey('default') },
].map((row) => ({ ...row, id: 'F-703' }))

test.each(atEachDoor(ROTATIONS))(
  '%s rotated by an administrator ends no session, at %s',
  async (_what, _door, { rotate }, kind) => {
    const fixture = await createFixture({ scryptCost: 1_024 })
    const door = await kind.open(fixture.teamServer)
    const sessions = [
      await signIn(door, fixture.people.admin),
      await signIn(door, fixture.people.view),
    ]
    fixture.noteSecrets()
    await rotate(fixture)
    for (const { cookie } of sessions) {
      expect((await door.send(ownProfile(cookie))).status).toBe(200)
    }
  },
)

test.each(EACH_DOOR)(
  'F-703: a service key that its owner rotated is refused at once, and the session goes on, at %s',
  async (_name, kind) => {
    const fixture = await createFixture({ scryptCost: 1_024 })
    const door = await kind.open(fixture.teamServer)
    const { a, people } = fixture
    const { cookie, csrf } = await signIn(door, people.admin)
    const byOldKey = ownProfile(...layersOf(people.admin, a.apiKey.value))
    expect((await door.send(byOldKey)).status).toBe(200)
    const rotated = await door.send(put('/profile/servicekey/rotate', {}, cookie, csrf))
    expect(rotated.status).toBe(200)
    expectOutcome(door, 'C-WRONG', await door.send(byOldKey))
    expect((await door.send(ownProfile(cookie))).status).toBe(200)
  },
)

const MINUTE_MS = 60_000
const IDLE_MS = 15 * MINUTE_MS
const ABSOLUTE_MS = 8 * 60 * MINUTE_MS

const MOMENTS = [
  { what: '1 ms before', offsetMs: -1, isOpen: true },
  { what: 'exactly at', offsetMs: 0, isOpen: false },
  { what: '1 ms after', offsetMs: 1, isOpen: false },
].map((row) => ({ ...row, id: 'F-704' }))

function advance({ clock }: Fixture, ms: number): void {
  clock.now = new Date(clock.now.getTime() + ms)
}

test.each(atEachDoor(MOMENTS))(
  '%s the idle timeout, counted from the last call, at %s',
  async (_what, _door, { offsetMs, isOpen }, kind) => {
    const fixture = await createFixture({ scryptCost: 1_024 })
    const door = await kind.open(fixture.teamServer)
    const { cookie } = await signIn(door, fixture.people.admin)
    // A sign of life in between moves the end.
    advance(fixture, 10 * MINUTE_MS)
    expect((await door.send(ownProfile(cookie))).status).toBe(200)
    advance(fixture, IDLE_MS + offsetMs)
    if (isOpen) {
      expect((await door.send(ownProfile(cookie))).status).toBe(200)
      return
    }
    await expectRefused({ fixture, door }, ownProfile(cookie), {
      outcome: 'SESSION',
      detail: 'session-idle',
      claimedUserName: undefined,
    })
    await expectEnded(fixture, door, cookie)
  },
)

test.each(atEachDoor(MOMENTS))(
  '%s the absolute timeout, whatever happened since, at %s',
  async (_what, _door, { offsetMs, isOpen }, kind) => {
    const fixture = await createFixture({ scryptCost: 1_024 })
    const door = await kind.open(fixture.teamServer)
    const { cookie } = await signIn(door, fixture.people.admin)
    const step = 10 * MINUTE_MS
    for (let passed = step; passed < ABSOLUTE_MS; passed += step) {
      advance(fixture, step)
      expect((await door.send(ownProfile(cookie))).status).toBe(200)
    }
    advance(fixture, step + offsetMs)
    if (isOpen) {
      expect((await door.send(ownProfile(cookie))).status).toBe(200)
      return
    }
    await expectRefused({ fixture, door }, ownProfile(cookie), {
      outcome: 'SESSION',
      detail: 'session-expired',
      claimedUserName: undefined,
    })
    await expectEnded(fixture, door, cookie)
  },
)

/** What has timed out stays so: neither a longer timeout nor a clock set back opens it again. */
async function expectEnded(fixture: Fixture, door: Door, cookie: HeaderLine): Promise<void> {
  await fixture.teamServer.setPasswordPolicy({
    idleTimeoutMs: 30 * ABSOLUTE_MS,
    sessionTimeoutMs: 30 * ABSOLUTE_MS,
  })
  expectOutcome(door, 'SESSION', await door.send(ownProfile(cookie)))
  advance(fixture, -ABSOLUTE_MS)
  expectOutcome(door, 'SESSION', await door.send(ownProfile(cookie)))
}

test.each(EACH_DOOR)(
  'F-704: timeouts that an administrator shortens hold for sessions that are open, at %s',
  async (_name, kind) => {
    const fixture = await createFixture({ scryptCost: 1_024 })
    const door = await kind.open(fixture.teamServer)
    const { cookie } = await signIn(door, fixture.people.admin)
    advance(fixture, 2 * MINUTE_MS)
    await fixture.teamServer.setPasswordPolicy({ idleTimeoutMs: MINUTE_MS })
    expectOutcome(door, 'SESSION', await door.send(ownProfile(cookie)))
  },
)
