import { expect, test } from 'vitest'
import { ROUTES } from '../../../mock-server/routes/index.ts'
import { pathOf, type Route } from '../../../mock-server/routes/route.ts'
import { atEachDoor, type Door, EACH_DOOR } from '../forged-data/doors.ts'
import { createFixture, type Fixture } from '../forged-data/fixture.ts'
import { expectOutcome } from '../forged-data/outcome.ts'
import { expectRefused } from '../forged-data/refusal.ts'
import { type HeaderLine, jsonOf, type SentRequest } from '../forged-data/sent-request.ts'
import { login, logout, ownProfile, type SignedIn, signIn } from '../forged-data/signing-in.ts'
import { stateOf } from '../forged-data/state.ts'

/** The lines that a browser adds for a page of another site. */
const ELSEWHERE: readonly { readonly what: string; readonly lines: readonly HeaderLine[] }[] = [
  { what: 'Sec-Fetch-Site: cross-site', lines: [['Sec-Fetch-Site', 'cross-site']] },
  { what: 'Sec-Fetch-Site: same-site', lines: [['Sec-Fetch-Site', 'same-site']] },
  { what: 'another Origin', lines: [['Origin', 'https://evil.example']] },
  { what: 'an Origin of null', lines: [['Origin', 'null']] },
  { what: 'an Origin that ends alike', lines: [['Origin', 'http://evil-teamserver.test']] },
  {
    what: 'an Origin that says the right host and a cross-site fetch',
    lines: [
      ['Origin', 'http://127.0.0.1'],
      ['Sec-Fetch-Site', 'cross-site'],
    ],
  },
]

test.each(atEachDoor(ELSEWHERE.map((row) => ({ ...row, id: 'F-710' }))))(
  '%s: a login with the right password is LOGIN and no session begins, at %s',
  async (_what, _door, { lines }, kind) => {
    const fixture = await createFixture({ scryptCost: 1_024 })
    const door = await kind.open(fixture.teamServer)
    const { admin } = fixture.people
    const sent = login(admin, ...lines)
    const answer = await expectRefused({ fixture, door }, sent, {
      outcome: 'LOGIN',
      detail: 'origin-elsewhere',
    })
    expect(answer.headers).not.toHaveProperty('set-cookie')
    // It tells nothing of the password, and counts for nobody's lockout.
    for (let turn = 0; turn < 5; turn++) await door.send(login({ ...wrong(admin) }, ...lines))
    await signIn(door, admin)
  },
)

function wrong({ userName }: { readonly userName: string }) {
  return { userName, password: 'Wrong-password-1' }
}

const FORMS = [
  {
    what: 'a form',
    type: 'application/x-www-form-urlencoded',
    body: 'userName=admin&password=x',
  },
  { what: 'plain text', type: 'text/plain', body: '{"userName": "admin", "password": "x"}' },
  {
    what: 'a form of parts',
    type: 'multipart/form-data; boundary=x',
    body: '--x\r\nContent-Disposition: form-data; name="userName"\r\n\r\nadmin\r\n--x--\r\n',
  },
].map((row) => ({ ...row, id: 'F-710' }))

test.each(atEachDoor(FORMS))(
  '%s: what a page can post without asking first is no login, at %s',
  async (_what, _door, { type, body }, kind) => {
    const fixture = await createFixture({ scryptCost: 1_024 })
    const door = await kind.open(fixture.teamServer)
    const sent = login(fixture.people.admin)
    const answer = await door.send({ ...sent, headers: [['Content-Type', type]], body })
    expect([answer.status, jsonOf(answer)]).toMatchObject([415, { reason: 'content-type-refused' }])
    expect(answer.headers).not.toHaveProperty('set-cookie')
  },
)

const HERE: readonly {
  readonly what: string
  readonly lines: (door: Door) => readonly HeaderLine[]
}[] = [
  { what: 'no word of a browser', lines: () => [] },
  { what: 'Sec-Fetch-Site: same-origin', lines: () => [['Sec-Fetch-Site', 'same-origin']] },
  { what: 'Sec-Fetch-Site: none', lines: () => [['Sec-Fetch-Site', 'none']] },
]

test.each(atEachDoor(HERE.map((row) => ({ ...row, id: 'F-710' }))))(
  '%s: a login and a change with the token are served, at %s',
  async (_what, _door, { lines }, kind) => {
    const fixture = await createFixture({ scryptCost: 1_024 })
    const door = await kind.open(fixture.teamServer)
    const { cookie, csrf } = await signIn(door, fixture.people.admin, ...lines(door))
    const change = changing(fixture, cookie, csrf, ...lines(door))
    expect((await door.send(change)).status).toBe(200)
    expect(fixture.a.addressRanges().ranges).toEqual(['0.0.0.0/0', '::/0'])
  },
)

test('F-710: the origin of the page itself is told by the address of a Request', async () => {
  const { teamServer, people } = await createFixture({ scryptCost: 1_024 })
  const { userName, password } = people.admin
  const loginFrom = async (origin: string) => {
    const request = new Request('https://teamserver.test:8443/Contrast/api/ng/login', {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin },
      body: JSON.stringify({ userName, password }),
    })
    return (await teamServer.handle(request)).status
  }
  expect(await loginFrom('https://teamserver.test:8443')).toBe(200)
  expect(await loginFrom('https://teamserver.test')).toBe(401)
  expect(await loginFrom('https://teamserver.test:8443.evil.example')).toBe(401)
})

test.each(EACH_DOOR.filter(([, kind]) => kind.name === 'node:http'))(
  'F-710: the origin of the page itself is told by the Host line, at %s',
  async (_name, kind) => {
    const fixture = await createFixture({ scryptCost: 1_024 })
    const door = await kind.open(fixture.teamServer)
    const { host } = door as Door & { readonly host: string }
    await signIn(door, fixture.people.admin, ['Origin', `http://${host}`])
    const elsewhere = login(fixture.people.admin, ['Origin', `http://${host}0`])
    expectOutcome(door, 'LOGIN', await door.send(elsewhere))
  },
)

/** A change that an administrator may make: it lets everyone in, so that the next call is served. */
function changing({ a }: Fixture, ...lines: readonly HeaderLine[]): SentRequest {
  return {
    method: 'PUT',
    path: `/Contrast/api/ng/${a.id}/security/ip-ranges`,
    headers: [['Content-Type', 'application/json'], ...lines],
    body: JSON.stringify({ ipRange: ['0.0.0.0/0', '::/0'] }),
  }
}

/** What a page of another site lacks, or a thief of half a session. */
const TOKENS: readonly {
  readonly what: string
  readonly lines: (own: SignedIn, other: SignedIn) => readonly HeaderLine[]
}[] = [
  { what: 'no token', lines: () => [] },
  { what: 'an empty token', lines: () => [['X-CSRF-Token', '']] },
  { what: 'the token of another session', lines: (_own, other) => [other.csrf] },
  { what: 'the session id as token', lines: ({ id }) => [['X-CSRF-Token', id]] },
  {
    what: 'the token one character short',
    lines: ({ csrf }) => [['X-CSRF-Token', csrf[1].slice(0, -1)]],
  },
  { what: 'the token twice', lines: ({ csrf }) => [csrf, csrf] },
  { what: 'the token in another line', lines: ({ csrf }) => [['X-XSRF-Token', csrf[1]]] },
  ...ELSEWHERE.map(({ what, lines }) => ({
    what: `the right token and ${what}`,
    lines: ({ csrf }: SignedIn) => [csrf, ...lines],
  })),
]

test.each(atEachDoor(TOKENS.map((row) => ({ ...row, id: 'S-502' }))))(
  '%s: a change with an open session is refused, at %s',
  async (_what, _door, { lines }, kind) => {
    const fixture = await createFixture({ scryptCost: 1_024 })
    const door = await kind.open(fixture.teamServer)
    const { admin, view } = fixture.people
    const [own, other] = [await signIn(door, admin), await signIn(door, view)]
    await expectRefused({ fixture, door }, changing(fixture, own.cookie, ...lines(own, other)), {
      outcome: 'SESSION',
      detail: 'csrf-token-wrong',
      claimedUserName: admin.userName,
    })
    await expectRefused({ fixture, door }, logout(own.cookie, ...lines(own, other)), {
      outcome: 'SESSION',
      detail: 'csrf-token-wrong',
      claimedUserName: admin.userName,
    })
    expect((await door.send(ownProfile(own.cookie))).status).toBe(200)
  },
)

/** Where a person who is signed in can be. */
const OF_PEOPLE = ROUTES.filter(({ access }) => access !== 'anyone' && access !== 'agents')

function asked({ a, people }: Fixture, route: Route): SentRequest {
  const path = pathOf(route)
    .replace(':org', a.id)
    .replace(':platform', 'NODE')
    .replace(':uid', encodeURIComponent(people.view.userName))
    .replace(/:\w+/g, 'default')
  return { method: route.method, path, headers: [] }
}

test.each(EACH_DOOR)(
  'S-502: no route that changes something is served without the token, whatever the body, at %s',
  async (_name, kind) => {
    const fixture = await createFixture({ scryptCost: 1_024 })
    const door = await kind.open(fixture.teamServer)
    const { cookie, csrf } = await signIn(door, fixture.superadmin)
    const changes = OF_PEOPLE.filter(({ method }) => method !== 'GET')
    expect(changes.length).toBeGreaterThan(8)
    const before = await stateOf(fixture)
    for (const route of changes) {
      for (const { type, body } of [...FORMS, { type: 'application/json', body: '{}' }]) {
        const posted: HeaderLine = ['Content-Type', type]
        for (const lines of [[], [csrf, ...(ELSEWHERE[0]?.lines ?? [])]]) {
          const headers = [posted, cookie, ...lines]
          const answer = await door.send({ ...asked(fixture, route), headers, body })
          const what = `${route.method} ${route.path} as ${type}`
          expect({ what, status: answer.status }).toEqual({ what, status: 401 })
          expectOutcome(door, 'SESSION', answer)
        }
      }
    }
    expect(await stateOf(fixture)).toEqual(before)
    expect((await door.send(ownProfile(cookie))).status).toBe(200)
  },
)

test.each(EACH_DOOR)(
  'S-502: no GET, HEAD or OPTIONS changes anything, whoever sends it from wherever, at %s',
  async (_name, kind) => {
    const fixture = await createFixture({ scryptCost: 1_024 })
    const door = await kind.open(fixture.teamServer)
    const { cookie } = await signIn(door, fixture.superadmin)
    const before = await stateOf(fixture)
    const settings = await fixture.teamServer.store.systemSettings()
    let served = 0
    for (const route of OF_PEOPLE) {
      const methods = route.method === 'GET' ? ['GET', 'HEAD', 'OPTIONS'] : ['OPTIONS']
      // A stream ends with who reads it.
      const isStream = route.description.answerType === 'text/event-stream'
      for (const method of methods.filter((each) => !isStream || each !== 'GET')) {
        const headers: readonly HeaderLine[] = [cookie, ['Sec-Fetch-Site', 'cross-site']]
        const { status } = await door.send({ ...asked(fixture, route), method, headers })
        if (status === 200 || status === 204) served++
      }
    }
    expect(served).toBeGreaterThan(OF_PEOPLE.length)
    expect(await stateOf(fixture)).toEqual(before)
    expect(await fixture.teamServer.store.systemSettings()).toEqual(settings)
    expect(fixture.errors).toEqual([])
  },
)
