import type { KeyPolicy } from '../../../keys/key-policy.ts'

export interface ApiKeyAnswer {
  readonly api_key: string
  readonly enabled: boolean
  readonly compliant: boolean
  readonly acceptedUntil?: string
  readonly lastUsed?: string
  readonly replacedLastUsed?: string
}

export interface KeyPolicyAnswer {
  readonly organizationApiKey: KeyPolicy
  readonly applicationKey: KeyPolicy
}

/** Where it is changed. @param organizationId Of the organization. */
export const apiKeyPath = (organizationId: string) => `/ng/${organizationId}/organizations/apikey`

/** Where it is read, also by those who may not change it. */
export const shownApiKeyPath = (organizationId: string) => `/ng/${organizationId}/profile/apikey`
