import type { FaultRegistry } from '../faults/faults.ts'
import type { Ledgers } from '../ledger/ledger.ts'
import type { RequestLog } from '../request-log/request-log.ts'
import type { Store } from '../store/store.ts'

export interface ResetParts {
  readonly store: Store
  readonly ledgers: Ledgers
  readonly faults: FaultRegistry
  readonly requestLog: RequestLog
}

/**
 * Forgets what engines did, of one organization or of all: reports, applications, servers, sessions,
 * refusals, requests, the ledger and the faults. Keys, people and settings stay, so that engines go on.
 */
export type Reset = (organizationId?: string) => Promise<void>

export function createReset({ store, ledgers, faults, requestLog }: ResetParts): Reset {
  async function resetOne(organizationId: string): Promise<void> {
    await store.clearActivity(organizationId)
    ledgers.open(organizationId)
    faults.ofOrganization(organizationId).clear()
    requestLog.forget(organizationId)
  }

  return async (organizationId) => {
    if (organizationId !== undefined) return resetOne(organizationId)
    for (const { id } of await store.organizations()) await resetOne(id)
    await store.clearActivity(undefined)
    faults.clear()
    requestLog.forget()
  }
}
