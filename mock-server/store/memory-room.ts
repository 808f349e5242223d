import { EMPTY_INVENTORY, type InventoryContents } from '../inventory/inventory.ts'
import type { OrganizationContents } from './contents.ts'
import { createMemoryAudit, type MemoryAudit } from './memory-audit.ts'
import { createMemoryExports, type MemoryExports } from './memory-exports.ts'
import { createMemoryInventory, type MemoryInventory } from './memory-inventory.ts'
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
export interface Room {
  organization: OrganizationRecord
  readonly callers: Set<string>
  /** The user name of the last agent key of each name. */
  readonly agentKeys: Map<string, string>
  readonly audit: MemoryAudit
  /** Made when it is first needed: of an organization that is not used, its tables would be half. */
  activity: Activity | undefined
}

/** What engines made known and reported. */
export interface Activity {
  applications: Map<string, ApplicationRecord>
  servers: Map<string, ServerRecord>
  nextServerId: number
  sessions: Map<string, SessionRecord>
  reports: MemoryReports
  inventory: MemoryInventory
  exports: MemoryExports
}

export function createRoom(organization: OrganizationRecord, retention: Retention): Room {
  return {
    organization,
    callers: new Set(),
    agentKeys: new Map(),
    audit: createMemoryAudit(retention.auditEntries),
    activity: undefined,
  }
}

export function activityOf(room: Room, retention: Retention): Activity {
  room.activity ??= createActivity(room.organization.id, retention)
  return room.activity
}

/** Forgets what engines reported and what was refused; who may report stays. */
export function clearRoom(room: Room): void {
  room.activity = undefined
  room.audit.forgetRefusals()
}

/** Everything in a room but its callers. */
export function contentsOf(room: Room): OrganizationContents {
  const { activity } = room
  return {
    organization: room.organization,
    applications: [...(activity?.applications.values() ?? [])],
    servers: [...(activity?.servers.values() ?? [])],
    nextServerId: activity?.nextServerId ?? 1,
    sessions: [...(activity?.sessions.values() ?? [])],
    reports: activity?.reports.list() ?? [],
    inventory: activity?.inventory.contents() ?? EMPTY_INVENTORY,
    audit: room.audit.entries(),
  }
}

/** A room with these contents; its callers come after. */
export function createRoomOf(contents: OrganizationContents, retention: Retention): Room {
  const activity = createActivity(contents.organization.id, retention, contents.inventory)
  const { applications: limit } = retention
  for (const each of contents.applications) putNewest(activity.applications, each.name, each, limit)
  for (const each of contents.servers) putNewest(activity.servers, serverKey(each), each, limit)
  for (const each of contents.sessions) {
    putNewest(activity.sessions, each.id, each, retention.sessions)
  }
  for (const each of contents.reports) activity.reports.add(each)
  activity.nextServerId = contents.nextServerId
  return {
    ...createRoom(contents.organization, retention),
    audit: createMemoryAudit(retention.auditEntries, contents.audit),
    activity,
  }
}

/** What makes two servers one. */
export function serverKey({ name, path, type }: Pick<ServerRecord, 'name' | 'path' | 'type'>) {
  return JSON.stringify([name, path, type])
}

function createActivity(
  organizationId: string,
  retention: Retention,
  inventory?: InventoryContents,
): Activity {
  const reports = createMemoryReports(retention)
  return {
    applications: new Map(),
    servers: new Map(),
    nextServerId: 1,
    sessions: new Map(),
    reports,
    inventory: createMemoryInventory(organizationId, retention, reports.read, inventory),
    exports: createMemoryExports(),
  }
}
