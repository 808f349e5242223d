import type { RefusalReason } from '../../sdk/wire/messages.ts'
import type { KeyPolicy } from '../keys/key-policy.ts'
import { worstCaseBits } from '../keys/key-strength.ts'
import type { KeyPolicies } from '../store/records.ts'
import type { Store } from '../store/store.ts'
import type { Answer } from './exchange.ts'
import { placeOf } from './failed-attempts.ts'
import type { ExchangeContext } from './journal.ts'
import { limited } from './rate-limit.ts'

/** A key of fewer bits can be guessed by whoever may try as often as they like. */
const GUESSABLE_BITS = 64

/** Refused attempts that one account has from one address in an hour. */
const LARGEST_COUNT = 100
const WINDOW_MS = 3_600_000

/** The first few are free: somebody mistyped. Then each waits twice as long as the one before. */
const FREE_ATTEMPTS = 3
const FIRST_WAIT_MS = 100
const LONGEST_WAIT_MS = 5_000

/** Pairs of account and address that are remembered; past it the one that began longest ago is forgotten. */
const LARGEST_MEMORY = 10_000

/**
 * Slows guessing at keys that are short enough to be guessed: only while the key policy allows such.
 * One account from one address, so that nobody is locked out anywhere else.
 *
 * @see NIST SP 800-63B, section 5.2.2: at most 100 failed attempts in a row on one account.
 */
export interface GuessLimit {
  /**
   * What right keys are answered when too many were tried: who guesses learns nothing from it.
   * Undefined when they may go on.
   */
  closed(context: ExchangeContext): Answer | undefined
  /**
   * Counts a refused attempt at a key that can be guessed, lets it wait, and says what it is
   * answered.
   */
  refused(answer: Answer, context: ExchangeContext): Promise<Answer>
}

export interface GuessLimitParts {
  readonly store: Pick<Store, 'systemSettings'>
  readonly wait: (ms: number) => Promise<void>
}

export function createGuessLimit({ store, wait }: GuessLimitParts): GuessLimit {
  /** When each refused attempt of the last hour was. */
  const attempts = new Map<string, number[]>()
  const bits = new WeakMap<KeyPolicy, number>()

  function isGuessable(policy: KeyPolicy): boolean {
    const known = bits.get(policy) ?? worstCaseBits(policy)
    bits.set(policy, known)
    return known < GUESSABLE_BITS
  }

  function recent(pair: string, now: number): number[] {
    return (attempts.get(pair) ?? []).filter((at) => now - at < WINDOW_MS)
  }

  function closed(pair: string, now: number): Answer | undefined {
    const before = recent(pair, now)
    if (before.length < LARGEST_COUNT) return undefined
    const end = (before[0] ?? now) + WINDOW_MS
    return limited(Math.ceil((end - now) / 1_000), 'keys-not-tried')
  }

  return {
    closed(context) {
      // As good as always: nobody has to put a pair together for every request.
      if (attempts.size === 0) return undefined
      const pair = pairOf(context)
      return pair === undefined ? undefined : closed(pair, context.at.getTime())
    },
    async refused(answer, context) {
      const pair = pairOf(context)
      if (answer.refusal === undefined || pair === undefined) return answer
      const policy = policyFor(answer.refusal.reason, (await store.systemSettings()).keyPolicy)
      if (policy === undefined || !isGuessable(policy)) return answer
      // Looked at and counted in one step: many at once are no more than one after the other.
      const now = context.at.getTime()
      const instead = closed(pair, now)
      if (instead !== undefined) return instead
      const counted = [...recent(pair, now), now]
      attempts.delete(pair)
      attempts.set(pair, counted)
      forgetOldest(attempts)
      const doublings = counted.length - FREE_ATTEMPTS - 1
      if (doublings >= 0) await wait(Math.min(FIRST_WAIT_MS * 2 ** doublings, LONGEST_WAIT_MS))
      return answer
    },
  }
}

function pairOf({ userName, remoteAddress }: ExchangeContext): string | undefined {
  return userName === undefined ? undefined : `${placeOf(remoteAddress)} ${userName}`
}

/** Which keys were guessed at. */
function policyFor(reason: RefusalReason, policies: KeyPolicies): KeyPolicy | undefined {
  if (reason === 'credentials-wrong') return policies.applicationKey
  return reason === 'api-key-wrong' ? policies.organizationApiKey : undefined
}

function forgetOldest(attempts: Map<string, unknown>): void {
  if (attempts.size <= LARGEST_MEMORY) return
  for (const oldest of attempts.keys()) {
    attempts.delete(oldest)
    return
  }
}
