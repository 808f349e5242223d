import { createCredentials } from '../credentials/credentials.ts'
import { EngineError } from '../errors.ts'
import type { Configuration } from './configuration.ts'
import { DEFAULT_ORIGIN } from './lookup.ts'
import { suggestion } from './names.ts'
import { type EngineOptions, readOptions } from './options.ts'
import { typeInWords } from './reading.ts'
import type { Origin } from './source.ts'

/** New keys; what is absent or `undefined` stays as it is. */
export interface CredentialsUpdate extends Pick<EngineOptions, 'agentUserName' | 'serviceKey'> {
  /** `null` takes the organization API key away. */
  readonly organizationApiKey?: string | null | undefined
}

const NAMES = ['agentUserName', 'serviceKey', 'organizationApiKey'] as const

/**
 * The same configuration with other keys.
 *
 * @throws {EngineError} `ERR_OPTION_INVALID`, naming the field and never its value.
 */
export function withCredentials(
  configuration: Configuration,
  update: CredentialsUpdate,
): Configuration {
  const { organizationApiKey, ...others } = checkShape(update)
  const source = readOptions(
    organizationApiKey === null ? others : { ...others, organizationApiKey },
  )
  const origins = { ...configuration.origins }
  for (const name of NAMES) {
    if (source.has(name)) origins[name] = originOf(name)
  }
  if (organizationApiKey === null) origins.organizationApiKey = DEFAULT_ORIGIN
  const { credentials } = configuration
  return Object.freeze({
    ...configuration,
    credentials: createCredentials({
      agentUserName: others.agentUserName ?? credentials.agentUserName,
      serviceKey: others.serviceKey ?? credentials.serviceKey,
      organizationApiKey:
        organizationApiKey === null
          ? undefined
          : (organizationApiKey ?? credentials.organizationApiKey),
    }),
    origins: Object.freeze(origins),
  })
}

/** @returns Its own fields; what is inherited counts as absent. */
function checkShape(update: CredentialsUpdate): CredentialsUpdate {
  if (typeof update !== 'object' || update === null) {
    throw invalid(`updateCredentials() takes an object; got ${typeInWords(update)}`)
  }
  const unknown = Object.keys(update).find((name) => !NAMES.some((known) => known === name))
  if (unknown === undefined) return { ...update }
  throw invalid(`updateCredentials() takes no ${suggestion(unknown, NAMES)}`)
}

function invalid(message: string): EngineError {
  return new EngineError('ERR_OPTION_INVALID', message)
}

function originOf(name: string): Origin {
  return { source: 'option', where: `updateCredentials ${name}` }
}
