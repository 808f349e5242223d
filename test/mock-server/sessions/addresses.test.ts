import { expect, test } from 'vitest'
import { type Door, type DoorKind, EACH_DOOR } from '../forged-data/doors.ts'
import { createFixture, type Fixture } from '../forged-data/fixture.ts'
import { expectOutcome } from '../forged-data/outcome.ts'
import { bytesOf, type ReceivedAnswer, type SentRequest } from '../forged-data/sent-request.ts'
import { login, logout, ownProfile, signIn } from '../forged-data/signing-in.ts'

const LIST = ['127.0.0.8/29']
const INSIDE = '127.0.0.9'
const OUTSIDE = '127.0.0.5'
const WRONG = 'Wrong-password-1'

/** An organization whose people may come from one network, and a door into it and beside it. */
async function openRestricted(kind: DoorKind, isMasked: boolean) {
  const fixture = await createFixture({ scryptCost: 1_024 })
  const { a, teamServer } = fixture
  await teamServer.setKeyPolicy({
    ...(await teamServer.keyPolicy()),
    maskInvalidIpsOnLogin: isMasked,
  })
  await teamServer.setPasswordPolicy({ lockoutAttempts: 0 })
  await a.restrictAddresses(LIST)
  const inside = await kind.open(teamServer, INSIDE)
  const outside = await kind.open(teamServer, OUTSIDE)
  return { fixture, inside, outside }
}

/** The true reason of the last refusal, and where it came from. */
async function lastRefusal({ a }: Fixture) {
  const { reason, detail, remoteAddress, claimedUserName } = (await a.refusals()).at(-1) ?? {}
  return { reason, detail, remoteAddress, claimedUserName }
}

const as = (userName: string, password: string): SentRequest => login({ userName, password })

test.each(EACH_DOOR)(
  'F-415: masked, the right password from a refused address is LOGIN byte for byte as a wrong one, at %s',
  async (_name, kind) => {
    const { fixture, inside, outside } = await openRestricted(kind, true)
    const { userName, password } = fixture.people.admin
    const answers: ReceivedAnswer[] = []
    const ask = async (door: Door, request: SentRequest) => {
      const answer = await door.send(request)
      expectOutcome(door, 'LOGIN', answer)
      answers.push(answer)
    }
    await ask(outside, as(userName, password))
    expect(await lastRefusal(fixture)).toEqual({
      reason: 'login-refused',
      detail: 'address-refused',
      remoteAddress: OUTSIDE,
      claimedUserName: userName,
    })
    await ask(outside, as(userName, WRONG))
    expect(await lastRefusal(fixture)).toMatchObject({ detail: 'password-wrong' })
    await ask(outside, as('nobody@nowhere', password))
    await ask(inside, as(userName, WRONG))
    expect(new Set(answers.map(bytesOf)).size).toBe(1)
    await signIn(inside, fixture.people.admin)
  },
)

test.each(EACH_DOOR)(
  'F-415: unmasked, it is ADDRESS, and no session begins, at %s',
  async (_name, kind) => {
    const { fixture, inside, outside } = await openRestricted(kind, false)
    const { userName, password } = fixture.people.admin
    const answer = await outside.send(as(userName, password))
    expectOutcome(outside, 'ADDRESS', answer)
    expect(answer.headers).not.toHaveProperty('set-cookie')
    expect(await lastRefusal(fixture)).toEqual({
      reason: 'address-refused',
      detail: 'address-refused',
      remoteAddress: OUTSIDE,
      claimedUserName: userName,
    })
    await signIn(inside, fixture.people.admin)
  },
)

test.each(EACH_DOOR)(
  'F-416: unmasked, a wrong password from a refused address is LOGIN, at %s',
  async (_name, kind) => {
    const { fixture, outside } = await openRestricted(kind, false)
    const { admin, apiOnlyEdit } = fixture.people
    for (const [request, detail] of [
      [as(admin.userName, WRONG), 'password-wrong'],
      [as(apiOnlyEdit.userName, apiOnlyEdit.password), 'api-only'],
    ] as const) {
      expectOutcome(outside, 'LOGIN', await outside.send(request))
      expect(await lastRefusal(fixture)).toMatchObject({ reason: 'login-refused', detail })
    }
    expectOutcome(outside, 'LOGIN', await outside.send(as('nobody@nowhere', WRONG)))
  },
)

test.each(EACH_DOOR)(
  'a session that was begun inside is ADDRESS outside, whether logins are masked or not, at %s',
  async (_name, kind) => {
    for (const isMasked of [true, false]) {
      const { fixture, inside, outside } = await openRestricted(kind, isMasked)
      const { cookie, csrf } = await signIn(inside, fixture.people.admin)
      expectOutcome(outside, 'ADDRESS', await outside.send(ownProfile(cookie)))
      expectOutcome(outside, 'ADDRESS', await outside.send(logout(cookie, csrf)))
      expect((await inside.send(ownProfile(cookie))).status).toBe(200)
    }
  },
)
