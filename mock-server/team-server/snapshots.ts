import type { MovableClock } from '../clock.ts'
import type { KeyUses } from '../keys/key-uses.ts'
import type { Ledgers } from '../ledger/ledger.ts'
import type { Store } from '../store/store.ts'
import type { FollowedOrganizations } from './followed-organizations.ts'

export interface SnapshotParts {
  readonly store: Store
  readonly keyUses: KeyUses
  readonly ledgers: Ledgers
  readonly clock: MovableClock
  readonly serverSecret: Buffer
  readonly followed: () => FollowedOrganizations
}

/** Everything that a TeamServer knows, taken and put back. */
export interface Snapshots {
  take(): Promise<string>
  /** @throws `ERR_SNAPSHOT`, `ERR_STATE_FILE`; then nothing has changed. */
  restore(snapshot: string): Promise<void>
}

export function createSnapshots(parts: SnapshotParts): Snapshots {
  const { store, keyUses, ledgers, clock, serverSecret } = parts
  return {
    async take() {
      const { writeSnapshot } = await loadSnapshot()
      const contents = await store.contents()
      return writeSnapshot(
        { contents, keyUses: keyUses.kept(), ledgers: ledgers.kept(), clock: clock.state() },
        serverSecret,
      )
    },
    async restore(snapshot) {
      const { readSnapshot } = await loadSnapshot()
      const read = await readSnapshot(snapshot, serverSecret)
      await store.replaceContents(read.contents, read.clock.latest)
      keyUses.replace(read.keyUses)
      ledgers.replace(read.ledgers)
      clock.restore(read.clock)
      await parts.followed().refresh()
    },
  }
}

/** Loaded by whoever takes one or puts one back. */
function loadSnapshot() {
  return import('../snapshot/snapshot.ts')
}
