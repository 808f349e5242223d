import type { AuditEntry } from './records.ts'

/** What a reader of the audit log looks for. What is left out narrows nothing. */
export interface AuditSearch {
  /** Plain text, anywhere in the message, whatever its case. */
  readonly text?: string
  /** From this moment on. */
  readonly from?: Date
  /** Up to this moment, which is included. */
  readonly until?: Date
  readonly kind?: AuditEntry['kind']
  /** Entries at most. @default all */
  readonly limit?: number
  /** How many of the newest to leave out. @default 0 */
  readonly offset?: number
}

export interface AuditPage {
  /** How many were found, on all pages. */
  readonly total: number
  readonly entries: readonly AuditEntry[]
}

/** An entry in one sentence: who, what, from where. */
export function auditMessage(entry: AuditEntry): string {
  const { kind, reason, detail, method, path, remoteAddress, claimedUserName } = entry
  const who = claimedUserName ?? 'an unknown caller'
  const where = remoteAddress === undefined ? '' : ` from ${remoteAddress}`
  if (kind === 'administration') return `${who}${where} ${detail}`
  const request = [method, path].filter((part) => part !== undefined && part !== '').join(' ')
  const at = request === '' ? '' : ` at ${request}`
  if (kind === 'notice') return `${who}${where}${at}: ${detail} (${reason})`
  const why = detail === reason ? reason : `${reason} (${detail})`
  return `${who}${where} was refused${at}: ${why}`
}

/** Tells the entries that are looked for from the others. */
export function matchesSearch({
  text = '',
  from,
  until,
  kind,
}: AuditSearch): (entry: AuditEntry) => boolean {
  const wanted = text.toLowerCase()
  return (entry) =>
    (kind === undefined || entry.kind === kind) &&
    (from === undefined || entry.at >= from) &&
    (until === undefined || entry.at <= until) &&
    (wanted === '' || auditMessage(entry).toLowerCase().includes(wanted))
}
