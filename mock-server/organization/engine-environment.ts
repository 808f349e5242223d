import type { Organization } from './organization.ts'

/** Where the control API is. */
export interface ControlAddress {
  readonly url: string
  readonly token: string
}

export const CONTROL_VARIABLES = {
  url: 'MOCK_TEAMSERVER_CONTROL_URL',
  token: 'MOCK_TEAMSERVER_CONTROL_TOKEN',
  organization: 'MOCK_TEAMSERVER_ORGANIZATION',
} as const

/**
 * The variables of an engine of an organization, and of whoever looks after it. Undefined is to be taken
 * away: it would speak for another TeamServer.
 */
export function engineEnvironment(
  { id, agent, apiKey }: Pick<Organization, 'id' | 'agent' | 'apiKey'>,
  url: string,
  control: ControlAddress | undefined,
): Readonly<Record<string, string | undefined>> {
  return {
    CONTRAST__API__URL: url,
    CONTRAST__API__USER_NAME: agent.userName,
    CONTRAST__API__SERVICE_KEY: agent.serviceKey,
    CONTRAST__API__API_KEY: apiKey.isEnabled ? apiKey.value : undefined,
    CONTRAST__API__TOKEN: undefined,
    [CONTROL_VARIABLES.organization]: id,
    ...(control && {
      [CONTROL_VARIABLES.url]: control.url,
      [CONTROL_VARIABLES.token]: control.token,
    }),
  }
}
