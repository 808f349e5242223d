import type { OrganizationSeed } from '../administration/organizations.ts'
import type { TeamServerClock } from '../clock.ts'
import type { FaultRegistry } from '../faults/faults.ts'
import type { Ledgers } from '../ledger/ledger.ts'
import type { Organization } from '../organization/organization.ts'
import type { RequestLog } from '../request-log/request-log.ts'
import type { Store } from '../store/store.ts'
import type { ExchangeWatchers } from '../waiting/exchange-watchers.ts'

/** What the control API needs of a TeamServer. */
export interface ControlledServer {
  readonly store: Store
  readonly watchers: ExchangeWatchers
  readonly requestLog: RequestLog
  readonly faults: FaultRegistry
  readonly ledgers: Ledgers
  readonly clock: TeamServerClock
  /** Forgets what engines did, of one organization or of all. */
  readonly reset: (organizationId?: string) => Promise<void>
  readonly snapshots: {
    take(): Promise<string>
    restore(snapshot: string): Promise<void>
  }
  readonly createOrganization: (seed: OrganizationSeed) => Promise<Organization>
  /** Since the start. */
  readonly uptimeMs: () => number
  /** Ends whatever waits. */
  readonly closing: AbortSignal
}
