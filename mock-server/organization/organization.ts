import type { Report } from '../../sdk/wire/messages.ts'
import type { Administration } from '../administration/administration.ts'
import { DEFAULT_AGENT_KEY } from '../administration/agent-keys.ts'
import { TeamServerError } from '../errors.ts'
import type { FaultRegistry, Faults } from '../faults/faults.ts'
import type { ApplicationRouteRecord } from '../inventory/application-route.ts'
import type { LibraryRecord } from '../inventory/library.ts'
import type { VulnerabilityRecord } from '../inventory/vulnerability.ts'
import type { VulnerabilityFilter } from '../inventory/vulnerability-filter.ts'
import type { Ledger, Ledgers } from '../ledger/ledger.ts'
import { type ReportedThing, reportedBy } from '../reported/reported.ts'
import type { LoggedRequest } from '../request-log/logged-request.ts'
import type { ApplicationSeed } from '../seed/application-seed.ts'
import { plantApplications } from '../seed/plant-applications.ts'
import type {
  AddressRestriction,
  AgentKeyRecord,
  ApplicationRecord,
  AuditEntry,
  OrganizationRecord,
  ServerRecord,
  SessionRecord,
  StoredReport,
} from '../store/records.ts'
import { type RefusedRequest, refusalsIn } from '../store/refused-request.ts'
import type { Store } from '../store/store.ts'
import type { ExchangeWatchers } from '../waiting/exchange-watchers.ts'
import {
  type AgentCredentials,
  agentCredentials,
  createOrganizationAgentKeys,
  type OrganizationAgentKeys,
} from './agent-keys.ts'
import { createOrganizationApiKey, type OrganizationApiKey } from './api-key.ts'
import { createOrganizationPeople, type OrganizationPeople } from './people.ts'
import { createOrganizationWaiting, type OrganizationWaiting } from './waiting.ts'

/** One organization of a TeamServer: nothing of it is reachable from another. */
export interface Organization
  extends OrganizationAgentKeys,
    OrganizationPeople,
    OrganizationWaiting {
  readonly id: string
  readonly name: string
  /** What goes wrong on purpose, with requests of this organization alone. */
  readonly faults: Faults
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
  /** The newest requests with their answers, and those that are under way. */
  requests(): readonly LoggedRequest[]
  /** What became of the requests, and of the reports in them. */
  ledger(): Ledger
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
  /** What findings came to, in the order of arrival: weaknesses, however often each was seen. */
  vulnerabilities(filter?: VulnerabilityFilter): Promise<readonly VulnerabilityRecord[]>
  libraries(): Promise<readonly LibraryRecord[]>
  /** Of its applications, or of one by its name. */
  routes(application?: string): Promise<readonly ApplicationRouteRecord[]>
  /**
   * Puts applications in place with servers, libraries, routes and vulnerabilities, as if engines had
   * reported them. No report is kept.
   */
  plant(applications: readonly ApplicationSeed[]): Promise<void>
  /** Archives an application: its engines are told to pause. @throws `ERR_NOT_FOUND` */
  archiveApplication(name: string): Promise<void>
  /** Takes an application back. @throws `ERR_NOT_FOUND` */
  restoreApplication(name: string): Promise<void>
  /**
   * Forgets what engines did: reports, applications, servers, sessions, refusals, requests, the ledger
   * and the faults. Keys, people and settings stay, so that engines go on.
   */
  reset(): Promise<void>
  /**
   * The reports without what differs from run to run (ids, times, sessions, durations, ports, UUIDs,
   * temporary folders), in a fixed order: `expect(await organization.reported()).toMatchSnapshot()`.
   */
  reported(): Promise<readonly ReportedThing[]>
}

export interface OrganizationParts {
  readonly store: Store
  readonly administration: Administration
  readonly watchers: ExchangeWatchers
  readonly faults: FaultRegistry
  readonly ledgers: Ledgers
  readonly requests: () => readonly LoggedRequest[]
  /** Where engines reach the TeamServer. */
  readonly address: () => string
  readonly now: () => Date
  readonly reset: (organizationId: string) => Promise<void>
}

/** What an organization's object begins with. */
export interface FirstOrganizationRecords {
  readonly organization: OrganizationRecord
  /** That of the name `default`. */
  readonly agentKey: AgentKeyRecord
}

/** An organization and the means to tell it of changes that came from elsewhere. */
export interface FollowedOrganization {
  readonly organization: Organization
  readonly follow: (changed: OrganizationRecord | AgentKeyRecord) => void
}

export function createOrganizationView(
  parts: OrganizationParts,
  first: FirstOrganizationRecords,
): FollowedOrganization {
  const { store, administration, address } = parts
  let { organization: record, agentKey } = first
  const { id, name } = record
  let agent: AgentCredentials | undefined
  let apiKey: OrganizationApiKey | undefined
  let faults: Faults | undefined
  parts.ledgers.open(id)
  const surroundings = { administration, address, organization: () => record }

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

  // TypeScript cannot follow an overload through an arrow function: both forms are here.
  const reports = (async (options?: { readonly withReceipt: true }) => {
    const stored = await store.reports(id)
    return options?.withReceipt === true ? stored : stored.map(({ report }) => report)
  }) as Organization['reports']

  const organization: Organization = {
    id,
    name,
    // Made when they are first looked at: they take as much memory as all else of an organization.
    get faults() {
      faults ??= parts.faults.ofOrganization(id)
      return faults
    },
    get agent() {
      agent ??= agentCredentials(surroundings, () => agentKey)
      return agent
    },
    get apiKey() {
      apiKey ??= createOrganizationApiKey(administration.apiKeys, () => record)
      return apiKey
    },
    ...createOrganizationAgentKeys(surroundings),
    ...createOrganizationPeople(parts, () => record),
    ...createOrganizationWaiting(store, parts.watchers, id),
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
    requests: () => parts.requests().filter(({ organizationId }) => organizationId === id),
    ledger: () => parts.ledgers.of(id),
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
    vulnerabilities: async (filter = {}) =>
      (await store.searchVulnerabilities(id, { filter })).vulnerabilities,
    libraries: () => store.libraries(id),
    routes: (application) => store.routes(id, application),
    plant: (applications) =>
      plantApplications({ store, organizationId: id, now: parts.now() }, applications),
    archiveApplication: (applicationName) => setArchived(applicationName, true),
    restoreApplication: (applicationName) => setArchived(applicationName, false),
    reset: () => parts.reset(id),
    reported: () => reportedBy({ reports }),
  }

  return {
    organization,
    follow(changed) {
      if (!('kind' in changed)) record = changed
      else if (changed.name === DEFAULT_AGENT_KEY) agentKey = changed
    },
  }
}
