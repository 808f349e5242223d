import { TeamServerError } from '../errors.ts'
import { closeOverlap } from '../keys/key-slot.ts'
import type { OrganizationRecord } from '../store/records.ts'
import { type Actor, act, IN_PROCESS } from './act.ts'
import type { AdministrationParts } from './parts.ts'
import { type Rotation, readOverlapMs } from './secrets.ts'

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
  /** @throws `ERR_OPTION_INVALID`, and `ERR_KEY_INVALID` for a value of one's own */
  rotate(organizationId: string, rotation?: Rotation, actor?: Actor): Promise<OrganizationRecord>
  /** Ends an open overlap early. */
  closeOverlap(organizationId: string, actor?: Actor): Promise<OrganizationRecord>
  /** Whether the current key obeys the policy that is in force now. */
  isCompliant(organization: OrganizationRecord): Promise<boolean>
  /** The current key in plain text. */
  reveal(organization: OrganizationRecord): string
}

export function createOrganizationApiKeys({
  store,
  secrets,
  now,
  onChange,
}: AdministrationParts): OrganizationApiKeys {
  async function change(
    organizationId: string,
    [name, sentence]: readonly [string, string],
    actor: Actor,
    apply: (before: OrganizationRecord) => OrganizationRecord,
  ): Promise<OrganizationRecord> {
    const entry = act(name, sentence, actor, now())
    const after = await store.changeOrganization(organizationId, apply, entry)
    if (after === undefined) throw new TeamServerError('ERR_NOT_FOUND', 'no such organization')
    onChange(after)
    return after
  }

  async function replace(
    organizationId: string,
    { value, overlapMs }: { readonly value: string | undefined; readonly overlapMs: number },
    what: readonly [string, string],
    actor: Actor,
  ): Promise<OrganizationRecord> {
    const key =
      value === undefined
        ? await secrets.generate('api-key')
        : await secrets.check('api-key', value, await namesIn(organizationId))
    const next = secrets.keep('api-key', key)
    return change(organizationId, what, actor, (before) => ({
      ...before,
      apiKey: secrets.replace('api-key', before.apiKey, next, overlapMs, now()),
    }))
  }

  /** What a key may not be: everyone in the organization knows it. */
  async function namesIn(organizationId: string): Promise<readonly string[]> {
    if ((await store.organization(organizationId)) === undefined) return []
    const callers = await store.callers(organizationId)
    return [organizationId, ...callers.map(({ userName }) => userName)]
  }

  return {
    enable: (id, actor = IN_PROCESS) =>
      change(id, ['api-key-enabled', 'switched the organization API key on'], actor, (before) => ({
        ...before,
        isApiKeyEnabled: true,
      })),
    disable: (id, actor = IN_PROCESS) =>
      change(
        id,
        ['api-key-disabled', 'switched the organization API key off'],
        actor,
        (before) => ({
          ...before,
          isApiKeyEnabled: false,
        }),
      ),
    set: (id, value, actor = IN_PROCESS) =>
      replace(id, { value, overlapMs: 0 }, ['api-key-set', 'set the organization API key'], actor),
    async rotate(id, rotation = {}, actor = IN_PROCESS) {
      const overlapMs = readOverlapMs(rotation)
      const sentence = `rotated the organization API key with an overlap of ${overlapMs} ms`
      const { value } = rotation
      return replace(id, { value, overlapMs }, ['api-key-rotated', sentence], actor)
    },
    closeOverlap: (id, actor = IN_PROCESS) =>
      change(
        id,
        ['api-key-overlap-closed', 'ended the overlap of the organization API key'],
        actor,
        (before) => ({ ...before, apiKey: closeOverlap(before.apiKey) }),
      ),
    isCompliant: ({ apiKey }) => secrets.isCompliant('api-key', apiKey),
    reveal: (organization) => secrets.reveal(organization.apiKey),
  }
}
