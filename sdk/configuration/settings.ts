import type { LogLevel } from '../logger.ts'
import { CREDENTIAL_SETTINGS, type CredentialSettingValues } from './credential-settings.ts'
import { DELIVERY_SETTINGS, type DeliverySettingValues } from './delivery-settings.ts'
import { IDENTITY_SETTINGS, type IdentitySettingValues } from './identity-settings.ts'
import { choice, flag, milliseconds } from './kinds.ts'
import { NETWORK_SETTINGS, type NetworkSettingValues } from './network-settings.ts'
import type { Setting } from './setting.ts'

/** The value of every setting, by its name. A name with a dot is an option inside an object. */
export interface SettingValues
  extends CredentialSettingValues,
    IdentitySettingValues,
    NetworkSettingValues,
    DeliverySettingValues {
  readonly isEnabled: boolean
  readonly heartbeatPeriodMs: number
  readonly activityPeriodMs: number
  readonly logLevel: LogLevel
  readonly isLibrariesEnabled: boolean
  readonly isRoutesEnabled: boolean
}

export type SettingName = keyof SettingValues

/** Every setting: what names it, what it may be, and what it is if nothing is said. */
export const SETTINGS: { readonly [Name in SettingName]: Setting<SettingValues[Name]> } = {
  isEnabled: {
    description: 'false turns the whole engine off',
    kind: flag,
    isOption: false,
    yaml: 'enable',
    default: true,
  },
  ...CREDENTIAL_SETTINGS,
  ...IDENTITY_SETTINGS,
  ...NETWORK_SETTINGS,
  ...DELIVERY_SETTINGS,
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
