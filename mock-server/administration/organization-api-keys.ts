import { TeamServerError } from '../errors.ts'
import { closeOverlap } from '../keys/key-slot.ts'
import type { LastUse } from '../keys/key-uses.ts'
import type { OrganizationRecord } from '../store/records.ts'
import { type Actor, act, IN_PROCESS } from './act.ts'
import type { AdministrationParts } from './parts.ts'
import { type KeptKey, type Rotation, readOverlapMs } from './secrets.ts'

/** The second layer of each organization: its key, and whether it is asked for. */
export interface OrganizationApiKeys {
  /** From the answer on, every report and REST call needs the key. */
  enable(organizationId: string, actor?: Actor): Promise<OrganizationRecord>
  disable(organizationId: string, actor?: Actor): Promise<OrganizationRecord>
  /**
   * Puts a value of somebody's own in place; the old one is refused at once.
   *
   * @throws `ERR_KEY_INVALID`, naming every rule that the value misses
   */
  set(organizationId: string, value: string, actor?: Actor): Promise<OrganizationRecord>
  /**
   * The value and the switch in one step: both hold from the answer on, or neither does.
   *
   * @throws `ERR_KEY_INVALID`; `ERR_OPTION_INVALID` when there is nothing to change
   */
  change(organizationId: string, change: ApiKeyChange, actor?: Actor): Promise<OrganizationRecord>
  /** @throws `ERR_OPTION_INVALID`, and `ERR_KEY_INVALID` for a value of one's own */
  rotate(organizationId: string, rotation?: Rotation, actor?: Actor): Promise<OrganizationRecord>
  /** Ends an open overlap early. */
  closeOverlap(organizationId: string, actor?: Actor): Promise<OrganizationRecord>
  /** Whether the current key obeys the policy that is in force now. */
  isCompliant(organization: OrganizationRecord): Promise<boolean>
  /** When somebody last used it while it was asked for. */
  lastUse(organization: OrganizationRecord): LastUse
  /** The current key in plain text. */
  reveal(organization: OrganizationRecord): string
}

/** What is left out stays. */
export interface ApiKeyChange {
  readonly enabled?: boolean
  readonly value?: string
}

const SET = ['api-key-set', 'set the organization API key'] as const
const ENABLED = ['api-key-enabled', 'switched the organization API key on'] as const
const DISABLED = ['api-key-disabled', 'switched the organization API key off'] as const

export function createOrganizationApiKeys({
  store,
  secrets,
  keyUses,
  now,
  onChange,
}: AdministrationParts): OrganizationApiKeys {
  /** @param acts What was done; the first names the entry, and its sentence tells of all. */
  async function apply(
    organizationId: string,
    acts: readonly (readonly [name: string, sentence: string])[],
    actor: Actor,
    changeRecord: (before: OrganizationRecord) => OrganizationRecord,
  ): Promise<OrganizationRecord> {
    const sentence = acts.map(([, each]) => each).join('; ')
    const entry = act(acts[0]?.[0] ?? 'api-key-changed', sentence, actor, now())
    const after = await store.changeOrganization(organizationId, changeRecord, entry)
    if (after === undefined) throw new TeamServerError('ERR_NOT_FOUND', 'no such organization')
    onChange(after)
    return after
  }

  async function checked(organizationId: string, value: string): Promise<KeptKey> {
    const key = await secrets.check('api-key', value, await namesIn(organizationId))
    return secrets.keep('api-key', key)
  }

  async function change(
    organizationId: string,
    { enabled, value }: ApiKeyChange,
    actor: Actor = IN_PROCESS,
  ): Promise<OrganizationRecord> {
    const acts = [
      ...(value === undefined ? [] : [SET]),
      ...(enabled === undefined ? [] : [enabled ? ENABLED : DISABLED]),
    ]
    if (acts.length === 0) {
      throw new TeamServerError('ERR_OPTION_INVALID', 'enabled or value must be given')
    }
    const next = value === undefined ? undefined : await checked(organizationId, value)
    return apply(organizationId, acts, actor, (before) => ({
      ...before,
      isApiKeyEnabled: enabled ?? before.isApiKeyEnabled,
      apiKey:
        next === undefined
          ? before.apiKey
          : secrets.replace('api-key', before.apiKey, next, 0, now()),
    }))
  }

  /** What a key may not be: everyone in the organization knows it. */
  async function namesIn(organizationId: string): Promise<readonly string[]> {
    if ((await store.organization(organizationId)) === undefined) return []
    const callers = await store.callers(organizationId)
    return [organizationId, ...callers.map(({ userName }) => userName)]
  }

  return {
    enable: (id, actor) => change(id, { enabled: true }, actor),
    disable: (id, actor) => change(id, { enabled: false }, actor),
    set: (id, value, actor) => change(id, { value }, actor),
    change,
    async rotate(id, rotation = {}, actor = IN_PROCESS) {
      const overlapMs = readOverlapMs(rotation)
      const next =
        rotation.value === undefined
          ? secrets.keep('api-key', await secrets.generate('api-key'))
          : await checked(id, rotation.value)
      const sentence = `rotated the organization API key with an overlap of ${overlapMs} ms`
      return apply(id, [['api-key-rotated', sentence]], actor, (before) => ({
        ...before,
        apiKey: secrets.replace('api-key', before.apiKey, next, overlapMs, now()),
      }))
    },
    closeOverlap: (id, actor = IN_PROCESS) =>
      apply(
        id,
        [['api-key-overlap-closed', 'ended the overlap of the organization API key']],
        actor,
        (before) => ({ ...before, apiKey: closeOverlap(before.apiKey) }),
      ),
    isCompliant: ({ apiKey }) => secrets.isCompliant('api-key', apiKey),
    lastUse: ({ id, apiKey }) => keyUses.of('api-key', id, apiKey),
    reveal: (organization) => secrets.reveal(organization.apiKey),
  }
}
