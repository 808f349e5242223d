import type { LogLevel } from '../logger.ts'
import {
  choice,
  flag,
  folder,
  integer,
  key,
  keyValues,
  milliseconds,
  opaque,
  tags,
  text,
  userName,
} from './kinds.ts'
import { NETWORK_SETTINGS, type NetworkSettingValues } from './network-settings.ts'
import type { Setting } from './setting.ts'
import { teamServerUrl } from './url.ts'

/** The value of every setting, by its name. A name with a dot is an option inside an object. */
export interface SettingValues extends NetworkSettingValues {
  readonly isEnabled: boolean
  readonly url: string
  readonly agentUserName: string
  readonly serviceKey: string
  readonly organizationApiKey: string
  readonly token: string
  readonly 'application.name': string
  readonly 'application.path': string
  readonly 'application.version': string
  readonly 'application.code': string
  readonly 'application.group': string
  readonly 'application.tags': readonly string[]
  readonly 'application.metadata': Readonly<Record<string, string>>
  readonly 'application.root': string
  readonly 'server.name': string
  readonly 'server.path': string
  readonly 'server.type': string
  readonly 'server.environment': ServerEnvironment
  readonly 'server.tags': readonly string[]
  readonly 'session.id': string
  readonly 'session.metadata': Readonly<Record<string, string>>
  readonly queueLimitReports: number
  readonly batchLimitReports: number
  readonly batchLimitBytes: number
  readonly flushIntervalMs: number
  readonly requestTimeoutMs: number
  readonly closeTimeoutMs: number
  readonly spoolDirectory: string | false
  readonly spoolLimitBytes: number
  readonly durability: Durability
  readonly signals: boolean
  readonly heartbeatPeriodMs: number
  readonly activityPeriodMs: number
  readonly logLevel: LogLevel
  readonly isLibrariesEnabled: boolean
  readonly isRoutesEnabled: boolean
}

export type SettingName = keyof SettingValues
export type ServerEnvironment = 'DEVELOPMENT' | 'QA' | 'PRODUCTION'
export type Durability = 'exit' | 'always'

/** Every setting: what names it, what it may be, and what it is if nothing is said. */
export const SETTINGS: { readonly [Name in SettingName]: Setting<SettingValues[Name]> } = {
  isEnabled: {
    description: 'false turns the whole engine off',
    kind: flag,
    isOption: false,
    yaml: 'enable',
    default: true,
  },
  url: {
    description: 'address of the TeamServer',
    kind: teamServerUrl,
    isOption: true,
    yaml: 'api.url',
  },
  agentUserName: {
    description: 'agent user name of the generated credentials',
    kind: userName,
    isOption: true,
    yaml: 'api.user_name',
  },
  serviceKey: {
    description: 'service key of the generated credentials',
    kind: key,
    isOption: true,
    yaml: 'api.service_key',
    isSecret: true,
  },
  organizationApiKey: {
    description: 'organization API key, where the organization has switched it on',
    kind: key,
    isOption: true,
    yaml: 'api.api_key',
    isSecret: true,
  },
  token: {
    description: 'agent token: URL, user name, service key and perhaps API key in one text',
    kind: opaque,
    isOption: true,
    yaml: 'api.token',
    isSecret: true,
  },
  'application.name': {
    description: 'name of the application; from package.json if not given',
    kind: text(255),
    isOption: true,
    yaml: 'application.name',
  },
  'application.path': {
    description: 'path of the application on its server',
    kind: text(4_096),
    isOption: true,
    yaml: 'application.path',
    default: '/',
  },
  'application.version': {
    description: 'version of the application; from package.json if not given',
    kind: text(255),
    isOption: true,
    yaml: 'application.version',
  },
  'application.code': {
    description: 'short code of the application',
    kind: text(255),
    isOption: true,
    yaml: 'application.code',
  },
  'application.group': {
    description: 'access group of the application',
    kind: text(255),
    isOption: true,
    yaml: 'application.group',
  },
  'application.tags': {
    description: 'labels of the application',
    kind: tags,
    isOption: true,
    yaml: 'application.tags',
    default: [],
  },
  'application.metadata': {
    description: 'fields that the organization has defined for applications',
    kind: keyValues,
    isOption: true,
    yaml: 'application.metadata',
    default: {},
  },
  'application.root': {
    description: 'folder from which package.json is looked for',
    kind: text(4_096),
    isOption: false,
    yaml: 'agent.node.app_root',
  },
  'server.name': {
    description: 'name of the machine; the host name if not given',
    kind: text(255),
    isOption: true,
    yaml: 'server.name',
  },
  'server.path': {
    description: 'path of the server; the working directory if not given',
    kind: text(4_096),
    isOption: true,
    yaml: 'server.path',
  },
  'server.type': {
    description: 'what runs the application',
    kind: text(255),
    isOption: true,
    yaml: 'server.type',
    default: `node.js ${process.version}`,
  },
  'server.environment': {
    description: 'where the application runs; counts only when the server is new',
    kind: choice<ServerEnvironment>({
      DEVELOPMENT: 'DEVELOPMENT',
      QA: 'QA',
      PRODUCTION: 'PRODUCTION',
    }),
    isOption: true,
    yaml: 'server.environment',
    default: 'DEVELOPMENT',
  },
  'server.tags': {
    description: 'labels of the server',
    kind: tags,
    isOption: true,
    yaml: 'server.tags',
    default: [],
  },
  'session.id': {
    description: 'an existing session that the findings belong to',
    kind: text(255),
    isOption: true,
    yaml: 'application.session_id',
  },
  'session.metadata': {
    description: 'what a new session is made with: branch, build, commit',
    kind: keyValues,
    isOption: true,
    yaml: 'application.session_metadata',
  },
  ...NETWORK_SETTINGS,
  queueLimitReports: {
    description: 'reports kept in memory; past it they go to the spool, or the oldest is dropped',
    kind: integer({ min: 1, max: 1_000_000, unit: 'reports' }),
    isOption: true,
    default: 1_000,
  },
  batchLimitReports: {
    description: 'reports in one request',
    kind: integer({ min: 1, max: 1_000, unit: 'reports' }),
    isOption: true,
    default: 100,
  },
  batchLimitBytes: {
    description: 'size of one request body',
    kind: integer({ min: 1, max: 16_777_216, unit: 'bytes' }),
    isOption: true,
    default: 1_048_576,
  },
  flushIntervalMs: {
    description: 'longest that a report waits for company',
    kind: milliseconds,
    isOption: true,
    default: 5_000,
  },
  requestTimeoutMs: {
    description: 'longest that one request takes',
    kind: milliseconds,
    isOption: true,
    yaml: 'api.timeout_ms',
    default: 10_000,
  },
  closeTimeoutMs: {
    description: 'longest that close() waits for delivery',
    kind: milliseconds,
    isOption: true,
    default: 5_000,
  },
  spoolDirectory: {
    description: 'where undelivered reports are kept on disk; false for nowhere',
    kind: folder,
    isOption: true,
  },
  spoolLimitBytes: {
    description: 'most that the spool takes on disk; past it the oldest is dropped',
    kind: integer({ min: 1_048_576, max: 1_073_741_824, unit: 'bytes' }),
    isOption: true,
    default: 67_108_864,
  },
  durability: {
    description: 'what is on disk: what waits when something is wrong or the process ends, or all',
    kind: choice<Durability>({ exit: 'exit', always: 'always' }),
    isOption: true,
    default: 'exit',
  },
  signals: {
    description: 'whether SIGTERM and SIGINT are listened to, to spool what waits',
    kind: flag,
    isOption: true,
    default: true,
  },
  heartbeatPeriodMs: {
    description: 'between two signs of life; set by TeamServer',
    kind: milliseconds,
    isOption: false,
    default: 300_000,
  },
  activityPeriodMs: {
    description: 'between two reports of observed routes',
    kind: milliseconds,
    isOption: false,
    yaml: 'agent.polling.app_activity_ms',
    default: 30_000,
  },
  logLevel: {
    description: 'what the engine prints: lines of this level and above',
    kind: choice<LogLevel>({
      ERROR: 'error',
      WARN: 'warn',
      INFO: 'info',
      DEBUG: 'debug',
      TRACE: 'debug',
      FATAL: 'error',
    }),
    isOption: false,
    yaml: 'agent.logger.level',
    default: 'warn',
  },
  isLibrariesEnabled: {
    description: 'whether installed libraries are reported',
    kind: flag,
    isOption: false,
    yaml: 'inventory.analyze_libraries',
    default: true,
  },
  isRoutesEnabled: {
    description: 'whether observed routes are reported',
    kind: flag,
    isOption: false,
    yaml: 'agent.route_coverage.enable',
    default: true,
  },
}

/** The names of all settings, in the order of the table. */
export const SETTING_NAMES: readonly SettingName[] = Object.keys(SETTINGS).filter(isSettingName)

export function isSettingName(name: string): name is SettingName {
  return Object.hasOwn(SETTINGS, name)
}

/**
 * The variable that belongs to a place in the YAML file: `api.user_name` is
 * `CONTRAST__API__USER_NAME`.
 *
 * @see https://docs.contrastsecurity.com/en/environment-variables.html
 */
export function variableOf(yaml: string): string {
  return `${VARIABLE_PREFIX}${yaml.replaceAll('.', '__').toUpperCase()}`
}

export const VARIABLE_PREFIX = 'CONTRAST__'

/** The setting at each place of the YAML file. */
export const SETTING_AT_YAML: ReadonlyMap<string, SettingName> = new Map(
  SETTING_NAMES.flatMap((name) => {
    const { yaml } = SETTINGS[name]
    return yaml === undefined ? [] : [[yaml, name] as const]
  }),
)

/** The places of the YAML file that hold settings and are none. */
export const YAML_SECTIONS: ReadonlySet<string> = new Set(
  [...SETTING_AT_YAML.keys()].flatMap((yaml) => {
    const parts = yaml.split('.')
    return parts.slice(1).map((_, index) => parts.slice(0, index + 1).join('.'))
  }),
)

/**
 * Whether a place in the YAML file belongs to the documented agent file, though this engine has no
 * use for it: a file that was written for another agent loads without complaint.
 */
export function isForOtherAgents(yaml: string): boolean {
  return OTHER_AGENTS.some((place) => yaml === place || yaml.startsWith(`${place}.`))
}

const OTHER_AGENTS = ['agent', 'assess', 'protect', 'inventory', 'application.args']
