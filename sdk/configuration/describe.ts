import { mask } from '../credentials/mask.ts'
import type { Configuration } from './configuration.ts'
import { SETTING_NAMES, SETTINGS, type SettingName } from './settings.ts'
import type { Origin } from './source.ts'

/** One setting as people may see it. */
export interface DescribedSetting {
  readonly name: SettingName
  /** Secrets are masked; empty if the setting is absent. */
  readonly value: string
  readonly origin: Origin
}

/** Every setting, its value and where it came from, without a secret. */
export function describeConfiguration(configuration: Configuration): readonly DescribedSetting[] {
  return SETTING_NAMES.map((name) => ({
    name,
    value: describedValue(configuration, name),
    origin: configuration.origins[name],
  }))
}

function describedValue(configuration: Configuration, name: SettingName): string {
  // A token is read and not kept; what it held stands under the names of its parts.
  if (name === 'token') return configuration.origins.token.source === 'default' ? '' : mask('')
  const { agentUserName, serviceKey, organizationApiKey } = configuration.credentials
  const all = { ...configuration, isEnabled: true, agentUserName, serviceKey, organizationApiKey }
  const value = name
    .split('.')
    .reduce<unknown>((object, part) => Reflect.get(Object(object), part), all)
  const text = inWords(value)
  return SETTINGS[name].isSecret && text !== '' ? mask(text) : text
}

function inWords(value: unknown): string {
  if (value === undefined) return ''
  if (Array.isArray(value)) return value.join(', ')
  if (typeof value !== 'object' || value === null) return String(value)
  return Object.entries(value)
    .map(([name, text]) => `${name}=${text}`)
    .join(', ')
}
