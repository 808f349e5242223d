import type { InventoryContents } from '../inventory/inventory.ts'
import type {
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

/** Everything that a store holds, in no store's own terms. Lists are oldest first. */
export interface StoreContents {
  readonly organizations: readonly OrganizationContents[]
  /** Agent keys, deleted ones too, and people, in the order in which they were added. */
  readonly callers: readonly CallerRecord[]
  readonly systemSettings: SystemSettings
  readonly loginSessions: readonly LoginSessionRecord[]
  /** What concerns no single organization. */
  readonly audit: readonly AuditEntry[]
}

export interface OrganizationContents {
  readonly organization: OrganizationRecord
  readonly applications: readonly ApplicationRecord[]
  readonly servers: readonly ServerRecord[]
  readonly nextServerId: number
  readonly sessions: readonly SessionRecord[]
  readonly reports: readonly StoredReport[]
  /** What the reports came to. */
  readonly inventory: InventoryContents
  readonly audit: readonly AuditEntry[]
}
