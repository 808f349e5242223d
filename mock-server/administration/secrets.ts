import { TeamServerError } from '../errors.ts'
import { generateKey, type RandomInt } from '../keys/generate-key.ts'
import { type KeyPolicy, missedRules } from '../keys/key-policy.ts'
import {
  type KeySlot,
  LONGEST_OVERLAP_MS,
  RETIRED_KEPT,
  rotateSlot,
  wasHeld,
} from '../keys/key-slot.ts'
import type { Keyring, SecretKind } from '../keys/keyring.ts'
import type { Store } from '../store/store.ts'

/** A kind of key whose composition system administrators set. */
export type PolicyKind = 'api-key' | 'service-key'

/** Makes, checks and keeps the secrets of one TeamServer, by the policy that is in force. */
export interface Secrets {
  readonly keyring: Keyring
  generate(kind: PolicyKind): Promise<string>
  /**
   * @param taken What the key may not be; compared without regard to case.
   * @throws `ERR_KEY_INVALID`, naming every rule that the key misses and never the key.
   */
  check(kind: PolicyKind, key: unknown, taken?: Iterable<string>): Promise<string>
  /** Whether the current key would be accepted under the policy that is in force now. */
  isCompliant(kind: PolicyKind, slot: KeySlot): Promise<boolean>
  /** What is kept of a key: a digest to compare with and a sealed text to show again. */
  keep(kind: SecretKind, key: string): KeptKey
  /** A slot that holds this key alone. */
  slot(kind: SecretKind, key: string, now: Date): KeySlot
  /** @throws `ERR_KEY_INVALID` when the slot holds this key, or held it before. */
  replace(kind: PolicyKind, slot: KeySlot, next: KeptKey, overlapMs: number, now: Date): KeySlot
  /** The current key in plain text, for whoever may see it. */
  reveal(slot: KeySlot): string
}

export interface KeptKey {
  readonly digest: Buffer
  readonly sealed: Buffer
}

const NAMES: Readonly<Record<PolicyKind, string>> = {
  'api-key': 'the organization API key',
  'service-key': 'the service key',
}

/** What stands in documentation and in broken configuration, in lower case. */
const EXAMPLES: readonly string[] = [
  'exampleapikey',
  'exampleservicekey',
  'demo',
  'null',
  'undefined',
  'true',
  'false',
  'nan',
  '0',
  '*',
  '[object object]',
]

export function createSecrets(
  keyring: Keyring,
  store: Pick<Store, 'systemSettings'>,
  randomInt: RandomInt,
): Secrets {
  async function policyOf(kind: PolicyKind): Promise<KeyPolicy> {
    const { keyPolicy } = await store.systemSettings()
    return kind === 'api-key' ? keyPolicy.organizationApiKey : keyPolicy.applicationKey
  }

  const keep: Secrets['keep'] = (kind, key) => ({
    digest: keyring.digest(kind, key),
    sealed: keyring.seal(key),
  })
  const reveal: Secrets['reveal'] = (slot) => keyring.open(slot.current.sealed)
  return {
    keyring,
    generate: async (kind) => generateKey(await policyOf(kind), randomInt),
    async check(kind, key, taken = []) {
      const policy = await policyOf(kind)
      if (typeof key !== 'string') {
        throw new TeamServerError('ERR_KEY_INVALID', `${NAMES[kind]} must be text`)
      }
      const rules = [
        ...missedRules(key, policy),
        ...(isWellKnown(key, taken) ? ['may not be a name, an id or an example'] : []),
      ]
      if (rules.length === 0) return key
      throw new TeamServerError('ERR_KEY_INVALID', `${NAMES[kind]} ${rules.join(', ')}`)
    },
    isCompliant: async (kind, slot) => missedRules(reveal(slot), await policyOf(kind)).length === 0,
    keep,
    slot: (kind, key, now) => ({ current: { ...keep(kind, key), since: now }, retired: [] }),
    replace(kind, slot, next, overlapMs, now) {
      if (!wasHeld(slot, next.digest)) return rotateSlot(slot, next, overlapMs, now)
      throw new TeamServerError(
        'ERR_KEY_INVALID',
        `${NAMES[kind]} may not be the current one or one of the last ${RETIRED_KEPT}`,
      )
    },
    reveal,
  }
}

/** Whether a text is known to more than its owner: everyone may know these, so time may tell. */
function isWellKnown(text: string, taken: Iterable<string>): boolean {
  const known = new Set(EXAMPLES)
  for (const name of taken) {
    known.add(name.toLowerCase()).add(name.toLowerCase().replaceAll('-', ''))
  }
  return known.has(text.toLowerCase())
}

/** How a key is replaced. */
export interface Rotation {
  /** The new key. @default a generated one */
  readonly value?: string
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
