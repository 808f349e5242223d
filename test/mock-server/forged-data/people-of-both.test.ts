import { expect, test } from 'vitest'
import { type DoorKind, EACH_DOOR } from './doors.ts'
import { createFixture, type Fixture, layersOf } from './fixture.ts'
import { expectOutcome } from './outcome.ts'
import { expectRefused } from './refusal.ts'
import { type HeaderLine, jsonOf, type SentRequest } from './sent-request.ts'
import { login, signIn } from './signing-in.ts'
import { stateOf } from './state.ts'

const INSIDE = '127.0.0.5'

/** The viewer of A gets a role in B too, and A stays home. */
async function openWithBoth(kind: DoorKind) {
  const fixture = await createFixture({ scryptCost: 1_024 })
  const { b, people, teamServer } = fixture
  const record = await teamServer.store.caller(people.view.userName)
  if (record?.kind !== 'person') throw new Error('the fixture has no viewer')
  await teamServer.store.changeCaller(record, (before) => ({
    ...before,
    roles: new Map([...before.roles, [b.id, 'admin']]),
  }))
  const door = await kind.open(teamServer, INSIDE)
  return { fixture, door, both: people.view }
}

function about(
  { a, people }: Fixture,
  method: string,
  what: string,
  body?: object,
  caller: { readonly userName: string; readonly serviceKey: string } = people.admin,
): SentRequest {
  return {
    method,
    path: `/Contrast/api/ng/${a.id}/users/${encodeURIComponent(people.view.userName)}/${what}`,
    headers: [['Content-Type', 'application/json'], ...layersOf(caller, a.apiKey.value)],
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  }
}

const ACTS = [
  ['PUT', 'lock', {}],
  ['PUT', 'unlock', {}],
  ['PUT', 'enabled', { enabled: false }],
  ['GET', 'authorization', undefined],
] as const

test.each(EACH_DOOR)(
  'what reaches into B too, an administrator of A alone cannot do to a person of both, at %s',
  async (_name, kind) => {
    const { fixture, door, both } = await openWithBoth(kind)
    for (const [method, what, body] of ACTS) {
      await expectRefused({ fixture, door }, about(fixture, method, what, body), {
        outcome: 'ROLE',
        detail: 'person-of-others-too',
        claimedUserName: fixture.people.admin.userName,
      })
    }
    expect((await door.send(login(both))).status).toBe(200)
    for (const [method, what, body] of ACTS) {
      const request = about(fixture, method, what, body, fixture.superadmin)
      expect((await door.send(request)).status).toBe(200)
    }
    expectOutcome(door, 'LOGIN', await door.send(login(both)))
  },
)

test.each(EACH_DOOR)(
  'another role in A leaves the role in B as it is, at %s',
  async (_name, kind) => {
    const { fixture, door, both } = await openWithBoth(kind)
    const { a, b, teamServer } = fixture
    const before = await stateOf(fixture)
    const changed = await door.send(about(fixture, 'PUT', 'role', { role: 'edit' }))
    expect([changed.status, jsonOf(changed)]).toMatchObject([
      200,
      { user: { role: { name: 'edit' } } },
    ])
    expect(await teamServer.store.caller(both.userName)).toMatchObject({
      roles: new Map([
        [a.id, 'edit'],
        [b.id, 'admin'],
      ]),
    })
    expect((await stateOf(fixture)).b.settings).toEqual(before.b.settings)
  },
)

test.each(EACH_DOOR)(
  'in each organization the addresses of that one count, by key and by session, at %s',
  async (_name, kind) => {
    const { fixture, door, both } = await openWithBoth(kind)
    const { a, b } = fixture
    const { cookie } = await signIn(door, both)
    const read = ({ id }: { readonly id: string }, headers: readonly HeaderLine[]) =>
      door.send({ method: 'GET', path: `/Contrast/api/ng/${id}/applications`, headers })
    const ways = [
      { inA: [cookie], inB: [cookie] },
      { inA: layersOf(both, a.apiKey.value), inB: layersOf(both, b.apiKey.value) },
    ]
    for (const { inA, inB } of ways) {
      await b.restrictAddresses(['10.0.0.0/8'])
      expect((await read(a, inA)).status).toBe(200)
      expectOutcome(door, 'ADDRESS', await read(b, inB))
      await b.restrictAddresses([])
      await a.restrictAddresses(['10.0.0.0/8'])
      expect((await read(b, inB)).status).toBe(200)
      expectOutcome(door, 'ADDRESS', await read(a, inA))
      await a.restrictAddresses([])
    }
  },
)
