import { expect, test } from 'vitest'
import type { AuditEntry } from '../../../mock-server/index.ts'
import { createFixture, type Fixture } from '../forged-data/fixture.ts'
import { auditEntriesOf } from '../forged-data/state.ts'

const FROM = '198.51.100.7'

interface Sent {
  readonly authorization?: string | undefined
  readonly apiKey?: string | undefined
  readonly json?: unknown
  readonly from?: string
}

/** Sends a request from an address, with A's API key unless another one is said. */
async function send(
  { teamServer, a }: Fixture,
  method: string,
  path: string,
  { authorization, apiKey = a.apiKey.value, json, from = FROM }: Sent = {},
): Promise<Response> {
  return teamServer.handle(
    new Request(`http://teamserver.test/Contrast/api${path}`, {
      method,
      headers: {
        'api-key': apiKey,
        ...(authorization === undefined ? {} : { authorization }),
        ...(json === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(json === undefined ? {} : { body: JSON.stringify(json) }),
    }),
    { remoteAddress: from },
  )
}

interface Row {
  readonly event: string
  /** What has to be there first; its entries are not looked at. */
  readonly given?: (fixture: Fixture) => Promise<unknown>
  readonly cause: (fixture: Fixture) => Promise<unknown>
  readonly entry: (fixture: Fixture) => {
    [Field in keyof AuditEntry]?: AuditEntry[Field] | undefined
  }
}

function header(userName: string, serviceKey: string): string {
  return Buffer.from(`${userName}:${serviceKey}`).toString('base64')
}

const refusedReport = (
  event: string,
  reason: string,
  detail: string,
  more: {
    readonly given?: (fixture: Fixture) => Promise<unknown>
    readonly sent: (fixture: Fixture) => Sent
    readonly claimed?: (fixture: Fixture) => string | undefined
  },
): Row => ({
  event,
  ...(more.given === undefined ? {} : { given: more.given }),
  cause: (fixture) => send(fixture, 'POST', '/engine/v1/heartbeat', more.sent(fixture)),
  entry: (fixture) => ({
    kind: 'refusal',
    reason,
    detail,
    method: 'POST',
    path: '/Contrast/api/engine/v1/heartbeat',
    remoteAddress: FROM,
    claimedUserName: (more.claimed ?? (({ a2 }) => a2.userName))(fixture),
  }),
})

const rightOf = ({ a2 }: Fixture) => header(a2.userName, a2.serviceKey)

/** Of the credentials of a request, by each reason. */
const REFUSED: readonly Row[] = [
  refusedReport('no credentials', 'credentials-missing', 'authorization-missing', {
    sent: () => ({}),
    claimed: () => undefined,
  }),
  refusedReport('no base64', 'credentials-wrong', 'authorization-malformed', {
    sent: () => ({ authorization: '?' }),
    claimed: () => undefined,
  }),
  refusedReport('an unknown user', 'credentials-wrong', 'user-unknown', {
    sent: () => ({ authorization: header('nobody@nowhere', 'x') }),
    claimed: () => 'nobody@nowhere',
  }),
  refusedReport('a wrong service key', 'credentials-wrong', 'service-key-wrong', {
    sent: ({ a2 }) => ({ authorization: header(a2.userName, 'x') }),
  }),
  refusedReport('a deleted agent key', 'credentials-wrong', 'agent-key-deleted', {
    sent: ({ deleted }) => ({ authorization: header(deleted.userName, deleted.serviceKey) }),
    claimed: ({ deleted }) => deleted.userName,
  }),
  refusedReport('a retired service key', 'credentials-wrong', 'service-key-retired', {
    given: async (fixture) => fixture.a.rotateAgentKey('second'),
    sent: rightSent,
  }),
  refusedReport('no API key', 'api-key-wrong', 'api-key-missing', {
    sent: (fixture) => ({ authorization: rightOf(fixture), apiKey: '' }),
  }),
  refusedReport('a wrong API key', 'api-key-wrong', 'api-key-wrong', {
    sent: (fixture) => ({ authorization: rightOf(fixture), apiKey: 'x' }),
  }),
  refusedReport('a refused address', 'address-refused', 'address-refused', {
    given: ({ a }) => a.restrictAddresses(['10.0.0.0/8'], { appliesToAgents: true }),
    sent: rightSent,
  }),
  refusedReport('a person on a route of engines', 'role-refused', 'person-on-engine-route', {
    sent: ({ people }) => ({ authorization: people.edit.authorization }),
    claimed: ({ people }) => people.edit.userName,
  }),
]

function rightSent(fixture: Fixture): Sent {
  return { authorization: rightOf(fixture) }
}

const done = (
  event: string,
  name: string,
  detail: string,
  cause: Row['cause'],
  given?: Row['given'],
): Row => ({
  event,
  ...(given === undefined ? {} : { given }),
  cause,
  entry: () => ({
    kind: 'administration',
    reason: name,
    detail,
    claimedUserName: 'in-process',
  }),
})

/** What a program does in process; over REST it is the same with another name and an address. */
const ACTS: readonly Row[] = [
  done('layer two on', 'api-key-enabled', 'switched the organization API key on', ({ a }) =>
    a.apiKey.enable(),
  ),
  done('layer two off', 'api-key-disabled', 'switched the organization API key off', ({ a }) =>
    a.apiKey.disable(),
  ),
  done(
    'API key rotated',
    'api-key-rotated',
    'rotated the organization API key with an overlap of 9 ms',
    ({ a }) => a.apiKey.rotate({ overlapMs: 9 }),
  ),
  done(
    'API key revoked early',
    'api-key-overlap-closed',
    'ended the overlap of the organization API key',
    ({ a }) => a.apiKey.closeOverlap(),
    ({ a }) => a.apiKey.rotate({ overlapMs: 9 }),
  ),
  done('API key set', 'api-key-set', 'set the organization API key', ({ a }) =>
    a.apiKey.set('0246813579ABCDEFGHIJklmnopqrstuv'),
  ),
  done('agent key added', 'agent-key-added', 'added the agent key third', ({ a }) =>
    a.addAgentKey({ name: 'third' }),
  ),
  done(
    'agent key rotated',
    'agent-key-rotated',
    'rotated the agent key second with an overlap of 9 ms',
    ({ a }) => a.rotateAgentKey('second', { overlapMs: 9 }),
  ),
  done(
    'agent key revoked early',
    'agent-key-overlap-closed',
    'ended the overlap of the agent key second',
    ({ a }) => a.closeAgentKeyOverlap('second'),
    ({ a }) => a.rotateAgentKey('second', { overlapMs: 9 }),
  ),
  done('agent key deleted', 'agent-key-deleted', 'deleted the agent key second', ({ a }) =>
    a.deleteAgentKey('second'),
  ),
  done('person added', 'person-added', 'added view-two as view', ({ a }) =>
    a.addPerson({ role: 'view', userName: 'view-two' }),
  ),
  done(
    'addresses restricted',
    'address-ranges-changed',
    'changed the address ranges: added 10.0.0.0/8',
    ({ a }) => a.restrictAddresses(['10.0.0.0/8']),
  ),
]

const OVER_REST: readonly Row[] = [
  {
    event: 'addresses restricted by an administrator',
    cause: (fixture) =>
      send(fixture, 'PUT', `/ng/${fixture.a.id}/security/ip-ranges`, {
        authorization: fixture.people.admin.authorization,
        json: { ipRange: ['198.51.100.0/24'] },
      }),
    entry: ({ people }) => ({
      kind: 'administration',
      reason: 'address-ranges-changed',
      detail: 'changed the address ranges: added 198.51.100.0/24',
      remoteAddress: FROM,
      claimedUserName: people.admin.userName,
    }),
  },
  {
    event: 'keys downloaded',
    cause: (fixture) =>
      send(fixture, 'GET', `/ng/${fixture.a.id}/agents/external/default/NODE`, {
        authorization: fixture.people.edit.authorization,
      }),
    entry: ({ a, people }) => ({
      kind: 'administration',
      reason: 'agent-configuration-downloaded',
      detail: 'downloaded the configuration of the agent key default',
      method: 'GET',
      path: `/Contrast/api/ng/${a.id}/agents/external/default/NODE`,
      remoteAddress: FROM,
      claimedUserName: people.edit.userName,
    }),
  },
  {
    event: 'a report that contradicts a known one',
    given: (fixture) => sendReport(fixture, 'first'),
    cause: (fixture) => sendReport(fixture, 'second'),
    entry: ({ a2 }) => ({
      kind: 'notice',
      reason: 'report-conflict',
      detail: '1 reports had a known id and other content; the first content stays',
      method: 'POST',
      path: '/Contrast/api/engine/v1/reports',
      remoteAddress: FROM,
      claimedUserName: a2.userName,
    }),
  },
]

function sendReport(fixture: Fixture, title: string) {
  return send(fixture, 'POST', '/engine/v1/reports', {
    ...rightSent(fixture),
    json: { reports: [{ id: 'one', type: 'finding', rule: 'r', title }] },
  })
}

const PASSWORD = 'Right-password-1'

function sendLogin({ teamServer }: Fixture, userName: string, password: string) {
  return teamServer.handle(
    new Request('http://teamserver.test/Contrast/api/ng/login', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ userName, password }),
    }),
    { remoteAddress: FROM },
  )
}

const refusedLogin = (
  event: string,
  detail: string,
  claim: (fixture: Fixture) => readonly [userName: string, password: string],
  given?: Row['given'],
): Row => ({
  event,
  ...(given === undefined ? {} : { given }),
  cause: (fixture) => sendLogin(fixture, ...claim(fixture)),
  entry: (fixture) => ({
    kind: 'refusal',
    reason: 'login-refused',
    detail,
    method: 'POST',
    path: '/Contrast/api/ng/login',
    remoteAddress: FROM,
    ...(detail === 'user-unknown' ? {} : { claimedUserName: claim(fixture)[0] }),
  }),
})

/** Of logins, by each reason. */
const LOGINS: readonly Row[] = [
  {
    event: 'a login',
    cause: (fixture) =>
      sendLogin(fixture, fixture.people.admin.userName, fixture.people.admin.password),
    entry: ({ people }) => ({
      kind: 'notice',
      reason: 'login-accepted',
      detail: 'signed in',
      remoteAddress: FROM,
      claimedUserName: people.admin.userName,
    }),
  },
  refusedLogin('a login of nobody', 'user-unknown', () => ['nobody@nowhere', PASSWORD]),
  refusedLogin('a wrong password', 'password-wrong', ({ people }) => [
    people.view.userName,
    PASSWORD,
  ]),
  refusedLogin('a login of an API-only person', 'api-only', ({ people: { apiOnlyEdit } }) => [
    apiOnlyEdit.userName,
    apiOnlyEdit.password,
  ]),
  refusedLogin(
    'a login of a locked person',
    'person-locked',
    ({ people: { view } }) => [view.userName, view.password],
    ({ a, people }) => a.lockPerson(people.view.userName),
  ),
  refusedLogin(
    'a login of a disabled person',
    'person-disabled',
    ({ people: { view } }) => [view.userName, view.password],
    ({ a, people }) => a.disablePerson(people.view.userName),
  ),
  refusedLogin(
    'a login from a refused address',
    'address-refused',
    ({ people: { view } }) => [view.userName, view.password],
    ({ a }) => a.restrictAddresses(['10.0.0.0/8']),
  ),
]

const changed = (event: string, name: string, sentence: string, cause: Row['cause']) => {
  const given: Row['given'] = ({ a }) =>
    a.addPerson({ role: 'edit', userName: 'somebody', password: PASSWORD })
  return done(event, name, sentence, cause, given)
}

/** What becomes of people, and of what holds for all. */
const PEOPLE_AND_POLICIES: readonly Row[] = [
  changed('a person locked', 'person-locked', 'locked somebody', ({ a }) =>
    a.lockPerson('somebody'),
  ),
  changed('a person unlocked', 'person-unlocked', 'unlocked somebody', ({ a }) =>
    a.unlockPerson('somebody'),
  ),
  changed('a person disabled', 'person-disabled', 'disabled somebody', ({ a }) =>
    a.disablePerson('somebody'),
  ),
  changed('a person enabled', 'person-enabled', 'enabled somebody', ({ a }) =>
    a.enablePerson('somebody'),
  ),
  changed('another role', 'role-changed', 'made somebody admin', ({ a }) =>
    a.setRole('somebody', 'admin'),
  ),
  done('the password policy', 'password-policy-changed', 'changed the password policy', (fixture) =>
    fixture.teamServer.setPasswordPolicy({ minLength: 9 }),
  ),
  ...(
    [
      [
        'a person who changes the password',
        '/ng/profile/password',
        { current: PASSWORD, next: 'Next-password-1' },
        'password-changed',
        'changed the password of somebody',
      ],
      [
        'a person who rotates the service key',
        '/ng/profile/servicekey/rotate',
        { overlapMs: 9 },
        'service-key-rotated',
        'rotated the service key of somebody with an overlap of 9 ms',
      ],
    ] as const
  ).map(
    ([event, path, json, reason, detail]): Row => ({
      event,
      given: ({ a }) =>
        a.addPerson({
          role: 'edit',
          userName: 'somebody',
          password: PASSWORD,
          serviceKey: SERVICE_KEY,
        }),
      cause: (fixture) =>
        send(fixture, 'PUT', path, { authorization: header('somebody', SERVICE_KEY), json }),
      entry: () => ({
        kind: 'administration',
        reason,
        detail,
        remoteAddress: FROM,
        claimedUserName: 'somebody',
      }),
    }),
  ),
]

const SERVICE_KEY = '0246813579ABCDEFGHIJklmnopqrstuv'

const ROWS = [...REFUSED, ...ACTS, ...OVER_REST, ...LOGINS, ...PEOPLE_AND_POLICIES]

test.each(ROWS)(
  'one entry says when, who, from where, what and with what outcome: $event (S-602)',
  async ({ given, cause, entry }) => {
    const fixture = await createFixture({ scryptCost: 1_024 })
    await given?.(fixture)
    const before = new Set(await auditEntriesOf(fixture))
    fixture.clock.now = new Date(fixture.clock.now.getTime() + 60_000)
    await cause(fixture)
    const entries = (await auditEntriesOf(fixture)).filter((each) => !before.has(each))
    expect(entries).toEqual([{ at: fixture.clock.now, ...entry(fixture) }])
    expect(fixture.errors).toEqual([])
  },
)

test('the lock that a policy puts on has an entry beside that of the last refused login (S-602)', async () => {
  const fixture = await createFixture({ scryptCost: 1_024 })
  const { userName } = fixture.people.view
  const before = new Set(await auditEntriesOf(fixture))
  for (let turn = 0; turn < 3; turn++) await sendLogin(fixture, userName, PASSWORD)
  const entries = (await auditEntriesOf(fixture)).filter((each) => !before.has(each))
  expect(entries.map(({ reason, detail }) => `${reason}: ${detail}`)).toEqual([
    'login-refused: password-wrong',
    'login-refused: password-wrong',
    `person-locked-by-policy: locked ${userName} after 3 failed logins in a row`,
    'login-refused: password-wrong',
  ])
})

test('a limit that was hit has one entry with what would have been the true reason (S-602)', async () => {
  const fixture = await createFixture({ failedAttemptsPerMinute: 1, scryptCost: 1_024 })
  const wrong = { authorization: header(fixture.a2.userName, 'x') }
  const heartbeat = () => send(fixture, 'POST', '/engine/v1/heartbeat', wrong)
  expect((await heartbeat()).status).toBe(401)
  expect((await heartbeat()).status).toBe(429)
  const { userName, password } = fixture.people.admin
  expect((await sendLogin(fixture, userName, password)).status).toBe(429)
  const entries = await auditEntriesOf(fixture)
  expect(entries.filter(({ reason }) => reason === 'rate-limited')).toMatchObject([
    { detail: 'service-key-wrong', remoteAddress: FROM, claimedUserName: fixture.a2.userName },
    { detail: 'login-not-tried', remoteAddress: FROM, path: '/Contrast/api/ng/login' },
  ])
})
