import { type BoundedLog, createBoundedLog } from './bounded-log.ts'
import type { AuditEntry } from './records.ts'

/**
 * An audit log in memory. What callers cause stands apart, so that a flood of it never pushes out what
 * administrators did.
 */
export interface MemoryAudit {
  add(entry: AuditEntry): void
  /** Oldest first. */
  entries(): readonly AuditEntry[]
  /** Administration and remarks stay. */
  forgetRefusals(): void
}

/** With its place among all entries: many share a moment. */
interface KeptAuditEntry {
  readonly place: number
  readonly entry: AuditEntry
}

/** @param limit Entries kept, of what callers cause and of administration each. */
export function createMemoryAudit(limit: number, first: readonly AuditEntry[] = []): MemoryAudit {
  const createLog = (): BoundedLog<KeptAuditEntry> => createBoundedLog({ entries: limit })
  const administration = createLog()
  let caused = createLog()
  let entriesSoFar = 0

  function add(entry: AuditEntry): void {
    const log = entry.kind === 'administration' ? administration : caused
    log.add({ place: entriesSoFar++, entry })
  }

  for (const entry of first) add(entry)
  return {
    add,
    entries: () =>
      [...caused.entries(), ...administration.entries()]
        .sort((one, other) => {
          return one.entry.at.getTime() - other.entry.at.getTime() || one.place - other.place
        })
        .map(({ entry }) => entry),
    forgetRefusals() {
      const kept = caused.entries().filter(({ entry }) => entry.kind !== 'refusal')
      caused = createLog()
      for (const entry of kept) caused.add(entry)
    },
  }
}
