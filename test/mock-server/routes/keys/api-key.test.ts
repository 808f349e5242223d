import { expect, test } from 'vitest'
import type { AuditEntry } from '../../../../mock-server/index.ts'
import { type AdministrativeCall, administrative, shown } from '../../forged-data/administering.ts'
import { API_KEY_ROWS } from '../../forged-data/api-key-row.ts'
import { atEachDoor, EACH_DOOR, NODE_HTTP } from '../../forged-data/doors.ts'
import { createFixture, type Fixture, layersOf } from '../../forged-data/fixture.ts'
import { expectOutcome } from '../../forged-data/outcome.ts'
import { expectRefused } from '../../forged-data/refusal.ts'
import { secretsFoundIn } from '../../forged-data/secret-search.ts'
import { bytesOf } from '../../forged-data/sent-request.ts'
import { stateOf } from '../../forged-data/state.ts'

const PATH = '/:org/organizations/apikey'
const HOUR_MS = 3_600_000

/** Obeys the default policy: 32 characters, ten digits, ten of one case and twelve of the other. */
const OWN = '0123456789ABCDEFGHIJabcdefghijkl'

const show: AdministrativeCall = { method: 'GET', path: PATH }
const change = (json: unknown): AdministrativeCall => ({ method: 'PUT', path: PATH, json })
const rotate = (json?: unknown): AdministrativeCall => ({
  method: 'PUT',
  path: `${PATH}/rotate`,
  json,
})
const revoke: AdministrativeCall = { method: 'PUT', path: `${PATH}/revoke` }

test.each(EACH_DOOR)(
  'the key is shown, set, switched off, rotated with an overlap and revoked, at %s',
  async (_name, kind) => {
    const fixture = await createFixture()
    const { a, people } = fixture
    const door = await kind.open(fixture.teamServer)
    const send = async (call: AdministrativeCall) =>
      shown(await door.send(administrative(fixture, call)))
    const ok = (document: object) => ({
      status: 200,
      body: { success: true, messages: [], compliant: true, ...document },
    })
    const first = a.apiKey.value
    expect(await send(show)).toEqual(ok({ api_key: first, enabled: true, lastUsed: AT_START }))
    expect(await send(change({ value: OWN }))).toEqual(ok({ api_key: OWN, enabled: true }))
    expect(a.apiKey.value).toBe(OWN)

    const rotated = await send(rotate({ overlapMs: HOUR_MS }))
    const next = a.apiKey.value
    expect(next).not.toBe(OWN)
    const acceptedUntil = '2026-01-01T01:00:00.000Z'
    expect(rotated).toEqual(ok({ api_key: next, enabled: true, acceptedUntil }))
    expect(await send(revoke)).toEqual(ok({ api_key: next, enabled: true, lastUsed: AT_START }))
    // Done twice, it is the same.
    expect(await send(revoke)).toEqual(ok({ api_key: next, enabled: true, lastUsed: AT_START }))

    expect(await send(change({ enabled: false }))).toEqual(
      ok({ api_key: next, enabled: false, lastUsed: AT_START }),
    )
    expect(a.apiKey.isEnabled).toBe(false)
    expect(await actsOf(fixture)).toEqual(
      [
        ['api-key-set', 'set the organization API key'],
        ['api-key-rotated', 'rotated the organization API key with an overlap of 3600000 ms'],
        ['api-key-overlap-closed', 'ended the overlap of the organization API key'],
        ['api-key-overlap-closed', 'ended the overlap of the organization API key'],
        ['api-key-disabled', 'switched the organization API key off'],
      ].map(([reason, detail]) => ({
        at: fixture.clock.now,
        kind: 'administration',
        reason,
        detail,
        claimedUserName: people.admin.userName,
        ...(door.remoteAddress === undefined ? {} : { remoteAddress: door.remoteAddress }),
      })),
    )
  },
)

const AT_START = '2026-01-01T00:00:00.000Z'

/** The acts upon the API key in the audit log of A. */
async function actsOf({ a }: Fixture): Promise<readonly AuditEntry[]> {
  return (await a.auditLog()).filter(({ reason }) => reason.startsWith('api-key-'))
}

test.each(EACH_DOOR)(
  'value and switch change in one step with one entry that tells of both, at %s',
  async (_name, kind) => {
    const fixture = await createFixture()
    await fixture.a.apiKey.disable()
    const door = await kind.open(fixture.teamServer)
    const answer = await door.send(administrative(fixture, change({ enabled: true, value: OWN })))
    expect(shown(answer)).toEqual({
      status: 200,
      body: { success: true, messages: [], api_key: OWN, enabled: true, compliant: true },
    })
    expect((await actsOf(fixture)).slice(1)).toMatchObject([
      {
        reason: 'api-key-set',
        detail: 'set the organization API key; switched the organization API key on',
      },
    ])
  },
)

const LENGTH = 'must be exactly 32 characters long'
const DIGITS = 'needs at least 6 digits'
const UPPER = 'needs at least 6 upper case letters'
const LOWER = 'needs at least 6 lower case letters'
const CHARACTERS = 'may hold visible ASCII characters only, and no space, comma or quote'
const KNOWN = 'may not be a name, an id or an example'
const HELD = 'may not be the current one or one of the last 10'

interface BadValue {
  readonly id: string
  readonly what: string
  readonly value: (fixture: Fixture) => string | Promise<string>
  readonly missed: readonly string[]
}

const bad = (
  id: string,
  what: string,
  value: string | BadValue['value'],
  ...missed: readonly string[]
): BadValue => ({ id, what, value: typeof value === 'string' ? () => value : value, missed })

/** A key that would obey, with its last characters replaced. */
const ending = (end: string) => `AAAAAAaaaaaa111111BBBBBBbbbbbb22`.slice(0, 32 - end.length) + end

/** A policy under which user names, ids and the examples of the documentation are long enough. */
const LOOSE = { keyLength: 13, minNumbers: 0, minUpperCase: 0, minLowerCase: 0 }

const BAD_VALUES: readonly BadValue[] = [
  bad('K-504', 'a character short', OWN.slice(1), LENGTH),
  bad('K-504', 'a character long', `${OWN}x`, LENGTH),
  bad('K-504', 'a digit short', 'AAAAAAaaaaaa11111_______________', DIGITS),
  bad('K-504', 'an upper case letter short', 'AAAAA_aaaaaa111111______________', UPPER),
  bad('K-504', 'a lower case letter short', 'AAAAAAaaaaa_111111______________', LOWER),
  bad('K-504', 'nothing', '', LENGTH, DIGITS, UPPER, LOWER),
  bad('K-504', 'all at once', 'ß ', LENGTH, DIGITS, UPPER, LOWER, CHARACTERS),
  bad('K-505', 'an Arabic digit', 'AAAAAAaaaaaa11111٣______________', DIGITS, CHARACTERS),
  bad('K-505', 'a Roman numeral', 'AAAAAⅧaaaaaa111111______________', UPPER, CHARACTERS),
  bad('K-505', 'an accented letter', 'AAAAAÉaaaaaa111111______________', UPPER, CHARACTERS),
  bad(
    'K-505',
    'a letter without upper case',
    'AAAAAAaaaaaß111111______________',
    LOWER,
    CHARACTERS,
  ),
  bad('K-505', 'a full-width letter', 'AAAAAＡaaaaaa111111______________', UPPER, CHARACTERS),
  ...[' ', ',', '"', "'", '\u0000', '\u007f', '\u0085', '\u00a0'].map((sign) =>
    bad('K-506', `the sign ${JSON.stringify(sign)}`, ending(sign), CHARACTERS),
  ),
  bad('K-507', 'the current key', ({ a }) => a.apiKey.value, HELD),
  bad('K-507', 'the key before', async (fixture) => valueBefore(fixture, 1), HELD),
  bad('F-306', 'the tenth key before', async (fixture) => valueBefore(fixture, 10), HELD),
  ...API_KEY_ROWS.filter(({ id }) => id === 'F-215').map(({ what }) =>
    bad('F-215', what, what, LENGTH),
  ),
]

async function valueBefore(fixture: Fixture, rotations: number): Promise<string> {
  const { value } = fixture.a.apiKey
  fixture.noteSecrets()
  for (let at = 0; at < rotations; at++) await fixture.a.apiKey.rotate()
  return value
}

test.each(atEachDoor(BAD_VALUES))(
  '%s is refused by the rules it misses, nothing changes, and it is not repeated, at %s',
  async (_what, _door, { value: make, missed }, kind) => {
    const fixture = await createFixture()
    await fixture.a.apiKey.disable()
    const value = await make(fixture)
    const door = await kind.open(fixture.teamServer)
    const before = await stateOf(fixture)
    fixture.noteSecrets()
    for (const call of [change({ value }), change({ value, enabled: true }), rotate({ value })]) {
      const answer = await door.send(administrative(fixture, call))
      const rules = `the organization API key ${missed.join(', ')}`
      const { status, body } = shown(answer)
      expect({ status, body }).toMatchObject({ status: 400, body: { reason: 'body-malformed' } })
      expect(body).toMatchObject({
        messages: [expect.stringContaining(rules.slice(0, -1))],
      })
      expect(Buffer.byteLength(answer.body)).toBeLessThanOrEqual(512)
      const entries = JSON.stringify(await fixture.a.auditLog())
      const looked = value.length < 8 ? fixture.secrets : [...fixture.secrets, value]
      expect(secretsFoundIn([bytesOf(answer), entries].join('\n'), looked)).toEqual([])
    }
    expect(await stateOf(fixture)).toEqual(before)
    expect(fixture.errors).toEqual([])
  },
)

test.each(EACH_DOOR)(
  'F-306: the eleventh key before is forgotten, and may come again, at %s',
  async (_name, kind) => {
    const fixture = await createFixture()
    const door = await kind.open(fixture.teamServer)
    const value = await valueBefore(fixture, 11)
    expect((await door.send(administrative(fixture, change({ value })))).status).toBe(200)
    expect(fixture.a.apiKey.value).toBe(value)
  },
)

test.each(EACH_DOOR)(
  'K-507: a name, an id or an example of the documentation is no key, in any case, at %s',
  async (_name, kind) => {
    const fixture = await createFixture()
    const { a, teamServer } = fixture
    const door = await kind.open(teamServer)
    await a.addAgentKey({ name: 'named', userName: 'agent-of-shop' })
    await a.addPerson({ role: 'view', userName: 'Viewer-of-A13' })
    const refusedUnder = async (value: string, keyLength: number) => {
      const policy = { ...LOOSE, keyLength }
      await teamServer.setKeyPolicy({
        ...(await teamServer.keyPolicy()),
        organizationApiKey: policy,
      })
      const { status, body } = shown(await door.send(administrative(fixture, change({ value }))))
      return { status, isNamed: JSON.stringify(body).includes(KNOWN) }
    }
    for (const [value, keyLength] of [
      ['agent-of-shop', 13],
      ['AGENT-OF-SHOP', 13],
      ['viewer-of-a13', 13],
      ['EXAMPLEAPIKEY', 13],
      ['undefined', 9],
      [a.id.replaceAll('-', ''), 32],
      [a.id.replaceAll('-', '').toUpperCase(), 32],
    ] as const) {
      const refused = await refusedUnder(value, keyLength)
      expect({ value, ...refused }).toEqual({ value, status: 400, isNamed: true })
    }
    expect(await refusedUnder('agent-of-shap', 13)).toEqual({ status: 200, isNamed: false })
  },
)

test.each(
  atEachDoor([...'!:_#~'].map((sign) => ({ id: 'K-506', what: `the sign ${sign}`, sign }))),
)('%s may stand in a key, which is then taken, at %s', async (_what, _door, { sign }, kind) => {
  const fixture = await createFixture()
  const door = await kind.open(fixture.teamServer)
  const value = ending(sign)
  expect(shown(await door.send(administrative(fixture, change({ value }))))).toMatchObject({
    status: 200,
    body: { api_key: value },
  })
  expect((await door.send(fixture.honestReport())).status).toBe(202)
})

test.each(
  atEachDoor([
    { id: '400', what: 'nothing', json: {}, says: 'it is not as documented' },
    { id: '400', what: 'a list', json: [], says: 'it must be an object' },
    {
      id: '400',
      what: 'a text for the switch',
      json: { enabled: 'true' },
      says: 'enabled must be true or false',
    },
    {
      id: '400',
      what: 'a number for the value',
      json: { value: 12345678 },
      says: 'value must be text',
    },
    { id: '400', what: 'null for the value', json: { value: null }, says: 'value must be text' },
  ]),
)('%s changes nothing and is told, at %s', async (_what, _door, { json, says }, kind) => {
  const fixture = await createFixture()
  const door = await kind.open(fixture.teamServer)
  const before = await stateOf(fixture)
  const { status, body } = shown(await door.send(administrative(fixture, change(json))))
  expect({ status, body }).toEqual({
    status: 400,
    body: {
      success: false,
      messages: [`The body is malformed: ${says}.`],
      reason: 'body-malformed',
    },
  })
  expect(await stateOf(fixture)).toEqual(before)
})

test.each(
  atEachDoor(
    [-1, 604_800_001, 1.5, '60000', null].map((overlapMs) => ({
      id: '400',
      what: `an overlap of ${JSON.stringify(overlapMs)}`,
      overlapMs,
    })),
  ),
)('%s rotates nothing and is told, at %s', async (_what, _door, { overlapMs }, kind) => {
  const fixture = await createFixture()
  const door = await kind.open(fixture.teamServer)
  const before = await stateOf(fixture)
  const answer = await door.send(administrative(fixture, rotate({ overlapMs })))
  expect(shown(answer)).toMatchObject({ status: 400, body: { reason: 'body-malformed' } })
  expect(bytesOf(answer)).toContain('overlapMs must be a whole number')
  expect(await stateOf(fixture)).toEqual(before)
})

test.each(EACH_DOOR)(
  'a rotation needs no body, and an empty one with a content type is none, at %s',
  async (_name, kind) => {
    const fixture = await createFixture()
    const door = await kind.open(fixture.teamServer)
    const bare = administrative(fixture, rotate())
    expect((await door.send(bare)).status).toBe(200)
    const typed = administrative(fixture, rotate())
    const headers = [...typed.headers, ['Content-Type', 'application/json'] as const]
    expect((await door.send({ ...typed, headers })).status).toBe(200)
    expect(await actsOf(fixture)).toMatchObject([
      { detail: 'rotated the organization API key with an overlap of 0 ms' },
      { detail: 'rotated the organization API key with an overlap of 0 ms' },
    ])
  },
)

test.each(EACH_DOOR)(
  'F-218, F-219: switched over REST, the layer counts from the answer on, on an open connection, at %s',
  async (_name, kind) => {
    const fixture = await createFixture()
    const door = await kind.open(fixture.teamServer)
    const { a, a1 } = fixture
    const [authorization = ['', ''] as const] = layersOf(a1, '')
    const bare = () => fixture.report(a, authorization)
    const turn = async (enabled: boolean) =>
      expect((await door.send(administrative(fixture, change({ enabled })))).status).toBe(200)
    await turn(false)
    expect((await door.send(bare())).status).toBe(202)
    await turn(true)
    const answer = await expectRefused({ fixture, door }, bare(), {
      outcome: 'K-WRONG',
      detail: 'api-key-missing',
      claimedUserName: a1.userName,
    })
    expect(answer.isConnectionReused).toBe(kind === NODE_HTTP)
    await turn(false)
    expect((await door.send(bare())).status).toBe(202)
  },
)

test.each(EACH_DOOR)(
  'F-216: a key that was set over REST replaces the one before from the answer on, at %s',
  async (_name, kind) => {
    const fixture = await createFixture()
    const door = await kind.open(fixture.teamServer)
    const { a, a1 } = fixture
    const before = fixture.report(a, ...layersOf(a1, a.apiKey.value))
    fixture.noteSecrets()
    expect((await door.send(administrative(fixture, change({ value: OWN })))).status).toBe(200)
    await expectRefused({ fixture, door }, before, {
      outcome: 'K-WRONG',
      detail: 'api-key-retired',
      claimedUserName: a1.userName,
    })
    expect((await door.send(fixture.report(a, ...layersOf(a1, OWN)))).status).toBe(202)
  },
)

test.each(EACH_DOOR)(
  'K-401, K-403: rotations at once all succeed, and never more than two keys are taken, at %s',
  async (_name, kind) => {
    const fixture = await createFixture()
    const door = await kind.open(fixture.teamServer)
    const { a, a1 } = fixture
    const first = a.apiKey.value
    // A superadmin's second layer is that of A as well: all five carry the key of before.
    const calls = Array.from({ length: 5 }, () =>
      administrative(fixture, rotate({ overlapMs: HOUR_MS })),
    )
    const answers = await Promise.all(calls.map((call) => door.sendAlone(call)))
    const made = answers.flatMap((answer) => {
      const { status, body } = shown(answer)
      // Whoever comes third finds the key of their own call refused.
      expect([200, 401]).toContain(status)
      return status === 200 ? [(body as { api_key: string }).api_key] : []
    })
    expect(made.length).toBeGreaterThanOrEqual(1)
    expect(new Set([first, ...made]).size).toBe(made.length + 1)
    const taken: string[] = []
    for (const key of [first, ...made]) {
      const { status } = await door.send(fixture.report(a, ...layersOf(a1, key)))
      if (status === 202) taken.push(key)
    }
    expect(taken).toHaveLength(2)
    expect(taken).toContain(a.apiKey.value)
    // A lost answer is repaired by rotating again.
    expect((await door.send(administrative(fixture, rotate()))).status).toBe(200)
    expect(made).not.toContain(a.apiKey.value)
  },
)

test.each(EACH_DOOR)(
  'nobody below an admin sees or changes the key, at %s',
  async (_name, kind) => {
    const fixture = await createFixture()
    const door = await kind.open(fixture.teamServer)
    const { people, superadmin, a, a1, b, teamServer } = fixture
    const auditor = await a.addPerson({ role: 'auditor' })
    const observer = await teamServer.addPerson({ role: 'observer' })
    const adminOfB = await b.addPerson({ role: 'admin' })
    const before = await stateOf(fixture)
    const calls = [show, change({ enabled: false }), change({ value: OWN }), rotate(), revoke]
    for (const call of calls) {
      const { view, edit, rulesAdmin, apiOnlyEdit } = people
      for (const by of [view, edit, rulesAdmin, apiOnlyEdit, auditor, observer]) {
        expectOutcome(door, 'ROLE', await door.send(administrative(fixture, { ...call, by })))
      }
      const asked = administrative(fixture, call)
      const body = asked.headers.filter(([name]) => name === 'Content-Type')
      const by = (...lines: (typeof asked.headers)[number][]) =>
        door.send({ ...asked, headers: [...lines, ...body] })
      expectOutcome(door, 'ROLE', await by(...layersOf(a1, a.apiKey.value)))
      expectOutcome(door, 'C-MISSING', await by())
      expectOutcome(
        door,
        'ORG',
        await by(['Authorization', adminOfB.authorization], ['API-Key', b.apiKey.value]),
      )
    }
    expect(await stateOf(fixture)).toEqual(before)
    const asSuperadmin = await door.send(administrative(fixture, { ...show, by: superadmin }))
    expect(shown(asSuperadmin)).toMatchObject({ status: 200, body: { api_key: a.apiKey.value } })
  },
)
