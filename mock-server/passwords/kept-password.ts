import { scrypt, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'
import type { Keyring } from '../keys/keyring.ts'

/** What is kept of a password. */
export type KeptPassword =
  /** Of a generated first password: random enough that a fast keyed digest keeps it. */
  | { readonly kind: 'generated'; readonly digest: Buffer }
  /** Of one that a person chose. */
  | { readonly kind: 'chosen'; readonly salt: Buffer; readonly hash: Buffer; readonly cost: number }

/** scrypt's N. 2^17 takes about half a second; tests may take 2^15. */
export const DEFAULT_SCRYPT_COST = 2 ** 17

/** Longest password that is hashed, in characters. */
export const LONGEST_PASSWORD = 1_024

/**
 * False for a password that nobody can have: too long, or with half a character, which UTF-8 would
 * turn into another one.
 */
export function isHashable(password: string): boolean {
  // A character is one or two UTF-16 units: what has more than twice as many is not even counted.
  if (password.length > 2 * LONGEST_PASSWORD || /\p{Cs}/u.test(password)) return false
  return [...password].length <= LONGEST_PASSWORD
}

/** Compares what is kept of two passwords: true when it is the same one, kept once. */
export function isSameKept(one: KeptPassword, other: KeptPassword): boolean {
  return timingSafeEqual(keptDigestOf(one), keptDigestOf(other)) && one.kind === other.kind
}

function keptDigestOf(kept: KeptPassword): Buffer {
  return kept.kind === 'chosen' ? kept.hash : kept.digest
}

export const SALT_BYTES = 16
const HASH_BYTES = 32
const BLOCK_SIZE = 8

const scryptInThreadPool = promisify<
  string,
  Buffer,
  number,
  { N: number; r: number; p: number; maxmem: number },
  Buffer
>(scrypt)

/** Hashes a password with scrypt, r = 8, p = 1, off the main thread. */
export function hashPassword(password: string, salt: Buffer, cost: number): Promise<Buffer> {
  const maxmem = 256 * BLOCK_SIZE * cost
  return scryptInThreadPool(password, salt, HASH_BYTES, { N: cost, r: BLOCK_SIZE, p: 1, maxmem })
}

/**
 * Compares a password with what is kept of one. Always one scrypt, also for a generated password and
 * for nobody at all, so that time does not tell which it was.
 *
 * @param kept Undefined for a person who does not exist.
 */
export async function matchesPassword(
  kept: KeptPassword | undefined,
  password: string,
  keyring: Keyring,
  cost: number,
): Promise<boolean> {
  const isChosen = kept?.kind === 'chosen'
  const salt = isChosen ? kept.salt : Buffer.alloc(SALT_BYTES)
  const hash = await hashPassword(password, salt, isChosen ? kept.cost : cost)
  const digest = keyring.digest('password', password)
  const isHashRight = timingSafeEqual(hash, isChosen ? kept.hash : Buffer.alloc(HASH_BYTES))
  const isDigestRight = timingSafeEqual(
    digest,
    kept?.kind === 'generated' ? kept.digest : Buffer.alloc(digest.length),
  )
  if (kept === undefined) return false
  return isChosen ? isHashRight : isDigestRight
}
