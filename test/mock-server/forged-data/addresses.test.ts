import { expect, onTestFinished, test } from 'vitest'
import { plainAddress } from '../../../mock-server/addresses/address-ranges.ts'
import { ask } from '../ask.ts'
import { atEachDoor, type Door, type DoorKind, EACH_DOOR, NODE_HTTP } from './doors.ts'
import { createFixture, type Fixture, layersOf } from './fixture.ts'
import { expectOutcome } from './outcome.ts'
import { expectRefused } from './refusal.ts'
import { bytesOf, type HeaderLine, jsonOf, type SentRequest } from './sent-request.ts'

const LIST = ['10.0.0.0/8', '203.0.113.7', '2001:db8::/32']

/** A proxy that is believed: over a socket, it is how a request comes from anywhere at all. */
const PROXY = '127.0.0.1'

/** An organization whose addresses are restricted, for people and engines, behind a proxy or not. */
async function createRestricted(ranges: readonly string[] = LIST): Promise<Fixture> {
  const fixture = await createFixture({ trustedProxies: [PROXY] })
  await fixture.a.restrictAddresses(ranges, { appliesToAgents: true })
  const { b, b1 } = fixture
  // B is not restricted: its engine is served whatever the address.
  return Object.assign(fixture, {
    honestReport: () => fixture.report(b, ...layersOf(b1, b.apiKey.value)),
  })
}

/** A door through which every request comes from an address. */
async function openFrom(kind: DoorKind, { teamServer }: Fixture, address: string): Promise<Door> {
  const remoteAddress = plainAddress(address)
  if (kind !== NODE_HTTP) {
    return { ...(await kind.open(teamServer, address)), remoteAddress }
  }
  const door = await kind.open(teamServer, PROXY)
  const proxied = (request: SentRequest): SentRequest => ({
    ...request,
    headers: [...request.headers, ['X-Forwarded-For', address]],
  })
  return {
    ...door,
    remoteAddress,
    send: (request) => door.send(proxied(request)),
    sendAlone: (request) => door.sendAlone(proxied(request)),
  }
}

/** Who is held to the list, and what they ask with right credentials. */
const CALLERS = [
  {
    who: 'an engine',
    userName: ({ a1 }: Fixture) => a1.userName,
    request: (fixture: Fixture, ...lines: readonly HeaderLine[]) =>
      fixture.report(fixture.a, ...layersOf(fixture.a1, fixture.a.apiKey.value), ...lines),
    served: 202,
  },
  {
    who: 'an administrator',
    userName: ({ people }: Fixture) => people.admin.userName,
    request: ({ a, people }: Fixture, ...lines: readonly HeaderLine[]): SentRequest => ({
      method: 'GET',
      path: `/Contrast/api/ng/${a.id}/security/ip-ranges`,
      headers: [...layersOf(people.admin, a.apiKey.value), ...lines],
    }),
    served: 200,
  },
] as const

const [ENGINE, ADMINISTRATOR] = CALLERS

function ofEachCaller<Row extends { readonly id: string; readonly what: string }>(
  rows: readonly Row[],
) {
  return rows.flatMap((row) =>
    CALLERS.map((caller) => ({ ...row, what: `${caller.who} ${row.what}`, caller })),
  )
}

const INSIDE = [
  { id: 'F-401', address: '10.1.2.3' },
  { id: 'F-401', address: '203.0.113.7' },
  { id: 'F-401', address: '2001:db8::1' },
  { id: 'F-403', address: '::ffff:10.1.2.3' },
  { id: 'F-403', address: '::ffff:a01:203' },
].map((row) => ({ ...row, what: `from ${row.address}` }))

test.each(atEachDoor(ofEachCaller(INSIDE)))('%s is served at %s', async (...[, , row, kind]) => {
  const fixture = await createRestricted()
  const door = await openFrom(kind, fixture, row.address)
  expect((await door.send(row.caller.request(fixture))).status).toBe(row.caller.served)
})

const OUTSIDE = [
  { id: 'F-402', address: '11.0.0.1' },
  { id: 'F-402', address: '203.0.113.8' },
  { id: 'F-402', address: '2001:db9::1' },
  { id: 'F-404', address: '::ffff:203.0.113.8' },
  { id: 'F-405', address: '::10.1.2.3' },
  { id: 'F-405', address: '64:ff9b::a01:203' },
].map((row) => ({ ...row, what: `from ${row.address}` }))

test.each(atEachDoor(ofEachCaller(OUTSIDE)))('%s is refused at %s', async (...[, , row, kind]) => {
  const fixture = await createRestricted()
  const door = await openFrom(kind, fixture, row.address)
  await expectRefused({ fixture, door }, row.caller.request(fixture), {
    outcome: 'ADDRESS',
    detail: 'address-refused',
    claimedUserName: row.caller.userName(fixture),
  })
})

const CLAIMS = [
  { id: 'F-406', line: ['X-Forwarded-For', '10.1.2.3'] },
  { id: 'F-407', line: ['Forwarded', 'for=10.1.2.3'] },
  ...['X-Real-IP', 'Client-IP', 'True-Client-IP', 'CF-Connecting-IP', 'X-Client-IP'].map(
    (name) => ({ id: 'F-407', line: [name, '10.1.2.3'] as const }),
  ),
] as const

test.each(atEachDoor(ofEachCaller(CLAIMS.map((row) => ({ ...row, what: `says ${row.line[0]}` })))))(
  '%s and is refused all the same at %s',
  async (...[, , row, kind]) => {
    const fixture = await createRestricted()
    const door = await kind.open(fixture.teamServer, '127.0.0.5')
    await expectRefused({ fixture, door }, row.caller.request(fixture, row.line), {
      outcome: 'ADDRESS',
      detail: 'address-refused',
      claimedUserName: row.caller.userName(fixture),
    })
  },
)

/** What a trusted proxy says, and the address that counts; undefined where none can be told. */
const FORWARDED = [
  { id: 'F-408', lines: ['10.1.2.3'], counts: '10.1.2.3', isServed: true },
  { id: 'F-409', lines: ['10.1.2.3, 198.51.100.9'], counts: '198.51.100.9', isServed: false },
  { id: 'F-410', lines: ['198.51.100.9', '10.1.2.3'], counts: '10.1.2.3', isServed: true },
  { id: 'F-410', lines: ['10.1.2.3', '198.51.100.9'], counts: '198.51.100.9', isServed: false },
  { id: 'F-410', lines: ['unknown'], counts: undefined, isServed: false },
  { id: 'F-410', lines: ['10.1.2.3:443'], counts: '10.1.2.3', isServed: true },
  { id: 'F-410', lines: ['"[2001:db8::1]:8"'], counts: '2001:db8::1', isServed: true },
  { id: 'F-410', lines: [''], counts: undefined, isServed: false },
  {
    id: 'F-410',
    lines: [`${'198.51.100.9, '.repeat(199)}10.1.2.3`],
    counts: '10.1.2.3',
    isServed: true,
  },
].map((row) => ({ ...row, what: `behind a trusted proxy, ${row.lines.join(' / ').slice(0, 40)}` }))

test.each(atEachDoor(ofEachCaller(FORWARDED)))('%s, at %s', async (...[, , row, kind]) => {
  const fixture = await createRestricted()
  const door = { ...(await kind.open(fixture.teamServer, PROXY)), remoteAddress: row.counts }
  const lines = row.lines.map((value): HeaderLine => ['X-Forwarded-For', value])
  const request = row.caller.request(fixture, ...lines)
  if (row.isServed) {
    expect((await door.send(request)).status).toBe(row.caller.served)
    return
  }
  await expectRefused({ fixture, door }, request, {
    outcome: 'ADDRESS',
    detail: 'address-refused',
    claimedUserName: row.caller.userName(fixture),
  })
  // The honest report came from the proxy itself.
  const entries = (await fixture.a.auditLog()).filter(({ kind }) => kind === 'refusal')
  expect(entries.map(({ remoteAddress }) => remoteAddress)).toEqual([row.counts])
})

test.each(EACH_DOOR)('F-411: an empty list restricts nobody, at %s', async (_name, kind) => {
  const fixture = await createRestricted([])
  const door = await openFrom(kind, fixture, '198.51.100.9')
  for (const caller of CALLERS) {
    expect((await door.send(caller.request(fixture))).status).toBe(caller.served)
  }
})

test.each(EACH_DOOR)(
  'F-412: the next request on an open connection follows the new list, both ways, at %s',
  async (_name, kind) => {
    const fixture = await createRestricted([])
    const { a, teamServer } = fixture
    const door = await kind.open(teamServer, '127.0.0.5')
    const replies: unknown[] = []
    for (const ranges of [[], ['127.0.0.6'], ['127.0.0.0/8'], ['::1'], []]) {
      await a.restrictAddresses(ranges, { appliesToAgents: true })
      for (const caller of CALLERS) {
        const answer = await door.send(caller.request(fixture))
        replies.push([answer.status, answer.isConnectionReused])
      }
    }
    const isReused = door.hasSocket
    expect(replies).toEqual([
      [202, false],
      [200, isReused],
      [403, isReused],
      [403, isReused],
      [202, isReused],
      [200, isReused],
      [403, isReused],
      [403, isReused],
      [202, isReused],
      [200, isReused],
    ])
  },
)

test.each(EACH_DOOR)(
  'F-412: the call that changes the list is answered, and its own next call follows it, at %s',
  async (_name, kind) => {
    const fixture = await createFixture()
    const door = await kind.open(fixture.teamServer, '127.0.0.5')
    const answer = await door.send(changing(fixture, { ipRange: ['10.0.0.0/8'] }))
    expect(jsonOf(answer)).toEqual({
      success: true,
      messages: [expect.stringContaining('not in the list')],
      ipRanges: ['10.0.0.0/8'],
      appliesToAgents: false,
    })
    await expectRefused({ fixture, door }, ADMINISTRATOR.request(fixture), {
      outcome: 'ADDRESS',
      detail: 'address-refused',
      claimedUserName: ADMINISTRATOR.userName(fixture),
    })
  },
)

test.each(EACH_DOOR)(
  'F-413: wrong credentials from a refused address are answered byte for byte as from another, at %s',
  async (_name, kind) => {
    const fixture = await createRestricted()
    const inside = await openFrom(kind, fixture, '10.1.2.3')
    const outside = await openFrom(kind, fixture, '11.0.0.1')
    const wrong = { userName: fixture.a1.userName, serviceKey: 'wrong'.repeat(6) }
    const request = () => fixture.report(fixture.a, ...layersOf(wrong, fixture.a.apiKey.value))
    const expected = {
      outcome: 'C-WRONG',
      detail: 'service-key-wrong',
      claimedUserName: wrong.userName,
    } as const
    const answers = [
      await expectRefused({ fixture, door: inside }, request(), expected),
      await expectRefused({ fixture, door: outside }, request(), expected),
    ]
    expect(new Set(answers.map(bytesOf)).size).toBe(1)
  },
)

test.each(EACH_DOOR)(
  'F-413: so is a wrong API key from a refused address, at %s',
  async (_name, kind) => {
    const fixture = await createRestricted()
    const door = await openFrom(kind, fixture, '11.0.0.1')
    const request = fixture.report(fixture.a, ...layersOf(fixture.a1, fixture.b.apiKey.value))
    await expectRefused({ fixture, door }, request, {
      outcome: 'K-WRONG',
      detail: 'api-key-wrong',
      claimedUserName: fixture.a1.userName,
    })
  },
)

test.each(EACH_DOOR)(
  'engines are held to the list only where asked, at %s',
  async (_name, kind) => {
    const fixture = await createRestricted()
    const door = await openFrom(kind, fixture, '11.0.0.1')
    await fixture.a.restrictAddresses(LIST)
    expect((await door.send(ENGINE.request(fixture))).status).toBe(202)
    expect((await door.send(ADMINISTRATOR.request(fixture))).status).toBe(403)
  },
)

test('a request of which nobody knows where it came from is in no list', async () => {
  const fixture = await createRestricted(['0.0.0.0/0', '::/0'])
  const { a, people, teamServer } = fixture
  const reply = await ask(teamServer, 'GET', `/ng/${a.id}/security/ip-ranges`, {
    authorization: people.admin.authorization,
    headers: { 'api-key': a.apiKey.value },
  })
  expect(reply).toMatchObject({ status: 403, body: { reason: 'address-refused' } })
})

test("another organization's list is not asked", async () => {
  const fixture = await createRestricted(['10.0.0.0/8'])
  const answer = await fixture.teamServer.fetch('http://teamserver.test/Contrast/api/openapi.json')
  expect(answer.status).toBe(200)
  const door = await NODE_HTTP.open(fixture.teamServer, '127.0.0.5')
  const { b, b1 } = fixture
  const ofB = fixture.report(b, ...layersOf(b1, b.apiKey.value))
  expect((await door.send(ofB)).status).toBe(202)
})

const MISTAKEN = [
  '010.0.0.1',
  '10.1',
  '0x0a.0.0.1',
  '167772161',
  '10.0.0.1/33',
  '10.0.0.1/-1',
  'fe80::1%eth0',
  '::ffff:10.0.0.0/104',
  '١.٢.٣.٤',
  '1'.repeat(5_000),
  7,
  null,
  ['10.0.0.1'],
] as const

function changing({ a, people }: Fixture, body: unknown): SentRequest {
  return {
    method: 'PUT',
    path: `/Contrast/api/ng/${a.id}/security/ip-ranges`,
    headers: [['Content-Type', 'application/json'], ...layersOf(people.admin, a.apiKey.value)],
    body: JSON.stringify(body),
  }
}

const BAD_LISTS = [
  ...MISTAKEN.map((entry) => ({
    id: 'F-414',
    what: `the entry ${JSON.stringify(entry).slice(0, 24)}`,
    body: { ipRange: ['10.0.0.0/8', entry] } as unknown,
    named: 'ipRange[1] must be',
  })),
  {
    id: 'F-414',
    what: 'all of them at once',
    body: { ipRange: ['10.0.0.0/8', ...MISTAKEN, '::1', 'x'] },
    named: `ipRange[1]-[${MISTAKEN.length}], [${MISTAKEN.length + 2}] must be`,
  },
  { id: 'F-414', what: 'no list', body: {}, named: 'ipRange is missing' },
  {
    id: 'F-414',
    what: 'text for a list',
    body: { ipRange: '10.0.0.1' },
    named: 'ipRange must be a list',
  },
  {
    id: 'F-414',
    what: '1 001 entries',
    body: { ipRange: Array(1_001).fill('10.0.0.1') },
    named: 'ipRange has more than 1000 entries',
  },
  {
    id: 'F-414',
    what: 'a number for a switch',
    body: { ipRange: [], appliesToAgents: 1 },
    named: 'appliesToAgents must be true or false',
  },
]

test.each(atEachDoor(BAD_LISTS))(
  '%s is refused by its place and nothing is saved, at %s',
  async (_what, _door, { body, named }, kind) => {
    const fixture = await createFixture()
    await fixture.a.restrictAddresses(['127.0.0.0/8'])
    const door = await kind.open(fixture.teamServer, '127.0.0.5')
    const before = await fixture.teamServer.store.organization(fixture.a.id)
    const answer = await door.send(changing(fixture, body))
    expect(answer.status).toBe(400)
    expect(jsonOf(answer)).toMatchObject({ success: false, reason: 'body-malformed' })
    const text = Buffer.from(answer.body).toString('utf8')
    expect(text).toContain(named)
    expect(text).not.toMatch(/010\.0|0x0a|eth0|١|111111/)
    expect(text.length).toBeLessThanOrEqual(512)
    expect(await fixture.teamServer.store.organization(fixture.a.id)).toEqual(before)
    const [entry] = (await fixture.a.auditLog()).slice(-1)
    expect(entry).toMatchObject({ kind: 'refusal', reason: 'body-malformed' })
    expect(JSON.stringify(entry)).not.toMatch(/010\.0|0x0a|eth0|١|111111/)
    expect((await door.send(fixture.honestReport())).status).toBe(202)
    expect(fixture.errors).toEqual([])
  },
)

test.each(EACH_DOOR)('a list is saved whole and its change is audited, at %s', async (_n, kind) => {
  const fixture = await createFixture()
  const door = await kind.open(fixture.teamServer, '127.0.0.5')
  const first = ['127.0.0.0/8', '10.0.0.0/8', '10.0.0.0/8']
  const changed = await door.send(changing(fixture, { ipRange: first, appliesToAgents: true }))
  const shown = { success: true, messages: [], ipRanges: ['127.0.0.0/8', '10.0.0.0/8'] }
  expect(jsonOf(changed)).toEqual({ ...shown, appliesToAgents: true })
  expect(jsonOf(await door.send(ADMINISTRATOR.request(fixture)))).toEqual({
    ...shown,
    appliesToAgents: true,
  })
  const second = ['127.0.0.0/8', '2001:db8::/32']
  await door.send(changing(fixture, { ipRange: second, role: 'admin', isLocked: true }))
  await door.send(changing(fixture, { ipRange: second }))
  expect(fixture.a.addressRanges()).toEqual({ ranges: second, appliesToAgents: false })
  const entries = (await fixture.a.auditLog()).filter(
    ({ reason }) => reason === 'address-ranges-changed',
  )
  expect(entries).toEqual(
    [
      'added 127.0.0.0/8, 10.0.0.0/8; engines are held to it now',
      'added 2001:db8::/32; removed 10.0.0.0/8; engines are no longer held to it',
      'no difference',
    ].map((difference) => ({
      at: fixture.clock.now,
      kind: 'administration',
      reason: 'address-ranges-changed',
      detail: `changed the address ranges: ${difference}`,
      claimedUserName: fixture.people.admin.userName,
      remoteAddress: '127.0.0.5',
    })),
  )
})

test('a program that changes its own list afterwards changes nothing', async () => {
  const fixture = await createFixture()
  const mine = ['10.0.0.0/8']
  await fixture.a.restrictAddresses(mine)
  mine.push('0.0.0.0/0')
  expect(fixture.a.addressRanges().ranges).toEqual(['10.0.0.0/8'])
  await expect(fixture.a.restrictAddresses(['10.0.0.0/99'])).rejects.toMatchObject({
    code: 'ERR_OPTION_INVALID',
  })
})

const MAY_NOT = [
  ['F-615', 'view'],
  ['F-621', 'edit'],
  ['F-621', 'rulesAdmin'],
  ['F-633', 'apiOnlyEdit'],
] as const

test.each(
  atEachDoor(
    MAY_NOT.flatMap(([id, role]) =>
      (['GET', 'PUT'] as const).map((method) => ({
        id,
        what: `${method} of the list by ${role}`,
        role,
        method,
      })),
    ),
  ),
)('%s is refused at %s', async (_what, _door, { role, method }, kind) => {
  const fixture = await createFixture()
  const door = await kind.open(fixture.teamServer)
  const { a, people } = fixture
  const request = {
    ...changing(fixture, { ipRange: ['10.0.0.0/8'] }),
    method,
    headers: [
      ['Content-Type', 'application/json'],
      ...layersOf(people[role], a.apiKey.value),
    ] as const,
  }
  const { body: _body, ...withoutBody } = request
  await expectRefused({ fixture, door }, method === 'GET' ? withoutBody : request, {
    outcome: 'ROLE',
    detail: 'role-too-small',
    claimedUserName: people[role].userName,
  })
})

test('200 forwarded entries are read in less than 10 ms', async () => {
  const fixture = await createRestricted()
  onTestFinished(() => fixture.teamServer.close())
  const line: HeaderLine = ['X-Forwarded-For', `${'10.1.2.3, '.repeat(199)}10.9.9.9`]
  const [, web] = EACH_DOOR[0] ?? []
  const door = await web?.open(fixture.teamServer, PROXY)
  const times: number[] = []
  for (let turn = 0; turn < 20; turn++) {
    const request = ENGINE.request(fixture, line)
    const startedAt = performance.now()
    expect((await door?.send(request))?.status).toBe(202)
    times.push(performance.now() - startedAt)
  }
  expect(Math.min(...times)).toBeLessThan(10)
})

test('an address refusal says the same to engines and people', async () => {
  const fixture = await createRestricted()
  const door = await NODE_HTTP.open(fixture.teamServer, '127.0.0.5')
  for (const caller of CALLERS) {
    expectOutcome(door, 'ADDRESS', await door.send(caller.request(fixture)))
  }
})
