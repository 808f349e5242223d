import { createOrganizationAddresses, type OrganizationAddresses } from './address-ranges.ts'
import { type AgentKeys, createAgentKeys } from './agent-keys.ts'
import { type AuditLog, createAuditLog } from './audit-log.ts'
import { createFailedLogins } from './failed-logins.ts'
import { createKeyPolicies, type KeyPolicies } from './key-policies.ts'
import { createLogins, type Logins } from './logins.ts'
import { createOrganizationApiKeys, type OrganizationApiKeys } from './organization-api-keys.ts'
import { createOrganizations, type Organizations } from './organizations.ts'
import type { AdministrationParts } from './parts.ts'
import { createPasswords, type Passwords } from './passwords.ts'
import { createPeople, type People } from './people.ts'

/** Everything that is changed by people rather than by engines, and audited. */
export interface Administration {
  readonly organizations: Organizations
  readonly apiKeys: OrganizationApiKeys
  readonly agentKeys: AgentKeys
  readonly keyPolicies: KeyPolicies
  readonly people: People
  readonly passwords: Passwords
  readonly logins: Logins
  readonly addresses: OrganizationAddresses
  readonly auditLog: AuditLog
}

export function createAdministration(parts: AdministrationParts): Administration {
  const agentKeys = createAgentKeys(parts)
  const failedLogins = createFailedLogins(parts)
  return {
    organizations: createOrganizations(parts, agentKeys),
    apiKeys: createOrganizationApiKeys(parts),
    agentKeys,
    keyPolicies: createKeyPolicies(parts),
    people: createPeople(parts),
    passwords: createPasswords(parts, failedLogins),
    logins: createLogins(parts, failedLogins),
    addresses: createOrganizationAddresses(parts),
    auditLog: createAuditLog(parts),
  }
}
