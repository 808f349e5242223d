import { type AuditSearch, auditMessage } from '../store/audit-search.ts'
import type { AdministrationParts } from './parts.ts'

/** Entries on a page of the audit log when nobody says how many, and at most. */
export const AUDIT_PAGE = { usual: 100, largest: 1_000 }

/** What was done and what was refused, for those who may read it. */
export interface AuditLog {
  /** A page of the log, newest first. @param organizationId Undefined for what concerns none. */
  read(
    organizationId: string | undefined,
    search: AuditSearch,
  ): Promise<{ readonly total: number; readonly logs: readonly AuditLine[] }>
}

/** A line of the log as people read it. */
export interface AuditLine {
  readonly at: Date
  /** A sentence: who, what, from where. */
  readonly message: string
}

export function createAuditLog({ store }: Pick<AdministrationParts, 'store'>): AuditLog {
  return {
    async read(organizationId, { limit = AUDIT_PAGE.usual, ...search }) {
      const { total, entries } = await store.searchAuditEntries(organizationId, {
        ...search,
        limit: Math.min(limit, AUDIT_PAGE.largest),
      })
      return {
        total,
        logs: entries.map((entry) => ({ at: entry.at, message: auditMessage(entry) })),
      }
    },
  }
}
