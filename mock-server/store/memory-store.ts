import { wholeNumbers } from '../whole-numbers.ts'
import { type AuditSearch, matchesSearch } from './audit-search.ts'
import { createKeptCallers } from './kept-callers.ts'
import { createMemoryAudit, type MemoryAudit } from './memory-audit.ts'
import { createMemoryInventoryStore } from './memory-inventory-store.ts'
import type { OnAdded } from './memory-reports.ts'
import {
  activityOf,
  clearRoom,
  contentsOf,
  createRoom,
  createRoomOf,
  type Room,
  serverKey,
} from './memory-room.ts'
import { putNewest } from './put-newest.ts'
import type {
  AgentKeyRecord,
  AuditEntry,
  CallerRecord,
  LoginSessionRecord,
  OrganizationRecord,
  SystemSettings,
} from './records.ts'
import { DEFAULT_RETENTION, type Retention } from './retention.ts'
import type { Store } from './store.ts'
import { DEFAULT_SYSTEM_SETTINGS } from './system-settings.ts'

/** What a store in memory begins with. */
export interface FirstRecords {
  readonly organizations: readonly OrganizationRecord[]
  /** In the order in which they were added; their organizations are among those. */
  readonly callers: readonly CallerRecord[]
  readonly systemSettings: SystemSettings
}

/** Keeps everything in this process, bounded. @throws `ERR_OPTION_INVALID` */
/** Looked for where nobody has the name, as an organization is where somebody has it. */
const NOBODYS = '00000000-0000-0000-0000-000000000000'

export function createMemoryStore(given?: Partial<Retention>, first?: FirstRecords): Store {
  const retention = wholeNumbers('retention', DEFAULT_RETENTION, given)
  const rooms = new Map<string, Room>()
  const callers = createKeptCallers()
  const loginSessions = new Map<string, LoginSessionRecord>()
  let audit = createMemoryAudit(retention.auditEntries)
  let systemSettings = first?.systemSettings ?? DEFAULT_SYSTEM_SETTINGS

  function room(organizationId: string): Room {
    const found = rooms.get(organizationId)
    if (found === undefined) throw new Error(`no organization ${organizationId}`)
    return found
  }

  const activity = (organizationId: string) => activityOf(room(organizationId), retention)

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
    callers.set(caller)
    for (const id of organizationsOf(caller)) rooms.get(id)?.callers.add(caller.userName)
    return true
  }

  function auditOf(organizationId: string | undefined): MemoryAudit {
    if (organizationId !== undefined) return room(organizationId).audit
    // Looked for in vain, so that time does not tell whether there is one.
    return rooms.get(NOBODYS)?.audit ?? audit
  }

  function addAuditEntry(organizationId: string | undefined, entry: AuditEntry): void {
    auditOf(organizationId).add(entry)
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
      const ownId = caller === undefined ? NOBODYS : organizationOf(caller)
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
    people: async () => callers.people(),
    async changeCaller<Caller extends CallerRecord>(
      caller: Caller,
      change: (before: Caller) => Caller,
      entry?: AuditEntry,
    ) {
      const before = callers.get(caller.userName)
      if (before === undefined || before.kind !== caller.kind) return undefined
      // The kind was compared: a caller never changes from agent to person.
      const after = change(before as Caller)
      callers.set(after)
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
      const { applications } = activity(organizationId)
      const after = change(applications.get(name))
      putNewest(applications, name, after, retention.applications)
      return after
    },
    application: async (organizationId, name) => activity(organizationId).applications.get(name),
    async applicationById(organizationId, id) {
      for (const application of activity(organizationId).applications.values()) {
        if (application.id === id) return application
      }
      return undefined
    },
    applications: async (organizationId) => [...activity(organizationId).applications.values()],

    async changeServer(organizationId, identity, change) {
      const inside = activity(organizationId)
      const key = serverKey(identity)
      const after = change(inside.servers.get(key), inside.nextServerId)
      if (after.id === inside.nextServerId) inside.nextServerId++
      putNewest(inside.servers, key, after, retention.applications)
      return after
    },
    servers: async (organizationId) => [...activity(organizationId).servers.values()],

    async addSession(organizationId, session) {
      putNewest(activity(organizationId).sessions, session.id, session, retention.sessions)
    },
    session: async (organizationId, id) => activity(organizationId).sessions.get(id),
    sessions: async (organizationId) => [...activity(organizationId).sessions.values()],

    async addReports(organizationId, reports) {
      const inside = activity(organizationId)
      const { inventory, applications } = inside
      const absorb: OnAdded = (stored, source) =>
        inventory.absorb(stored, source, applications.get(stored.application)?.version)
      return reports.map((report) => inside.reports.add(report, absorb))
    },
    reports: async (organizationId) => activity(organizationId).reports.list(),
    countReports: async (organizationId) => activity(organizationId).reports.count,
    async knownHashes(organizationId, hashes) {
      const { reports } = activity(organizationId)
      return new Set(hashes.filter(reports.hasHash))
    },

    ...createMemoryInventoryStore(activity),

    addExport: async (organizationId, file) => activity(organizationId).exports.add(file),
    export: async (organizationId, id) => activity(organizationId).exports.get(id),

    addAuditEntry: async (organizationId, entry) => addAuditEntry(organizationId, entry),
    auditEntries: async (organizationId) => auditOf(organizationId).entries(),
    async searchAuditEntries(organizationId, search: AuditSearch) {
      const found = auditOf(organizationId).entries().filter(matchesSearch(search)).reverse()
      const { offset = 0, limit = found.length } = search
      return { total: found.length, entries: found.slice(offset, offset + limit) }
    },

    async clearActivity(organizationId) {
      if (organizationId === undefined) audit.forgetRefusals()
      else clearRoom(room(organizationId))
    },
    contents: async () => ({
      organizations: [...rooms.values()].map(contentsOf),
      callers: callers.all(),
      systemSettings,
      loginSessions: [...loginSessions.values()],
      audit: audit.entries(),
    }),
    async replaceContents(contents) {
      rooms.clear()
      callers.clear()
      loginSessions.clear()
      for (const each of contents.organizations) {
        rooms.set(each.organization.id, createRoomOf(each, retention))
      }
      for (const caller of contents.callers) addCaller(caller)
      for (const session of contents.loginSessions) loginSessions.set(session.handle, session)
      systemSettings = contents.systemSettings
      audit = createMemoryAudit(retention.auditEntries, contents.audit)
    },
  }
}

function organizationOf(caller: CallerRecord): string | undefined {
  return caller.kind === 'agent' ? caller.organizationId : caller.defaultOrganizationId
}

function organizationsOf(caller: CallerRecord): readonly string[] {
  return caller.kind === 'agent' ? [caller.organizationId] : [...caller.roles.keys()]
}
