import { expect, test } from 'vitest'
import type { KeyPolicies } from '../../../../mock-server/index.ts'
import { type AdministrativeCall, administrative, shown } from '../../forged-data/administering.ts'
import { atEachDoor, type Door, EACH_DOOR } from '../../forged-data/doors.ts'
import { createFixture, type Fixture, layersOf } from '../../forged-data/fixture.ts'
import { expectOutcome } from '../../forged-data/outcome.ts'

const PATH = '/superadmin/security/key-policy'

/** As the form shows it: length, and the three minimums. */
type Composition = readonly [unknown, unknown, unknown, unknown]

const section = ([keyLength, minNumbers, minUpperCase, minLowerCase]: Composition) => ({
  keyLength,
  minNumbers,
  minUpperCase,
  minLowerCase,
})

const policies = (organization: Composition, application: Composition, isMasked = true) => ({
  organizationApiKey: section(organization),
  applicationKey: section(application),
  maskInvalidIpsOnLogin: isMasked,
})

const DEFAULT: Composition = [32, 6, 6, 6]

const show = ({ superadmin }: Fixture): AdministrativeCall => ({
  method: 'GET',
  path: PATH,
  by: superadmin,
})
const save = ({ superadmin }: Fixture, json: unknown): AdministrativeCall => ({
  method: 'PUT',
  path: PATH,
  json,
  by: superadmin,
})

async function send(fixture: Fixture, door: Door, call: AdministrativeCall) {
  return shown(await door.send(administrative(fixture, call)))
}

test.each(EACH_DOOR)(
  'K-510: a superadmin is shown the policy and saves it whole, and that is audited, at %s',
  async (_name, kind) => {
    const fixture = await createFixture()
    const door = await kind.open(fixture.teamServer)
    const document = { success: true, messages: [] }
    expect(await send(fixture, door, show(fixture))).toEqual({
      status: 200,
      body: { ...document, ...policies(DEFAULT, DEFAULT) },
    })
    const saved = policies([32, 10, 10, 10], [24, 6, 6, 6], false)
    const answer = { status: 200, body: { ...document, ...saved } }
    expect(await send(fixture, door, save(fixture, saved))).toEqual(answer)
    expect(await send(fixture, door, show(fixture))).toEqual(answer)
    expect(await fixture.teamServer.keyPolicy()).toEqual(saved)
    const acts = (await fixture.teamServer.auditLog()).filter(({ reason }) => {
      return reason === 'key-policy-changed'
    })
    expect(acts).toEqual([
      {
        at: fixture.clock.now,
        kind: 'administration',
        reason: 'key-policy-changed',
        detail:
          'set the key policy: organizationApiKey 32/10/10/10, applicationKey 24/6/6/6; ' +
          'invalid addresses are not masked on login',
        claimedUserName: fixture.superadmin.userName,
        ...(door.remoteAddress === undefined ? {} : { remoteAddress: door.remoteAddress }),
      },
    ])
  },
)

/** What each policy allows at worst, in bits, as the matrix says. */
const WEAK: readonly (readonly [Composition, bits: string])[] = [
  [[22, 6, 6, 6], '126.6'],
  [[16, 4, 4, 4], '92.1'],
  [[8, 2, 2, 2], '45.5'],
  [[8, 8, 0, 0], '26.6'],
]

test.each(
  atEachDoor(WEAK.map(([weak, bits]) => ({ id: 'K-104', what: weak.join('/'), weak, bits }))),
)(
  '%s is saved with a warning that says the bits, and audited, at %s',
  async (_w, _d, row, kind) => {
    const fixture = await createFixture()
    const door = await kind.open(fixture.teamServer)
    const warning = (name: string) =>
      `${name}: a key may have as few as ${row.bits} bits; 128 are advised`
    const ofApiKeys = policies(row.weak, [22, 0, 0, 0])
    expect(await send(fixture, door, save(fixture, ofApiKeys))).toEqual({
      status: 200,
      body: { success: true, messages: [warning('organizationApiKey')], ...ofApiKeys },
    })
    const ofBoth = policies(row.weak, row.weak)
    expect((await send(fixture, door, save(fixture, ofBoth))).body).toMatchObject({
      messages: [warning('organizationApiKey'), warning('applicationKey')],
    })
    expect((await fixture.teamServer.auditLog()).at(-1)?.detail).toContain(
      warning('applicationKey'),
    )
    const given = ofBoth as KeyPolicies
    expect(await fixture.teamServer.setKeyPolicy(given)).toEqual({
      warnings: [warning('organizationApiKey'), warning('applicationKey')],
    })
  },
)

const BAD_COMPOSITIONS: readonly (readonly [Composition, readonly string[]])[] = [
  [[7, 0, 0, 0], ['keyLength']],
  [[33, 6, 6, 6], ['keyLength']],
  [[8.5, 0, 0, 0], ['keyLength']],
  [['32', 6, 6, 6], ['keyLength']],
  [[Number.NaN, 6, 6, 6], ['keyLength']],
  [[null, 6, 6, 6], ['keyLength']],
  [[undefined, 6, 6, 6], ['keyLength']],
  [[true, 6, 6, 6], ['keyLength']],
  [[32, -1, 6, 6], ['minNumbers']],
  [[32, 6, 1.5, 6], ['minUpperCase']],
  [[32, 6, 6, '6'], ['minLowerCase']],
  [
    [32, undefined, undefined, undefined],
    ['minNumbers', 'minUpperCase', 'minLowerCase'],
  ],
  [
    [7, -1, 1.5, '6'],
    ['keyLength', 'minNumbers', 'minUpperCase', 'minLowerCase'],
  ],
  [
    [32, 11, 11, 11],
    ['minNumbers', 'minUpperCase', 'minLowerCase', 'keyLength'],
  ],
  [
    [8, 3, 3, 3],
    ['minNumbers', 'minUpperCase', 'minLowerCase', 'keyLength'],
  ],
]

const BAD_FORMS = [
  ...BAD_COMPOSITIONS.flatMap(([bad, fields]) =>
    (['organizationApiKey', 'applicationKey'] as const).map((name) => ({
      what: `${name} ${JSON.stringify(bad)}`,
      form: { ...policies([16, 1, 1, 1], [16, 1, 1, 1], false), [name]: section(bad) } as unknown,
      named: [name, ...fields],
    })),
  ),
  {
    what: 'both sections and the switch',
    form: { ...policies([7, -1, 1.5, '6'], ['32', -1, null, []]), maskInvalidIpsOnLogin: 'yes' },
    named: [
      'organizationApiKey: keyLength must be a whole number from 8 to 32, minNumbers, minUpperCase, minLowerCase must be',
      'applicationKey: keyLength must be a whole number from 8 to 32, minNumbers, minUpperCase, minLowerCase must be',
      'maskInvalidIpsOnLogin must be true or false',
    ],
  },
  {
    what: 'a form with one section',
    form: { organizationApiKey: section([16, 1, 1, 1]) },
    named: ['applicationKey', 'maskInvalidIpsOnLogin'],
  },
  {
    what: 'fields of another form',
    form: { min_length: 9 },
    named: ['organizationApiKey', 'applicationKey', 'maskInvalidIpsOnLogin'],
  },
  {
    what: 'lists for sections',
    form: { ...policies(DEFAULT, DEFAULT), applicationKey: [32, 6, 6, 6] },
    named: ['applicationKey', 'keyLength'],
  },
  { what: 'nothing', form: {}, named: [] },
  { what: 'a list', form: [], named: [] },
]

test.each(atEachDoor(BAD_FORMS.map((row) => ({ id: 'K-501, K-502', ...row }))))(
  '%s is refused, each field named, and nothing of it is saved, at %s',
  async (_what, _door, { form, named }, kind) => {
    const fixture = await createFixture()
    const door = await kind.open(fixture.teamServer)
    const { status, body } = await send(fixture, door, save(fixture, form))
    expect({ status, body }).toMatchObject({ status: 400, body: { reason: 'body-malformed' } })
    const [message = ''] = (body as { readonly messages: readonly string[] }).messages
    expect(named.filter((name) => !message.includes(name))).toEqual([])
    expect(message).toMatch(/\.$/)
    expect(await fixture.teamServer.keyPolicy()).toEqual(policies(DEFAULT, DEFAULT))
    // In process the same.
    await expect(fixture.teamServer.setKeyPolicy(form as KeyPolicies)).rejects.toMatchObject({
      code: 'ERR_OPTION_INVALID',
    })
    expect(await fixture.teamServer.keyPolicy()).toEqual(policies(DEFAULT, DEFAULT))
  },
)

const EXTREMES: readonly Composition[] = [
  [8, 0, 0, 0],
  [8, 8, 0, 0],
  [8, 0, 0, 8],
  [32, 32, 0, 0],
  [32, 11, 11, 10],
]

test.each(atEachDoor(EXTREMES.map((each) => ({ id: 'K-502, K-503', what: each.join('/'), each }))))(
  '%s is saved, and the keys that are made from then on obey it, at %s',
  async (_w, _d, row, kind) => {
    const fixture = await createFixture()
    const door = await kind.open(fixture.teamServer)
    const saved = policies(row.each, row.each)
    expect((await send(fixture, door, save(fixture, saved))).status).toBe(200)
    const [keyLength, numbers, upperCase, lowerCase] = row.each as readonly number[]
    const rotated = { method: 'PUT', path: '/:org/organizations/apikey/rotate' } as const
    for (let at = 0; at < 5; at++) {
      expect((await send(fixture, door, rotated)).status).toBe(200)
      await fixture.a.rotateAgentKey('default')
      for (const key of [fixture.a.apiKey.value, fixture.a1.serviceKey]) {
        expect(key).toHaveLength(keyLength ?? 0)
        expect(key.replace(/[^0-9]/g, '').length).toBeGreaterThanOrEqual(numbers ?? 0)
        expect(key.replace(/[^A-Z]/g, '').length).toBeGreaterThanOrEqual(upperCase ?? 0)
        expect(key.replace(/[^a-z]/g, '').length).toBeGreaterThanOrEqual(lowerCase ?? 0)
      }
    }
  },
)

test.each(EACH_DOOR)(
  'K-508, K-509: keys of before go on working, are marked, and the next ones obey, each by its section, at %s',
  async (_name, kind) => {
    const fixture = await createFixture()
    const door = await kind.open(fixture.teamServer)
    const { a, a1 } = fixture
    const before = a.apiKey.value
    expect([await a.apiKey.isCompliant(), await a1.isCompliant()]).toEqual([true, true])
    const showKey = { method: 'GET', path: '/:org/organizations/apikey' } as const
    const listKeys = { method: 'GET', path: '/:org/agents/keys' } as const
    const marks = async () => {
      const { body: apiKey } = await send(fixture, door, showKey)
      const { body: agentKeys } = await send(fixture, door, listKeys)
      return {
        apiKey: (apiKey as { readonly compliant: boolean }).compliant,
        agentKeys: (
          agentKeys as { readonly agent_keys: readonly { readonly compliant: boolean }[] }
        ).agent_keys.map(({ compliant }) => compliant),
      }
    }
    const report = () => fixture.report(a, ...layersOf(a1, a.apiKey.value))

    await send(fixture, door, save(fixture, policies([24, 0, 12, 12], DEFAULT)))
    expect(await marks()).toEqual({ apiKey: false, agentKeys: [true, true] })
    expect(await a.apiKey.isCompliant()).toBe(false)
    expect(a.apiKey.value).toBe(before)
    expect((await door.send(report())).status).toBe(202)
    const rotate = { method: 'PUT', path: '/:org/organizations/apikey/rotate' } as const
    expect((await send(fixture, door, rotate)).body).toMatchObject({ compliant: true })
    expect(a.apiKey.value).toMatch(/^[A-Za-z]{24}$/)
    // A supplied one that obeyed the policy of before does not do any more.
    const old = { method: 'PUT', path: '/:org/organizations/apikey', json: { value: before } }
    expect((await send(fixture, door, old as AdministrativeCall)).status).toBe(400)

    await send(fixture, door, save(fixture, policies([24, 0, 12, 12], [16, 16, 0, 0])))
    expect(await marks()).toEqual({ apiKey: true, agentKeys: [false, false] })
    expect((await door.send(report())).status).toBe(202)
    await a.rotateAgentKey('default')
    expect(a1.serviceKey).toMatch(/^\d{16}$/)
    expect(await marks()).toEqual({ apiKey: true, agentKeys: [true, false] })
    const { serviceKey } = await a.addPerson({ role: 'view' })
    expect(serviceKey).toMatch(/^\d{16}$/)
    expect((await door.send(report())).status).toBe(202)
  },
)

test.each(EACH_DOOR)(
  'S-506: of saves at once the policy is one, whole, and each is audited, at %s',
  async (_name, kind) => {
    const fixture = await createFixture()
    const door = await kind.open(fixture.teamServer)
    const forms = Array.from({ length: 10 }, (_, at) =>
      policies([20 + at, at, at, 0], [20 + at, 0, at, at], at % 2 === 0),
    )
    const answers = await Promise.all(
      forms.map((form) => door.sendAlone(administrative(fixture, save(fixture, form)))),
    )
    // Each is told what they saved, not a mix.
    expect(answers.map(shown)).toMatchObject(forms.map((body) => ({ status: 200, body })))
    expect(forms).toContainEqual(await fixture.teamServer.keyPolicy())
    const acts = (await fixture.teamServer.auditLog()).filter(({ reason }) => {
      return reason === 'key-policy-changed'
    })
    expect(acts).toHaveLength(10)
  },
)

test.each(EACH_DOOR)(
  'K-510: nobody but a superadmin sees or saves the policy, at %s',
  async (_name, kind) => {
    const fixture = await createFixture()
    const door = await kind.open(fixture.teamServer)
    const { people, a, a1, teamServer } = fixture
    const auditor = await a.addPerson({ role: 'auditor' })
    const observer = await teamServer.addPerson({ role: 'observer' })
    for (const call of [show(fixture), save(fixture, policies([8, 0, 0, 0], [8, 0, 0, 0]))]) {
      for (const by of [...Object.values(people), auditor, observer]) {
        expectOutcome(door, 'ROLE', await door.send(administrative(fixture, { ...call, by })))
      }
      const asked = administrative(fixture, call)
      const body = asked.headers.filter(([name]) => name === 'Content-Type')
      const asAgent = [...layersOf(a1, a.apiKey.value), ...body]
      expectOutcome(door, 'ROLE', await door.send({ ...asked, headers: asAgent }))
      expectOutcome(door, 'C-MISSING', await door.send({ ...asked, headers: body }))
    }
    expect(await teamServer.keyPolicy()).toEqual(policies(DEFAULT, DEFAULT))
  },
)
