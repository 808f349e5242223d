import { TeamServerError } from '../errors.ts'
import { generateKey, type RandomInt } from '../keys/generate-key.ts'
import { type KeyPolicy, missedRules } from '../keys/key-policy.ts'
import { type KeySlot, LONGEST_OVERLAP_MS } from '../keys/key-slot.ts'
import type { Keyring, SecretKind } from '../keys/keyring.ts'

/** Makes, checks and keeps the secrets of one TeamServer. */
export interface Secrets {
  readonly keyring: Keyring
  generate(): string
  /** @throws `ERR_KEY_INVALID`, naming every rule that the key misses and never the key. */
  check(what: string, key: string): string
  /** What is kept of a key: a digest to compare with and a sealed text to show again. */
  keep(kind: SecretKind, key: string): { readonly digest: Buffer; readonly sealed: Buffer }
  /** A slot that holds this key alone. */
  slot(kind: SecretKind, key: string, now: Date): KeySlot
  /** The current key in plain text, for whoever may see it. */
  reveal(slot: KeySlot): string
}

export function createSecrets(keyring: Keyring, policy: KeyPolicy, randomInt: RandomInt): Secrets {
  const keep: Secrets['keep'] = (kind, key) => ({
    digest: keyring.digest(kind, key),
    sealed: keyring.seal(key),
  })
  return {
    keyring,
    generate: () => generateKey(policy, randomInt),
    check(what, key) {
      const rules = typeof key === 'string' ? missedRules(key, policy) : ['must be text']
      if (rules.length === 0) return key
      throw new TeamServerError('ERR_KEY_INVALID', `${what} ${rules.join(', ')}`)
    },
    keep,
    slot: (kind, key, now) => ({ current: { ...keep(kind, key), since: now }, retired: [] }),
    reveal: (slot) => keyring.open(slot.current.sealed),
  }
}

/** How a key is replaced. */
export interface Rotation {
  /** How long the old key is accepted beside the new one. 0 to 604 800 000. @default 0 */
  readonly overlapMs?: number
}

/** @throws `ERR_OPTION_INVALID` when the overlap is out of range. */
export function readOverlapMs({ overlapMs = 0 }: Rotation): number {
  if (Number.isSafeInteger(overlapMs) && overlapMs >= 0 && overlapMs <= LONGEST_OVERLAP_MS) {
    return overlapMs
  }
  throw new TeamServerError(
    'ERR_OPTION_INVALID',
    `overlapMs must be a whole number of milliseconds from 0 to ${LONGEST_OVERLAP_MS}`,
  )
}
