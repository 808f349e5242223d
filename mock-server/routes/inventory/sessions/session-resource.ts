import type { SessionRecord } from '../../../store/records.ts'
import type { MetadataLabel } from '../messages.ts'

/** The documented `AgentSessionResource`: one run of an application. */
export function sessionResource({ id, createdAt, closedAt, metadata }: SessionRecord) {
  return {
    agentSessionId: id,
    createdDate: createdAt.getTime(),
    sessionStatus: closedAt === undefined ? 'ACTIVE' : 'CLOSED',
    metadataSessions: Object.entries(metadata).map(([agentLabel, value]) => ({
      metadataField: { agentLabel, displayLabel: displayLabel(agentLabel) },
      value,
    })),
  }
}

/** `branchName` as people read it: `Branch Name`. */
export function displayLabel(label: string): string {
  const words = label.replace(/([a-z\d])([A-Z])/g, '$1 $2').replace(/[-_]+/g, ' ')
  return words.charAt(0).toUpperCase() + words.slice(1)
}

/** Whether a session has one of the values of each label; labels in any case, and as people read them. */
export function hasMetadata(
  { metadata }: SessionRecord,
  wanted: readonly MetadataLabel[],
): boolean {
  return wanted.every(({ label, value, values }) => {
    const allowed = [...(values ?? []), ...(value === null || value === undefined ? [] : [value])]
    return Object.entries(metadata).some(
      ([name, own]) =>
        [name, displayLabel(name)].some((each) => isSame(each, label)) &&
        (allowed.length === 0 || allowed.some((each) => String(each) === own)),
    )
  })
}

function isSame(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase()
}
