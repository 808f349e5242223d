import type { Report } from '../../sdk/wire/messages.ts'
import { wholeNumbers } from '../whole-numbers.ts'
import { type AuditSearch, matchesSearch } from './audit-search.ts'
import { type BoundedLog, createBoundedLog } from './bounded-log.ts'
import type {
  AgentKeyRecord,
  ApplicationRecord,
  AuditEntry,
  CallerRecord,
  LoginSessionRecord,
  OrganizationRecord,
  ServerRecord,
  SessionRecord,
  StoredReport,
  SystemSettings,
} from './records.ts'
import type { AddedReport, Store } from './store.ts'
import { DEFAULT_SYSTEM_SETTINGS } from './system-settings.ts'

/** How much one organization may fill. */
export interface Retention {
  /** Reports kept. @default 100_000 */
  readonly reports: number
  /** Characters that the kept reports may take as JSON. @default 67_108_864 (64 Mi) */
  readonly reportCharacters: number
  /** Sessions kept. @default 10_000 */
  readonly sessions: number
  /** Applications and servers kept, each; past it the one seen longest ago goes. @default 10_000 */
  readonly applications: number
  /** Audit entries kept, refusals and administration each. @default 10_000 */
  readonly auditEntries: number
}

export const DEFAULT_RETENTION: Retention = {
  reports: 100_000,
  reportCharacters: 67_108_864,
  sessions: 10_000,
  applications: 10_000,
  auditEntries: 10_000,
}

/** What a stored report keeps in memory: the report itself as text, parsed when somebody looks. */
interface KeptReport extends Omit<StoredReport, 'report' | 'session'> {
  readonly session: string | undefined
  readonly id: string
  readonly hash: string | undefined
  readonly json: string
}

/** An organization's part of the store. Nothing in it is reachable from another one. */
interface Room {
  organization: OrganizationRecord
  readonly callers: Set<string>
  /** The user name of the last agent key of each name. */
  readonly agentKeys: Map<string, string>
  readonly applications: Map<string, ApplicationRecord>
  readonly servers: Map<string, ServerRecord>
  nextServerId: number
  readonly sessions: Map<string, SessionRecord>
  readonly reports: BoundedLog<KeptReport>
  readonly reportsById: Map<string, KeptReport>
  /** How many stored findings carry each hash. */
  readonly findingHashes: Map<string, number>
  readonly audit: AuditLog
}

/** What callers cause stands apart, so that a flood of it never pushes out what administrators did. */
interface AuditLog {
  readonly caused: BoundedLog<KeptAuditEntry>
  readonly administration: BoundedLog<KeptAuditEntry>
}

/** With its place among all entries of its organization: many share a moment. */
interface KeptAuditEntry {
  readonly place: number
  readonly entry: AuditEntry
}

/** What a store in memory begins with. */
export interface FirstRecords {
  readonly organizations: readonly OrganizationRecord[]
  /** In the order in which they were added; their organizations are among those. */
  readonly callers: readonly CallerRecord[]
  readonly systemSettings: SystemSettings
}

/** Keeps everything in this process, bounded. @throws `ERR_OPTION_INVALID` */
export function createMemoryStore(given?: Partial<Retention>, first?: FirstRecords): Store {
  const retention = wholeNumbers('retention', DEFAULT_RETENTION, given)
  const rooms = new Map<string, Room>()
  const callers = new Map<string, CallerRecord>()
  const loginSessions = new Map<string, LoginSessionRecord>()
  const audit = createAuditLog(retention)
  let auditEntriesSoFar = 0
  let systemSettings = first?.systemSettings ?? DEFAULT_SYSTEM_SETTINGS

  function room(organizationId: string): Room {
    const found = rooms.get(organizationId)
    if (found === undefined) throw new Error(`no organization ${organizationId}`)
    return found
  }

  function agentKey(organizationId: string, name: string): AgentKeyRecord | undefined {
    const caller = callers.get(room(organizationId).agentKeys.get(name) ?? '')
    return caller?.kind === 'agent' && caller.deletedAt === undefined ? caller : undefined
  }

  function addCaller(caller: CallerRecord): boolean {
    if (callers.has(caller.userName)) return false
    if (caller.kind === 'agent') {
      if (agentKey(caller.organizationId, caller.name) !== undefined) return false
      room(caller.organizationId).agentKeys.set(caller.name, caller.userName)
    }
    callers.set(caller.userName, caller)
    for (const id of organizationsOf(caller)) rooms.get(id)?.callers.add(caller.userName)
    return true
  }

  function addAuditEntry(organizationId: string | undefined, entry: AuditEntry): void {
    const log = organizationId === undefined ? audit : room(organizationId).audit
    const kept = { place: auditEntriesSoFar++, entry }
    if (entry.kind === 'administration') log.administration.add(kept)
    else log.caused.add(kept)
  }

  function auditEntries(organizationId: string | undefined): readonly AuditEntry[] {
    const log = organizationId === undefined ? audit : room(organizationId).audit
    return [...log.caused.entries(), ...log.administration.entries()]
      .sort((one, other) => {
        return one.entry.at.getTime() - other.entry.at.getTime() || one.place - other.place
      })
      .map(({ entry }) => entry)
  }

  for (const organization of first?.organizations ?? []) {
    rooms.set(organization.id, createRoom(organization, retention))
  }
  for (const caller of first?.callers ?? []) addCaller(caller)

  return {
    async addOrganization(organization, added, entry) {
      const names = new Set(added.map(({ userName }) => userName))
      const isTaken =
        names.size < added.length || added.some(({ userName }) => callers.has(userName))
      if (isTaken || rooms.has(organization.id)) return false
      rooms.set(organization.id, createRoom(organization, retention))
      for (const caller of added) addCaller(caller)
      addAuditEntry(organization.id, entry)
      return true
    },
    organization: async (id) => rooms.get(id)?.organization,
    organizations: async () => [...rooms.values()].map(({ organization }) => organization),
    async changeOrganization(id, change, entry) {
      const found = rooms.get(id)
      if (found === undefined) return undefined
      const before = found.organization
      const after = change(before)
      addAuditEntry(id, typeof entry === 'function' ? entry(before) : entry)
      found.organization = after
      return after
    },

    systemSettings: async () => systemSettings,
    async changeSystemSettings(change, entry) {
      systemSettings = change(systemSettings)
      addAuditEntry(undefined, entry)
      return systemSettings
    },

    async addCaller(caller, entry) {
      if (!addCaller(caller)) return false
      addAuditEntry(organizationOf(caller), entry)
      return true
    },
    caller: async (userName) => callers.get(userName),
    async lookUp(userName, organizationId) {
      const caller = callers.get(userName)
      const ownId = caller === undefined ? undefined : organizationOf(caller)
      return {
        caller,
        named: organizationId === undefined ? undefined : rooms.get(organizationId)?.organization,
        own: ownId === undefined ? undefined : rooms.get(ownId)?.organization,
      }
    },
    agentKey: async (organizationId, name) => agentKey(organizationId, name),
    async callers(organizationId) {
      const names = [...room(organizationId).callers]
      return names.flatMap((userName) => callers.get(userName) ?? [])
    },
    people: async () => [...callers.values()].filter((caller) => caller.kind === 'person'),
    async changeCaller<Caller extends CallerRecord>(
      caller: Caller,
      change: (before: Caller) => Caller,
      entry?: AuditEntry,
    ) {
      const before = callers.get(caller.userName)
      if (before === undefined || before.kind !== caller.kind) return undefined
      // The kind was compared: a caller never changes from agent to person.
      const after = change(before as Caller)
      callers.set(caller.userName, after)
      for (const id of organizationsOf(after)) rooms.get(id)?.callers.add(after.userName)
      if (entry !== undefined) addAuditEntry(organizationOf(after), entry)
      return after
    },

    async addLoginSession(session) {
      putNewest(loginSessions, session.handle, session, retention.sessions)
    },
    loginSession: async (handle) => loginSessions.get(handle),
    async changeLoginSession(handle, change) {
      const before = loginSessions.get(handle)
      if (before === undefined) return undefined
      const after = change(before)
      loginSessions.set(handle, after)
      return after
    },
    async endLoginSessions(which) {
      if ('handle' in which) loginSessions.delete(which.handle)
      else {
        for (const { handle, userName } of loginSessions.values()) {
          if (userName === which.userName) loginSessions.delete(handle)
        }
      }
    },

    async changeApplication(organizationId, name, change) {
      const { applications } = room(organizationId)
      const after = change(applications.get(name))
      putNewest(applications, name, after, retention.applications)
      return after
    },
    application: async (organizationId, name) => room(organizationId).applications.get(name),
    applications: async (organizationId) => [...room(organizationId).applications.values()],

    async changeServer(organizationId, { name, path, type }, change) {
      const inside = room(organizationId)
      const key = JSON.stringify([name, path, type])
      const after = change(inside.servers.get(key), inside.nextServerId)
      if (after.id === inside.nextServerId) inside.nextServerId++
      putNewest(inside.servers, key, after, retention.applications)
      return after
    },
    servers: async (organizationId) => [...room(organizationId).servers.values()],

    async addSession(organizationId, session) {
      putNewest(room(organizationId).sessions, session.id, session, retention.sessions)
    },
    session: async (organizationId, id) => room(organizationId).sessions.get(id),
    sessions: async (organizationId) => [...room(organizationId).sessions.values()],

    async addReports(organizationId, reports) {
      const inside = room(organizationId)
      return reports.map((report) => addReport(inside, report))
    },
    reports: async (organizationId) => room(organizationId).reports.entries().map(unpack),
    async knownHashes(organizationId, hashes) {
      const { findingHashes } = room(organizationId)
      return new Set(hashes.filter((hash) => findingHashes.has(hash)))
    },

    addAuditEntry: async (organizationId, entry) => addAuditEntry(organizationId, entry),
    auditEntries: async (organizationId) => auditEntries(organizationId),
    async searchAuditEntries(organizationId, search: AuditSearch) {
      const found = auditEntries(organizationId).filter(matchesSearch(search)).reverse()
      const { offset = 0, limit = found.length } = search
      return { total: found.length, entries: found.slice(offset, offset + limit) }
    },
  }
}

function createRoom(organization: OrganizationRecord, retention: Retention): Room {
  return {
    organization,
    callers: new Set(),
    agentKeys: new Map(),
    applications: new Map(),
    servers: new Map(),
    nextServerId: 1,
    sessions: new Map(),
    reports: createBoundedLog({
      entries: retention.reports,
      size: { limit: retention.reportCharacters, of: ({ json }: KeptReport) => json.length },
    }),
    reportsById: new Map(),
    findingHashes: new Map(),
    audit: createAuditLog(retention),
  }
}

function createAuditLog({ auditEntries }: Retention): AuditLog {
  return {
    caused: createBoundedLog({ entries: auditEntries }),
    administration: createBoundedLog({ entries: auditEntries }),
  }
}

function addReport(room: Room, stored: StoredReport): AddedReport {
  const { report } = stored
  const json = JSON.stringify(report)
  const before = room.reportsById.get(report.id)
  if (before !== undefined) return before.json === json ? 'known' : 'conflict'
  const hash = report.type === 'finding' ? report.hash : undefined
  // Field by field: what is spread takes half as much memory again, and there are many.
  const kept: KeptReport = {
    id: report.id,
    hash,
    json,
    receivedAt: stored.receivedAt,
    organizationId: stored.organizationId,
    agentUserName: stored.agentUserName,
    application: stored.application,
    session: stored.session,
  }
  room.reportsById.set(kept.id, kept)
  countHash(room.findingHashes, hash, 1)
  for (const gone of room.reports.add(kept)) {
    room.reportsById.delete(gone.id)
    countHash(room.findingHashes, gone.hash, -1)
  }
  return 'added'
}

function countHash(counts: Map<string, number>, hash: string | undefined, change: 1 | -1): void {
  if (hash === undefined) return
  const count = (counts.get(hash) ?? 0) + change
  if (count === 0) counts.delete(hash)
  else counts.set(hash, count)
}

function unpack({ id: _id, hash: _hash, json, session, ...receipt }: KeptReport): StoredReport {
  const report = JSON.parse(json) as Report
  return { ...receipt, ...(session === undefined ? {} : { session }), report }
}

/** Puts an entry at the end; past the limit the one that stands longest goes. */
function putNewest<Value>(map: Map<string, Value>, key: string, value: Value, limit: number): void {
  map.delete(key)
  map.set(key, value)
  if (map.size <= limit) return
  for (const oldest of map.keys()) {
    map.delete(oldest)
    return
  }
}

function organizationOf(caller: CallerRecord): string | undefined {
  return caller.kind === 'agent' ? caller.organizationId : caller.defaultOrganizationId
}

function organizationsOf(caller: CallerRecord): readonly string[] {
  return caller.kind === 'agent' ? [caller.organizationId] : [...caller.roles.keys()]
}
