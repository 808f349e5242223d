import type { OrganizationContents } from './contents.ts'
import { createMemoryAudit, type MemoryAudit } from './memory-audit.ts'
import { createMemoryReports, type MemoryReports } from './memory-reports.ts'
import { putNewest } from './put-newest.ts'
import type {
  ApplicationRecord,
  OrganizationRecord,
  ServerRecord,
  SessionRecord,
} from './records.ts'
import type { Retention } from './retention.ts'

/** An organization's part of a store in memory. Nothing in it is reachable from another one. */
export interface Room extends Activity {
  organization: OrganizationRecord
  readonly callers: Set<string>
  /** The user name of the last agent key of each name. */
  readonly agentKeys: Map<string, string>
  readonly audit: MemoryAudit
}

/** What engines made known and reported. */
interface Activity {
  applications: Map<string, ApplicationRecord>
  servers: Map<string, ServerRecord>
  nextServerId: number
  sessions: Map<string, SessionRecord>
  reports: MemoryReports
}

export function createRoom(organization: OrganizationRecord, retention: Retention): Room {
  return {
    organization,
    callers: new Set(),
    agentKeys: new Map(),
    audit: createMemoryAudit(retention.auditEntries),
    ...createActivity(retention),
  }
}

/** Forgets what engines reported and what was refused; who may report stays. */
export function clearRoom(room: Room, retention: Retention): void {
  Object.assign(room, createActivity(retention))
  room.audit.forgetRefusals()
}

/** Everything in a room but its callers. */
export function contentsOf(room: Room): OrganizationContents {
  return {
    organization: room.organization,
    applications: [...room.applications.values()],
    servers: [...room.servers.values()],
    nextServerId: room.nextServerId,
    sessions: [...room.sessions.values()],
    reports: room.reports.list(),
    audit: room.audit.entries(),
  }
}

/** A room with these contents; its callers come after. */
export function createRoomOf(contents: OrganizationContents, retention: Retention): Room {
  const room: Room = {
    ...createRoom(contents.organization, retention),
    nextServerId: contents.nextServerId,
    audit: createMemoryAudit(retention.auditEntries, contents.audit),
  }
  const { applications: limit } = retention
  for (const each of contents.applications) putNewest(room.applications, each.name, each, limit)
  for (const each of contents.servers) putNewest(room.servers, serverKey(each), each, limit)
  for (const each of contents.sessions) {
    putNewest(room.sessions, each.id, each, retention.sessions)
  }
  for (const each of contents.reports) room.reports.add(each)
  return room
}

/** What makes two servers one. */
export function serverKey({ name, path, type }: Pick<ServerRecord, 'name' | 'path' | 'type'>) {
  return JSON.stringify([name, path, type])
}

function createActivity(retention: Retention): Activity {
  return {
    applications: new Map(),
    servers: new Map(),
    nextServerId: 1,
    sessions: new Map(),
    reports: createMemoryReports(retention),
  }
}
