/** What came of reading a value: the value, or why it is none. */
export type Reading<Value> =
  | { readonly status: 'read'; readonly value: Value }
  /** `why` follows the name of what was read, as in "must be a text; got a number". */
  | { readonly status: 'refused'; readonly why: string }

export function read<Value>(value: Value): Reading<Value> {
  return { status: 'read', value }
}

export function refused(why: string): Reading<never> {
  return { status: 'refused', why }
}

/** Says of what type a value is, and never the value: it may be a secret in the wrong place. */
export function typeInWords(value: unknown): string {
  if (value === null || value === undefined || Number.isNaN(value)) return String(value)
  if (value === '') return 'an empty text'
  if (Array.isArray(value)) return 'a list'
  const words: Readonly<Record<string, string>> = {
    string: 'a text',
    object: 'an object',
  }
  return words[typeof value] ?? `a ${typeof value}`
}
