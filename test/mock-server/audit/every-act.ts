import { authorizationOf, type Fixture } from '../forged-data/fixture.ts'
import type { Step, Walk } from './walk.ts'

/** What people and administrators choose by hand. */
export const CHOSEN = {
  password: 'Correct-Horse-7-Battery',
  nextPassword: 'Correct-Horse-8-Battery',
  apiKey: 'ApiKeyChosenByHand0123456789ABCD',
  agentKey: 'ServiceKeyByHand0123456789ABCDEF',
}

/** What callers present that is wrong: nobody may find it again either. */
export const WRONG = {
  serviceKey: 'wrong-service-key-0123456789',
  apiKey: 'wrong-api-key-0123456789',
  password: 'Wrong-Password-99',
  session: 'wrong-session-id-0123456789',
  csrfToken: 'wrong-csrf-token-0123456789',
  controlToken: 'wrong-control-token-0123456789',
}

const REPORTS = 'POST /engine/v1/reports'
const APPLICATIONS = 'GET /ng/:org/applications'
const OVERLAP = { overlapMs: 60_000 }
const WEAK = { keyLength: 8, minNumbers: 0, minUpperCase: 0, minLowerCase: 0 }
const STRONG = { keyLength: 32, minNumbers: 6, minUpperCase: 6, minLowerCase: 6 }

/** Refusals of credentials, with what was presented in every place that a caller has. */
export async function presentWrongCredentials(
  { step, note }: Walk,
  fixture: Fixture,
): Promise<void> {
  const { a1, b, people } = fixture
  const pair = (userName: string, serviceKey: string) => {
    const value = authorizationOf(userName, serviceKey)
    note(value)
    return value
  }
  const right = pair(a1.userName, a1.serviceKey)
  const query = `?api_key=${WRONG.apiKey}&key=${a1.serviceKey}&session=${WRONG.session}`
  for (const headers of [
    {},
    { authorization: WRONG.serviceKey },
    { authorization: `Bearer ${WRONG.serviceKey}` },
    { authorization: pair(a1.userName, WRONG.serviceKey) },
    { authorization: pair(a1.serviceKey, a1.userName) },
    { authorization: pair('nobody', WRONG.serviceKey) },
    { authorization: people.view.authorization, 'api-key': WRONG.apiKey },
    { authorization: right, 'api-key': WRONG.apiKey },
    { authorization: right, 'api-key': b.apiKey.value },
    { authorization: right, 'api-key': a1.serviceKey },
    { cookie: `TEAMSERVER_SESSION=${WRONG.session}`, 'x-csrf-token': WRONG.csrfToken },
    { cookie: WRONG.password, 'x-forwarded-for': WRONG.apiKey, 'user-agent': WRONG.serviceKey },
  ]) {
    await step({ route: REPORTS, query, headers, json: { reports: [] } })
    await step({ route: APPLICATIONS, query, headers })
  }
  const asAgent = { authorization: right, 'api-key': fixture.a.apiKey.value }
  const report = { id: 'one', type: 'finding', rule: 'r' }
  for (const reports of [[report], [{ ...report, title: 'other' }], WRONG.apiKey]) {
    await step({ route: REPORTS, headers: asAgent, json: { reports } })
  }
}

/** Everything that an administrator and a superadmin can do over REST, and a mistake in each. */
export async function administerOverRest({ step }: Walk, { a, a1, people, superadmin }: Fixture) {
  const asSuperadmin = { authorization: superadmin.authorization }
  const API_KEY = '/ng/:org/organizations/apikey'
  const AGENT_KEYS = '/ng/:org/agents/keys'
  const USERS = '/ng/:org/users'
  const RANGES = '/ng/:org/security/ip-ranges'
  const KEY_POLICY = '/ng/superadmin/security/key-policy'
  const PASSWORD_POLICY = '/ng/superadmin/security/password-policy'
  const third = { name: 'third' }
  const kim = { uid: 'kim' }
  const steps: readonly Step[] = [
    { route: `GET ${API_KEY}` },
    { route: `PUT ${API_KEY}`, json: { enabled: true } },
    { route: `PUT ${API_KEY}`, json: { value: WRONG.apiKey } },
    { route: `PUT ${API_KEY}`, json: { value: a.apiKey.value } },
    { route: `PUT ${API_KEY}`, json: { value: a1.userName } },
    { route: `PUT ${API_KEY}`, json: { enabled: WRONG.apiKey } },
    { route: `PUT ${API_KEY}`, json: { value: CHOSEN.apiKey } },
    { route: `PUT ${API_KEY}/rotate`, json: OVERLAP },
    { route: `PUT ${API_KEY}/rotate`, json: { overlapMs: WRONG.apiKey } },
    { route: `PUT ${API_KEY}/rotate`, json: { value: CHOSEN.apiKey } },
    { route: `PUT ${API_KEY}/revoke` },
    { route: `POST ${AGENT_KEYS}`, json: third },
    { route: `POST ${AGENT_KEYS}`, json: third },
    { route: `POST ${AGENT_KEYS}`, json: { name: `../${WRONG.serviceKey}` } },
    { route: `GET ${AGENT_KEYS}` },
    { route: `PUT ${AGENT_KEYS}/:name/rotate`, parameters: third, json: OVERLAP },
    {
      route: `PUT ${AGENT_KEYS}/:name/rotate`,
      parameters: third,
      json: { value: CHOSEN.agentKey },
    },
    {
      route: `PUT ${AGENT_KEYS}/:name/rotate`,
      parameters: third,
      json: { value: WRONG.serviceKey },
    },
    { route: `PUT ${AGENT_KEYS}/:name/rotate`, parameters: third, json: { value: a1.serviceKey } },
    { route: `PUT ${AGENT_KEYS}/:name/rotate`, parameters: third, json: OVERLAP },
    { route: `PUT ${AGENT_KEYS}/:name/revoke`, parameters: third },
    { route: `DELETE ${AGENT_KEYS}/:name`, parameters: third },
    { route: `DELETE ${AGENT_KEYS}/:name`, parameters: { name: a1.serviceKey } },
    { route: `GET ${RANGES}` },
    { route: `PUT ${RANGES}`, json: { ipRange: ['127.0.0.0/8'] } },
    { route: `PUT ${RANGES}`, json: { ipRange: [WRONG.apiKey] } },
    { route: 'GET /ng/:org/agents/external/default/:platform', parameters: { platform: 'NODE' } },
    { route: 'POST /ng/:org/agents/external/default/:platform', parameters: { platform: 'NODE' } },
    { route: 'GET /ng/:org/agents/home' },
    { route: `GET ${USERS}` },
    { route: `POST ${USERS}`, json: { role: 'view', userName: 'kim' } },
    { route: `POST ${USERS}`, json: { role: 'view', userName: 'kim' } },
    { route: `GET ${USERS}/:uid`, parameters: kim },
    { route: `GET ${USERS}/:uid`, parameters: { uid: people.view.password } },
    { route: `PUT ${USERS}/:uid/lock`, parameters: { uid: a.apiKey.value } },
    { route: `GET ${USERS}/:uid/authorization`, parameters: kim },
    { route: `PUT ${USERS}/:uid/lock`, parameters: kim },
    { route: `PUT ${USERS}/:uid/unlock`, parameters: kim },
    { route: `PUT ${USERS}/:uid/enabled`, parameters: kim, json: { enabled: false } },
    { route: `PUT ${USERS}/:uid/role`, parameters: kim, json: { role: 'edit' } },
    { route: `PUT ${USERS}/:uid/role`, parameters: kim, json: { role: WRONG.password } },
    { route: 'GET /ng/:org/organizations' },
    { route: 'GET /ng/:org/security/key-policy' },
    { route: 'GET /ng/profile' },
    { route: 'GET /internal/ng/profile/current-user' },
    { route: 'GET /ng/profile/roles' },
    { route: 'GET /ng/profile/organizations' },
    { route: 'PUT /ng/profile/:org/default' },
    { route: 'GET /ng/profile/organizations/default' },
    { route: 'GET /ng/profile/organizations/:org' },
    { route: 'GET /ng/profile/passwordpolicy' },
    { route: 'GET /ng/profile/servicekey' },
    { route: 'PUT /ng/profile/servicekey/rotate', json: OVERLAP },
    { route: 'PUT /ng/profile/servicekey/rotate', json: { overlapMs: WRONG.serviceKey } },
    {
      route: 'PUT /ng/profile/password',
      json: { old_password: WRONG.password, new_password: CHOSEN.password },
    },
    {
      route: 'PUT /ng/profile/password',
      json: { current: people.admin.password, next: WRONG.serviceKey },
    },
    {
      route: 'PUT /ng/profile/password',
      json: { old_password: people.admin.password, new_password: CHOSEN.password },
    },
    { route: `GET ${KEY_POLICY}`, headers: asSuperadmin },
    { route: `PUT ${KEY_POLICY}`, headers: asSuperadmin, json: {} },
    ...[WEAK, STRONG].map((section) => ({
      route: `PUT ${KEY_POLICY}`,
      headers: asSuperadmin,
      json: { organizationApiKey: section, applicationKey: section, maskInvalidIpsOnLogin: true },
    })),
    { route: `GET ${PASSWORD_POLICY}`, headers: asSuperadmin },
    { route: `PUT ${PASSWORD_POLICY}`, headers: asSuperadmin, json: { min_length: 10 } },
    {
      route: `PUT ${PASSWORD_POLICY}`,
      headers: asSuperadmin,
      json: { min_length: WRONG.password },
    },
    { route: 'GET /ng/:org/security/audit' },
    { route: 'GET /ng/:org/security/audit', query: `?keyword=${a1.serviceKey}` },
    { route: 'GET /ng/:org/security/audit', query: `?startDate=${WRONG.apiKey}` },
    { route: 'GET /ng/superadmin/security/audit', headers: asSuperadmin },
  ]
  for (const given of steps) {
    // What the administrator just rotated holds from its answer on.
    const { authorization } = (await a.person(people.admin.userName)) ?? people.admin
    const asAdmin = { authorization, 'api-key': a.apiKey.value }
    await step({ ...given, headers: given.headers ?? asAdmin })
  }
}

/** Signing in and out, with passwords in the wrong field too, and a change with a session. */
export async function signInAndOut({ step }: Walk, { people }: Fixture): Promise<void> {
  const login = (userName: string, password: string) =>
    step({ route: 'POST /ng/login', json: { userName, password } })
  await login(people.admin.userName, WRONG.password)
  await login(CHOSEN.password, people.admin.userName)
  await login(people.view.userName, people.view.password)
  const { body, cookie } = await login(people.admin.userName, CHOSEN.password)
  const session = { cookie: `TEAMSERVER_SESSION=${cookie}` }
  const { csrfToken } = body as { readonly csrfToken: string }
  const signedIn = { ...session, 'x-csrf-token': csrfToken }
  await step({ route: APPLICATIONS, query: `?session=${cookie}`, headers: session })
  const rotation = { route: 'PUT /ng/profile/servicekey/rotate', json: {} }
  await step({ ...rotation, headers: session })
  await step({ ...rotation, headers: { ...session, 'x-csrf-token': WRONG.csrfToken } })
  await step({ ...rotation, headers: signedIn })
  const passwords = { current: CHOSEN.password, next: CHOSEN.nextPassword }
  await step({ route: 'PUT /ng/profile/password', headers: signedIn, json: passwords })
  const again = await login(people.admin.userName, CHOSEN.nextPassword)
  const headers = {
    cookie: `TEAMSERVER_SESSION=${again.cookie}`,
    'x-csrf-token': (again.body as { readonly csrfToken: string }).csrfToken,
  }
  await step({ route: 'GET /ng/profile/session', headers })
  await step({ route: 'GET /ng/:org/profile/apikey', headers })
  await step({ route: 'POST /ng/:org/live/forged-attempts', headers, json: {} })
  await step({ route: 'POST /ng/logout', headers: session, json: {} })
  await step({ route: 'POST /ng/logout', headers, json: {} })
  await step({ route: APPLICATIONS, headers })
}

/** Everything that can be done in process, and the errors whose messages a program may print. */
export async function administerInProcess({ act }: Walk, { teamServer, a, people }: Fixture) {
  const acts: readonly [name: string, work: () => unknown][] = [
    ['apiKey.set', () => a.apiKey.set(WRONG.apiKey)],
    ['apiKey.set', () => a.apiKey.set(a.apiKey.value)],
    ['apiKey.set', () => a.apiKey.set(CHOSEN.apiKey)],
    ['apiKey.rotate', () => a.apiKey.rotate(OVERLAP)],
    ['apiKey.set', () => a.apiKey.set('ApiKeyInProcess0123456789ABCDEFG')],
    ['apiKey.rotate', () => a.apiKey.rotate(OVERLAP)],
    ['apiKey.rotate', () => a.apiKey.rotate({ overlapMs: -1 })],
    ['apiKey.closeOverlap', () => a.apiKey.closeOverlap()],
    ['apiKey.disable', () => a.apiKey.disable()],
    ['apiKey.enable', () => a.apiKey.enable()],
    ['apiKey.isCompliant', () => a.apiKey.isCompliant()],
    ['organization.ledger', () => a.ledger()],
    ['organization.vulnerabilities', () => a.vulnerabilities()],
    ['organization.libraries', () => a.libraries()],
    ['organization.routes', () => a.routes()],
    ['organization.plant', () => a.plant([{ name: 'planted' }])],
    ['organization.engineOptions', () => a.engineOptions()],
    ['organization.addAgentKey', () => a.addAgentKey({ name: 'fourth' })],
    [
      'organization.addAgentKey',
      () => a.addAgentKey({ name: 'fifth', serviceKey: WRONG.serviceKey }),
    ],
    ['organization.addAgentKey', () => a.addAgentKey({ name: 'default' })],
    ['organization.agentKeys', () => a.agentKeys()],
    ['organization.rotateAgentKey', () => a.rotateAgentKey('fourth', OVERLAP)],
    ['organization.rotateAgentKey', () => a.rotateAgentKey(WRONG.serviceKey)],
    ['organization.closeAgentKeyOverlap', () => a.closeAgentKeyOverlap('fourth')],
    ['organization.deleteAgentKey', () => a.deleteAgentKey('fourth')],
    ['organization.addPerson', () => a.addPerson({ role: 'view', userName: 'lee' })],
    ['organization.addPerson', () => a.addPerson({ role: 'view', serviceKey: WRONG.serviceKey })],
    ['organization.addPerson', () => a.addPerson({ role: 'view', password: 'wrong-chosen-one' })],
    ['organization.addPerson', () => a.addPerson({ role: 'view', userName: people.view.userName })],
    ['organization.people', () => a.people()],
    ['organization.person', () => a.person('lee')],
    ['organization.lockPerson', () => a.lockPerson('lee')],
    ['organization.unlockPerson', () => a.unlockPerson('lee')],
    ['organization.disablePerson', () => a.disablePerson('lee')],
    ['organization.enablePerson', () => a.enablePerson('lee')],
    ['organization.setRole', () => a.setRole('lee', 'edit')],
    ['organization.lockPerson', () => a.lockPerson(WRONG.password)],
    ['organization.restrictAddresses', () => a.restrictAddresses([WRONG.apiKey])],
    ['organization.restrictAddresses', () => a.restrictAddresses(['127.0.0.0/8'])],
    ['organization.addressRanges', () => a.addressRanges()],
    ['organization.lock', () => a.lock()],
    ['organization.unlock', () => a.unlock()],
    ['organization.applications', () => a.applications()],
    ['organization.archiveApplication', () => a.archiveApplication('default')],
    ['organization.restoreApplication', () => a.restoreApplication('default')],
    ['organization.archiveApplication', () => a.archiveApplication(WRONG.apiKey)],
    ['organization.servers', () => a.servers()],
    ['organization.sessions', () => a.sessions()],
    ['organization.reports', () => a.reports({ withReceipt: true })],
    ['organization.reported', () => a.reported()],
    ['organization.refusals', () => a.refusals()],
    ['organization.auditLog', () => a.auditLog()],
    ['teamServer.createOrganization', () => teamServer.createOrganization({ name: 'Other' })],
    [
      'teamServer.createOrganization',
      () => teamServer.createOrganization({ name: 'Third', apiKey: { value: WRONG.apiKey } }),
    ],
    ['teamServer.organizations', () => teamServer.organizations()],
    ['teamServer.organization', () => teamServer.organization(a.id)],
    ['teamServer.addPerson', () => teamServer.addPerson({ role: 'observer' })],
    ['teamServer.people', () => teamServer.people()],
    ['teamServer.keyPolicy', () => teamServer.keyPolicy()],
    [
      'teamServer.setKeyPolicy',
      () =>
        teamServer.setKeyPolicy({
          organizationApiKey: STRONG,
          applicationKey: STRONG,
          maskInvalidIpsOnLogin: false,
        }),
    ],
    ['teamServer.passwordPolicy', () => teamServer.passwordPolicy()],
    ['teamServer.setPasswordPolicy', () => teamServer.setPasswordPolicy({ minLength: 12 })],
    ['teamServer.refusals', () => teamServer.refusals()],
    ['teamServer.auditLog', () => teamServer.auditLog()],
    ['teamServer.lostAuditEntries', () => teamServer.lostAuditEntries()],
  ]
  for (const [name, work] of acts) await act(name, work)
}
