import { TeamServerError } from '../errors.ts'
import type { AgentKeyRecord, OrganizationRecord } from '../store/records.ts'
import { type Actor, act, IN_PROCESS } from './act.ts'
import { type AgentKeySeed, type AgentKeys, DEFAULT_AGENT_KEY } from './agent-keys.ts'
import type { AdministrationParts } from './parts.ts'

const LONGEST_NAME = 255
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/** An organization as it is to be. What is left out is generated. */
export interface OrganizationSeed {
  /** 1 to 255 characters. */
  readonly name: string
  /** A UUID. */
  readonly id?: string
  /** Layer two. Its key exists from the start and is asked for once it is enabled. */
  readonly apiKey?: {
    /** @default false */
    readonly enabled?: boolean
    readonly value?: string
  }
  /** One named `default` is always made; listing it here gives it fixed values. */
  readonly agentKeys?: readonly AgentKeySeed[]
}

export interface Organizations {
  /**
   * Makes an organization with its agent keys.
   *
   * @throws `ERR_OPTION_INVALID`, `ERR_KEY_INVALID`, `ERR_NAME_TAKEN`; then nothing was made.
   */
  create(
    seed: OrganizationSeed,
    actor?: Actor,
  ): Promise<{ readonly organization: OrganizationRecord; readonly agentKey: AgentKeyRecord }>
  /** Refuses its agents and its people from the answer on; superadmins still get in. @throws `ERR_NOT_FOUND` */
  lock(id: string, actor?: Actor): Promise<OrganizationRecord>
  /** @throws `ERR_NOT_FOUND` */
  unlock(id: string, actor?: Actor): Promise<OrganizationRecord>
}

export function createOrganizations(
  { store, secrets, now, uuid, onChange }: AdministrationParts,
  agentKeys: AgentKeys,
): Organizations {
  async function setLocked(
    id: string,
    isLocked: boolean,
    [name, sentence]: readonly [string, string],
    actor: Actor,
  ): Promise<OrganizationRecord> {
    const entry = act(name, sentence, actor, now())
    const after = await store.changeOrganization(id, (before) => ({ ...before, isLocked }), entry)
    if (after === undefined) throw new TeamServerError('ERR_NOT_FOUND', 'no such organization')
    onChange(after)
    return after
  }

  return {
    lock: (id, actor = IN_PROCESS) =>
      setLocked(id, true, ['organization-locked', 'locked the organization'], actor),
    unlock: (id, actor = IN_PROCESS) =>
      setLocked(id, false, ['organization-unlocked', 'unlocked the organization'], actor),
    async create(seed, actor = IN_PROCESS) {
      const createdAt = now()
      const { enabled = false, value } = seed.apiKey ?? {}
      const id = checkedId(seed.id ?? uuid())
      const apiKey =
        value === undefined
          ? await secrets.generate('api-key')
          : await secrets.check('api-key', value, [id])
      const organization: OrganizationRecord = {
        id,
        name: checkedName(seed.name),
        createdAt,
        isApiKeyEnabled: checkedBoolean(enabled),
        apiKey: secrets.slot('api-key', apiKey, createdAt),
        addressRanges: { ranges: [], appliesToAgents: false },
        isLocked: false,
      }
      // The `default` key is named after the organization; one that comes after it is not.
      const [first, ...rest] = agentKeySeeds(seed.agentKeys ?? [])
      const agentKey = await agentKeys.make(organization, first, organization.id)
      const others = await Promise.all(rest.map((other) => agentKeys.make(organization, other)))
      const sentence = `created the organization ${organization.name}`
      const entry = act('organization-created', sentence, actor, createdAt)
      if (!(await store.addOrganization(organization, [agentKey, ...others], entry))) {
        throw new TeamServerError('ERR_NAME_TAKEN', 'this organization id or user name is taken')
      }
      return { organization, agentKey }
    },
  }
}

/** The `default` one first, each name once. */
function agentKeySeeds(seeds: readonly AgentKeySeed[]): readonly [AgentKeySeed, ...AgentKeySeed[]] {
  const names = new Set(seeds.map(({ name }) => name))
  if (names.size < seeds.length) {
    throw new TeamServerError('ERR_NAME_TAKEN', 'two agent keys of an organization share a name')
  }
  const first = seeds.find(({ name }) => name === DEFAULT_AGENT_KEY) ?? { name: DEFAULT_AGENT_KEY }
  return [first, ...seeds.filter((seed) => seed !== first)]
}

function checkedName(name: unknown): string {
  const isText = typeof name === 'string' && name.trim() !== '' && name.length <= LONGEST_NAME
  if (isText && !/\p{Cs}/u.test(name)) return name
  throw new TeamServerError(
    'ERR_OPTION_INVALID',
    `the name of an organization must be 1 to ${LONGEST_NAME} characters`,
  )
}

function checkedId(id: unknown): string {
  const text = typeof id === 'string' ? id.toLowerCase() : ''
  if (UUID.test(text)) return text
  throw new TeamServerError('ERR_OPTION_INVALID', 'the id of an organization must be a UUID')
}

function checkedBoolean(enabled: unknown): boolean {
  if (typeof enabled === 'boolean') return enabled
  throw new TeamServerError('ERR_OPTION_INVALID', 'apiKey.enabled must be true or false')
}
