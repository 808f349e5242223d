import { expect, test } from 'vitest'
import { createTeamServer } from '../../../mock-server/index.ts'
import { API_KEY_ROWS, type ApiKeyRow } from './api-key-row.ts'
import { atEachDoor, EACH_DOOR, NODE_HTTP } from './doors.ts'
import { authorizationOf, createFixture, type Fixture, layersOf } from './fixture.ts'
import { expectOutcome } from './outcome.ts'
import { expectRefused } from './refusal.ts'
import { type HeaderLine, jsonOf, type SentRequest } from './sent-request.ts'
import { stateOf } from './state.ts'

test.each(atEachDoor(API_KEY_ROWS))(
  '%s is K-WRONG with the layer on at %s',
  async (_what, _door, row, kind) => {
    const fixture = await createFixture()
    const door = await kind.open(fixture.teamServer)
    const right = reportWith(fixture, ['API-Key', fixture.a.apiKey.value])
    expect((await door.send(right)).status).toBe(202)

    await expectRefused({ fixture, door }, await forged(fixture, row), {
      outcome: 'K-WRONG',
      detail: row.detail ?? 'api-key-wrong',
      claimedUserName: fixture.a1.userName,
    })
  },
)

test.each(EACH_DOOR)(
  'F-217: with the layer off none of these lines is read, and all are taken at %s',
  async (_name, kind) => {
    const fixture = await createFixture()
    const door = await kind.open(fixture.teamServer)
    await fixture.a.apiKey.disable()
    for (const row of API_KEY_ROWS) {
      const answer = await door.send(await forged(fixture, row))
      expect([row.what, answer.status]).toEqual([row.what, 202])
    }
    expect(await fixture.a.reports()).toHaveLength(API_KEY_ROWS.length)
    expect(await fixture.a.refusals()).toEqual([])
  },
)

test.each([128, 480])(
  'F-208: a key of %i times its length is refused in less than 10 ms',
  async (times) => {
    const fixture = await createFixture()
    const [, web] = EACH_DOOR[0] ?? []
    const door = await web?.open(fixture.teamServer)
    const request = reportWith(fixture, ['API-Key', fixture.a.apiKey.value.repeat(times)])
    const took: number[] = []
    for (let turn = 0; turn < 20; turn++) {
      const startedAt = performance.now()
      expect((await door?.send(request))?.status).toBe(401)
      took.push(performance.now() - startedAt)
    }
    expect(Math.min(...took)).toBeLessThan(10)
  },
)

test.each(
  atEachDoor(
    ['api-key', 'API-KEY', 'Api-Key'].map((name) => ({ id: 'F-211', what: name, header: name })),
  ),
)('%s is a name of the line that is read at %s', async (_what, _door, { header }, kind) => {
  const fixture = await createFixture()
  const door = await kind.open(fixture.teamServer)
  const answer = await door.send(reportWith(fixture, [header, fixture.a.apiKey.value]))
  expect(answer.status).toBe(202)
  expect(await fixture.a.reports()).toHaveLength(1)
})

test.each(API_KEY_ROWS.filter(({ id }) => id === 'F-215').map(({ what }) => [what]))(
  'F-215: "%s" cannot be set as the organization API key',
  async (value) => {
    const { a } = await createFixture()
    const before = a.apiKey.value
    await expect(a.apiKey.set(value)).rejects.toMatchObject({ code: 'ERR_KEY_INVALID' })
    expect(a.apiKey.value).toBe(before)
  },
)

test.each(EACH_DOOR)(
  'F-216: the key of an earlier life of the same organization is K-WRONG at %s',
  async (_name, kind) => {
    const fixture = await createFixture()
    const door = await kind.open(fixture.teamServer)
    const { id, name } = fixture.a
    await using earlier = createTeamServer()
    const old = await earlier.createOrganization({ id, name, apiKey: { enabled: true } })
    await expectRefused({ fixture, door }, reportWith(fixture, ['API-Key', old.apiKey.value]), {
      outcome: 'K-WRONG',
      detail: 'api-key-wrong',
      claimedUserName: old.agent.userName,
    })
  },
)

test.each(EACH_DOOR)(
  'F-218, F-219: switching the layer counts from its answer on, on an open connection too, at %s',
  async (_name, kind) => {
    const fixture = await createFixture()
    const door = await kind.open(fixture.teamServer)
    const { a } = fixture
    await a.apiKey.disable()
    expect((await door.send(reportWith(fixture))).status).toBe(202)

    await a.apiKey.enable()
    const answer = await expectRefused({ fixture, door }, reportWith(fixture), {
      outcome: 'K-WRONG',
      detail: 'api-key-missing',
      claimedUserName: fixture.a1.userName,
    })
    expect(answer.isConnectionReused).toBe(kind === NODE_HTTP)

    await a.apiKey.disable()
    expect((await door.send(reportWith(fixture))).status).toBe(202)
  },
)

/** A change of the layer by A's administrator, who holds its key. */
function changing({ a, people }: Fixture, body: object): SentRequest {
  return {
    method: 'PUT',
    path: `/Contrast/api/ng/${a.id}/organizations/apikey`,
    headers: [['Content-Type', 'application/json'], ...layersOf(people.admin, a.apiKey.value)],
    body: JSON.stringify(body),
  }
}

test.each(atEachDoor(API_KEY_ROWS.filter(({ id }) => id === 'F-215')))(
  '%s cannot be set as the key over REST either, at %s',
  async (_what, _door, { what: value }, kind) => {
    const fixture = await createFixture()
    const door = await kind.open(fixture.teamServer)
    const before = await stateOf(fixture)
    const answer = await door.send(changing(fixture, { value }))
    expect([answer.status, jsonOf(answer)]).toMatchObject([400, { reason: 'body-malformed' }])
    expect(await stateOf(fixture)).toEqual(before)
    const right = reportWith(fixture, ['API-Key', fixture.a.apiKey.value])
    expect((await door.send(right)).status).toBe(202)
  },
)

test.each(EACH_DOOR)(
  'F-218, F-219: so does switching it over REST, for the very next request, at %s',
  async (_name, kind) => {
    const fixture = await createFixture()
    const door = await kind.open(fixture.teamServer)
    for (let round = 0; round < 2; round++) {
      expect((await door.send(changing(fixture, { enabled: false }))).status).toBe(200)
      expect((await door.send(reportWith(fixture))).status).toBe(202)
      expect((await door.send(changing(fixture, { enabled: true }))).status).toBe(200)
      const answer = await door.send(reportWith(fixture))
      expectOutcome(door, 'K-WRONG', answer)
      expect(answer.isConnectionReused).toBe(door.hasSocket)
    }
    expect(await fixture.a.reports()).toHaveLength(2)
  },
)

/** A report of A1, whose credentials are right. */
function reportWith(fixture: Fixture, ...lines: readonly HeaderLine[]): SentRequest {
  const { userName, serviceKey } = fixture.a1
  return fixture.report(
    fixture.a,
    ['Authorization', authorizationOf(userName, serviceKey)],
    ...lines,
  )
}

async function forged(fixture: Fixture, row: ApiKeyRow): Promise<SentRequest> {
  const { value } = fixture.a.apiKey
  const request = reportWith(fixture, ...(await row.forge(value, fixture)))
  return {
    ...request,
    path: request.path + (row.query?.(value) ?? ''),
    body: JSON.stringify({ ...JSON.parse(request.body ?? ''), ...row.member?.(value) }),
  }
}
