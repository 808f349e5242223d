import { inspect } from 'node:util'

/** The keys of both layers, as they are sent. */
export interface Credentials {
  readonly agentUserName: string
  readonly serviceKey: string
  /** Absent when the organization's layer two is off. */
  readonly organizationApiKey?: string | undefined
}

/** Whether there is something to send: before a function has given credentials, both may be empty. */
export function isComplete({ agentUserName, serviceKey }: Credentials): boolean {
  return agentUserName !== '' && serviceKey !== ''
}

/**
 * Keeps keys where no log finds them: what comes back is frozen, and shows nothing of them to
 * `JSON.stringify`, `inspect`, a spread or a loop over its properties.
 */
export function createCredentials(given: Credentials): Credentials {
  const { agentUserName, serviceKey, organizationApiKey } = given
  return Object.freeze(
    Object.defineProperties<Credentials>(
      { agentUserName, serviceKey, organizationApiKey },
      {
        agentUserName: { enumerable: false },
        serviceKey: { enumerable: false },
        organizationApiKey: { enumerable: false },
        // Inspecting with showHidden would find them.
        [inspect.custom]: { value: () => 'Credentials {}' },
      },
    ),
  )
}
