import { parseKeyValues } from './key-values.ts'
import { type Reading, read, refused, typeInWords } from './reading.ts'
import type { Raw } from './source.ts'

/** A kind of value: how to take it from the program and from text, and what to say if it is none. */
export interface Kind<Value> {
  /** Takes what a program passed. */
  fromValue(value: unknown): Reading<Value>
  /** Takes what a variable or a plain YAML scalar holds. */
  fromText(text: string): Reading<Value>
  /** Whether a quoted YAML text can be one: `"10"` is no number. */
  readonly isTextual: boolean
  /** Taken exactly as written: white space around it and emptiness in a file are mistakes. */
  readonly isExact: boolean
}

/** Reads a value in whatever form its source has it. */
export function readRaw<Value>(kind: Kind<Value>, raw: Raw): Reading<Value> {
  if (raw.form === 'unclear') return refused(raw.why)
  if (raw.form === 'text' || (raw.form === 'quoted' && kind.isTextual)) {
    return kind.fromText(raw.text)
  }
  return kind.fromValue(raw.form === 'typed' ? raw.value : raw.text)
}

/** Longest delay that Node's timers take; a longer one would fire at once. */
const LONGEST_MS = 2_147_483_647

/** A whole number; `unit` is a word for messages. In text, digits may be grouped: `10_000`. */
export function integer(range: { min: number; max: number; unit: string }): Kind<number> {
  const expected = `must be an integer from ${range.min} to ${range.max} (${range.unit})`
  function check(value: number, got: string): Reading<number> {
    const isInside = Number.isSafeInteger(value) && value >= range.min && value <= range.max
    return isInside ? read(value) : refused(`${expected}; got ${got}`)
  }
  return {
    isTextual: false,
    isExact: false,
    fromValue: (value) =>
      typeof value === 'number'
        ? check(value, String(value))
        : refused(`${expected}; got ${typeInWords(value)}`),
    fromText(text) {
      const trimmed = text.trim()
      const isNumber = /^[+-]?\d+(_\d+)*$/.test(trimmed)
      return check(isNumber ? Number(trimmed.replaceAll('_', '')) : Number.NaN, 'something else')
    },
  }
}

/** A delay or period in milliseconds, 1 ms to about 24 days. */
export const milliseconds = integer({ min: 1, max: LONGEST_MS, unit: 'milliseconds' })

/** `true` or `false`; in text in any case. */
export const flag: Kind<boolean> = {
  isTextual: false,
  isExact: false,
  fromValue: (value) =>
    typeof value === 'boolean'
      ? read(value)
      : refused(`must be true or false; got ${typeInWords(value)}`),
  fromText(text) {
    const word = text.trim().toLowerCase()
    if (word === 'true' || word === 'false') return read(word === 'true')
    return refused('must be true or false; got something else')
  },
}

/** A folder, or `false` for none. */
export const folder: Kind<string | false> = {
  isTextual: true,
  isExact: false,
  fromValue(value) {
    if (value === false) return read(value)
    if (typeof value === 'string') return this.fromText(value)
    return refused(`${FOLDER_EXPECTED}; got ${typeInWords(value)}`)
  },
  fromText(given) {
    if (given.trim() === '') return refused(`${FOLDER_EXPECTED}; got an empty text`)
    // The system would end the path there.
    if (given.includes('\0')) return refused('must not hold control characters')
    return read(given)
  },
}

const FOLDER_EXPECTED = 'must be the path of a folder, or false'

/** One of a few words, written in any case; each stands for a value. */
export function choice<Value>(words: Readonly<Record<string, Value>>): Kind<Value> {
  const values = new Map(
    Object.entries(words).map(([word, value]) => [word.toUpperCase(), value] as const),
  )
  const expected = `must be one of ${Object.keys(words).join(', ')}`
  return textual((text) => {
    const value = values.get(text.trim().toUpperCase())
    return value === undefined ? refused(`${expected}; got something else`) : read(value)
  }, expected)
}

/** Text for people to read, without control characters; white space around it is taken off. */
export function text(maxCharacters: number): Kind<string> {
  const expected = `must be a text of 1 to ${maxCharacters} characters`
  return textual((given) => {
    const trimmed = given.trim()
    if (trimmed === '') return refused(`${expected}; got an empty text`)
    if (trimmed.length > maxCharacters) return refused(`${expected}; got ${trimmed.length}`)
    if (hasUnprintable(trimmed)) return refused('must not hold control characters')
    return read(trimmed)
  }, expected)
}

/**
 * A key that goes into a header, or into what is encoded there: 1 to 256 printable ASCII characters
 * without space, comma and quotes. A comma would make two values of a header; the others come from
 * a slip in a shell or a file.
 */
export const key: Kind<string> = exact((given) => {
  if (given.length > 256) return refused('must be a key of 1 to 256 characters; got a longer one')
  if (!/^[\x21-\x7e]+$/.test(given)) return refused('must hold printable ASCII characters only')
  if (/[,"']/.test(given)) return refused('must not hold a comma or a quote')
  return read(given)
}, 'must be a text')

/**
 * An agent user name: any text without control characters and without a colon, which would end it
 * where it is sent (RFC 7617, section 2).
 */
export const userName: Kind<string> = exact((given) => {
  if (Buffer.byteLength(given) > 1_200) return refused('must be at most 1200 bytes long')
  if (hasUnprintable(given)) return refused('must not hold control characters')
  if (given.includes(':')) return refused('must not hold a colon')
  return read(given)
}, 'must be a text')

/** Any text of at least one character; what it holds is looked at elsewhere. */
export const opaque: Kind<string> = exact(read, 'must be a text')

/** A list of short texts; in text separated by commas. */
export const tags: Kind<readonly string[]> = {
  isTextual: true,
  isExact: false,
  fromValue: (value) =>
    Array.isArray(value)
      ? checkTags(value)
      : refused(`must be a list of texts; got ${typeInWords(value)}`),
  fromText: (given) =>
    checkTags(
      given
        .split(',')
        .map((tag) => tag.trim())
        .filter((tag) => tag !== ''),
    ),
}

/** Texts by name; in text `key=value,key=value`. */
export const keyValues: Kind<Readonly<Record<string, string>>> = {
  isTextual: true,
  isExact: false,
  fromValue(value) {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      return refused(`must be an object of texts; got ${typeInWords(value)}`)
    }
    return checkKeyValues(Object.entries(value))
  },
  fromText(given) {
    const pairs = parseKeyValues(given)
    return pairs.status === 'read' ? checkKeyValues(pairs.value) : pairs
  },
}

/** A kind whose every value is written as one text. */
export function textual<Value>(
  fromText: (text: string) => Reading<Value>,
  expected: string,
): Kind<Value> {
  return {
    isTextual: true,
    isExact: false,
    fromText,
    fromValue: (value) =>
      typeof value === 'string'
        ? fromText(value)
        : refused(`${expected}; got ${typeInWords(value)}`),
  }
}

/** A textual kind that forgives no white space and no emptiness. */
export function exact<Value>(
  fromText: (text: string) => Reading<Value>,
  expected: string,
): Kind<Value> {
  function strict(given: string): Reading<Value> {
    if (given === '') return refused(`${expected}; got an empty text`)
    if (given.trim() !== given) return refused('must not have white space around it')
    return fromText(given)
  }
  return { ...textual(strict, expected), isExact: true }
}

/** The limits are TeamServer's: 256 entries of 255 characters (sdk/wire/schemas.json). */
const ENTRIES_LIMIT = 256
const entry = text(255)

function checkTags(given: readonly unknown[]): Reading<readonly string[]> {
  if (given.length > ENTRIES_LIMIT) return refused(`must have at most ${ENTRIES_LIMIT} entries`)
  const checked: string[] = []
  for (const [index, tag] of given.entries()) {
    const reading = entry.fromValue(tag)
    if (reading.status === 'refused') return refused(`(entry ${index + 1}) ${reading.why}`)
    checked.push(reading.value)
  }
  return read(Object.freeze(checked))
}

function checkKeyValues(
  pairs: readonly (readonly [string, unknown])[],
): Reading<Readonly<Record<string, string>>> {
  if (pairs.length > ENTRIES_LIMIT) return refused(`must have at most ${ENTRIES_LIMIT} entries`)
  const checked: Record<string, string> = Object.create(null)
  for (const [index, [name, value]] of pairs.entries()) {
    if (value === undefined) continue
    const readings = [entry.fromValue(name), entry.fromValue(value)] as const
    for (const reading of readings) {
      if (reading.status === 'refused') return refused(`(entry ${index + 1}) ${reading.why}`)
    }
    checked[name.trim()] = String(value).trim()
  }
  return read(Object.freeze(checked))
}

function hasUnprintable(given: string): boolean {
  // Control characters, and half a surrogate pair, which no encoding can carry.
  return /[\0-\x1f\x7f-\x9f\ud800-\udfff]/u.test(given)
}
