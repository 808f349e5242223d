import type { Configuration } from './configuration.ts'

/**
 * The same configuration with the keys of another one, and their origins. Nothing else is taken over
 * while an engine runs.
 *
 * @returns `undefined` if they are the keys that it has.
 */
export function withKeysOf(
  configuration: Configuration,
  other: Configuration,
): Configuration | undefined {
  const { credentials, origins } = other
  const isSame = NAMES.every((name) => credentials[name] === configuration.credentials[name])
  if (isSame) return undefined
  const { agentUserName, serviceKey, organizationApiKey, token } = origins
  return Object.freeze({
    ...configuration,
    credentials,
    origins: Object.freeze({
      ...configuration.origins,
      agentUserName,
      serviceKey,
      organizationApiKey,
      token,
    }),
  })
}

const NAMES = ['agentUserName', 'serviceKey', 'organizationApiKey'] as const
