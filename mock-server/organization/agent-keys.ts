import type { Administration } from '../administration/administration.ts'
import type { AgentKeySeed } from '../administration/agent-keys.ts'
import type { Rotation } from '../administration/secrets.ts'
import { encodeAgentToken } from '../keys/agent-token.ts'
import type { AgentKeyRecord, OrganizationRecord } from '../store/records.ts'
import { hidden } from './hidden.ts'

/** Generated credentials: what an engine arrives with. Shows nothing of itself when it is printed. */
export interface AgentCredentials {
  /** The name of the agent key. */
  readonly name: string
  readonly userName: string
  readonly serviceKey: string
  /** All of it in one text, for `CONTRAST__API__TOKEN`; with the API key when the layer is on. */
  readonly token: string
  readonly createdAt: Date
  /** Until when the replaced service key is accepted beside this one. */
  readonly acceptedUntil: Date | undefined
  /** When this service key was last accepted. */
  readonly lastUsedAt: Date | undefined
  /** When the replaced service key was last accepted since it was replaced. */
  readonly replacedLastUsedAt: Date | undefined
  /** Whether the service key obeys the policy that is in force now. */
  isCompliant(): Promise<boolean>
}

/** The agent keys of one organization. */
export interface OrganizationAgentKeys {
  /** @throws `ERR_NAME_TAKEN`, `ERR_OPTION_INVALID`, `ERR_KEY_INVALID` */
  addAgentKey(seed: AgentKeySeed): Promise<AgentCredentials>
  /** The agent keys that are not deleted. */
  agentKeys(): Promise<readonly AgentCredentials[]>
  /** Replaces its service key by a generated one. @throws `ERR_NOT_FOUND`, `ERR_OPTION_INVALID` */
  rotateAgentKey(name: string, rotation?: Rotation): Promise<AgentCredentials>
  /** Refuses the replaced service key from now on. @throws `ERR_NOT_FOUND` */
  closeAgentKeyOverlap(name: string): Promise<void>
  /** Its engines are refused from the answer on. @throws `ERR_NOT_FOUND` */
  deleteAgentKey(name: string): Promise<void>
}

/** What stands around an agent key when it is shown. */
export interface AgentKeySurroundings {
  readonly administration: Administration
  /** Where engines reach the TeamServer. */
  readonly address: () => string
  /** The organization as it is now. */
  readonly organization: () => OrganizationRecord
}

export function createOrganizationAgentKeys(
  surroundings: AgentKeySurroundings,
): OrganizationAgentKeys {
  const { administration, organization } = surroundings
  const { agentKeys } = administration
  const { id } = organization()
  const shown = (record: AgentKeyRecord) => agentCredentials(surroundings, () => record)
  return {
    addAgentKey: async (seed) => shown(await agentKeys.add(organization(), seed)),
    agentKeys: async () => (await agentKeys.list(id)).map(shown),
    rotateAgentKey: async (name, rotation) => shown(await agentKeys.rotate(id, name, rotation)),
    closeAgentKeyOverlap: async (name) => void (await agentKeys.closeOverlap(id, name)),
    deleteAgentKey: (name) => agentKeys.delete(id, name),
  }
}

/** @param read The agent key as it is now. */
export function agentCredentials(
  { administration, address, organization }: AgentKeySurroundings,
  read: () => AgentKeyRecord,
): AgentCredentials {
  const { agentKeys } = administration
  const serviceKey = () => agentKeys.reveal(read())
  return hidden({
    name: () => read().name,
    userName: () => read().userName,
    serviceKey,
    createdAt: () => read().createdAt,
    acceptedUntil: () => read().serviceKey.replaced?.acceptedUntil,
    lastUsedAt: () => agentKeys.lastUse(read()).lastUsedAt,
    replacedLastUsedAt: () => agentKeys.lastUse(read()).replacedLastUsedAt,
    isCompliant: () => () => agentKeys.isCompliant(read()),
    token: () =>
      encodeAgentToken({
        url: address(),
        user_name: read().userName,
        service_key: serviceKey(),
        ...(organization().isApiKeyEnabled
          ? { api_key: administration.apiKeys.reveal(organization()) }
          : {}),
      }),
  })
}
