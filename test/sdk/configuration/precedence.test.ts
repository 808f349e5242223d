import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import type { Configuration } from '../../../sdk/configuration/configuration.ts'
import { describeConfiguration } from '../../../sdk/configuration/describe.ts'
import type { EngineOptions } from '../../../sdk/configuration/options.ts'
import { readProvidedCredentials } from '../../../sdk/configuration/provided-credentials.ts'
import { resolveConfiguration } from '../../../sdk/configuration/resolve.ts'
import { withServerSettings } from '../../../sdk/configuration/server-settings.ts'
import {
  SETTING_NAMES,
  SETTINGS,
  type SettingName,
  variableOf,
} from '../../../sdk/configuration/settings.ts'
import type { OriginSource } from '../../../sdk/configuration/source.ts'
import { tokenOf } from './try-resolve.ts'

/** Two values of each setting, as a program passes them; neither is its default. */
const VALUES: { readonly [Name in SettingName]: readonly [unknown, unknown] } = {
  isEnabled: [true, true],
  url: ['https://one.test', 'https://two.test'],
  agentUserName: ['agent_1', 'agent_2'],
  serviceKey: [keyOf('1'), keyOf('2')],
  organizationApiKey: [keyOf('3'), keyOf('4')],
  token: [tokenFor('1'), tokenFor('2')],
  ...texts('application.name'),
  ...texts('application.path'),
  ...texts('application.version'),
  ...texts('application.code'),
  ...texts('application.group'),
  'application.tags': [['one'], ['two', 'three']],
  'application.metadata': [{ team: 'one' }, { team: 'two' }],
  ...texts('application.root'),
  ...texts('server.name'),
  ...texts('server.path'),
  ...texts('server.type'),
  'server.environment': ['QA', 'PRODUCTION'],
  'server.tags': [['one'], ['two']],
  ...texts('session.id'),
  'session.metadata': [{ branchName: 'one' }, { branchName: 'two' }],
  // The network is switched off beside them, so that they need not make sense together.
  requireHttps: [true, true],
  allowLinkLocal: [true, true],
  'proxy.isEnabled': [false, false],
  'proxy.url': ['http://one.test:1', 'http://two.test:2'],
  'proxy.scheme': ['http', 'https'],
  'proxy.host': ['one.test', 'two.test'],
  'proxy.port': [1, 2],
  ...texts('proxy.user'),
  'proxy.password': [keyOf('5'), keyOf('6')],
  'proxy.authType': ['Basic', 'Basic'],
  'certificate.isEnabled': [false, false],
  ...texts('certificate.caFile'),
  ...texts('certificate.certFile'),
  ...texts('certificate.keyFile'),
  'certificate.keyPassword': [keyOf('7'), keyOf('8')],
  'certificate.ignoreCertErrors': [true, true],
  'certificate.pins': [[pinOf(1)], [pinOf(2)]],
  queueLimitReports: [1, 2],
  batchLimitReports: [1, 2],
  batchLimitBytes: [1_000, 2_000],
  flushIntervalMs: [1, 2],
  requestTimeoutMs: [1, 2],
  closeTimeoutMs: [1, 2],
  spoolDirectory: ['/one', '/two'],
  spoolLimitBytes: [2_000_000, 3_000_000],
  durability: ['always', 'always'],
  signals: [false, false],
  heartbeatPeriodMs: [1_000, 2_000],
  activityPeriodMs: [1_000, 2_000],
  logLevel: ['DEBUG', 'ERROR'],
  isLibrariesEnabled: [false, false],
  isRoutesEnabled: [false, false],
}

function texts<Name extends SettingName>(name: Name): { [Key in Name]: readonly [string, string] } {
  return { [name]: ['/one', '/two'] } as unknown as { [Key in Name]: readonly [string, string] }
}

function keyOf(digit: string): string {
  return `KEY${digit.repeat(29)}`
}

function pinOf(byte: number): string {
  return `sha256/${Buffer.alloc(32, byte).toString('base64')}`
}

function tokenFor(digit: string): string {
  return tokenOf({ url: 'https://t.test', user_name: `agent_${digit}`, service_key: keyOf(digit) })
}

/** What stands around an engine, put together source by source. */
interface Around {
  options: Record<string, unknown>
  env: Record<string, string>
  /** By path below the folder of the test. */
  files: Record<string, object>
  token: Record<string, string>
  prefitted: Record<string, string>
  provided: Record<string, unknown>
  server: Record<string, number>
}

interface SourceOfTest {
  readonly what: string
  readonly source: OriginSource
  /** What the origin says of the place. */
  where(name: SettingName): string
  can(name: SettingName): boolean
  put(around: Around, name: SettingName, value: unknown): void
}

/** What CONTRAST_CONFIG_PATH names, the working directory, the agent, the machine. */
const YAML_FILES = [
  'named.yaml',
  'app/contrast_security.yaml',
  'etc/node/contrast_security.yaml',
  'etc/contrast_security.yaml',
]
const PROVIDED: readonly SettingName[] = ['agentUserName', 'serviceKey', 'organizationApiKey']
const IN_SETS: Partial<Record<SettingName, string>> = {
  url: 'url',
  agentUserName: 'user_name',
  serviceKey: 'service_key',
  organizationApiKey: 'api_key',
}
const OF_SERVER: readonly SettingName[] = ['heartbeatPeriodMs', 'activityPeriodMs']

/** The documented order, the highest first. */
const SOURCES: readonly SourceOfTest[] = [
  {
    what: 'the function credentials',
    source: 'option',
    where: (name) => `credentials() ${name}`,
    can: (name) => PROVIDED.includes(name),
    put: ({ provided }, name, value) => void Object.assign(provided, { [name]: value }),
  },
  {
    what: 'an option',
    source: 'option',
    where: (name) => `option ${name}`,
    can: (name) => SETTINGS[name].isOption,
    put: ({ options }, name, value) => putNested(options, name, value),
  },
  {
    what: 'the environment',
    source: 'environment',
    where: (name) => `environment ${variableOf(String(SETTINGS[name].yaml))}`,
    can: (name) => SETTINGS[name].yaml !== undefined,
    put: ({ env }, name, value) =>
      void Object.assign(env, { [variableOf(String(SETTINGS[name].yaml))]: asText(value) }),
  },
  ...YAML_FILES.map(yamlSource),
  {
    what: 'the token',
    source: 'token',
    where: () => 'token from environment CONTRAST__API__TOKEN',
    can: (name) => name in IN_SETS,
    put: ({ token }, name, value) => void Object.assign(token, { [String(IN_SETS[name])]: value }),
  },
  {
    what: 'TeamServer',
    source: 'server',
    where: () => 'TeamServer',
    can: (name) => OF_SERVER.includes(name),
    put: ({ server }, name, value) => void Object.assign(server, { [name]: value }),
  },
  {
    what: 'the pre-fitted credentials',
    source: 'prefitted',
    where: () => 'the pre-fitted credentials',
    can: (name) => name in IN_SETS,
    put: ({ prefitted }, name, value) =>
      void Object.assign(prefitted, { [String(IN_SETS[name])]: value }),
  },
]

function yamlSource(path: string): SourceOfTest {
  return {
    what: path,
    source: 'yaml',
    where: (name) => `${path}:1 ${SETTINGS[name].yaml}`,
    can: (name) => SETTINGS[name].yaml !== undefined,
    put({ files }, name, value) {
      files[path] ??= {}
      putNested(files[path], String(SETTINGS[name].yaml), value)
    },
  }
}

function putNested(target: object, path: string, value: unknown): void {
  const [first = '', ...rest] = path.split('.')
  if (rest.length === 0) {
    Object.assign(target, { [first]: value })
    return
  }
  const inner = Reflect.get(target, first) ?? {}
  Object.assign(target, { [first]: inner })
  putNested(inner, rest.join('.'), value)
}

function asText(value: unknown): string {
  if (Array.isArray(value)) return value.join(',')
  if (typeof value !== 'object' || value === null) return String(value)
  return Object.entries(value)
    .map(([key, text]) => `${key}=${text}`)
    .join(',')
}

const SET = { url: 'https://set.test', user_name: 'agent_0', service_key: keyOf('0') }

/** One folder for all: a fresh one for each of some thousand times would take most of the time. */
const FOLDER = mkdtempSync(join(tmpdir(), 'precedence-'))
afterAll(() => rmSync(FOLDER, { recursive: true }))

function emptied(): string {
  for (const path of YAML_FILES) rmSync(join(FOLDER, path), { force: true })
  return FOLDER
}

/** Resolves with one setting said by several sources, and everything else as little as it can be. */
function resolveWith(name: SettingName, said: readonly [SourceOfTest, unknown][]): Configuration {
  const around: Around = {
    options: {},
    env: {},
    files: {},
    token: {},
    prefitted: {},
    provided: {},
    server: {},
  }
  // Credentials that stand beside the one in question, so that there is an engine; below all others.
  around.prefitted = { ...SET }
  for (const place of ['proxy.isEnabled', 'certificate.isEnabled'] as const) {
    if (name !== place) putNested(around.options, place, false)
  }
  for (const [source, value] of said) source.put(around, name, value)
  const folder = emptied()
  const { files, env, options, token, provided } = around
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), JSON.stringify(content), { mode: 0o600 })
  }
  if ('named.yaml' in files) env.CONTRAST_CONFIG_PATH = join(folder, 'named.yaml')
  if (Object.keys(token).length > 0) env.CONTRAST__API__TOKEN = tokenOf({ ...SET, ...token })
  const resolution = resolveConfiguration(options as EngineOptions, {
    env,
    cwd: join(folder, 'app'),
    hostname: 'machine-1',
    prefitted: { status: 'read', values: { ...SET, ...around.prefitted } },
    systemYamlFolder: join(folder, 'etc'),
    stateFolder: '/state',
    platform: 'linux',
  })
  if (resolution.status !== 'ready') throw new Error(JSON.stringify(resolution))
  let { configuration } = resolution
  if (Object.keys(provided).length > 0) {
    const answer = readProvidedCredentials({
      agentUserName: 'agent_0',
      serviceKey: keyOf('0'),
      ...provided,
    })
    if (answer.status !== 'read') throw new Error(answer.why)
    const again = resolution.again(answer.value)
    if (again.status !== 'ready') throw new Error(JSON.stringify(again))
    configuration = again.configuration
  }
  return withServerSettings(configuration, around.server)
}

/** Where a setting came from, and what it is. */
function outcome(name: SettingName, said: readonly [SourceOfTest, unknown][]) {
  const configuration = resolveWith(name, said)
  const described = describeConfiguration(configuration).find((one) => one.name === name)
  const key = name === 'serviceKey' || name === 'organizationApiKey' ? name : undefined
  return {
    origin: configuration.origins[name],
    value: key === undefined ? described?.value : configuration.credentials[key],
  }
}

function expectFrom(
  name: SettingName,
  winner: SourceOfTest,
  origin: { source: string; where: string },
) {
  expect(origin.source).toBe(winner.source)
  expect(origin.where.endsWith(winner.where(name)), `${origin.where}, not ${winner.what}`).toBe(
    true,
  )
}

test.each(SETTING_NAMES)('C-201: %s comes from the higher of every pair of sources', (name) => {
  const able = SOURCES.filter((source) => source.can(name))
  const [high, low] = VALUES[name]
  expect(able.length).toBeGreaterThan(0)
  for (const [index, higher] of able.entries()) {
    const alone = outcome(name, [[higher, high]])
    expectFrom(name, higher, alone.origin)
    for (const lower of able.slice(index + 1)) {
      const both = outcome(name, [
        [lower, low],
        [higher, high],
      ])
      expectFrom(name, higher, both.origin)
      expect(both.value).toBe(alone.value)
    }
  }
})

test.each(SETTING_NAMES)('C-201: %s said by all sources at once comes from the highest', (name) => {
  const able = SOURCES.filter((source) => source.can(name))
  for (let first = 0; first < able.length; first++) {
    const said = able
      .slice(first)
      .map((source, index): [SourceOfTest, unknown] => [source, VALUES[name][index === 0 ? 0 : 1]])
    const [winner] = said
    if (winner) expectFrom(name, winner[0], outcome(name, said).origin)
  }
})

test.each(SETTING_NAMES.filter((name) => !(name in IN_SETS)))(
  'C-201: %s that nobody says has its default',
  (name) => {
    expect(resolveWith(name, []).origins[name].source).toBe('default')
  },
)
