import { timingSafeEqual } from 'node:crypto'

/** The longest overlap of a rotation: seven days. Our choice; the documentation knows none. */
export const LONGEST_OVERLAP_MS = 604_800_000

/** How many values of before are remembered, so that none comes back. */
export const RETIRED_KEPT = 10

/** One place for a key: its current value, at most one that it replaced, and what came before. */
export interface KeySlot {
  readonly current: { readonly digest: Buffer; readonly sealed: Buffer; readonly since: Date }
  /** Accepted as well, up to but not including `acceptedUntil`. */
  readonly replaced?: ReplacedKey
  /** Digests of values that are refused for good, newest first. */
  readonly retired: readonly Buffer[]
}

/** The value before the current one. */
export interface ReplacedKey {
  readonly digest: Buffer
  readonly acceptedUntil: Date
}

/** How a presented key relates to a slot. */
export type KeyMatch =
  | { readonly status: 'current' }
  | { readonly status: 'replaced'; readonly acceptedUntil: Date }
  | { readonly status: 'wrong' }

/**
 * Compares a presented key's digest with both places of the slot, always both, so that the time
 * it takes says nothing about which of them, if any, it was.
 */
export function matchKey(slot: KeySlot, presented: Buffer, now: Date): KeyMatch {
  const replaced = slot.replaced
  const isCurrent = timingSafeEqual(slot.current.digest, presented)
  const isReplaced = timingSafeEqual(replaced?.digest ?? slot.current.digest, presented)
  if (isCurrent) return { status: 'current' }
  if (isReplaced && replaced !== undefined && now < replaced.acceptedUntil) {
    return { status: 'replaced', acceptedUntil: replaced.acceptedUntil }
  }
  return { status: 'wrong' }
}

/**
 * True when the digest is that of a value which the slot held and no longer accepts. Compares as
 * often as a slot can remember, so that the time it takes does not tell how often it was rotated.
 */
export function isRetired(slot: KeySlot, presented: Buffer): boolean {
  const before =
    slot.replaced === undefined ? slot.retired : [slot.replaced.digest, ...slot.retired]
  let isFound = false
  for (let at = 0; at <= RETIRED_KEPT; at++) {
    const digest = before[at]
    const isSame = timingSafeEqual(digest ?? slot.current.digest, presented)
    isFound = (isSame && digest !== undefined) || isFound
  }
  return isFound
}

/** True when the digest is that of the slot's current value or of one before, as far as remembered. */
export function wasHeld(slot: KeySlot, presented: Buffer): boolean {
  const isCurrent = timingSafeEqual(slot.current.digest, presented)
  return isRetired(slot, presented) || isCurrent
}

/**
 * Puts a new value in place. The old one is accepted for `overlapMs` more; one that an earlier
 * rotation left open is refused from now on, so that never more than two are accepted.
 *
 * @param overlapMs 0 to `LONGEST_OVERLAP_MS`; 0 refuses the old value at once, as documented.
 */
export function rotateSlot(
  slot: KeySlot,
  next: { readonly digest: Buffer; readonly sealed: Buffer },
  overlapMs: number,
  now: Date,
): KeySlot {
  const current = { ...next, since: now }
  const older = slot.replaced === undefined ? slot.retired : [slot.replaced.digest, ...slot.retired]
  if (overlapMs === 0) return { current, retired: keep([slot.current.digest, ...older]) }
  const acceptedUntil = new Date(now.getTime() + overlapMs)
  return { current, replaced: { digest: slot.current.digest, acceptedUntil }, retired: keep(older) }
}

/** Refuses the replaced value from now on. */
export function closeOverlap(slot: KeySlot): KeySlot {
  if (slot.replaced === undefined) return slot
  return { current: slot.current, retired: keep([slot.replaced.digest, ...slot.retired]) }
}

function keep(digests: readonly Buffer[]): readonly Buffer[] {
  return digests.slice(0, RETIRED_KEPT)
}
