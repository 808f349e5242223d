import { createCredentials } from '../credentials/credentials.ts'
import { EngineError } from '../errors.ts'
import type { Configuration } from './configuration.ts'
import { DEFAULT_ORIGIN } from './lookup.ts'
import { suggestion } from './names.ts'
import { type EngineOptions, readOptions, refuseUnreadable } from './options.ts'
import { PREFITTED } from './prefitted.ts'
import { typeInWords } from './reading.ts'
import type { Notice, Origin } from './source.ts'

/** New keys; what is absent or `undefined` stays as it is. */
export interface CredentialsUpdate extends Pick<EngineOptions, 'agentUserName' | 'serviceKey'> {
  /** `null` takes the organization API key away. */
  readonly organizationApiKey?: string | null | undefined
}

const NAMES = ['agentUserName', 'serviceKey', 'organizationApiKey'] as const

/**
 * The same configuration with other keys. Its notices are about the update.
 *
 * The pre-fitted API key stays behind when the agent user name becomes another one, which may belong to
 * another organization. A new service key alone is a rotation: the host and the organization are the same.
 *
 * @throws {EngineError} `ERR_OPTION_INVALID`, naming the field and never its value.
 */
export function withCredentials(
  configuration: Configuration,
  update: CredentialsUpdate,
): Configuration {
  const { organizationApiKey, ...others } = readCredentialsUpdate(update)
  const source = readOptions(
    organizationApiKey === null ? others : { ...others, organizationApiKey },
  )
  const { credentials } = configuration
  const origins = { ...configuration.origins }
  const isOtherUser =
    (others.agentUserName ?? credentials.agentUserName) !== credentials.agentUserName
  const isKeyLeftBehind =
    isOtherUser &&
    organizationApiKey === undefined &&
    origins.organizationApiKey.source === 'prefitted'
  const isKeyTaken = organizationApiKey === null || isKeyLeftBehind
  for (const name of NAMES) {
    if (source.has(name)) origins[name] = originOf(name)
  }
  if (isKeyTaken) origins.organizationApiKey = DEFAULT_ORIGIN
  return Object.freeze({
    ...configuration,
    credentials: createCredentials({
      agentUserName: others.agentUserName ?? credentials.agentUserName,
      serviceKey: others.serviceKey ?? credentials.serviceKey,
      organizationApiKey: isKeyTaken
        ? undefined
        : (organizationApiKey ?? credentials.organizationApiKey),
    }),
    origins: Object.freeze(origins),
    notices: Object.freeze(isKeyLeftBehind ? [KEY_LEFT_BEHIND] : []),
  })
}

const KEY_LEFT_BEHIND: Notice = {
  level: 'warn',
  text:
    `the organization API key of ${PREFITTED} is not used any more, because agentUserName comes from ` +
    'updateCredentials(); if TeamServer wants one, give organizationApiKey there too',
}

/**
 * @returns Its own fields; what is `undefined` or inherited counts as absent.
 * @throws {EngineError} `ERR_OPTION_INVALID`, if it is none by its shape.
 */
export function readCredentialsUpdate(update: CredentialsUpdate): CredentialsUpdate {
  return refuseUnreadable('the update', () => checkShape(update))
}

function checkShape(update: CredentialsUpdate): CredentialsUpdate {
  if (typeof update !== 'object' || update === null) {
    throw invalid(`updateCredentials() takes an object; got ${typeInWords(update)}`)
  }
  const unknown = Object.keys(update).find((name) => !NAMES.some((known) => known === name))
  if (unknown === undefined) {
    return Object.fromEntries(Object.entries(update).filter(([, value]) => value !== undefined))
  }
  throw invalid(`updateCredentials() takes no ${suggestion(unknown, NAMES)}`)
}

function invalid(message: string): EngineError {
  return new EngineError('ERR_OPTION_INVALID', message)
}

function originOf(name: string): Origin {
  return { source: 'option', where: `updateCredentials ${name}` }
}
