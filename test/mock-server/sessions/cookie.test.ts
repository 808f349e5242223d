import type * as crypto from 'node:crypto'
import { beforeEach, expect, test, vi } from 'vitest'
import { atEachDoor, EACH_DOOR } from '../forged-data/doors.ts'
import { createFixture } from '../forged-data/fixture.ts'
import { expectOutcome } from '../forged-data/outcome.ts'
import { expectRefused } from '../forged-data/refusal.ts'
import { secretsFoundIn } from '../forged-data/secret-search.ts'
import { bytesOf, type HeaderLine } from '../forged-data/sent-request.ts'
import { cookieOf, login, logout, ownProfile, signIn } from '../forged-data/signing-in.ts'

/** What the CSPRNG gave, each as bytes. */
const drawn: Buffer[] = []

vi.mock('node:crypto', async (original) => {
  const real = await original<typeof crypto>()
  const randomBytes = (size: number) => {
    const bytes = real.randomBytes(size)
    drawn.push(bytes)
    return bytes
  }
  return { ...real, randomBytes }
})

beforeEach(() => {
  drawn.length = 0
})

const FIXED = 'A'.repeat(43)

const FIXATIONS = [
  { id: 'F-701', what: 'in a cookie', lines: [['Cookie', `TEAMSERVER_SESSION=${FIXED}`]] as const },
  { id: 'F-701', what: 'in the query', lines: [], query: `?TEAMSERVER_SESSION=${FIXED}` },
]

test.each(atEachDoor(FIXATIONS))(
  '%s: a session id set before the login stays worthless, and the login gives a new one, at %s',
  async (_what, _door, { lines, query = '' }, kind) => {
    const fixture = await createFixture({ scryptCost: 1_024 })
    const door = await kind.open(fixture.teamServer)
    const sent = login(fixture.people.view, ...lines)
    const answer = await door.send({ ...sent, path: `${sent.path}${query}` })
    expect(answer.status).toBe(200)
    expect(cookieOf(answer)).toMatch(/^TEAMSERVER_SESSION=[A-Za-z0-9_-]{43};/)
    expect(cookieOf(answer)).not.toContain(FIXED)
    await expectRefused({ fixture, door }, ownProfile(['Cookie', `TEAMSERVER_SESSION=${FIXED}`]), {
      outcome: 'SESSION',
      detail: 'session-unknown',
    })
  },
)

test.each(EACH_DOOR)(
  'F-701: a person who signs in again gets another id, and a forged one beside it is nothing, at %s',
  async (_name, kind) => {
    const fixture = await createFixture({ scryptCost: 1_024 })
    const door = await kind.open(fixture.teamServer)
    const first = await signIn(door, fixture.people.view)
    const second = await signIn(door, fixture.people.view, first.cookie)
    expect(second.id).not.toBe(first.id)
    expect(second.csrf).not.toEqual(first.csrf)
    // Of two ids in one request nobody knows whose they are.
    const both: HeaderLine = ['Cookie', `${first.cookie[1]}; TEAMSERVER_SESSION=${FIXED}`]
    expectOutcome(door, 'C-MISSING', await door.send(ownProfile(both)))
    expect((await door.send(ownProfile(['Cookie', `a=b; ${second.cookie[1]}`]))).status).toBe(200)
  },
)

test.each(EACH_DOOR)(
  'F-702: the cookie is for the browser alone and for this site alone, at %s',
  async (_name, kind) => {
    const fixture = await createFixture({ scryptCost: 1_024 })
    const door = await kind.open(fixture.teamServer)
    const { id, csrf, cookie, answer } = await signIn(door, fixture.people.admin)
    expect(cookieOf(answer)).toBe(`TEAMSERVER_SESSION=${id}; HttpOnly; SameSite=Strict; Path=/`)
    const gone = await door.send(logout(cookie, csrf))
    expect(cookieOf(gone)).toBe('TEAMSERVER_SESSION=; HttpOnly; SameSite=Strict; Path=/; Max-Age=0')
  },
)

test('F-702: a login over TLS gives a cookie that goes over nothing else', async () => {
  const { teamServer, people } = await createFixture({ scryptCost: 1_024 })
  const { userName, password } = people.admin
  const response = await teamServer.handle(
    new Request('https://teamserver.test/Contrast/api/ng/login', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ userName, password }),
    }),
  )
  expect(response.headers.get('set-cookie')).toMatch(
    /^TEAMSERVER_SESSION=[A-Za-z0-9_-]{43}; HttpOnly; SameSite=Strict; Path=\/; Secure$/,
  )
})

const FRONTS = [
  { id: 'F-702', what: 'a trusted proxy', peer: '127.0.0.5', attribute: '; Secure' },
  { id: 'F-702', what: 'anybody else', peer: '127.0.0.6', attribute: '' },
]

test.each(atEachDoor(FRONTS))(
  '%s says that there is TLS in front of it: whether the cookie goes over nothing else, at %s',
  async (_what, _door, { peer, attribute }, kind) => {
    const fixture = await createFixture({ scryptCost: 1_024, trustedProxies: ['127.0.0.5'] })
    const door = await kind.open(fixture.teamServer, peer)
    const forwarded: readonly HeaderLine[] = [
      ['X-Forwarded-Proto', 'https'],
      ['X-Forwarded-For', '10.1.2.3'],
    ]
    const { id, csrf, cookie, answer } = await signIn(door, fixture.people.admin, ...forwarded)
    const path = 'HttpOnly; SameSite=Strict; Path=/'
    expect(cookieOf(answer)).toBe(`TEAMSERVER_SESSION=${id}; ${path}${attribute}`)
    const gone = await door.send(logout(cookie, csrf, ...forwarded))
    expect(cookieOf(gone)).toBe(`TEAMSERVER_SESSION=; ${path}${attribute}; Max-Age=0`)
  },
)

test.each(EACH_DOOR)(
  'F-702: id and token are 256 bits of the CSPRNG each, and no two are the same, at %s',
  async (_name, kind) => {
    const fixture = await createFixture({ scryptCost: 1_024 })
    const door = await kind.open(fixture.teamServer)
    const texts: string[] = []
    for (let turn = 0; turn < 20; turn++) {
      const { id, csrf } = await signIn(door, fixture.people.view)
      texts.push(id, csrf[1])
    }
    expect(new Set(texts).size).toBe(40)
    const drawnTexts = drawn
      .filter(({ length }) => length === 32)
      .map((b) => b.toString('base64url'))
    expect(texts.filter((text) => !drawnTexts.includes(text))).toEqual([])
  },
)

test.each(EACH_DOOR)(
  'F-702: what is stored, told and logged of a session holds neither id nor token, at %s',
  async (_name, kind) => {
    const fixture = await createFixture({ scryptCost: 1_024 })
    const { store } = fixture.teamServer
    const kept = vi.spyOn(store, 'addLoginSession')
    const door = await kind.open(fixture.teamServer)
    const { id, cookie, csrf } = await signIn(door, fixture.people.admin)
    const served = await door.send(ownProfile(cookie))
    const gone = await door.send(logout(cookie, csrf))
    expect([served.status, gone.status]).toEqual([200, 200])

    expect(kept).toHaveBeenCalledTimes(1)
    const [record] = kept.mock.calls[0] ?? []
    expect(record?.handle).toMatch(/^[0-9a-f]{64}$/)
    expect(record?.csrfDigest).toHaveLength(32)
    expect(await store.loginSession(id)).toBeUndefined()
    const log = [...(await fixture.a.auditLog()), ...(await fixture.teamServer.auditLog())]
    const shown = [
      JSON.stringify(record),
      record?.csrfDigest.toString('hex'),
      record?.csrfDigest.toString('base64'),
      JSON.stringify(log),
      bytesOf(served),
      bytesOf(gone),
      ...fixture.output,
    ].join('\n')
    expect(secretsFoundIn(shown, [id, csrf[1]])).toEqual([])
  },
)

const ELSEWHERE = [
  { what: 'in the query', query: (id: string) => `?TEAMSERVER_SESSION=${id}&session=${id}` },
  { what: 'in the path', query: (id: string) => `;TEAMSERVER_SESSION=${id}`, isPath: true },
  {
    what: 'in other lines',
    lines: (id: string): readonly HeaderLine[] => [
      ['TEAMSERVER_SESSION', id],
      ['X-Session', id],
      ['Set-Cookie', `TEAMSERVER_SESSION=${id}`],
    ],
  },
  {
    what: 'under another name of cookie',
    lines: (id: string): readonly HeaderLine[] => [
      ['Cookie', `teamserver_session=${id}; TEAMSERVER_SESSION2=${id}; XTEAMSERVER_SESSION=${id}`],
    ],
  },
].map((row) => ({ ...row, id: 'F-705' }))

test.each(atEachDoor(ELSEWHERE))(
  '%s: a session id is not read, at %s',
  async (_what, _door, { query = () => '', lines = () => [], isPath = false }, kind) => {
    const fixture = await createFixture({ scryptCost: 1_024 })
    const door = await kind.open(fixture.teamServer)
    const { id } = await signIn(door, fixture.people.admin)
    const { path, ...rest } = ownProfile(...lines(id))
    const answer = await door.send({ ...rest, path: `${path}${query(id)}` })
    if (isPath) expect(answer.status).toBe(404)
    else expectOutcome(door, 'C-MISSING', answer)
    const log = [...(await fixture.a.auditLog()), ...(await fixture.teamServer.auditLog())]
    if (!isPath) expect(secretsFoundIn(JSON.stringify(log), [id])).toEqual([])
  },
)

test.each(EACH_DOOR)(
  'F-706: a session is not read where engines report, and changes nothing beside their credentials, at %s',
  async (_name, kind) => {
    const fixture = await createFixture({ scryptCost: 1_024 })
    const door = await kind.open(fixture.teamServer)
    const { a, people, superadmin, right } = fixture
    for (const person of [people.admin, superadmin]) {
      const { cookie, csrf } = await signIn(door, person)
      await expectRefused({ fixture, door }, fixture.report(a, cookie, csrf), {
        outcome: 'C-MISSING',
        detail: 'authorization-missing',
      })
      // With half of the credentials of an engine too: a session stands in for neither layer.
      const half: HeaderLine = ['Authorization', right.authorization]
      await expectRefused({ fixture, door }, fixture.report(a, half, cookie, csrf), {
        outcome: 'K-WRONG',
        detail: 'api-key-missing',
        claimedUserName: fixture.a1.userName,
      })
      const whole = fixture.report(a, half, ['API-Key', right.apiKey], cookie)
      expect((await door.send(whole)).status).toBe(202)
    }
    const stored = await a.reports({ withReceipt: true })
    expect(new Set(stored.map(({ agentUserName }) => agentUserName))).toEqual(
      new Set([fixture.a1.userName, fixture.a2.userName]),
    )
  },
)
