import { DEFAULT_KEY_POLICY, isLikeKey } from './keys/key-policy.ts'
import { printable } from './printable.ts'

const LONGEST_PATH = 256

/** A path as it may be told: a key that somebody put where a name belongs is told as `<key>`. */
export function shownPath(path: string): string {
  if (path.length <= DEFAULT_KEY_POLICY.keyLength) return printable(path, LONGEST_PATH)
  const withoutKeys = path.replace(/(?<=\/)[^/]{32}(?=\/|$)/g, (segment) =>
    isLikeKey(segment, DEFAULT_KEY_POLICY) ? '<key>' : segment,
  )
  return printable(withoutKeys, LONGEST_PATH)
}
