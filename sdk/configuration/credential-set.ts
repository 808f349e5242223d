import { type Reading, read, refused, typeInWords } from './reading.ts'
import type { SettingName } from './settings.ts'
import type { Given, Origin, Source } from './source.ts'

/** What an agent token and a pre-fitted engine carry. */
export interface CredentialSet {
  readonly url: string
  readonly user_name: string
  readonly service_key: string
  /** Absent when layer two was off at the time of the download. */
  readonly api_key?: string
}

/** Reads a set from JSON. Other fields are ignored. */
export function parseCredentialSet(json: string): Reading<CredentialSet> {
  const given = parseObject(json)
  if (given === undefined) return refused('is not a JSON object')
  for (const field of ['url', 'user_name', 'service_key', 'api_key'] as const) {
    if (field === 'api_key' && !Object.hasOwn(given, field)) continue
    const value = Object.hasOwn(given, field) ? given[field] : undefined
    if (typeof value === 'string' && value !== '') continue
    const got = value === undefined ? 'nothing' : typeInWords(value)
    return refused(`must have the field ${field}, a text; got ${got}`)
  }
  const { url, user_name, service_key, api_key } = given
  return read({
    url: String(url),
    user_name: String(user_name),
    service_key: String(service_key),
    ...(typeof api_key === 'string' ? { api_key } : {}),
  })
}

/** The settings that a set stands for. */
export function sourceOfCredentialSet(set: CredentialSet, origin: Origin): Source {
  const given = (text: string): Given => ({ raw: { form: 'quoted', text }, origin })
  const source = new Map<SettingName, Given>([
    ['url', given(set.url)],
    ['agentUserName', given(set.user_name)],
    ['serviceKey', given(set.service_key)],
  ])
  if (set.api_key !== undefined) source.set('organizationApiKey', given(set.api_key))
  return source
}

function parseObject(json: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(json)
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value)
    return isObject ? { ...value } : undefined
  } catch {
    // Its message would quote the text.
    return undefined
  }
}
