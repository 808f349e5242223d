import { readRaw } from './kinds.ts'
import { suggestion } from './names.ts'
import { type Reading, read, refused, typeInWords } from './reading.ts'
import { SETTINGS, type SettingName } from './settings.ts'
import type { Given, Source } from './source.ts'

/** What the function `credentials` of a program gives. */
export interface ProvidedCredentials {
  readonly agentUserName: string
  readonly serviceKey: string
  /** Where it is absent, the other sources may have one. */
  readonly organizationApiKey?: string | undefined
}

export type CredentialsProvider = () => Promise<ProvidedCredentials>

const NAMES = ['agentUserName', 'serviceKey', 'organizationApiKey'] as const

/** Checks an answer as options are checked. Never throws; `why` holds no value. */
export function readProvidedCredentials(answer: unknown): Reading<Source> {
  try {
    return readFields(answer)
  } catch {
    // A getter or a proxy of the program; what it threw may quote a key.
    return refused('cannot be read')
  }
}

function readFields(answer: unknown): Reading<Source> {
  if (typeof answer !== 'object' || answer === null || Array.isArray(answer)) {
    return refused(`must be an object; got ${typeInWords(answer)}`)
  }
  const fields = new Map(Object.entries(answer).filter(([, value]) => value !== undefined))
  const unknown = [...fields.keys()].find((field) => !NAMES.some((name) => name === field))
  if (unknown !== undefined) return refused(`has no field ${suggestion(unknown, NAMES)}`)
  const source = new Map<SettingName, Given>()
  for (const name of NAMES) {
    if (name === 'organizationApiKey' && !fields.has(name)) continue
    const raw = { form: 'typed', value: fields.get(name) } as const
    const reading = readRaw(SETTINGS[name].kind, raw)
    if (reading.status === 'refused') return refused(`has a wrong field: ${name} ${reading.why}`)
    source.set(name, { raw, origin: { source: 'option', where: `credentials() ${name}` } })
  }
  return read(source)
}
