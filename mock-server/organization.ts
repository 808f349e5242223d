import type { Report } from '../sdk/wire/messages.ts'
import type { Administration } from './administration/administration.ts'
import { type AgentKeySeed, DEFAULT_AGENT_KEY } from './administration/agent-keys.ts'
import type { AddedPerson } from './administration/people.ts'
import type { PersonSeed } from './administration/person-seed.ts'
import type { Rotation } from './administration/secrets.ts'
import { TeamServerError } from './errors.ts'
import { encodeAgentToken } from './keys/agent-token.ts'
import type {
  AddressRestriction,
  AgentKeyRecord,
  ApplicationRecord,
  AuditEntry,
  OrganizationRecord,
  OrganizationRole,
  PersonRecord,
  ServerRecord,
  SessionRecord,
  StoredReport,
  SystemRole,
} from './store/records.ts'
import type { Store } from './store/store.ts'

/** Generated credentials: what an engine arrives with. Shows nothing of itself when it is printed. */
export interface AgentCredentials {
  /** The name of the agent key. */
  readonly name: string
  readonly userName: string
  readonly serviceKey: string
  /** All of it in one text, for `CONTRAST__API__TOKEN`; with the API key when the layer is on. */
  readonly token: string
}

/** The second layer of an organization. */
export interface OrganizationApiKey {
  /** The current key. */
  readonly value: string
  readonly isEnabled: boolean
  /** Until when the replaced key is accepted beside this one. */
  readonly acceptedUntil: Date | undefined
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

/** A person, with what they authenticate with. */
export interface PersonCredentials {
  readonly userName: string
  /** As generated; for signing in. */
  readonly password: string
  readonly serviceKey: string
  /** The value of `Authorization`. */
  readonly authorization: string
}

/** A person who is there already. Their password was shown when it was made, and never again. */
export interface KnownPerson extends Omit<PersonCredentials, 'password'> {
  readonly role: OrganizationRole | SystemRole
  /** A UUID. */
  readonly id: string
  readonly isApiOnly: boolean
  readonly isEnabled: boolean
  /** Since when and by whom, while they are locked. */
  readonly lock: PersonRecord['lock']
}

/** A request that was turned away. */
export interface RefusedRequest {
  readonly at: Date
  /** The class, as it was answered. */
  readonly reason: string
  /** The true reason. */
  readonly detail: string
  readonly method: string
  readonly path: string
  readonly remoteAddress: string | undefined
  readonly claimedUserName: string | undefined
}

/** One organization of a TeamServer: nothing of it is reachable from another. */
export interface Organization {
  readonly id: string
  readonly name: string
  /** The generated credentials of the agent key `default`. */
  readonly agent: AgentCredentials
  readonly apiKey: OrganizationApiKey
  /** What an engine of this organization needs: spread it into `createEngine()`. */
  engineOptions(): {
    readonly url: string
    readonly agentUserName: string
    readonly serviceKey: string
    readonly organizationApiKey?: string
  }
  /** The reports as stored, oldest first. */
  reports(): Promise<readonly Report[]>
  reports(options: { readonly withReceipt: true }): Promise<readonly StoredReport[]>
  /** The requests that were turned away, oldest first. */
  refusals(): Promise<readonly RefusedRequest[]>
  /** The whole audit log, oldest first. */
  auditLog(): Promise<readonly AuditEntry[]>
  /** Where requests may come from. */
  addressRanges(): AddressRestriction
  /**
   * Lets in the addresses of a list alone; an empty one restricts nothing. Engines are held to it
   * where `appliesToAgents` is true.
   *
   * @throws `ERR_OPTION_INVALID`, naming every entry that is no address and no range.
   */
  restrictAddresses(
    ranges: readonly string[],
    options?: { readonly appliesToAgents?: boolean },
  ): Promise<void>
  /** A locked organization refuses its agents and its people. */
  readonly isLocked: boolean
  lock(): Promise<void>
  unlock(): Promise<void>
  applications(): Promise<readonly ApplicationRecord[]>
  servers(): Promise<readonly ServerRecord[]>
  sessions(): Promise<readonly SessionRecord[]>
  /** Archives an application: its engines are told to pause. @throws `ERR_NOT_FOUND` */
  archiveApplication(name: string): Promise<void>
  /** Takes an application back. @throws `ERR_NOT_FOUND` */
  restoreApplication(name: string): Promise<void>
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
  addPerson(seed: PersonSeed): Promise<PersonCredentials>
  /** Those who have a role here, in the order in which they were added. */
  people(): Promise<readonly KnownPerson[]>
  person(userName: string): Promise<KnownPerson | undefined>
  /** Ends their sessions and refuses them from the answer on. @throws `ERR_NOT_FOUND` */
  lockPerson(userName: string): Promise<void>
  /** Also after a lockout by too many failed logins. @throws `ERR_NOT_FOUND` */
  unlockPerson(userName: string): Promise<void>
  /** @throws `ERR_NOT_FOUND` */
  enablePerson(userName: string): Promise<void>
  /** Ends their sessions and refuses them from the answer on. @throws `ERR_NOT_FOUND` */
  disablePerson(userName: string): Promise<void>
  /** Holds for their next call, also of an open session. @throws `ERR_NOT_FOUND`, `ERR_OPTION_INVALID` */
  setRole(userName: string, role: OrganizationRole): Promise<void>
}

export interface OrganizationParts {
  readonly store: Store
  readonly administration: Administration
  /** Where engines reach the TeamServer. */
  readonly address: () => string
}

/** An organization and the means to tell it of changes that came from elsewhere. */
export interface FollowedOrganization {
  readonly organization: Organization
  readonly follow: (changed: OrganizationRecord | AgentKeyRecord) => void
}

export function createOrganizationView(
  parts: OrganizationParts,
  first: { readonly organization: OrganizationRecord; readonly agentKey: AgentKeyRecord },
): FollowedOrganization {
  const { store, administration, address } = parts
  let { organization: record, agentKey } = first
  const { id, name } = record

  const credentialsOf = (read: () => AgentKeyRecord): AgentCredentials =>
    hidden({
      name: () => read().name,
      userName: () => read().userName,
      serviceKey: () => administration.agentKeys.reveal(read()),
      token: () =>
        encodeAgentToken({
          url: address(),
          user_name: read().userName,
          service_key: administration.agentKeys.reveal(read()),
          ...(record.isApiKeyEnabled ? { api_key: administration.apiKeys.reveal(record) } : {}),
        }),
    })

  const setArchived = async (applicationName: string, isArchived: boolean) => {
    const found = await store.application(id, applicationName)
    if (found === undefined) {
      throw new TeamServerError('ERR_NOT_FOUND', 'no application of this name has reported')
    }
    await store.changeApplication(id, applicationName, (before) => ({
      ...(before ?? found),
      isArchived,
    }))
  }

  const people = async () =>
    (await store.callers(id)).flatMap((each) => {
      const role = each.kind === 'person' ? each.roles.get(id) : undefined
      return each.kind === 'agent' || role === undefined
        ? []
        : [knownPerson(administration, each, role)]
    })

  // TypeScript cannot follow an overload through an arrow function: both forms are here.
  const reports = (async (options?: { readonly withReceipt: true }) => {
    const stored = await store.reports(id)
    return options?.withReceipt === true ? stored : stored.map(({ report }) => report)
  }) as Organization['reports']

  const organization: Organization = {
    id,
    name,
    agent: credentialsOf(() => agentKey),
    apiKey: Object.assign(
      hidden({
        value: () => administration.apiKeys.reveal(record),
        isEnabled: () => record.isApiKeyEnabled,
        acceptedUntil: () => record.apiKey.replaced?.acceptedUntil,
      }),
      {
        enable: async () => void (await administration.apiKeys.enable(id)),
        disable: async () => void (await administration.apiKeys.disable(id)),
        set: async (value: string) => void (await administration.apiKeys.set(id, value)),
        rotate: async (rotation?: Rotation) =>
          administration.apiKeys.reveal(await administration.apiKeys.rotate(id, rotation)),
        closeOverlap: async () => void (await administration.apiKeys.closeOverlap(id)),
      },
    ),
    engineOptions: () => ({
      url: address(),
      agentUserName: agentKey.userName,
      serviceKey: administration.agentKeys.reveal(agentKey),
      ...(record.isApiKeyEnabled
        ? { organizationApiKey: administration.apiKeys.reveal(record) }
        : {}),
    }),
    reports,
    refusals: async () => refusalsIn(await store.auditEntries(id)),
    auditLog: () => store.auditEntries(id),
    addressRanges: () => record.addressRanges,
    restrictAddresses: async (ranges, options) =>
      void (await administration.addresses.restrict(id, { ranges, ...options })),
    get isLocked() {
      return record.isLocked
    },
    lock: async () => void (await administration.organizations.lock(id)),
    unlock: async () => void (await administration.organizations.unlock(id)),
    applications: () => store.applications(id),
    servers: () => store.servers(id),
    sessions: () => store.sessions(id),
    archiveApplication: (applicationName) => setArchived(applicationName, true),
    restoreApplication: (applicationName) => setArchived(applicationName, false),
    async addAgentKey(seed) {
      const added = await administration.agentKeys.add(record, seed)
      return credentialsOf(() => added)
    },
    async agentKeys() {
      const found = await administration.agentKeys.list(id)
      return found.map((each) => credentialsOf(() => each))
    },
    async rotateAgentKey(keyName, rotation) {
      const rotated = await administration.agentKeys.rotate(id, keyName, rotation)
      return credentialsOf(() => rotated)
    },
    closeAgentKeyOverlap: async (keyName) =>
      void (await administration.agentKeys.closeOverlap(id, keyName)),
    deleteAgentKey: (keyName) => administration.agentKeys.delete(id, keyName),
    addPerson: async (seed) =>
      personCredentials(administration, await administration.people.add(record, seed)),
    people,
    person: async (userName) => (await people()).find((each) => each.userName === userName),
    lockPerson: async (uid) => void (await administration.people.lock({ organizationId: id, uid })),
    unlockPerson: async (uid) =>
      void (await administration.people.unlock({ organizationId: id, uid })),
    enablePerson: async (uid) =>
      void (await administration.people.setEnabled({ organizationId: id, uid }, true)),
    disablePerson: async (uid) =>
      void (await administration.people.setEnabled({ organizationId: id, uid }, false)),
    setRole: async (uid, role) =>
      void (await administration.people.setRole({ organizationId: id, uid }, role)),
  }

  return {
    organization,
    follow(changed) {
      if (!('kind' in changed)) record = changed
      else if (changed.name === DEFAULT_AGENT_KEY) agentKey = changed
    },
  }
}

/** Hands out a person's credentials. */
export function personCredentials(
  administration: Administration,
  { record, password }: AddedPerson,
): PersonCredentials {
  const serviceKey = () => administration.people.reveal(record)
  return hidden({
    userName: () => record.userName,
    password: () => password,
    serviceKey,
    authorization: () => Buffer.from(`${record.userName}:${serviceKey()}`).toString('base64'),
  })
}

/** Shows what can be shown again of a person. */
export function knownPerson(
  administration: Administration,
  record: PersonRecord,
  role: OrganizationRole | SystemRole,
): KnownPerson {
  const serviceKey = () => administration.people.reveal(record)
  return hidden({
    role: () => role,
    id: () => record.id,
    isApiOnly: () => record.isApiOnly,
    isEnabled: () => record.isEnabled,
    lock: () => record.lock,
    userName: () => record.userName,
    serviceKey,
    authorization: () => Buffer.from(`${record.userName}:${serviceKey()}`).toString('base64'),
  })
}

/** The refused requests among audit entries. */
export function refusalsIn(entries: readonly AuditEntry[]): readonly RefusedRequest[] {
  return entries
    .filter(({ kind }) => kind === 'refusal')
    .map(({ at, reason, detail, method = '', path = '', remoteAddress, claimedUserName }) => ({
      at,
      reason,
      detail,
      method,
      path,
      remoteAddress,
      claimedUserName,
    }))
}

/** An object whose properties can be read by name, and that shows none when it is printed. */
function hidden<Values extends Record<string, unknown>>(
  readers: {
    readonly [Name in keyof Values]: () => Values[Name]
  },
): { readonly [Name in keyof Values]: Values[Name] } {
  const properties = Object.entries(readers).map(([name, get]) => [
    name,
    { get, enumerable: false },
  ])
  return Object.defineProperties(
    {} as { [Name in keyof Values]: Values[Name] },
    Object.fromEntries(properties),
  )
}
