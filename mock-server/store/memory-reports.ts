import type { Report } from '../../sdk/wire/messages.ts'
import { createBoundedLog } from './bounded-log.ts'
import type { StoredReport } from './records.ts'
import type { Retention } from './retention.ts'
import type { AddedReport } from './store.ts'
import { createTextBlocks, type KeptText } from './text-blocks.ts'

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

/** Who sent a report, and as what: one object for all that come from there in a row. */
interface Sender {
  readonly organizationId: string
  readonly agentUserName: string
  readonly application: string
  readonly session: string | undefined
}

/** What a stored report keeps in memory: the report itself as text, parsed when somebody looks. */
interface KeptReport {
  readonly id: string
  readonly hash: string | undefined
  readonly sender: Sender
  readonly receivedAtMs: number
  readonly json: KeptText
  readonly characters: number
}

export function createMemoryReports(
  retention: Pick<Retention, 'reports' | 'reportCharacters'>,
): MemoryReports {
  const texts = createTextBlocks()
  const log = createBoundedLog({
    entries: retention.reports,
    size: { limit: retention.reportCharacters, of: ({ characters }: KeptReport) => characters },
  })
  const byId = new Map<string, KeptReport>()
  /** How many stored findings carry each hash. */
  const findingHashes = new Map<string, number>()
  let latest: Sender | undefined

  function countHash(hash: string | undefined, change: 1 | -1): void {
    if (hash === undefined) return
    const count = (findingHashes.get(hash) ?? 0) + change
    if (count === 0) findingHashes.delete(hash)
    else findingHashes.set(hash, count)
  }

  function senderOf(stored: StoredReport): Sender {
    const { organizationId, agentUserName, application, session } = stored
    if (
      latest?.agentUserName !== agentUserName ||
      latest.application !== application ||
      latest.session !== session ||
      latest.organizationId !== organizationId
    ) {
      latest = { organizationId, agentUserName, application, session }
    }
    return latest
  }

  function unpack({
    sender: { session, ...sender },
    receivedAtMs,
    json,
  }: KeptReport): StoredReport {
    return {
      receivedAt: new Date(receivedAtMs),
      ...sender,
      ...(session === undefined ? {} : { session }),
      report: JSON.parse(texts.read(json)) as Report,
    }
  }

  return {
    add(stored, onAdded) {
      const { report } = stored
      const json = JSON.stringify(report)
      const before = byId.get(report.id)
      if (before !== undefined) return texts.read(before.json) === json ? 'known' : 'conflict'
      const kept: KeptReport = {
        id: report.id,
        hash: report.type === 'finding' ? report.hash : undefined,
        sender: senderOf(stored),
        receivedAtMs: stored.receivedAt.getTime(),
        json: texts.keep(json),
        characters: json.length,
      }
      byId.set(kept.id, kept)
      countHash(kept.hash, 1)
      for (const gone of log.add(kept)) {
        byId.delete(gone.id)
        countHash(gone.hash, -1)
        texts.drop(gone.json)
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
