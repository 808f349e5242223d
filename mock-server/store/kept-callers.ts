import { type PackedAgentKey, packAgentKey, unpackAgentKey } from './packed-agent-key.ts'
import type { CallerRecord, PersonRecord } from './records.ts'

/** Whoever can be named in `Authorization`, by their user names. */
export interface KeptCallers {
  has(userName: string): boolean
  get(userName: string): CallerRecord | undefined
  set(caller: CallerRecord): void
  /** In the order in which they were added. */
  all(): readonly CallerRecord[]
  people(): readonly PersonRecord[]
  clear(): void
}

/** There are few people and may be very many agent keys, which are kept packed. */
export function createKeptCallers(): KeptCallers {
  const callers = new Map<string, PersonRecord | PackedAgentKey>()
  // Kept from one call to the next: what nobody keeps, the compiler does not make.
  let latest: CallerRecord | undefined
  return {
    has: (userName) => callers.has(userName),
    get(userName) {
      const kept = callers.get(userName)
      // An unknown name takes the work of a known one: time must not tell them apart.
      latest = unpackAgentKey(userName, typeof kept === 'string' ? kept : STAND_IN)
      return typeof kept === 'string' ? latest : kept
    },
    set(caller) {
      callers.set(caller.userName, caller.kind === 'person' ? caller : packAgentKey(caller))
    },
    all: () =>
      [...callers].map(([userName, kept]) =>
        typeof kept === 'string' ? unpackAgentKey(userName, kept) : kept,
      ),
    people: () => [...callers.values()].filter((kept) => typeof kept !== 'string'),
    clear: () => callers.clear(),
  }
}

/** As long as one that was generated. */
const STAND_IN = packAgentKey({
  kind: 'agent',
  userName: '',
  organizationId: '00000000-0000-0000-0000-000000000000',
  name: 'default',
  serviceKey: {
    current: { digest: Buffer.alloc(32), sealed: Buffer.alloc(60), since: new Date(0) },
    retired: [],
  },
  createdAt: new Date(0),
})
