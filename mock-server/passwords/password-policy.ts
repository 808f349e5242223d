import { isHashable, LONGEST_PASSWORD } from './kept-password.ts'

/**
 * What a password must be made of and how long things last.
 *
 * @see the form of 2017: Password Strength, Minimum Length, Password Expiration, Login Lockout, Idle
 * Timeout, Session Timeout; field names of `PasswordPolicyResource`.
 */
export interface PasswordPolicy {
  /** Characters, at least. 1 to 1 024. */
  readonly minLength: number
  readonly minUpperCase: number
  readonly minLowerCase: number
  readonly minNumbers: number
  /** Visible ASCII that is no letter and no digit, at least. */
  readonly minSymbols: number
  /** Failed logins in a row after which a person is locked. 0 locks nobody. */
  readonly lockoutAttempts: number
  /** Of a login session without a request. */
  readonly idleTimeoutMs: number
  /** Of a login session whatever happens. */
  readonly sessionTimeoutMs: number
}

/** The values that the documented form shows: Strong, 8 characters, 3 attempts, 15 minutes, 8 hours. */
export const DEFAULT_PASSWORD_POLICY: PasswordPolicy = {
  minLength: 8,
  minUpperCase: 1,
  minLowerCase: 1,
  minNumbers: 1,
  minSymbols: 1,
  lockoutAttempts: 3,
  idleTimeoutMs: 900_000,
  sessionTimeoutMs: 28_800_000,
}

const LONGEST_TIMEOUT_MS = 2_592_000_000
const SHORTEST_TIMEOUT_MS = 1_000

/** The whole numbers that each rule may be. */
const RANGES: Readonly<Record<keyof PasswordPolicy, readonly [least: number, most: number]>> = {
  minLength: [1, LONGEST_PASSWORD],
  minUpperCase: [0, LONGEST_PASSWORD],
  minLowerCase: [0, LONGEST_PASSWORD],
  minNumbers: [0, LONGEST_PASSWORD],
  minSymbols: [0, LONGEST_PASSWORD],
  lockoutAttempts: [0, 1_000],
  idleTimeoutMs: [SHORTEST_TIMEOUT_MS, LONGEST_TIMEOUT_MS],
  sessionTimeoutMs: [SHORTEST_TIMEOUT_MS, LONGEST_TIMEOUT_MS],
}

/** Says what is wrong with a policy, one phrase for each mistake; nothing when it can hold. */
export function mistakesInPasswordPolicy(policy: PasswordPolicy): readonly string[] {
  // Those with the same range in one phrase: an answer is short.
  const outside = new Map<string, string[]>()
  for (const [name, [least, most]] of Object.entries(RANGES)) {
    const value = policy[name as keyof PasswordPolicy]
    if (Number.isSafeInteger(value) && value >= least && value <= most) continue
    const rule = `must be a whole number from ${least} to ${most}`
    outside.set(rule, [...(outside.get(rule) ?? []), name])
  }
  if (outside.size > 0) return [...outside].map(([rule, names]) => `${names.join(', ')} ${rule}`)
  const { minUpperCase, minLowerCase, minNumbers, minSymbols } = policy
  const isTooMuch = minUpperCase + minLowerCase + minNumbers + minSymbols > LONGEST_PASSWORD
  return [
    ...(isTooMuch ? [`the minimums together must be at most ${LONGEST_PASSWORD}`] : []),
    ...(policy.idleTimeoutMs > policy.sessionTimeoutMs
      ? ['idleTimeoutMs must be at most sessionTimeoutMs']
      : []),
  ]
}

/** The rules that a chosen password misses, each as a phrase that holds nothing of it. */
export function missedPasswordRules(chosen: string, policy: PasswordPolicy): readonly string[] {
  if (!isHashable(chosen)) {
    return [`must be at most ${LONGEST_PASSWORD} whole characters`]
  }
  const count = (pattern: RegExp) => [...chosen.matchAll(pattern)].length
  const rules: readonly [found: number, least: number, of: string][] = [
    [[...chosen].length, policy.minLength, 'characters'],
    [count(/[A-Z]/g), policy.minUpperCase, 'upper case letters A-Z'],
    [count(/[a-z]/g), policy.minLowerCase, 'lower case letters a-z'],
    [count(/[0-9]/g), policy.minNumbers, 'digits'],
    [count(/[!-/:-@[-`{-~]/g), policy.minSymbols, 'symbols'],
  ]
  return rules
    .filter(([found, least]) => found < least)
    .map(([, least, of]) => `must have at least ${least} ${of}`)
}
