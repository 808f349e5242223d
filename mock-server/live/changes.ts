/** What a change can be about. */
export type ChangeAbout =
  /** Its API key, or its address ranges. */
  | 'organization'
  | 'agent-keys'
  /** What holds for all organizations. */
  | 'system'
  /** Something was taken from an engine. */
  | 'arrivals'
  /** Something was turned away. */
  | 'refusals'

/** Tells whoever looks at an organization that something of it is different from before. */
export interface Changes {
  /** @param organizationId Undefined for what concerns all of them. */
  tell(about: ChangeAbout, organizationId?: string): void
  /** @returns Ends it. */
  watch(organizationId: string, watcher: (about: ChangeAbout) => void): () => void
}

export function createChanges(): Changes {
  const watchers = new Map<string, Set<(about: ChangeAbout) => void>>()
  return {
    tell(about, organizationId) {
      const told =
        organizationId === undefined ? [...watchers.values()] : [watchers.get(organizationId) ?? []]
      for (const each of told) for (const watcher of each) watcher(about)
    },
    watch(organizationId, watcher) {
      const ofOrganization = watchers.get(organizationId) ?? new Set()
      watchers.set(organizationId, ofOrganization.add(watcher))
      return () => {
        ofOrganization.delete(watcher)
        if (ofOrganization.size === 0) watchers.delete(organizationId)
      }
    },
  }
}
