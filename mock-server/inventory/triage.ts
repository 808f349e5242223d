import {
  isOpen,
  type StatusChange,
  TEAM_SERVER,
  type Triage,
  type VulnerabilityNote,
  type VulnerabilityStatus,
} from './vulnerability.ts'

/** Of each vulnerability, the newest. */
const CHANGES = 1_000
const NOTES = 1_000
const TAGS = 256

/** A mark as somebody sets it. */
export interface Mark {
  readonly status: VulnerabilityStatus
  readonly substatus?: string
  readonly note?: string
}

/** Sets a status and writes it down, as a change and as a note that nobody edits. */
export function marked(
  before: Triage,
  { status, substatus, note }: Mark,
  by: string,
  at: Date,
  noteId: string,
): Triage {
  const change: StatusChange = {
    at,
    by,
    from: before.status,
    to: status,
    ...(substatus === undefined ? {} : { substatus }),
    ...(note === undefined ? {} : { note }),
  }
  const { substatus: _substatus, closedAt, ...rest } = before
  return withNote(
    {
      ...rest,
      status,
      ...(substatus === undefined ? {} : { substatus }),
      ...(isOpen(status) ? {} : { closedAt: closedAt ?? at }),
      history: [...before.history, change].slice(-CHANGES),
    },
    {
      id: noteId,
      text: note ?? '',
      author: by,
      createdAt: at,
      changedAt: at,
      changedBy: by,
      statusChange: change,
    },
  )
}

/**
 * What a new sighting does to a triage: what was taken for mended is reported again, as documented.
 * Not a problem stays none.
 */
export function seenAgain(before: Triage, at: Date, noteId: () => string): Triage {
  if (isOpen(before.status) || before.status === 'not-a-problem') return before
  // Reports that waited on a disk tell of the time before it was mended.
  if (before.closedAt !== undefined && at <= before.closedAt) return before
  return marked(before, { status: 'reported' }, TEAM_SERVER, at, noteId())
}

export function withNote(before: Triage, note: VulnerabilityNote): Triage {
  return { ...before, notes: [...before.notes, note].slice(-NOTES) }
}

/** Each tag once, in the order in which they were added. */
export function withTags(before: readonly string[], added: readonly string[]): readonly string[] {
  // Filters leave out spaces at the ends: a tag that has some would never be found.
  const trimmed = added.map((tag) => tag.trim()).filter((tag) => tag !== '')
  return [...new Set([...before, ...trimmed])].slice(0, TAGS)
}

/** Tags without some, and with others. */
export function changedTags(
  before: readonly string[],
  { added, removed }: { readonly added: readonly string[]; readonly removed: readonly string[] },
): readonly string[] {
  return withTags(
    before.filter((tag) => !removed.includes(tag)),
    added,
  )
}

export function withoutTag(before: readonly string[], removed: string): readonly string[] {
  return before.filter((tag) => tag !== removed)
}
