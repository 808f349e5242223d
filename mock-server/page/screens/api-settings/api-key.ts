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

/** @param organizationId Of the organization. */
export const apiKeyPath = (organizationId: string) => `/ng/${organizationId}/organizations/apikey`
