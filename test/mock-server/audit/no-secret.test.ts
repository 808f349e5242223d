import { inspect } from 'node:util'
import { expect, onTestFinished, test } from 'vitest'
import { createFixture, type Fixture } from '../forged-data/fixture.ts'
import { secretsFoundIn } from '../forged-data/secret-search.ts'

/** Where a person signs in with a password of their own. */
const PASSWORD = 'Correct-Horse-7-Battery'

/** What callers present that is wrong: nobody may find it again either. */
const WRONG = ['wrong-service-key-0123456789', 'wrong-api-key-0123456789', 'Wrong-Password-99']

/** Names in answers under which something secret is handed out. */
const HANDED_OUT = /^(api_key|service_key|token|csrfToken|password|auth_header|authorization)$/i

interface Step {
  readonly method: string
  readonly path: string
  readonly headers?: Readonly<Record<string, string | undefined>>
  readonly json?: unknown
}

/** Walks through a TeamServer as callers do, and keeps what came back. */
function createWalk(fixture: Fixture) {
  const { teamServer, secrets } = fixture
  const refusals: string[] = []
  const statuses: [step: string, status: number][] = []
  const noted = secrets as Set<string>

  function note(value: unknown): void {
    if (typeof value !== 'object' || value === null) return
    for (const [name, inner] of Object.entries(value)) {
      if (HANDED_OUT.test(name) && typeof inner === 'string') noted.add(inner)
      note(inner)
    }
  }

  return {
    refusals,
    statuses,
    async step({ method, path, headers = {}, json }: Step) {
      fixture.noteSecrets()
      const sent = Object.entries(headers).flatMap(([name, value]) =>
        value === undefined ? [] : [[name, value] as [string, string]],
      )
      const response = await teamServer.handle(
        new Request(`http://teamserver.test/Contrast/api${path}`, {
          method,
          headers: [...sent, ...(json === undefined ? [] : [JSON_TYPE])],
          ...(json === undefined ? {} : { body: JSON.stringify(json) }),
        }),
        { remoteAddress: '127.0.0.5' },
      )
      const text = await response.text()
      const cookie = /TEAMSERVER_SESSION=([^;]+)/.exec(
        response.headers.get('set-cookie') ?? '',
      )?.[1]
      if (cookie !== undefined && cookie !== '') noted.add(cookie)
      statuses.push([`${method} ${path}`, response.status])
      const body = text.startsWith('{') ? JSON.parse(text) : undefined
      if (response.ok) note(body)
      else refusals.push(text, JSON.stringify([...response.headers]))
      fixture.noteSecrets()
      return { body, cookie }
    },
  }
}

const JSON_TYPE: [string, string] = ['content-type', 'application/json']

/** Everything that can be read of a value: its JSON, what `inspect` shows, and each `Buffer` in it. */
function shown(value: unknown): readonly string[] {
  return [
    inspect(value, { depth: 10, maxArrayLength: null, maxStringLength: null }),
    String(value),
    JSON.stringify(value, (_name, inner) => (inner instanceof Map ? [...inner] : inner)) ?? '',
    ...buffersIn(value),
  ]
}

/** What `inspect` writes with spaces and JSON with commas. */
function buffersIn(value: unknown): readonly string[] {
  if (Buffer.isBuffer(value)) return [value.toString('latin1'), value.toString('hex')]
  if (typeof value !== 'object' || value === null) return []
  const inner = value instanceof Map ? [...value].flat() : Object.values(value)
  return inner.flatMap(buffersIn)
}

/** Every record that a store hands out. */
async function recordsOf({ teamServer: { store }, a, b, people, superadmin }: Fixture) {
  const inside = async (id: string) => [
    await store.organization(id),
    await store.callers(id),
    await store.reports(id),
    await store.applications(id),
    await store.servers(id),
    await store.sessions(id),
    await store.auditEntries(id),
    await store.searchAuditEntries(id, {}),
  ]
  return [
    ...(await inside(a.id)),
    ...(await inside(b.id)),
    await store.organizations(),
    await store.systemSettings(),
    await store.auditEntries(undefined),
    await store.searchAuditEntries(undefined, {}),
    await Promise.all(
      [...Object.values(people), superadmin].map(({ userName }) => store.caller(userName)),
    ),
  ]
}

test('no secret shows in journal, audit log, error, output, inspect or JSON of any object', async () => {
  const fixture = await createFixture({ scryptCost: 1_024 })
  const { teamServer, a, b, a1, a2, people, superadmin, secrets } = fixture
  const walk = createWalk(fixture)
  const { step } = walk
  const noted = secrets as Set<string>
  for (const secret of [PASSWORD, ...WRONG]) noted.add(secret)
  const authorization = (userName: string, serviceKey: string) => {
    const value = Buffer.from(`${userName}:${serviceKey}`).toString('base64')
    noted.add(value)
    return value
  }
  const [wrongServiceKey = '', wrongApiKey = '', wrongPassword = ''] = WRONG
  const both = (person: { readonly authorization: string }) => ({
    authorization: person.authorization,
    'api-key': a.apiKey.value,
  })
  const ng = `/ng/${a.id}`
  const admin = () => both(people.admin)

  // Refusals of credentials, with what was presented in every place that a caller has.
  const reports = '/engine/v1/reports'
  for (const headers of [
    {},
    { authorization: wrongServiceKey },
    { authorization: `Bearer ${wrongServiceKey}` },
    { authorization: authorization(a1.userName, wrongServiceKey) },
    { authorization: authorization(a1.serviceKey, a1.userName) },
    { authorization: authorization('nobody', wrongServiceKey) },
    { authorization: people.view.authorization, 'api-key': wrongApiKey },
    { authorization: authorization(a1.userName, a1.serviceKey), 'api-key': wrongApiKey },
    { authorization: authorization(a1.userName, a1.serviceKey), 'api-key': b.apiKey.value },
    { cookie: `TEAMSERVER_SESSION=${wrongApiKey}` },
    { cookie: wrongPassword, 'x-csrf-token': wrongApiKey, 'x-forwarded-for': wrongApiKey },
  ]) {
    for (const path of [
      reports,
      `${ng}/applications?api_key=${wrongApiKey}&key=${a1.serviceKey}`,
    ]) {
      await step({ method: path === reports ? 'POST' : 'GET', path, headers })
    }
  }
  const asAgent = {
    authorization: authorization(a2.userName, a2.serviceKey),
    'api-key': a.apiKey.value,
  }
  const report = { id: 'one', type: 'finding', rule: 'r' }
  await step({ method: 'POST', path: reports, headers: asAgent, json: { reports: [report] } })
  const other = { ...report, title: 'other' }
  await step({ method: 'POST', path: reports, headers: asAgent, json: { reports: [other] } })
  await step({ method: 'POST', path: reports, headers: asAgent, json: { reports: wrongApiKey } })

  // Over REST: reading and changing keys, addresses, people, policies.
  const weak = { keyLength: 8, minNumbers: 0, minUpperCase: 0, minLowerCase: 0 }
  const keyPolicy = '/ng/superadmin/security/key-policy'
  const asSuperadmin = { authorization: superadmin.authorization }
  for (const given of [
    { method: 'GET', path: `${ng}/organizations/apikey` },
    { method: 'PUT', path: `${ng}/organizations/apikey`, json: { enabled: true } },
    { method: 'PUT', path: `${ng}/organizations/apikey`, json: { value: wrongApiKey } },
    { method: 'PUT', path: `${ng}/organizations/apikey`, json: { value: a.apiKey.value } },
    { method: 'PUT', path: `${ng}/organizations/apikey/rotate`, json: { overlapMs: 60_000 } },
    { method: 'PUT', path: `${ng}/organizations/apikey/rotate`, json: { overlapMs: wrongApiKey } },
    { method: 'GET', path: `${ng}/agents/keys` },
    { method: 'POST', path: `${ng}/agents/keys`, json: { name: 'third' } },
    { method: 'POST', path: `${ng}/agents/keys`, json: { name: 'third' } },
    { method: 'PUT', path: `${ng}/agents/keys/third/rotate`, json: { overlapMs: 60_000 } },
    { method: 'DELETE', path: `${ng}/agents/keys/third` },
    { method: 'PUT', path: `${ng}/security/ip-ranges`, json: { ipRange: ['127.0.0.0/8'] } },
    { method: 'PUT', path: `${ng}/security/ip-ranges`, json: { ipRange: [wrongApiKey] } },
    { method: 'GET', path: `${ng}/agents/external/default/NODE` },
    { method: 'GET', path: `${ng}/users` },
    { method: 'POST', path: `${ng}/users`, json: { role: 'view', userName: 'new-one' } },
    { method: 'POST', path: `${ng}/users`, json: { role: 'view', userName: 'new-one' } },
    { method: 'GET', path: `${ng}/users/new-one/authorization` },
    { method: 'PUT', path: `${ng}/users/new-one/lock`, json: {} },
    { method: 'PUT', path: `${ng}/users/new-one/unlock`, json: {} },
    { method: 'PUT', path: `${ng}/users/new-one/enabled`, json: { enabled: false } },
    { method: 'PUT', path: `${ng}/users/new-one/role`, json: { role: 'edit' } },
    { method: 'GET', path: '/ng/profile/servicekey' },
    { method: 'PUT', path: '/ng/profile/servicekey/rotate', json: { overlapMs: 60_000 } },
    {
      method: 'PUT',
      path: '/ng/profile/password',
      json: { old_password: wrongPassword, new_password: PASSWORD },
    },
    {
      method: 'PUT',
      path: '/ng/profile/password',
      json: { old_password: people.admin.password, new_password: PASSWORD },
    },
    { method: 'GET', path: `${ng}/security/audit?keyword=${a1.serviceKey}` },
    { method: 'PUT', path: keyPolicy, json: {}, headers: asSuperadmin },
    {
      method: 'PUT',
      path: keyPolicy,
      headers: asSuperadmin,
      json: { organizationApiKey: weak, applicationKey: weak, maskInvalidIpsOnLogin: true },
    },
  ] as Step[]) {
    // What the administrator just rotated holds from its answer on.
    const { authorization: own } = (await a.person(people.admin.userName)) ?? people.admin
    await step({ ...given, headers: given.headers ?? { ...admin(), authorization: own } })
  }

  // Signing in, with passwords in the wrong field too.
  const login = (userName: string, password: string) =>
    step({ method: 'POST', path: '/ng/login', json: { userName, password } })
  await login(people.admin.userName, wrongPassword)
  await login(PASSWORD, people.admin.userName)
  await login(people.view.userName, people.view.password)
  const { body, cookie } = await login(people.admin.userName, PASSWORD)
  const session = { cookie: `TEAMSERVER_SESSION=${cookie}` }
  await step({ method: 'GET', path: `${ng}/applications?session=${cookie}`, headers: session })
  await step({ method: 'POST', path: '/ng/logout', headers: session, json: {} })
  await step({
    method: 'POST',
    path: '/ng/logout',
    headers: {
      ...session,
      'x-csrf-token': (body as { csrfToken?: string } | undefined)?.csrfToken,
    },
    json: {},
  })
  await step({ method: 'GET', path: `${ng}/applications`, headers: session })

  // In process: acts, and errors whose messages a program may print.
  const thrown: unknown[] = []
  const acts: (() => Promise<unknown>)[] = [
    () => a.apiKey.set(wrongApiKey),
    () => a.apiKey.set(a.apiKey.value),
    () => a.apiKey.rotate({ overlapMs: 60_000 }),
    () => a.apiKey.closeOverlap(),
    () => a.apiKey.disable(),
    () => a.addAgentKey({ name: 'fourth', serviceKey: wrongServiceKey }),
    () => a.addAgentKey({ name: 'default' }),
    () => a.rotateAgentKey('second', { overlapMs: 60_000 }),
    () => a.rotateAgentKey('nowhere'),
    () => a.addPerson({ role: 'view', serviceKey: wrongServiceKey }),
    () => a.addPerson({ role: 'view', userName: people.view.userName }),
    () => a.restrictAddresses([wrongApiKey]),
    () => teamServer.createOrganization({ name: 'Other', apiKey: { value: wrongApiKey } }),
  ]
  for (const act of acts) {
    fixture.noteSecrets()
    await act().catch((error: unknown) => thrown.push(error))
    fixture.noteSecrets()
  }
  expect(thrown.length).toBeGreaterThanOrEqual(7)

  const listener = await teamServer.listen({ port: 0, control: true })
  onTestFinished(() => listener.close())
  noted.add(listener.control?.token ?? '')
  await fetch(`${listener.control?.url}/refusals`, {
    headers: { authorization: `Bearer ${wrongApiKey}` },
  })
  const agentKeys = await a.agentKeys()
  for (const { serviceKey, token } of agentKeys) noted.add(serviceKey).add(token)

  const objects = {
    teamServer,
    a,
    b,
    apiKey: a.apiKey,
    agents: [a1, a2, a.agent, ...agentKeys],
    people: [...Object.values(people), superadmin],
    listener,
    records: await recordsOf(fixture),
    thrown,
    errors: thrown.map((error) => (error instanceof Error ? [error.message, error.stack] : [])),
    refusals: walk.refusals,
    refusedRequests: [await a.refusals(), await teamServer.refusals()],
    output: fixture.output,
  }
  noted.delete('')
  const everySecret = [...secrets]
  expect(everySecret.length).toBeGreaterThan(45)
  expect(fixture.output.length).toBeGreaterThan(50)
  for (const [what, object] of Object.entries(objects)) {
    const found = secretsFoundIn(shown(object).join('\n'), everySecret)
    expect({ what, found }).toEqual({ what, found: [] })
  }
  expect(fixture.errors).toEqual([])
  // The walk was one: most of its steps were taken, and none was a mistake of the mock.
  expect(walk.statuses.filter(([, status]) => status >= 500)).toEqual([])
  expect(walk.statuses.filter(([, status]) => status < 300).length).toBeGreaterThanOrEqual(20)
}, 30_000)

test('the search itself sees a secret in each of six encodings', () => {
  const secret = 'aB3-/+x0123456789'
  const bytes = Buffer.from(secret)
  for (const text of [
    secret,
    bytes.toString('base64'),
    Buffer.from(`user:${secret}`).toString('base64url'),
    bytes.toString('hex'),
    encodeURIComponent(secret),
    shown({ key: bytes }).join('\n'),
    shown(new Map([[secret, 1]])).join('\n'),
    shown(new Error('outer', { cause: secret })).join('\n'),
  ]) {
    expect(secretsFoundIn(`<${text}>`, [secret])).toEqual([secret])
  }
})
