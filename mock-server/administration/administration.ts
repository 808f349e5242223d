import { type AgentKeys, createAgentKeys } from './agent-keys.ts'
import { createOrganizationApiKeys, type OrganizationApiKeys } from './organization-api-keys.ts'
import { createOrganizations, type Organizations } from './organizations.ts'
import type { AdministrationParts } from './parts.ts'
import { createPeople, type People } from './people.ts'

/** Everything that is changed by people rather than by engines, and audited. */
export interface Administration {
  readonly organizations: Organizations
  readonly apiKeys: OrganizationApiKeys
  readonly agentKeys: AgentKeys
  readonly people: People
}

export function createAdministration(parts: AdministrationParts): Administration {
  const agentKeys = createAgentKeys(parts)
  return {
    organizations: createOrganizations(parts, agentKeys),
    apiKeys: createOrganizationApiKeys(parts),
    agentKeys,
    people: createPeople(parts),
  }
}
