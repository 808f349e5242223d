import type { Report } from '../../sdk/wire/messages.ts'
import { packedText } from '../flat-text.ts'
import { createBoundedLog } from './bounded-log.ts'
import type { StoredReport } from './records.ts'
import type { Retention } from './retention.ts'
import type { AddedReport } from './store.ts'
import { createTextBlocks, type KeptText } from './text-blocks.ts'

/** The reports of one organization in memory. */
export interface MemoryReports {
  /** @param onAdded Told of a report that is new, and where its text is. */
  add(stored: StoredReport, onAdded?: OnAdded): AddedReport
  /** The text of a report that is still kept. */
  read(source: ReportSource): string
  /** Oldest first. */
  list(): readonly StoredReport[]
  readonly count: number
  /** Whether a stored finding carries the hash. */
  hasHash(hash: string): boolean
}

/** Says who needs the text of the report for longer than the report is kept, if anybody. */
export type OnAdded = (stored: StoredReport, source: ReportSource) => TextHeir | undefined

/** A report that is kept, as far as its text goes. */
export interface ReportSource extends KeptText {
  readonly characters: number
}

/** Reads a text from where it is; when its report has to go it is given the text, packed. */
export interface TextHeir {
  text: string | ReportSource
  /** It needs no text any more. */
  isGone: boolean
}

/** Who sent a report, and as what: one object for all that come from there in a row. */
interface Sender {
  readonly organizationId: string
  readonly agentUserName: string
  readonly application: string
  readonly session: string | undefined
}

/** What a stored report keeps in memory: the report itself as text, parsed when somebody looks. */
interface KeptReport extends ReportSource {
  readonly id: string
  readonly hash: string | undefined
  readonly sender: Sender
  readonly receivedAtMs: number
  heir: TextHeir | undefined
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
  /** How many stored findings carry each hash: from the first time on that somebody asks. */
  let findingHashes: Map<string, number> | undefined
  let latest: Sender | undefined

  function hashes(): ReadonlyMap<string, number> {
    if (findingHashes === undefined) {
      findingHashes = new Map()
      for (const { hash } of log.entries()) countHash(hash, 1)
    }
    return findingHashes
  }

  function countHash(hash: string | undefined, change: 1 | -1): void {
    if (findingHashes === undefined || hash === undefined) return
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

  function handOver(heir: TextHeir, report: KeptReport): void {
    heir.text = heir.isGone ? '' : packedText(texts.read(report))
  }

  function unpack(kept: KeptReport): StoredReport {
    const { session, ...sender } = kept.sender
    return {
      receivedAt: new Date(kept.receivedAtMs),
      ...sender,
      ...(session === undefined ? {} : { session }),
      report: JSON.parse(texts.read(kept)) as Report,
    }
  }

  return {
    add(stored, onAdded) {
      const { report } = stored
      const json = JSON.stringify(report)
      const before = byId.get(report.id)
      if (before !== undefined) return texts.read(before) === json ? 'known' : 'conflict'
      const { block, start, end } = texts.keep(json)
      // One object with all of it: there are many.
      const kept: KeptReport = {
        id: report.id,
        hash: report.type === 'finding' ? report.hash : undefined,
        sender: senderOf(stored),
        receivedAtMs: stored.receivedAt.getTime(),
        block,
        start,
        end,
        characters: json.length,
        heir: undefined,
      }
      byId.set(kept.id, kept)
      countHash(kept.hash, 1)
      const allGone = log.add(kept)
      // First: what goes along with it needs no text.
      kept.heir = onAdded?.(stored, kept)
      for (const gone of allGone) {
        byId.delete(gone.id)
        countHash(gone.hash, -1)
        if (gone.heir !== undefined) handOver(gone.heir, gone)
        texts.drop(gone)
      }
      return 'added'
    },
    read: texts.read,
    list: () => log.entries().map(unpack),
    get count() {
      return byId.size
    },
    hasHash: (hash) => hashes().has(hash),
  }
}
