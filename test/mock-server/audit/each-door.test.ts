import { expect, test } from 'vitest'
import { createMemoryStore } from '../../../mock-server/store/memory-store.ts'
import { atEachDoor, EACH_DOOR } from '../forged-data/doors.ts'
import { authorizationOf, createFixture, layersOf } from '../forged-data/fixture.ts'
import { expectOutcome } from '../forged-data/outcome.ts'
import { jsonOf, type SentRequest } from '../forged-data/sent-request.ts'
import { login, signIn } from '../forged-data/signing-in.ts'
import { auditEntriesOf } from '../forged-data/state.ts'

const NASTY = [
  { what: 'a line break', value: 'a\r\n202 POST /x' },
  { what: 'escape sequences', value: 'a\u001b[2J\u001b]0;owned\u0007b' },
  { what: 'a line separator', value: 'a\u2028b\u2029c' },
  { what: 'text turned around', value: 'a\u202Egpj.exe\u2066b' },
  { what: 'a zero byte', value: 'a\0b' },
  { what: 'all that a head holds', value: 'x'.repeat(1_000) },
].map((row) => ({ ...row, id: 'S-601' }))

test.each(atEachDoor(NASTY))(
  '%s in a user name, a path and a login leaves one printable line each, cut, at %s',
  async (_what, _door, { value }, kind) => {
    const fixture = await createFixture({ scryptCost: 1_024 })
    const door = await kind.open(fixture.teamServer)
    const before = new Set(await auditEntriesOf(fixture))
    const path = `/Contrast/api/${encodeURIComponent(value)}`
    await door.send(fixture.report(fixture.a, ['Authorization', authorizationOf(value, 'x')]))
    await door.send({ method: 'GET', path, headers: [] })
    await door.send(login({ userName: value, password: value }))
    const entries = (await auditEntriesOf(fixture)).filter((entry) => !before.has(entry))
    expect(entries).toHaveLength(3)
    const told = fixture.output.map((line) => JSON.parse(line))
    for (const each of [...entries, ...told]) {
      expect(JSON.stringify(each).length).toBeLessThan(1_500)
      for (const text of Object.values(each).filter((value) => typeof value === 'string')) {
        expect(text).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u)
        expect(text.length).toBeLessThanOrEqual(512)
      }
    }
  },
)

test.each(EACH_DOOR)(
  'S-602: each of a login, a refusal and an act has its one entry with who and from where, at %s',
  async (_name, kind) => {
    const fixture = await createFixture({ scryptCost: 1_024 })
    const door = await kind.open(fixture.teamServer, '127.0.0.5')
    const { a, people, superadmin } = fixture
    const { userName, password } = people.admin
    const before = new Set(await auditEntriesOf(fixture))
    const { cookie, csrf } = await signIn(door, people.admin)
    await door.send(login({ userName, password: `${password}x` }))
    const put = (path: string, body: object): SentRequest => ({
      method: 'PUT',
      path: `/Contrast/api/ng${path}`,
      headers: [['Content-Type', 'application/json'], cookie, csrf],
      body: JSON.stringify(body),
    })
    await door.send(put(`/${a.id}/organizations/apikey`, { enabled: false }))
    await door.send(put(`/${a.id}/organizations/apikey/rotate`, { overlapMs: 9 }))
    await door.send(put(`/${a.id}/organizations/apikey/revoke`, {}))
    await door.send(put('/superadmin/security/password-policy', { min_length: 9 }))
    const bySuperadmin = put('/superadmin/security/password-policy', { min_length: 9 })
    const headers = [['Content-Type', 'application/json'] as const, ...layersOf(superadmin, '')]
    await door.send({ ...bySuperadmin, headers })

    const entries = (await auditEntriesOf(fixture)).filter((entry) => !before.has(entry))
    const admin = { at: fixture.clock.now, remoteAddress: '127.0.0.5', claimedUserName: userName }
    const done = { ...admin, kind: 'administration' }
    expect(entries).toMatchObject([
      { ...admin, kind: 'notice', reason: 'login-accepted' },
      { ...admin, kind: 'refusal', reason: 'login-refused', detail: 'password-wrong' },
      { ...done, reason: 'api-key-disabled' },
      { ...done, reason: 'api-key-rotated' },
      { ...done, reason: 'api-key-overlap-closed' },
      { ...admin, kind: 'refusal', reason: 'role-refused', detail: 'role-too-small' },
      {
        ...done,
        reason: 'password-policy-changed',
        claimedUserName: superadmin.userName,
      },
    ])
  },
)

test.each(EACH_DOOR)(
  'S-603: nobody without the right reads the log, nobody changes it, and a search is text, at %s',
  async (_name, kind) => {
    const fixture = await createFixture({ scryptCost: 1_024 })
    const door = await kind.open(fixture.teamServer)
    const { a, a1, b, people, superadmin } = fixture
    const ofA = `/Contrast/api/ng/${a.id}/security/audit`
    const read = (path: string, who: { userName: string; serviceKey: string }, method = 'GET') =>
      door.send({ method, path, headers: layersOf(who, a.apiKey.value) })
    for (const who of [a1, people.view, people.edit, people.rulesAdmin, people.apiOnlyEdit]) {
      expectOutcome(door, 'ROLE', await read(ofA, who))
    }
    const log = `/Contrast/api/ng/${b.id}/security/audit`
    expectOutcome(door, 'ORG', await read(log, people.admin))
    const system = '/Contrast/api/ng/superadmin/security/audit'
    expectOutcome(door, 'ROLE', await read(system, people.admin))
    for (const method of ['PUT', 'POST', 'DELETE']) {
      expect((await read(ofA, superadmin, method)).status).toBe(405)
    }
    const total = async (keyword: string) =>
      (jsonOf(await read(`${ofA}?keyword=${encodeURIComponent(keyword)}`, people.admin)) as Found)
        .total
    expect(await total('ROLE-refused')).toBe(6)
    for (const keyword of ['role.refused', '.*', '(a+)+$', '%', '[a-z]']) {
      expect(await total(keyword)).toBe(0)
    }
  },
)

interface Found {
  readonly total: number
}

test.each(EACH_DOOR)(
  'S-604: with a log that takes nothing requests are answered and losses counted, at %s',
  async (_name, kind) => {
    let isFull = false
    const whole = createMemoryStore()
    const store = {
      ...whole,
      async addAuditEntry(...entry: Parameters<typeof whole.addAuditEntry>) {
        if (isFull) throw new Error('no space left for the audit log')
        await whole.addAuditEntry(...entry)
      },
    }
    const fixture = await createFixture({ scryptCost: 1_024, store })
    const { a, a1, people, teamServer } = fixture
    const door = await kind.open(teamServer)
    isFull = true
    const right = fixture.report(a, ...layersOf(a1, a.apiKey.value))
    expect((await door.send(right)).status).toBe(202)
    expectOutcome(door, 'C-MISSING', await door.send(fixture.report(a)))
    const wrong = { userName: a1.userName, serviceKey: 'x' }
    expectOutcome(door, 'C-WRONG', await door.send(fixture.report(a, ...layersOf(wrong, ''))))
    const { userName } = people.admin
    expectOutcome(door, 'LOGIN', await door.send(login({ userName, password: 'wrong' })))
    await signIn(door, people.admin)
    // Three refusals, and the login.
    expect(teamServer.lostAuditEntries()).toBe(4)
    expect(fixture.errors).toHaveLength(4)
  },
)
