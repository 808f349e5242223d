/**
 * What a key must be made of.
 *
 * @see Key Management form, System Settings, Security: Key Length 8 to 32 is exact, the others are
 * minimums. That the minimums may not add up to more than the length is our reading.
 */
export interface KeyPolicy {
  /** Characters, exactly. 8 to 32. */
  readonly keyLength: number
  /** Digits, at least. */
  readonly minNumbers: number
  /** Letters A to Z, at least. */
  readonly minUpperCase: number
  /** Letters a to z, at least. */
  readonly minLowerCase: number
}

/** The values that the documented form shows: 32 characters, six of each class. */
export const DEFAULT_KEY_POLICY: KeyPolicy = {
  keyLength: 32,
  minNumbers: 6,
  minUpperCase: 6,
  minLowerCase: 6,
}

const SHORTEST_KEY = 8
const LONGEST_KEY = 32

const MINIMUMS = ['minNumbers', 'minUpperCase', 'minLowerCase'] as const

/**
 * Checks a policy that somebody wants to put in force.
 *
 * @param policy Anything.
 * @returns One sentence for each rule that it misses, naming every field; empty when it can hold.
 */
export function mistakesInKeyPolicy(policy: unknown): readonly string[] {
  const fields: Readonly<Record<string, unknown>> =
    typeof policy === 'object' && policy !== null ? { ...policy } : {}
  const isCount = (value: unknown): value is number =>
    Number.isSafeInteger(value) && Number(value) >= 0
  const { keyLength } = fields
  const isLength = isCount(keyLength) && keyLength >= SHORTEST_KEY && keyLength <= LONGEST_KEY
  const wrong = MINIMUMS.filter((name) => !isCount(fields[name]))
  const sum = MINIMUMS.reduce((total, name) => total + Number(fields[name]), 0)
  return [
    ...(isLength
      ? []
      : [`keyLength must be a whole number from ${SHORTEST_KEY} to ${LONGEST_KEY}`]),
    ...(wrong.length === 0 ? [] : [`${wrong.join(', ')} must be whole numbers from 0`]),
    ...(isLength && wrong.length === 0 && sum > keyLength
      ? [`${MINIMUMS.join(', ')} add up to more than keyLength`]
      : []),
  ]
}

/** What may stand in a key that somebody supplies: visible ASCII without comma and quotes. */
const KEY_CHARACTERS = /^[!#-&(-+\--_a-~]*$/

/** One rule of a policy, and whether a key obeys it. */
export interface KeyRule {
  readonly isObeyed: boolean
  /** What a key must do or be; never repeats the key. */
  readonly sentence: string
}

/** Every rule that a supplied key is held to. */
export function keyRules(key: string, policy: KeyPolicy): readonly KeyRule[] {
  const rule = (isObeyed: boolean, sentence: string) => ({ isObeyed, sentence })
  return [
    rule(key.length === policy.keyLength, `must be exactly ${policy.keyLength} characters long`),
    rule(count(key, /[0-9]/g) >= policy.minNumbers, `needs at least ${policy.minNumbers} digits`),
    rule(
      count(key, /[A-Z]/g) >= policy.minUpperCase,
      `needs at least ${policy.minUpperCase} upper case letters`,
    ),
    rule(
      count(key, /[a-z]/g) >= policy.minLowerCase,
      `needs at least ${policy.minLowerCase} lower case letters`,
    ),
    rule(
      KEY_CHARACTERS.test(key),
      'may hold visible ASCII characters only, and no space, comma or quote',
    ),
  ]
}

/**
 * Checks a supplied key.
 *
 * @returns One sentence for each rule that the key misses; none repeats the key. Empty when it obeys.
 */
export function missedRules(key: string, policy: KeyPolicy): readonly string[] {
  return keyRules(key, policy)
    .filter(({ isObeyed }) => !isObeyed)
    .map(({ sentence }) => sentence)
}

/** True for a text that could be a key under this policy. Cheap for what has another length. */
export function isLikeKey(text: string, policy: KeyPolicy): boolean {
  return text.length === policy.keyLength && missedRules(text, policy).length === 0
}

function count(text: string, pattern: RegExp): number {
  return text.match(pattern)?.length ?? 0
}
