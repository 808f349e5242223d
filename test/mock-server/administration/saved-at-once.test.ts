import { expect, test } from 'vitest'
import { EACH_DOOR } from '../forged-data/doors.ts'
import { createFixture, layersOf } from '../forged-data/fixture.ts'
import { jsonOf } from '../forged-data/sent-request.ts'

/** Saves two forms in turn, many times at once, as two people would. */
async function saveAtOnce(
  kind: (typeof EACH_DOOR)[number][1],
  path: (organizationId: string) => string,
  forms: readonly [object, object],
) {
  const fixture = await createFixture({ scryptCost: 1_024 })
  const door = await kind.open(fixture.teamServer)
  const { a, people, superadmin } = fixture
  const other = await fixture.teamServer.addPerson({ role: 'superadmin' })
  const isOfA = path(a.id).includes(a.id)
  const savers = isOfA ? [people.admin, superadmin] : [superadmin, other]
  const answers = await Promise.all(
    Array.from({ length: 40 }, (_, turn) => {
      const saver = savers[turn % 2] ?? superadmin
      return door.sendAlone({
        method: 'PUT',
        path: `/Contrast/api/ng${path(a.id)}`,
        headers: [['Content-Type', 'application/json'], ...layersOf(saver, a.apiKey.value)],
        body: JSON.stringify(forms[turn % 2]),
      })
    }),
  )
  expect(answers.map(({ status }) => status)).toEqual(Array(40).fill(200))
  return { fixture, documents: answers.map(jsonOf) }
}

const RULES = [
  { keyLength: 32, minNumbers: 10, minUpperCase: 11, minLowerCase: 11 },
  { keyLength: 16, minNumbers: 1, minUpperCase: 2, minLowerCase: 3 },
] as const
const KEY_POLICIES = [
  { organizationApiKey: RULES[0], applicationKey: RULES[0], maskInvalidIpsOnLogin: true },
  { organizationApiKey: RULES[1], applicationKey: RULES[1], maskInvalidIpsOnLogin: false },
] as const

test.each(EACH_DOOR)(
  'S-506: of two key policies saved at once one holds, whole, and every answer shows one, at %s',
  async (_name, kind) => {
    const path = () => '/superadmin/security/key-policy'
    const { fixture, documents } = await saveAtOnce(kind, path, KEY_POLICIES)
    expect(KEY_POLICIES).toContainEqual(await fixture.teamServer.keyPolicy())
    for (const [turn, document] of documents.entries()) {
      expect(document).toMatchObject(KEY_POLICIES[turn % 2] ?? {})
    }
    const saved = (await fixture.teamServer.auditLog()).filter(
      ({ reason }) => reason === 'key-policy-changed',
    )
    expect(saved).toHaveLength(40)
  },
)

const PASSWORD_POLICIES = [
  { minLength: 20, minUpperCase: 5, minLowerCase: 5, minNumbers: 5, minSymbols: 5 },
  { minLength: 9, minUpperCase: 1, minLowerCase: 1, minNumbers: 1, minSymbols: 0 },
] as const

test.each(EACH_DOOR)(
  'S-506: of two password policies saved at once one holds, whole, at %s',
  async (_name, kind) => {
    const forms = PASSWORD_POLICIES.map((policy) => ({
      min_length: policy.minLength,
      min_upper: policy.minUpperCase,
      min_lower: policy.minLowerCase,
      min_numbers: policy.minNumbers,
      min_symbols: policy.minSymbols,
    }))
    const [first = {}, second = {}] = forms
    const path = () => '/superadmin/security/password-policy'
    const { fixture } = await saveAtOnce(kind, path, [first, second])
    const { lockoutAttempts, idleTimeoutMs, sessionTimeoutMs, ...strength } =
      await fixture.teamServer.passwordPolicy()
    expect(PASSWORD_POLICIES).toContainEqual(strength)
    // What neither form names stays.
    expect([lockoutAttempts, idleTimeoutMs, sessionTimeoutMs]).toEqual([3, 900_000, 28_800_000])
  },
)

const EVERYWHERE = [
  { ipRange: ['0.0.0.0/0', '::/0', '203.0.113.7'], appliesToAgents: false },
  { ipRange: [], appliesToAgents: true },
] as const

test.each(EACH_DOOR)(
  'S-506: of two address lists saved at once one holds, whole, at %s',
  async (_name, kind) => {
    const from = {
      ...kind,
      open: (teamServer: Parameters<typeof kind.open>[0]) => kind.open(teamServer, '127.0.0.1'),
    }
    const path = (id: string) => `/${id}/security/ip-ranges`
    const { fixture } = await saveAtOnce(from, path, EVERYWHERE)
    const { ranges, appliesToAgents } = fixture.a.addressRanges()
    expect(EVERYWHERE).toContainEqual({ ipRange: ranges, appliesToAgents })
    const stored = await fixture.teamServer.store.organization(fixture.a.id)
    expect(stored?.addressRanges).toEqual({ ranges, appliesToAgents })
  },
)
