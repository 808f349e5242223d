import { expect, test } from 'vitest'
import { createAddressRanges } from '../../../mock-server/addresses/address-ranges.ts'
import { createFailedAttempts } from '../../../mock-server/core/failed-attempts.ts'
import { EACH_DOOR } from '../forged-data/doors.ts'
import { createFixture, layersOf } from '../forged-data/fixture.ts'
import { expectOutcome } from '../forged-data/outcome.ts'
import { jsonOf, type ReceivedAnswer } from '../forged-data/sent-request.ts'
import { login, signIn } from '../forged-data/signing-in.ts'

const FROM = '127.0.0.5'
const MINUTE_MS = 60_000

const RATE = {
  success: false,
  messages: ['Too many refused attempts: wait.'],
  reason: 'rate-limited',
}

function expectLimited(answer: ReceivedAnswer, seconds: number): void {
  expect([answer.status, answer.headers['retry-after'], jsonOf(answer)]).toEqual([
    429,
    String(seconds),
    RATE,
  ])
}

test.each(EACH_DOOR)(
  'past the limit a refusal is RATE until its minute is over, and right credentials are served all along, at %s',
  async (_name, kind) => {
    const fixture = await createFixture({ failedAttemptsPerMinute: 3 })
    const door = await kind.open(fixture.teamServer, FROM)
    const { a, a1, clock } = fixture
    const { userName } = a1
    const wrong = () => door.send(fixture.report(a, ...layersOf({ userName, serviceKey: 'x' }, '')))
    const right = async () => (await door.send(fixture.honestReport())).status
    for (let turn = 0; turn < 3; turn++) expectOutcome(door, 'C-WRONG', await wrong())
    clock.now = new Date(clock.now.getTime() + 20_500)
    expectLimited(await wrong(), 40)
    expectLimited(await door.send(fixture.report(a)), 40)
    expect(await right()).toBe(202)
    clock.now = new Date(clock.now.getTime() + 39_499)
    expectLimited(await wrong(), 1)
    expect(await right()).toBe(202)
    clock.now = new Date(clock.now.getTime() + 1)
    expectOutcome(door, 'C-WRONG', await wrong())
  },
)

test.each(EACH_DOOR)(
  'past the limit no password is looked at, right or wrong, and nobody is locked by it, at %s',
  async (_name, kind) => {
    const fixture = await createFixture({ failedAttemptsPerMinute: 2, scryptCost: 1_024 })
    const door = await kind.open(fixture.teamServer, FROM)
    const { admin } = fixture.people
    const { userName, password } = admin
    for (let turn = 0; turn < 2; turn++) {
      const answer = await door.send(login({ userName, password: 'Wrong-password-1' }))
      expectOutcome(door, 'LOGIN', answer)
    }
    for (const tried of ['Wrong-password-1', password]) {
      expectLimited(await door.send(login({ userName, password: tried })), 60)
    }
    const last = (await fixture.teamServer.auditLog()).at(-1)
    expect(last).toMatchObject({ reason: 'rate-limited', detail: 'login-not-tried' })
    // From elsewhere the same person signs in meanwhile.
    await signIn(await kind.open(fixture.teamServer, '127.0.0.6'), admin)
    fixture.clock.now = new Date(fixture.clock.now.getTime() + MINUTE_MS)
    await signIn(door, admin)
  },
)

test.each(EACH_DOOR)(
  'addresses that are exempt are never told to wait, at %s',
  async (_n, kind) => {
    const fixture = await createFixture({
      failedAttemptsPerMinute: 1,
      failedAttemptsExempt: ['127.0.0.0/29'],
    })
    const [exempt, counted] = [
      await kind.open(fixture.teamServer, FROM),
      await kind.open(fixture.teamServer, '127.0.0.9'),
    ]
    for (let turn = 0; turn < 5; turn++) {
      expectOutcome(exempt, 'C-MISSING', await exempt.send(fixture.report(fixture.a)))
    }
    expectOutcome(counted, 'C-MISSING', await counted.send(fixture.report(fixture.a)))
    expectLimited(await counted.send(fixture.report(fixture.a)), 60)
  },
)

test.each(EACH_DOOR)('without a limit nobody waits, at %s', async (_name, kind) => {
  const fixture = await createFixture()
  const door = await kind.open(fixture.teamServer, FROM)
  for (let turn = 0; turn < 100; turn++) {
    expectOutcome(door, 'C-MISSING', await door.send(fixture.report(fixture.a)))
  }
})

const AT = new Date('2026-01-01T00:00:00Z')

test('an address counts as one however it is spelled, and what is none counts as one more', () => {
  const attempts = createFailedAttempts(2, createAddressRanges([]))
  attempts.count('10.1.2.3', AT)
  attempts.count('::ffff:a01:203', AT)
  expect(attempts.waitSecondsOf('::ffff:10.1.2.3', AT)).toBe(60)
  expect(attempts.waitSecondsOf('10.1.2.4', AT)).toBeUndefined()
  attempts.count(undefined, AT)
  attempts.count('not an address', AT)
  expect(attempts.waitSecondsOf(undefined, AT)).toBe(60)
})

test('whoever has one address of an IPv6 network of 64 bits has all of them: they count as one', () => {
  const attempts = createFailedAttempts(2, createAddressRanges([]))
  attempts.count('2001:db8:0:1::1', AT)
  attempts.count('2001:DB8::1:ffff:0:0:2', AT)
  expect(attempts.waitSecondsOf('2001:db8:0:1:2:3:4:5', AT)).toBe(60)
  expect(attempts.waitSecondsOf('2001:db8:0:2::1', AT)).toBeUndefined()
})

test('what is remembered is bounded: the address that began first is forgotten first', () => {
  const attempts = createFailedAttempts(1, createAddressRanges([]))
  const address = (index: number) => `10.${index >> 16}.${(index >> 8) & 255}.${index & 255}`
  for (let index = 0; index <= 10_000; index++) attempts.count(address(index), AT)
  expect(attempts.waitSecondsOf(address(0), AT)).toBeUndefined()
  expect(attempts.waitSecondsOf(address(1), AT)).toBe(60)
  expect(attempts.waitSecondsOf(address(10_000), AT)).toBe(60)
})

test.each([0, -1, 1.5, Number.NaN, 1_000_001, '60'])(
  'a limit of %j is refused by its name',
  async (failedAttemptsPerMinute) => {
    const options = { failedAttemptsPerMinute } as { readonly failedAttemptsPerMinute: number }
    await expect(createFixture(options)).rejects.toMatchObject({
      code: 'ERR_OPTION_INVALID',
      message: expect.stringContaining('failedAttemptsPerMinute'),
    })
  },
)
