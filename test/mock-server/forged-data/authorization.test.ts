import { expect, test } from 'vitest'
import { atEachDoor, EACH_DOOR, NODE_HTTP } from './doors.ts'
import { authorizationOf, createFixture, type Fixture } from './fixture.ts'
import { expectRefused } from './refusal.ts'
import { jsonOf, type SentRequest } from './sent-request.ts'

type Forge = (fixture: Fixture) => SentRequest

/** Where the credentials may not stand, and where they then are missing. */
const MISSING: readonly { readonly id: string; readonly what: string; readonly forge: Forge }[] = [
  { id: 'F-101', what: 'no Authorization line', forge: (fixture) => withoutCredentials(fixture) },
  {
    id: 'F-101',
    what: 'an empty Authorization line',
    forge: (fixture) => withLine(fixture, 'Authorization', ''),
  },
  {
    id: 'F-101',
    what: 'an Authorization line of spaces',
    forge: (fixture) => withLine(fixture, 'Authorization', '   '),
  },
  {
    id: 'F-119',
    what: 'the right text in Proxy-Authorization',
    forge: (fixture) => withLine(fixture, 'Proxy-Authorization', fixture.right.authorization),
  },
  {
    id: 'F-119',
    what: 'the right text in X-Authorization',
    forge: (fixture) => withLine(fixture, 'X-Authorization', fixture.right.authorization),
  },
  {
    id: 'F-119',
    what: 'the right text in a cookie',
    forge: (fixture) => withLine(fixture, 'Cookie', `Authorization=${fixture.right.authorization}`),
  },
  {
    id: 'F-119',
    what: 'the right text in the query',
    forge: (fixture) => {
      const request = withoutCredentials(fixture)
      const value = encodeURIComponent(fixture.right.authorization)
      return { ...request, path: `${request.path}?Authorization=${value}` }
    },
  },
  {
    id: 'F-119',
    what: 'the right text in the body',
    forge: (fixture) => {
      const { authorization } = fixture.right
      const request = withoutCredentials(fixture)
      const document = { ...JSON.parse(request.body ?? ''), Authorization: authorization }
      return { ...request, body: JSON.stringify(document) }
    },
  },
]

test.each(atEachDoor(MISSING))('%s is C-MISSING at %s', async (_what, _door, row, kind) => {
  const fixture = await createFixture()
  const door = await kind.open(fixture.teamServer)
  await expectRefused({ fixture, door }, row.forge(fixture), {
    outcome: 'C-MISSING',
    detail: 'authorization-missing',
  })
})

test.each(
  atEachDoor(['Basic', 'basic', 'BASIC'].map((word) => ({ id: 'F-102b', what: word, word }))),
)('%s in front of the right text is taken at %s', async (_what, _door, { word }, kind) => {
  const fixture = await createFixture()
  const door = await kind.open(fixture.teamServer)
  const request = withLine(fixture, 'Authorization', `${word} ${fixture.right.authorization}`)
  expect((await door.send(request)).status).toBe(202)
  expect(await fixture.a.reports()).toHaveLength(1)
})

test('F-110: an agent with a colon in its user name cannot be made', async () => {
  const { a } = await createFixture()
  await expect(a.addAgentKey({ name: 'colon', userName: 'agent:1@A' })).rejects.toMatchObject({
    code: 'ERR_OPTION_INVALID',
  })
  expect((await a.agentKeys()).map(({ name }) => name)).toEqual(['default', 'second'])
})

test('F-115: a user name that would not fit into Authorization cannot be made', async () => {
  const { a } = await createFixture()
  await expect(a.addAgentKey({ name: 'long', userName: '🔑'.repeat(257) })).rejects.toMatchObject({
    code: 'ERR_OPTION_INVALID',
  })
})

test.each(EACH_DOOR)('F-115: the longest user name is taken at %s', async (_name, kind) => {
  const fixture = await createFixture()
  const door = await kind.open(fixture.teamServer)
  const userName = '🔑'.repeat(256)
  const { serviceKey } = await fixture.a.addAgentKey({ name: 'long', userName })
  const answer = await door.send(
    withLine(fixture, 'Authorization', authorizationOf(userName, serviceKey)),
  )
  expect(answer.status).toBe(202)
  expect(await fixture.a.reports({ withReceipt: true })).toMatchObject([
    { agentUserName: userName },
  ])
})

test.each(EACH_DOOR)(
  'F-111: a service key with a colon inside is taken at %s',
  async (_name, kind) => {
    const fixture = await createFixture()
    const door = await kind.open(fixture.teamServer)
    const serviceKey = 'Abc:Def:123456:GHIJKL:mnopqr:xyz'
    const { userName } = await fixture.a.addAgentKey({ name: 'colon', serviceKey })
    const answer = await door.send(
      withLine(fixture, 'Authorization', authorizationOf(userName, serviceKey)),
    )
    expect(answer.status).toBe(202)
  },
)

test.each(
  atEachDoor([
    { id: 'F-112', what: 'an apostrophe', name: "Whalen'sOrg" },
    { id: 'F-112', what: 'spaces, Ü and &', name: 'Ünter & Söhne' },
    { id: 'F-112', what: '255 characters', name: 'Ö'.repeat(255) },
    { id: 'F-112', what: 'a colon and a control character', name: 'a:b\u0007c' },
    { id: 'F-112', what: 'a character of four bytes', name: '🔑' },
  ]),
)(
  '%s in the name of an organization, and its agent is taken at %s',
  async (_what, _door, row, kind) => {
    const fixture = await createFixture()
    const door = await kind.open(fixture.teamServer)
    const organization = await fixture.teamServer.createOrganization({ name: row.name })
    const { userName, serviceKey } = organization.agent
    const request = fixture.report(organization, [
      'Authorization',
      authorizationOf(userName, serviceKey),
    ])
    const answer = await door.send(request)
    expect(jsonOf(answer)).toMatchObject({ success: true, added: 1 })
    expect(await organization.reports({ withReceipt: true })).toMatchObject([
      { agentUserName: userName },
    ])
  },
)

test.each(EACH_DOOR)(
  'F-124: an agent is C-WRONG from the answer of its deletion on, on an open connection too, at %s',
  async (_name, kind) => {
    const fixture = await createFixture()
    const door = await kind.open(fixture.teamServer)
    const { userName } = fixture.a1
    const request = withLine(fixture, 'Authorization', fixture.right.authorization)
    expect((await door.send(request)).status).toBe(202)

    await fixture.a.deleteAgentKey('default')
    const answer = await expectRefused({ fixture, door }, request, {
      outcome: 'C-WRONG',
      detail: 'agent-key-deleted',
      claimedUserName: userName,
    })
    expect(answer.isConnectionReused).toBe(kind === NODE_HTTP)
  },
)

/** A report of A1 with the right API key and no credentials. */
function withoutCredentials(fixture: Fixture): SentRequest {
  return fixture.report(fixture.a, ['API-Key', fixture.right.apiKey])
}

/** The same with one more line. */
function withLine(fixture: Fixture, name: string, value: string): SentRequest {
  return fixture.report(fixture.a, [name, value], ['API-Key', fixture.right.apiKey])
}
