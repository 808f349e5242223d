import { TeamServerError } from '../errors.ts'
import { flatText } from '../flat-text.ts'
import { closeOverlap } from '../keys/key-slot.ts'
import type { LastUse } from '../keys/key-uses.ts'
import type { AgentKeyRecord, OrganizationRecord } from '../store/records.ts'
import { type Actor, act, IN_PROCESS } from './act.ts'
import type { AdministrationParts } from './parts.ts'
import { type Rotation, readOverlapMs } from './secrets.ts'

/** The name of the agent key that every organization starts with. */
export const DEFAULT_AGENT_KEY = 'default'

const LONGEST_NAME = 128

/** With its service key, a longer user name would not fit into the `Authorization` that is read. */
const LONGEST_USER_NAME_BYTES = 1_024

/** An agent key as it is to be. What is left out is generated. */
export interface AgentKeySeed {
  /** Unique in its organization. 1 to 128 characters. */
  readonly name: string
  /** Unique in the TeamServer; at most 1 024 bytes, without colon or control characters. */
  readonly userName?: string
  readonly serviceKey?: string
}

/** The generated credentials of each organization. */
export interface AgentKeys {
  /**
   * Makes the record of a key without adding it.
   *
   * @param id What its user name is made of. @default a fresh uuid
   * @throws `ERR_OPTION_INVALID`, `ERR_KEY_INVALID`
   */
  make(
    organization: { readonly id: string; readonly name: string },
    seed: AgentKeySeed,
    id?: string,
  ): Promise<AgentKeyRecord>
  /** @throws `ERR_NAME_TAKEN`, and as `make`. */
  add(organization: OrganizationRecord, seed: AgentKeySeed, actor?: Actor): Promise<AgentKeyRecord>
  /** The key of this name, or undefined. Deleted keys are not found. */
  find(organizationId: string, name: string): Promise<AgentKeyRecord | undefined>
  list(organizationId: string): Promise<readonly AgentKeyRecord[]>
  /** @throws `ERR_NOT_FOUND`, `ERR_OPTION_INVALID` */
  rotate(
    organizationId: string,
    name: string,
    rotation?: Rotation,
    actor?: Actor,
  ): Promise<AgentKeyRecord>
  closeOverlap(organizationId: string, name: string, actor?: Actor): Promise<AgentKeyRecord>
  /** Its engines are refused from the answer on. @throws `ERR_NOT_FOUND` */
  delete(organizationId: string, name: string, actor?: Actor): Promise<void>
  /** Whether the current service key obeys the policy that is in force now. */
  isCompliant(agentKey: AgentKeyRecord): Promise<boolean>
  /** When an engine last used it. */
  lastUse(agentKey: AgentKeyRecord): LastUse
  /** The current service key in plain text. */
  reveal(agentKey: AgentKeyRecord): string
}

export function createAgentKeys({
  store,
  secrets,
  keyUses,
  now,
  uuid,
  onChange,
}: AdministrationParts): AgentKeys {
  const list = async (organizationId: string) =>
    (await store.callers(organizationId)).filter(
      (caller): caller is AgentKeyRecord =>
        caller.kind === 'agent' && caller.deletedAt === undefined,
    )

  async function make(
    organization: { readonly id: string; readonly name: string },
    { name, userName, serviceKey }: AgentKeySeed,
    id = uuid(),
  ): Promise<AgentKeyRecord> {
    const createdAt = now()
    const ownName = checkedUserName(userName) ?? agentUserName(id, organization.name)
    const key =
      serviceKey === undefined
        ? await secrets.generate('service-key')
        : await secrets.check('service-key', serviceKey, [ownName, organization.id])
    return {
      kind: 'agent',
      userName: ownName,
      organizationId: organization.id,
      name: checkedName(name),
      serviceKey: secrets.slot('service-key', key, createdAt),
      createdAt,
    }
  }

  async function change(
    organizationId: string,
    name: string,
    [event, sentence]: readonly [string, string],
    actor: Actor,
    apply: (before: AgentKeyRecord) => AgentKeyRecord,
  ): Promise<AgentKeyRecord> {
    const found = await store.agentKey(organizationId, name)
    const after =
      found === undefined
        ? undefined
        : await store.changeCaller(found, apply, act(event, sentence, actor, now()))
    if (after === undefined) throw new TeamServerError('ERR_NOT_FOUND', 'no agent key of this name')
    onChange(after)
    return after
  }

  return {
    make,
    async add(organization, seed, actor = IN_PROCESS) {
      const agentKey = await make(organization, seed)
      const sentence = `added the agent key ${agentKey.name}`
      const entry = act('agent-key-added', sentence, actor, now())
      if (!(await store.addCaller(agentKey, entry))) {
        throw new TeamServerError('ERR_NAME_TAKEN', 'an agent key of this name exists already')
      }
      onChange(agentKey)
      return agentKey
    },
    find: (organizationId, name) => store.agentKey(organizationId, name),
    list,
    async rotate(organizationId, name, rotation = {}, actor = IN_PROCESS) {
      const overlapMs = readOverlapMs(rotation)
      const { value } = rotation
      const userName = (await store.agentKey(organizationId, name))?.userName ?? name
      const key =
        value === undefined
          ? await secrets.generate('service-key')
          : await secrets.check('service-key', value, [name, userName, organizationId])
      const next = secrets.keep('service-key', key)
      const sentence = `rotated the agent key ${name} with an overlap of ${overlapMs} ms`
      return change(organizationId, name, ['agent-key-rotated', sentence], actor, (before) => ({
        ...before,
        serviceKey: secrets.replace('service-key', before.serviceKey, next, overlapMs, now()),
      }))
    },
    closeOverlap: (organizationId, name, actor = IN_PROCESS) =>
      change(
        organizationId,
        name,
        ['agent-key-overlap-closed', `ended the overlap of the agent key ${name}`],
        actor,
        (before) => ({ ...before, serviceKey: closeOverlap(before.serviceKey) }),
      ),
    async delete(organizationId, name, actor = IN_PROCESS) {
      const what = ['agent-key-deleted', `deleted the agent key ${name}`] as const
      await change(organizationId, name, what, actor, (before) => ({ ...before, deletedAt: now() }))
    },
    isCompliant: ({ serviceKey }) => secrets.isCompliant('service-key', serviceKey),
    lastUse: ({ userName, serviceKey }) => keyUses.of('service-key', userName, serviceKey),
    reveal: (agentKey) => secrets.reveal(agentKey.serviceKey),
  }
}

/**
 * The name that an agent key authenticates with.
 *
 * @see the key page of 2018, which shows `agent_<uuid>@<organization name>`. A colon would end the
 * user name in `Authorization`, so it and control characters become `_`.
 */
function agentUserName(id: string, organizationName: string): string {
  return flatText(`agent_${id}@${organizationName.replace(/[:\p{Cc}\p{Cs}]/gu, '_')}`)
}

function checkedName(name: string): string {
  if (typeof name === 'string' && name.length <= LONGEST_NAME && /^\P{Cc}+$/u.test(name))
    return name
  throw new TeamServerError(
    'ERR_OPTION_INVALID',
    `the name of an agent key must be 1 to ${LONGEST_NAME} characters without control characters`,
  )
}

function checkedUserName(userName: string | undefined): string | undefined {
  if (userName === undefined) return undefined
  const isSafe = typeof userName === 'string' && /^[^:\p{Cc}\p{Cs}]{1,512}$/u.test(userName)
  if (isSafe && Buffer.byteLength(userName) <= LONGEST_USER_NAME_BYTES) return userName
  throw new TeamServerError(
    'ERR_OPTION_INVALID',
    'a user name must be 1 to 512 characters in at most 1024 bytes, without colon and control characters',
  )
}
