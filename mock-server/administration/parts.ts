import type { KeyUses } from '../keys/key-uses.ts'
import type { PasswordHashing } from '../passwords/password-hashing.ts'
import type { LoginSessions } from '../sessions/login-sessions.ts'
import type { AgentKeyRecord, AuditEntry, OrganizationRecord } from '../store/records.ts'
import type { Store } from '../store/store.ts'
import type { Secrets } from './secrets.ts'

/** What each part of the administration stands on. */
export interface AdministrationParts {
  readonly store: Store
  readonly secrets: Secrets
  readonly hashing: PasswordHashing
  readonly sessions: LoginSessions
  readonly keyUses: KeyUses
  readonly now: () => Date
  readonly uuid: () => string
  /** Keeps a remark in the audit log if it can be written; one that is lost changes nothing. */
  readonly remark: (organizationId: string | undefined, entry: AuditEntry) => Promise<void>
  /** Told of each change with its answer, so that what is in memory follows at once. */
  readonly onChange: (changed: OrganizationRecord | AgentKeyRecord) => void
  /** Told of each change of what holds for all organizations. */
  readonly onSettingsChange: () => void
}
