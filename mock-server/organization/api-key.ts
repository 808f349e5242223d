import type { OrganizationApiKeys } from '../administration/organization-api-keys.ts'
import type { Rotation } from '../administration/secrets.ts'
import type { OrganizationRecord } from '../store/records.ts'
import { hidden } from './hidden.ts'

/** The second layer of an organization. */
export interface OrganizationApiKey {
  /** The current key. */
  readonly value: string
  readonly isEnabled: boolean
  /** Until when the replaced key is accepted beside this one. */
  readonly acceptedUntil: Date | undefined
  /** When this key was last accepted while it was asked for. */
  readonly lastUsedAt: Date | undefined
  /** When the replaced key was last accepted since it was replaced. */
  readonly replacedLastUsedAt: Date | undefined
  /** Whether it obeys the policy that is in force now. */
  isCompliant(): Promise<boolean>
  /** From its answer on, every request needs the key. */
  enable(): Promise<void>
  disable(): Promise<void>
  /** @throws `ERR_KEY_INVALID`, naming every rule that the value misses. */
  set(value: string): Promise<void>
  /** Replaces the key by a generated one, and answers with it. @throws `ERR_OPTION_INVALID` */
  rotate(rotation?: Rotation): Promise<string>
  /** Refuses the replaced key from now on. */
  closeOverlap(): Promise<void>
}

/** @param read The organization as it is now. */
export function createOrganizationApiKey(
  apiKeys: OrganizationApiKeys,
  read: () => OrganizationRecord,
): OrganizationApiKey {
  const { id } = read()
  return Object.assign(
    hidden({
      value: () => apiKeys.reveal(read()),
      isEnabled: () => read().isApiKeyEnabled,
      acceptedUntil: () => read().apiKey.replaced?.acceptedUntil,
      lastUsedAt: () => apiKeys.lastUse(read()).lastUsedAt,
      replacedLastUsedAt: () => apiKeys.lastUse(read()).replacedLastUsedAt,
    }),
    {
      isCompliant: () => apiKeys.isCompliant(read()),
      enable: async () => void (await apiKeys.enable(id)),
      disable: async () => void (await apiKeys.disable(id)),
      set: async (value: string) => void (await apiKeys.set(id, value)),
      rotate: async (rotation?: Rotation) => apiKeys.reveal(await apiKeys.rotate(id, rotation)),
      closeOverlap: async () => void (await apiKeys.closeOverlap(id)),
    },
  )
}
