import type * as crypto from 'node:crypto'
import { beforeEach, expect, test, vi } from 'vitest'
import type { TeamServer } from '../../../mock-server/index.ts'
import { atEachDoor, type Door, type DoorKind, EACH_DOOR } from '../forged-data/doors.ts'
import { createFixture, type Fixture, layersOf } from '../forged-data/fixture.ts'
import { expectOutcome } from '../forged-data/outcome.ts'
import { expectRefused } from '../forged-data/refusal.ts'
import { bytesOf, jsonOf } from '../forged-data/sent-request.ts'
import { login, ownProfile, signIn } from '../forged-data/signing-in.ts'

/** What each scrypt was asked for, in order: where the time of a login goes. */
const scrypts: object[] = []

vi.mock('node:crypto', async (original) => {
  const real = await original<typeof crypto>()
  const scrypt = (...given: Parameters<typeof crypto.scrypt>) => {
    const [, salt, length, options] = given
    scrypts.push({ saltBytes: Buffer.byteLength(salt as Buffer), length, ...options })
    real.scrypt(...given)
  }
  return { ...real, scrypt }
})

beforeEach(() => {
  scrypts.length = 0
})

const ONE_SCRYPT = [{ saltBytes: 16, length: 32, N: 1_024, r: 8, p: 1, maxmem: 2_097_152 }]
const RIGHT = 'Right-password-1'
const WRONG = 'Wrong-password-1'

/** Refused logins; of a person who chose a password, and of one with a generated first one. */
const REFUSED: readonly {
  readonly what: string
  readonly detail: string
  readonly claim: (
    fixture: Fixture,
  ) => Promise<{ readonly userName: string; readonly password: string }>
}[] = [
  {
    what: 'an unknown user',
    detail: 'user-unknown',
    claim: async () => ({ userName: 'nobody@nowhere', password: RIGHT }),
  },
  {
    what: 'no user name at all',
    detail: 'user-unknown',
    claim: async () => ({ userName: '', password: RIGHT }),
  },
  {
    what: 'an agent with its service key',
    detail: 'user-unknown',
    claim: async ({ a1 }) => ({ userName: a1.userName, password: a1.serviceKey }),
  },
  {
    what: 'a wrong password for a chosen one',
    detail: 'password-wrong',
    claim: async (fixture) => ({ userName: await chosen(fixture), password: WRONG }),
  },
  {
    what: 'a wrong password for a generated one',
    detail: 'password-wrong',
    claim: async ({ people }) => ({ userName: people.view.userName, password: WRONG }),
  },
  {
    what: 'the service key in place of the password',
    detail: 'password-wrong',
    claim: async ({ people }) => ({
      userName: people.view.userName,
      password: people.view.serviceKey,
    }),
  },
  {
    what: 'a person whom an administrator locked, with the right password',
    detail: 'person-locked',
    async claim(fixture) {
      const userName = await chosen(fixture)
      await fixture.a.lockPerson(userName)
      return { userName, password: RIGHT }
    },
  },
  {
    what: 'a disabled person with the right password',
    detail: 'person-disabled',
    async claim(fixture) {
      const userName = await chosen(fixture)
      await fixture.a.disablePerson(userName)
      return { userName, password: RIGHT }
    },
  },
  {
    what: 'an API-only person with the right password',
    detail: 'api-only',
    claim: async ({ people: { apiOnlyEdit } }) => ({
      userName: apiOnlyEdit.userName,
      password: apiOnlyEdit.password,
    }),
  },
  {
    what: 'an API-only person with a wrong password',
    detail: 'api-only',
    claim: async ({ people: { apiOnlyEdit } }) => ({
      userName: apiOnlyEdit.userName,
      password: WRONG,
    }),
  },
]

/** Adds a person who chose a password. */
async function chosen({ a }: Fixture): Promise<string> {
  const { userName } = await a.addPerson({ role: 'edit', userName: 'chosen', password: RIGHT })
  return userName
}

test.each(atEachDoor(REFUSED.map((row) => ({ ...row, id: 'F-707' }))))(
  '%s is LOGIN byte for byte, and costs one scrypt as every login does, at %s',
  async (_what, _door, { detail, claim }, kind) => {
    const fixture = await createFixture({ scryptCost: 1_024 })
    const door = await kind.open(fixture.teamServer)
    const who = await claim(fixture)
    scrypts.length = 0
    const answer = await door.send(login(who))
    expect(scrypts).toEqual(ONE_SCRYPT)
    expectOutcome(door, 'LOGIN', answer)
    const log = [...(await fixture.a.auditLog()), ...(await fixture.teamServer.auditLog())]
    const refusals = log.filter(({ reason }) => reason === 'login-refused')
    expect(refusals).toMatchObject([{ kind: 'refusal', detail }])
    // A name that nobody has may be a password in the wrong field.
    const known = detail === 'user-unknown' ? undefined : who.userName
    expect(refusals[0]?.claimedUserName).toBe(known)
    expect(JSON.stringify(log)).not.toContain(who.password)
    expect(fixture.errors).toEqual([])
  },
)

test.each(EACH_DOOR)(
  'F-707: an accepted login costs the same one scrypt, at %s',
  async (_name, kind) => {
    const fixture = await createFixture({ scryptCost: 1_024 })
    const door = await kind.open(fixture.teamServer)
    const userName = await chosen(fixture)
    for (const who of [{ userName, password: RIGHT }, fixture.people.view]) {
      scrypts.length = 0
      expect((await door.send(login(who))).status).toBe(200)
      expect(scrypts).toEqual(ONE_SCRYPT)
    }
  },
)

async function openLockout(kind: DoorKind, attempts = 3) {
  const fixture = await createFixture({ scryptCost: 1_024 })
  await fixture.teamServer.setPasswordPolicy({ lockoutAttempts: attempts })
  const door = await kind.open(fixture.teamServer)
  return { fixture, door, who: fixture.people.admin }
}

async function fail(door: Door, userName: string, times: number): Promise<void> {
  for (let turn = 0; turn < times; turn++) {
    expectOutcome(door, 'LOGIN', await door.send(login({ userName, password: WRONG })))
  }
}

test.each(EACH_DOOR)(
  'F-708: after three failures the right password is LOGIN, and only for that person, at %s',
  async (_name, kind) => {
    const { fixture, door, who } = await openLockout(kind)
    const { a, people } = fixture
    const open = await signIn(door, who)
    await fail(door, who.userName, 2)
    expect((await door.send(ownProfile(open.cookie))).status).toBe(200)
    await fail(door, who.userName, 1)

    expectOutcome(door, 'LOGIN', await door.send(login(who)))
    const log = await a.auditLog()
    expect(log.filter(({ reason }) => reason === 'person-locked-by-policy')).toEqual([
      {
        at: fixture.clock.now,
        kind: 'notice',
        reason: 'person-locked-by-policy',
        detail: `locked ${who.userName} after 3 failed logins in a row`,
        claimedUserName: who.userName,
      },
    ])
    expect(log.at(-1)).toMatchObject({ reason: 'login-refused', detail: 'person-locked' })

    // Neither the session that was open nor the service key is of use to a locked person.
    expectOutcome(door, 'SESSION', await door.send(ownProfile(open.cookie)))
    const byKey = ownProfile(...layersOf(who, a.apiKey.value))
    await expectRefused({ fixture, door }, byKey, {
      outcome: 'C-WRONG',
      detail: 'person-locked',
      claimedUserName: who.userName,
    })
    // Everyone else goes on: another person, and the engines.
    await signIn(door, people.view)
    const { a1 } = fixture
    const report = fixture.report(a, ...layersOf(a1, a.apiKey.value))
    expect((await door.send(report)).status).toBe(202)
  },
)

test.each(EACH_DOOR)(
  'F-708: failures count in a row: a login that succeeds begins anew, at %s',
  async (_name, kind) => {
    const { door, who } = await openLockout(kind)
    for (let round = 0; round < 3; round++) {
      await fail(door, who.userName, 2)
      await signIn(door, who)
    }
  },
)

test.each(EACH_DOOR)(
  'F-708: of 40 passwords tried at once, the right one among the last is LOGIN, at %s',
  async (_name, kind) => {
    const { fixture, door, who } = await openLockout(kind)
    const guesses = Array.from({ length: 40 }, (_, turn) =>
      turn === 38 ? who.password : `${WRONG}${turn}`,
    )
    const answers = await Promise.all(
      guesses.map((password) => door.sendAlone(login({ userName: who.userName, password }))),
    )
    expect(answers.map(({ status }) => status)).toEqual(Array(40).fill(401))
    expect(fixture.errors).toEqual([])
  },
)

test.each(EACH_DOOR)(
  'F-708: a wrong current password of a password change counts as well, at %s',
  async (_name, kind) => {
    const { door, who } = await openLockout(kind)
    const { cookie, csrf } = await signIn(door, who)
    const change = () =>
      door.send({
        method: 'PUT',
        path: '/Contrast/api/ng/profile/password',
        headers: [['Content-Type', 'application/json'], cookie, csrf],
        body: JSON.stringify({ old_password: WRONG, new_password: 'Next-password-1' }),
      })
    for (let turn = 0; turn < 3; turn++) expectOutcome(door, 'LOGIN', await change())
    expectOutcome(door, 'SESSION', await change())
    expectOutcome(door, 'LOGIN', await door.send(login(who)))
  },
)

test.each(EACH_DOOR)(
  'F-708: an administrator unlocks: the count begins anew and no session comes back, at %s',
  async (_name, kind) => {
    const { fixture, door, who } = await openLockout(kind)
    const { cookie } = await signIn(door, who)
    await fail(door, who.userName, 3)
    const unlock = {
      method: 'PUT',
      path: `/Contrast/api/ng/${fixture.a.id}/users/${encodeURIComponent(who.userName)}/unlock`,
      headers: layersOf(fixture.superadmin, fixture.a.apiKey.value),
    }
    expect((await door.send(unlock)).status).toBe(200)
    expectOutcome(door, 'SESSION', await door.send(ownProfile(cookie)))
    await fail(door, who.userName, 2)
    await signIn(door, who)
  },
)

test.each(EACH_DOOR)('F-708: a policy of 0 locks nobody, at %s', async (_name, kind) => {
  const { door, who } = await openLockout(kind, 0)
  await fail(door, who.userName, 20)
  await signIn(door, who)
})

const LONGEST = `Aa1!${'x'.repeat(1_020)}`

/** Passwords that somebody may have, each with others that must not be taken for it. */
const PASSWORDS: readonly {
  readonly what: string
  readonly right: string
  readonly wrong: readonly string[]
}[] = [
  { what: '1 character', right: 'x', wrong: ['', 'X', 'xx'] },
  {
    what: '64 characters',
    right: `Aa1!${'x'.repeat(60)}`,
    wrong: [`Aa1!${'x'.repeat(59)}`, `Aa1!${'x'.repeat(61)}`, `Aa1!${'x'.repeat(59)}y`],
  },
  {
    what: '1 024 characters',
    right: LONGEST,
    wrong: [LONGEST.slice(0, -1), `${LONGEST.slice(0, -1)}y`, `${LONGEST}x`, LONGEST.slice(0, 72)],
  },
  {
    what: '1 024 characters outside the first plane',
    right: '\u{1F511}'.repeat(1_024),
    wrong: ['\u{1F511}'.repeat(1_023), '\u{1F511}'.repeat(1_025)],
  },
  {
    what: 'NUL inside',
    right: 'Aa1!before\0behind',
    wrong: ['Aa1!before', 'Aa1!before\0', 'Aa1!before\0behinD', 'Aa1!beforebehind'],
  },
  {
    what: 'an emoji',
    right: 'Aa1!\u{1F511}\u{1F3FD}',
    wrong: ['Aa1!\u{1F511}', 'Aa1!\ufffd\ufffd', 'Aa1!\u{1F511}\u{1F3FE}', 'Aa1!\ud83d'],
  },
  {
    what: 'the character that stands for a broken one',
    right: 'Aa1!\ufffd',
    wrong: ['Aa1!\ud83d', 'Aa1!\udd11', 'Aa1!'],
  },
  {
    what: 'spaces around',
    right: ' Aa1!x ',
    wrong: ['Aa1!x', ' Aa1!x', 'Aa1!x ', '\u00a0Aa1!x '],
  },
  {
    what: 'an accent in one of its two spellings',
    right: 'Aa1!\u00e9',
    wrong: ['Aa1!e\u0301', 'Aa1!e'],
  },
]

test.each(atEachDoor(PASSWORDS.map((row) => ({ ...row, id: 'F-709' }))))(
  '%s: the password is taken as it is and nothing like it is, at %s',
  async (_what, _door, { right, wrong }, kind) => {
    const { fixture, door } = await openLockout(kind, 0)
    await relax(fixture.teamServer)
    const { userName } = await fixture.a.addPerson({ role: 'view', password: right })
    expect((await door.send(login({ userName, password: right }))).status).toBe(200)
    for (const password of wrong) {
      expectOutcome(door, 'LOGIN', await door.send(login({ userName, password })))
    }
  },
)

const TOO_LONG = [
  { what: '1 025 characters', password: 'x'.repeat(1_025) },
  { what: '1 MiB', password: 'x'.repeat(1_048_576) },
  { what: '1 MiB of emoji', password: '\u{1F511}'.repeat(262_144) },
].map((row) => ({ ...row, id: 'F-709' }))

test.each(atEachDoor(TOO_LONG))(
  '%s is LOGIN without hashing, also where it begins with the right password, at %s',
  async (_what, _door, { password }, kind) => {
    const { fixture, door } = await openLockout(kind, 0)
    await relax(fixture.teamServer)
    const right = password.slice(0, 1_024)
    const { userName } = await fixture.a.addPerson({ role: 'view', password: right })
    for (const name of [userName, 'nobody@nowhere']) {
      scrypts.length = 0
      expectOutcome(door, 'LOGIN', await door.send(login({ userName: name, password })))
      expect(scrypts).toEqual([])
    }
    expect((await door.send(login({ userName, password: right }))).status).toBe(200)
  },
)

test.each(EACH_DOOR)('F-709: no password at all is LOGIN for everyone, at %s', async (_n, kind) => {
  const { fixture, door } = await openLockout(kind, 0)
  const { people, superadmin } = fixture
  for (const { userName } of [...Object.values(people), superadmin, { userName: 'nobody' }]) {
    expectOutcome(door, 'LOGIN', await door.send(login({ userName, password: '' })))
  }
})

test.each(EACH_DOOR)(
  'F-709: a password that is no text is BODY, and nobody is looked up, at %s',
  async (_name, kind) => {
    const { fixture, door, who } = await openLockout(kind)
    scrypts.length = 0
    for (const password of [null, 1, true, [who.password], { $ne: '' }]) {
      const sent = login(who)
      const body = JSON.stringify({ userName: who.userName, password })
      const answer = await door.send({ ...sent, body })
      expect([answer.status, jsonOf(answer)]).toMatchObject([400, { reason: 'body-malformed' }])
      expect(bytesOf(answer)).not.toContain(who.password)
    }
    expect(scrypts).toEqual([])
    expect(JSON.stringify(await fixture.teamServer.auditLog())).not.toContain(who.password)
    await signIn(door, who)
  },
)

/** Lets every password be chosen. */
function relax(teamServer: TeamServer): Promise<void> {
  const none = { minUpperCase: 0, minLowerCase: 0, minNumbers: 0, minSymbols: 0 }
  return teamServer.setPasswordPolicy({ ...none, minLength: 1 })
}
