import type { KeySlot } from '../keys/key-slot.ts'
import type { KeyUses } from '../keys/key-uses.ts'
import type { AuditEntry, CallerRecord, OrganizationRecord } from '../store/records.ts'
import type { Store } from '../store/store.ts'
import type { KeptState } from './kept-state.ts'

/** The use of a replaced key is kept no oftener, so that no request waits for the disk. */
const USES_KEPT_EVERY_MS = 60_000

/** A store of which a part outlives a restart. */
export interface PersistentStore {
  readonly store: Store
  /**
   * Told of each moment that is read, so that an overlap that has ended stays ended, and so that
   * the use of a replaced key outlives a crash.
   */
  readonly observe: (moment: Date) => void
  /** Keeps the latest moment and all uses too. */
  readonly close: () => void
}

export interface PersistentStoreParts {
  /** Holds `loaded` already. */
  readonly memory: Store
  readonly loaded: KeptState
  /** Kept along with what is changed, and at the end. */
  readonly keyUses: KeyUses
  /** Keeps the whole state, or throws and keeps the one before. */
  readonly save: (state: KeptState) => void
}

/**
 * Keeps what administrators change before it takes effect: a change that could not be kept is none.
 * Everything up to the change in memory happens in one step, so no two changes meet.
 */
export function createPersistentStore({
  memory,
  loaded,
  keyUses,
  save,
}: PersistentStoreParts): PersistentStore {
  const organizations = new Map(loaded.organizations.map((each) => [each.id, each]))
  const callers = new Map(loaded.callers.map((each) => [each.userName, each]))
  let { systemSettings, latestMoment } = loaded
  let nextEnd = endOfNextOverlap(loaded, latestMoment)
  let savedMoment = latestMoment
  let savedUses = { ...keyUses.noted }
  let usesKeptNextMs = 0

  function keep(changed: Partial<KeptState> = {}): void {
    const state: KeptState = {
      organizations: [...organizations.values()],
      callers: [...callers.values()],
      systemSettings,
      latestMoment,
      keyUses: keyUses.kept(),
      ...changed,
    }
    save(state)
    nextEnd = endOfNextOverlap(state, latestMoment)
    savedMoment = latestMoment
    savedUses = { ...keyUses.noted }
  }

  const withOrganization = (organization: OrganizationRecord) => [
    ...new Map(organizations).set(organization.id, organization).values(),
  ]
  const withCallers = (added: readonly CallerRecord[]) => {
    const all = new Map(callers)
    for (const caller of added) all.set(caller.userName, caller)
    return [...all.values()]
  }
  const isLive = ({ organizationId, name }: { organizationId: string; name: string }) =>
    [...callers.values()].some(
      (each) =>
        each.kind === 'agent' &&
        each.deletedAt === undefined &&
        each.organizationId === organizationId &&
        each.name === name,
    )

  const store: Store = {
    ...memory,
    async addOrganization(organization, added, audit) {
      const names = new Set(added.map(({ userName }) => userName))
      const isTaken =
        names.size < added.length || added.some(({ userName }) => callers.has(userName))
      if (isTaken || organizations.has(organization.id)) return false
      keep({ organizations: withOrganization(organization), callers: withCallers(added) })
      organizations.set(organization.id, organization)
      for (const caller of added) callers.set(caller.userName, caller)
      return memory.addOrganization(organization, added, audit)
    },
    async changeOrganization(id, change, audit) {
      const before = organizations.get(id)
      if (before === undefined) return undefined
      const after = change(before)
      const entry = typeof audit === 'function' ? audit(before) : audit
      keep({ organizations: withOrganization(after) })
      organizations.set(id, after)
      return memory.changeOrganization(id, () => after, entry)
    },
    async changeSystemSettings(change, audit) {
      const after = change(systemSettings)
      keep({ systemSettings: after })
      systemSettings = after
      return memory.changeSystemSettings(() => after, audit)
    },
    async addCaller(caller, audit) {
      if (callers.has(caller.userName)) return false
      if (caller.kind === 'agent' && isLive(caller)) return false
      keep({ callers: withCallers([caller]) })
      callers.set(caller.userName, caller)
      return memory.addCaller(caller, audit)
    },
    async changeCaller<Caller extends CallerRecord>(
      caller: Caller,
      change: (before: Caller) => Caller,
      audit?: AuditEntry,
    ) {
      const before = callers.get(caller.userName)
      if (before === undefined || before.kind !== caller.kind) return undefined
      // The kind was compared: a caller never changes from agent to person.
      const after = change(before as Caller)
      keep({ callers: withCallers([after]) })
      callers.set(after.userName, after)
      return memory.changeCaller(caller, () => after, audit)
    },
    async replaceContents(contents, takenAt) {
      keep({
        organizations: contents.organizations.map(({ organization }) => organization),
        callers: contents.callers,
        systemSettings: contents.systemSettings,
        latestMoment: takenAt,
      })
      organizations.clear()
      callers.clear()
      for (const { organization } of contents.organizations) {
        organizations.set(organization.id, organization)
      }
      for (const caller of contents.callers) callers.set(caller.userName, caller)
      systemSettings = contents.systemSettings
      latestMoment = takenAt
      savedMoment = takenAt
      nextEnd = endOfNextOverlap(
        { organizations: [...organizations.values()], callers: contents.callers },
        takenAt,
      )
      return memory.replaceContents(contents, takenAt)
    },
  }

  return {
    store,
    observe(moment) {
      if (moment <= latestMoment) return
      latestMoment = moment
      const at = moment.getTime()
      const isUseToKeep = keyUses.noted.replaced > savedUses.replaced && at >= usesKeptNextMs
      if (at < nextEnd && !isUseToKeep) return
      // Set first: a disk that fails is not asked again with the next request.
      usesKeptNextMs = at + USES_KEPT_EVERY_MS
      keep()
    },
    close() {
      if (latestMoment > savedMoment || keyUses.noted.all > savedUses.all) keep()
    },
  }
}

/** When the next of the open overlaps ends, in milliseconds; never, if there is none. */
function endOfNextOverlap(
  { organizations, callers }: Pick<KeptState, 'organizations' | 'callers'>,
  after: Date,
): number {
  const slots: readonly KeySlot[] = [
    ...organizations.map(({ apiKey }) => apiKey),
    ...callers.map(({ serviceKey }) => serviceKey),
  ]
  const ends = slots.map(({ replaced }) => replaced?.acceptedUntil.getTime() ?? 0)
  return ends
    .filter((end) => end > after.getTime())
    .reduce((first, end) => Math.min(first, end), Number.POSITIVE_INFINITY)
}
