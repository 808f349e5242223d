import { timingSafeEqual } from 'node:crypto'
import type { KeyMatch, KeySlot } from './key-slot.ts'

/** Whose slot it is: that of an organization by its id, or that of a caller by their user name. */
export type SlotKind = 'api-key' | 'service-key'

/** When the values of a slot were last accepted; what is absent never was since it has its place. */
export interface LastUse {
  readonly lastUsedAt?: Date
  /** Of the value that was replaced, since it was. */
  readonly replacedLastUsedAt?: Date
}

/** What is kept of the uses of one slot. The digests say which values were used. */
export interface KeptKeyUse {
  readonly kind: SlotKind
  readonly holder: string
  readonly current?: { readonly digest: Buffer; readonly at: Date }
  readonly replaced?: { readonly digest: Buffer; readonly at: Date }
}

/**
 * When keys were last used. It changes with every request, so it stands beside the records: noting a
 * use is a look into a map and two assignments.
 */
export interface KeyUses {
  /** Notes that a value of the slot was accepted. */
  note(kind: SlotKind, holder: string, slot: KeySlot, match: KeyMatch, at: Date): void
  of(kind: SlotKind, holder: string, slot: KeySlot): LastUse
  /** How many uses were noted, of all values and of replaced ones. */
  readonly noted: { readonly all: number; readonly replaced: number }
  /** Everything, to be given to `createKeyUses` again. */
  kept(): readonly KeptKeyUse[]
  /** Puts what was kept in the place of all that is known. */
  replace(kept: readonly KeptKeyUse[]): void
}

/** Changed in place: a new object for each request would be the dearer half of noting it. */
interface Use {
  current: Buffer | undefined
  currentAtMs: number
  replaced: Buffer | undefined
  replacedAtMs: number
}

/** @param before What an earlier run kept. */
export function createKeyUses(before: readonly KeptKeyUse[] = []): KeyUses {
  const uses: Readonly<Record<SlotKind, Map<string, Use>>> = {
    'api-key': new Map(),
    'service-key': new Map(),
  }
  const noted = { all: 0, replaced: 0 }
  fill(before)

  function fill(kept: readonly KeptKeyUse[]): void {
    for (const { kind, holder, current, replaced } of kept) {
      uses[kind].set(holder, {
        current: current?.digest,
        currentAtMs: current?.at.getTime() ?? 0,
        replaced: replaced?.digest,
        replacedAtMs: replaced?.at.getTime() ?? 0,
      })
    }
  }

  function useOf(kind: SlotKind, holder: string): Use {
    const found = uses[kind].get(holder)
    if (found !== undefined) return found
    const made = { current: undefined, currentAtMs: 0, replaced: undefined, replacedAtMs: 0 }
    uses[kind].set(holder, made)
    return made
  }

  return {
    note(kind, holder, slot, match, at) {
      if (match.status === 'wrong') return
      const use = useOf(kind, holder)
      noted.all++
      if (match.status === 'current') {
        use.current = keptDigest(use.current, slot.current.digest)
        use.currentAtMs = at.getTime()
        return
      }
      noted.replaced++
      use.replaced = slot.replaced && keptDigest(use.replaced, slot.replaced.digest)
      use.replacedAtMs = at.getTime()
    },
    of(kind, holder, slot) {
      const use = uses[kind].get(holder)
      const isOfCurrent = use?.current?.equals(slot.current.digest) === true
      const isOfReplaced =
        slot.replaced !== undefined && use?.replaced?.equals(slot.replaced.digest) === true
      return {
        ...(isOfCurrent ? { lastUsedAt: new Date(use.currentAtMs) } : {}),
        ...(isOfReplaced ? { replacedLastUsedAt: new Date(use.replacedAtMs) } : {}),
      }
    },
    noted,
    replace(kept) {
      for (const byHolder of Object.values(uses)) byHolder.clear()
      fill(kept)
      // It differs from what a state file holds.
      noted.all++
    },
    kept: () =>
      Object.entries(uses).flatMap(([kind, byHolder]) =>
        [...byHolder].map(([holder, use]) => ({
          kind: kind as SlotKind,
          holder,
          ...(use.current && { current: { digest: use.current, at: new Date(use.currentAtMs) } }),
          ...(use.replaced && {
            replaced: { digest: use.replaced, at: new Date(use.replacedAtMs) },
          }),
        })),
      ),
  }
}

/** That of before where it is the same, else a copy of its own: a digest is a part of its record's bytes. */
function keptDigest(before: Buffer | undefined, digest: Buffer): Buffer {
  if (before !== undefined && timingSafeEqual(before, digest)) return before
  return Buffer.from(new Uint8Array(digest).buffer)
}
