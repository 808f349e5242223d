import { randomBytes } from 'node:crypto'
import { TeamServerError } from '../errors.ts'
import type { Keyring } from '../keys/keyring.ts'
import {
  DEFAULT_SCRYPT_COST,
  hashPassword,
  isHashable,
  type KeptPassword,
  matchesPassword,
  SALT_BYTES,
} from './kept-password.ts'

/** Keeps passwords, and compares with what was kept, a few at a time. */
export interface PasswordHashing {
  /** What is kept of a password that a person chose. */
  keep(password: string): Promise<KeptPassword>
  /**
   * Always one scrypt, whoever it is, unless the password is longer than any that could be kept.
   *
   * @param kept Undefined for a person who does not exist.
   */
  matches(kept: KeptPassword | undefined, password: string): Promise<boolean>
}

const LOWEST_COST = 2 ** 10
const HIGHEST_COST = 2 ** 20

/**
 * Each scrypt takes 128 MiB at the default cost, and one of the four threads that also read files
 * and names: more than this many wait for their turn.
 */
const RUNS_AT_ONCE = 2

/** @throws `ERR_OPTION_INVALID` unless the cost is a power of two from 2^10 to 2^20. */
export function createPasswordHashing(
  keyring: Keyring,
  cost: number = DEFAULT_SCRYPT_COST,
): PasswordHashing {
  if (!Number.isInteger(Math.log2(cost)) || cost < LOWEST_COST || cost > HIGHEST_COST) {
    throw new TeamServerError(
      'ERR_OPTION_INVALID',
      `scryptCost must be a power of two from ${LOWEST_COST} to ${HIGHEST_COST}`,
    )
  }
  const inTurn = createQueue(RUNS_AT_ONCE)
  return {
    keep: (password) =>
      inTurn(async () => {
        const salt = randomBytes(SALT_BYTES)
        return { kind: 'chosen', salt, hash: await hashPassword(password, salt, cost), cost }
      }),
    async matches(kept, password) {
      if (!isHashable(password)) return false
      return inTurn(() => matchesPassword(kept, password, keyring, cost))
    },
  }
}

/** Lets so many at once begin; the rest wait, first come first served. */
function createQueue(limit: number): <Result>(work: () => Promise<Result>) => Promise<Result> {
  const waiting: (() => void)[] = []
  let running = 0
  return async (work) => {
    // Who is woken takes over the place of the one who leaves: nobody can slip in between.
    if (running < limit) running++
    else await new Promise<void>((resolve) => waiting.push(resolve))
    try {
      return await work()
    } finally {
      const next = waiting.shift()
      if (next === undefined) running--
      else next()
    }
  }
}
