import type { Report } from '../../sdk/wire/messages.ts'
import { createBoundedLog } from './bounded-log.ts'
import type { StoredReport } from './records.ts'
import type { Retention } from './retention.ts'
import type { AddedReport } from './store.ts'

/** The reports of one organization in memory. */
export interface MemoryReports {
  /** @param onAdded Told of a report that is new, with its text. */
  add(stored: StoredReport, onAdded?: OnAdded): AddedReport
  /** Oldest first. */
  list(): readonly StoredReport[]
  readonly count: number
  /** Whether a stored finding carries the hash. */
  hasHash(hash: string): boolean
}

export type OnAdded = (stored: StoredReport, json: string) => void

/** What a stored report keeps in memory: the report itself as text, parsed when somebody looks. */
interface KeptReport extends Omit<StoredReport, 'report' | 'session'> {
  readonly session: string | undefined
  readonly id: string
  readonly hash: string | undefined
  readonly json: string
}

export function createMemoryReports(
  retention: Pick<Retention, 'reports' | 'reportCharacters'>,
): MemoryReports {
  const log = createBoundedLog({
    entries: retention.reports,
    size: { limit: retention.reportCharacters, of: ({ json }: KeptReport) => json.length },
  })
  const byId = new Map<string, KeptReport>()
  /** How many stored findings carry each hash. */
  const findingHashes = new Map<string, number>()

  function countHash(hash: string | undefined, change: 1 | -1): void {
    if (hash === undefined) return
    const count = (findingHashes.get(hash) ?? 0) + change
    if (count === 0) findingHashes.delete(hash)
    else findingHashes.set(hash, count)
  }

  return {
    add(stored, onAdded) {
      const { report } = stored
      const json = JSON.stringify(report)
      const before = byId.get(report.id)
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
      byId.set(kept.id, kept)
      countHash(hash, 1)
      for (const gone of log.add(kept)) {
        byId.delete(gone.id)
        countHash(gone.hash, -1)
      }
      onAdded?.(stored, json)
      return 'added'
    },
    list: () => log.entries().map(unpack),
    get count() {
      return byId.size
    },
    hasHash: (hash) => findingHashes.has(hash),
  }
}

function unpack({ id: _id, hash: _hash, json, session, ...receipt }: KeptReport): StoredReport {
  const report = JSON.parse(json) as Report
  return { ...receipt, ...(session === undefined ? {} : { session }), report }
}
