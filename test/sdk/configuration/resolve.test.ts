import { homedir } from 'node:os'
import { basename, join } from 'node:path'
import { inspect } from 'node:util'
import { expect, test } from 'vitest'
import { completeSurroundings } from '../../../sdk/configuration/surroundings.ts'
import {
  API_KEY,
  type Around,
  CREDENTIALS,
  problemOf,
  ready,
  SERVICE_KEY,
  tryResolve,
} from './try-resolve.ts'

test('C-203: credentials may come half from one source and half from another, and it shows', () => {
  const { origins } = ready({
    options: { url: 'https://teamserver.test' },
    env: { CONTRAST__API__USER_NAME: 'agent_1' },
    files: { 'contrast_security.yaml': `api: {service_key: ${SERVICE_KEY}}` },
  })
  expect(
    [origins.url, origins.agentUserName, origins.serviceKey].map(({ source }) => source),
  ).toEqual(['option', 'environment', 'yaml'])
  const shown = inspect(origins, { depth: 5 })
  expect(shown).toContain('CONTRAST__API__USER_NAME')
  expect(shown).not.toContain(SERVICE_KEY)
})

test('without credentials the engine is unusable, and the line names what is missing and the ways', () => {
  const { code, message } = problemOf({})
  expect(code).toBe('ERR_CREDENTIALS_MISSING')
  expect(message).toBe(
    'url, agentUserName and serviceKey are missing. Give them in one of three ways: ' +
      'to createEngine({ url, agentUserName, serviceKey }) or as option token; in the environment as ' +
      'CONTRAST__API__URL, CONTRAST__API__USER_NAME and CONTRAST__API__SERVICE_KEY, or ' +
      'CONTRAST__API__TOKEN; in contrast_security.yaml as api.url, api.user_name and ' +
      'api.service_key, or api.token',
  )
})

test('what is missing alone is named alone', () => {
  const options = { url: CREDENTIALS.url, agentUserName: CREDENTIALS.agentUserName }
  expect(problemOf({ options }).message).toMatch(/^serviceKey is missing\. Give it in /)
})

test('everything else has a default', () => {
  const configuration = ready({ options: CREDENTIALS, cwd: '/' })
  expect({ ...configuration, origins: undefined, credentials: undefined }).toEqual({
    url: 'https://teamserver.test/Contrast/api',
    application: { name: 'application', path: '/', tags: [], metadata: {}, root: '/' },
    server: {
      name: 'machine-1',
      path: '/',
      type: `node.js ${process.version}`,
      environment: 'DEVELOPMENT',
      tags: [],
    },
    session: {},
    requireHttps: false,
    allowLinkLocal: false,
    proxy: { isEnabled: false },
    certificate: { isEnabled: false, ignoreCertErrors: false, pins: [] },
    network: { tls: { areErrorsIgnored: false, pins: [] }, isLinkLocalAllowed: false },
    queueLimitReports: 1_000,
    batchLimitReports: 100,
    batchLimitBytes: 1_048_576,
    flushIntervalMs: 5_000,
    requestTimeoutMs: 10_000,
    closeTimeoutMs: 5_000,
    spoolDirectory: '/state/teamserver-engine',
    spoolLimitBytes: 67_108_864,
    durability: 'exit',
    signals: true,
    heartbeatPeriodMs: 300_000,
    activityPeriodMs: 30_000,
    logLevel: 'warn',
    isLibrariesEnabled: true,
    isRoutesEnabled: true,
    notices: [],
    origins: undefined,
    credentials: undefined,
  })
  expect(configuration.origins.closeTimeoutMs).toEqual({ source: 'default', where: 'default' })
})

test('name and version come from the nearest package.json with a name', () => {
  const { application, origins } = ready({
    options: CREDENTIALS,
    files: {
      'package.json': '{"name": "shop", "version": "1.2.3"}',
      'dist/package.json': '{"type": "module"}',
    },
    env: { CONTRAST__AGENT__NODE__APP_ROOT: 'dist' },
  })
  expect(application).toMatchObject({ name: 'shop', version: '1.2.3' })
  expect(origins['application.name'].where).toMatch(/package\.json name$/)
})

test.each(['{', '[]', 'null', '{"name": 7}', '{"name": "\\u0007"}'])(
  'with the package.json %s the application has the name of its folder',
  (content) => {
    const { application } = ready({ options: CREDENTIALS, files: { 'package.json': content } })
    expect(application.name).toBe('app')
    expect(basename(application.root)).toBe('app')
  },
)

test.each<[string, Around]>([
  ['the environment', { env: { CONTRAST__ENABLE: 'false' } }],
  ['a file', { files: { 'contrast_security.yaml': 'enable: false' } }],
  [
    'the environment, before a broken file is read',
    { env: { CONTRAST__ENABLE: 'False' }, files: { 'contrast_security.yaml': '\t' } },
  ],
])('C-201: enable: false in %s switches the engine off', (_where, around) => {
  expect(tryResolve(around)).toEqual({
    status: 'disabled',
    why: expect.stringMatching(/(CONTRAST__ENABLE|yaml:1 enable) is false$/),
  })
})

test('C-201: the environment switches an engine on that a file switches off', () => {
  const files = { 'contrast_security.yaml': 'enable: false' }
  const env = { CONTRAST__ENABLE: 'true' }
  expect(tryResolve({ options: CREDENTIALS, env, files }).status).toBe('ready')
})

test('a session with an id and metadata is unusable, or thrown if the program passed both', () => {
  const env = { CONTRAST__APPLICATION__SESSION_METADATA: 'branchName=main' }
  const options = { ...CREDENTIALS, session: { id: 'session-1' } }
  expect(problemOf({ options, env }).message).toBe(
    'a session has an id (option session.id) or metadata ' +
      '(environment CONTRAST__APPLICATION__SESSION_METADATA), not both: leave one of them out',
  )
  const both = { ...CREDENTIALS, session: { id: 'session-1', metadata: { branchName: 'main' } } }
  expect(() => tryResolve({ options: both })).toThrow(
    expect.objectContaining({ code: 'ERR_OPTION_INVALID' }),
  )
})

test('plain http to another machine is taken with a warning', () => {
  const { notices } = ready({ options: { ...CREDENTIALS, url: 'http://teamserver.test:8080' } })
  expect(notices).toEqual([
    {
      level: 'warn',
      text:
        'url (option url) is plain http: anybody between here and teamserver.test:8080 can ' +
        'read the keys; use https',
    },
  ])
  const local = { ...CREDENTIALS, url: 'http://127.0.0.1:8080' }
  expect(ready({ options: local }).notices).toEqual([])
})

test('C-203: a configuration shows no key, however it is looked at', () => {
  const configuration = ready({ options: { ...CREDENTIALS, organizationApiKey: API_KEY } })
  const shown = [
    JSON.stringify(configuration),
    inspect(configuration, { depth: 10, showHidden: true, getters: true }),
    inspect({ ...configuration.credentials }),
    JSON.stringify(structuredClone(configuration.credentials)),
    String(configuration.credentials),
    Object.entries(configuration.credentials).join(),
  ].join('\n')
  expect(shown).not.toMatch(new RegExp(`${SERVICE_KEY}|${API_KEY}`))
  expect(configuration.credentials.serviceKey).toBe(SERVICE_KEY)
  expect(Object.isFrozen(configuration) && Object.isFrozen(configuration.credentials)).toBe(true)
})

test('what nobody foresaw while the configuration is read is a problem, and no exception', () => {
  const env = new Proxy(
    {},
    {
      ownKeys() {
        throw new RangeError(`the environment holds ${SERVICE_KEY}`)
      },
    },
  )
  const { code, message } = problemOf({ options: CREDENTIALS, env })
  expect(code).toBe('ERR_CONFIGURATION_VALUE')
  expect(message).toBe('the configuration cannot be read (RangeError)')
})

test.each<[string, Around, string | false]>([
  ['is below the state folder by default', {}, '/state/teamserver-engine'],
  ['is below XDG_STATE_HOME', xdg('/xdg'), '/xdg/teamserver-engine'],
  ['is none where nobody knows a home', { stateFolder: undefined }, false],
  ['may be switched off', { options: { ...CREDENTIALS, spoolDirectory: false } }, false],
  ['is used as it is', { options: { ...CREDENTIALS, spoolDirectory: '/var/spool' } }, '/var/spool'],
])('the spool %s', (_, around, directory) => {
  expect(ready({ options: CREDENTIALS, ...around }).spoolDirectory).toBe(directory)
})

test('a relative spool directory is that of the start, wherever the host goes later', () => {
  const options = { ...CREDENTIALS, spoolDirectory: 'spool' }
  expect(ready({ options, cwd: '/srv/shop' }).spoolDirectory).toBe('/srv/shop/spool')
})

test('a relative XDG_STATE_HOME counts as not set', () => {
  const { stateFolder } = completeSurroundings({ env: { XDG_STATE_HOME: 'state' } })
  expect(stateFolder).toBe(join(homedir(), '.local', 'state'))
})

function xdg(folder: string): Around {
  const { stateFolder } = completeSurroundings({ env: { XDG_STATE_HOME: folder } })
  return { stateFolder }
}
