import { randomBytes } from 'node:crypto'
import { TeamServerError } from '../errors.ts'
import { createKeyUses, type KeyUses } from '../keys/key-uses.ts'
import { createMemoryStore } from '../store/memory-store.ts'
import type { Retention } from '../store/retention.ts'
import type { Store } from '../store/store.ts'
import { openState } from './open-state.ts'
import { createPersistentStore } from './persistent-store.ts'

/** Where a TeamServer remembers: in memory, in a store that it was given, or beside a state file. */
export interface StoreOptions {
  readonly store?: Store
  readonly stateFile?: string
  readonly retention?: Partial<Retention>
}

/** What a TeamServer remembers with, in memory or beside a state file. */
export interface OpenedStore {
  readonly store: Store
  readonly keyUses: KeyUses
  readonly serverSecret: Buffer
  /** Of an earlier run. */
  readonly latestMoment: Date | undefined
  readonly observe: (moment: Date) => void
  readonly closeStore: () => void
}

/** @throws `ERR_OPTION_INVALID`, `ERR_STATE_FILE` */
export function openStore(
  { store, stateFile, retention }: StoreOptions,
  onError: (error: unknown) => void,
): OpenedStore {
  if (stateFile === undefined) {
    return {
      store: store ?? createMemoryStore(retention),
      keyUses: createKeyUses(),
      serverSecret: randomBytes(32),
      latestMoment: undefined,
      observe: () => {},
      closeStore: () => {},
    }
  }
  if (store !== undefined) {
    throw new TeamServerError('ERR_OPTION_INVALID', 'store and stateFile exclude each other')
  }
  // Whatever is wrong with the options is told before a file is made.
  createMemoryStore(retention)
  const { serverSecret, loaded, save, close } = openState(stateFile)
  const memory = createMemoryStore(retention, loaded)
  const keyUses = createKeyUses(loaded.keyUses)
  const persistent = createPersistentStore({ memory, loaded, keyUses, save })
  let isOpen = true
  return {
    store: persistent.store,
    keyUses,
    serverSecret,
    latestMoment: loaded.latestMoment,
    observe(moment) {
      if (!isOpen) return
      try {
        persistent.observe(moment)
      } catch (error) {
        onError(error)
      }
    },
    closeStore() {
      if (!isOpen) return
      isOpen = false
      try {
        persistent.close()
      } finally {
        close()
      }
    },
  }
}
