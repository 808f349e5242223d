/** Where something is not as it was wanted. */
export interface Difference {
  /** Such as `severity` or `request.headers[0]`; empty for the whole. */
  readonly path: string
  readonly wanted: unknown
  /** `undefined` where there is nothing. */
  readonly given: unknown
}

/**
 * Compares something with what is wanted of it. An object may have more than is wanted, a list may
 * not. A regular expression wants a text that it matches, and an asymmetric matcher such as
 * `expect.any(String)` decides by itself.
 *
 * @returns The first difference, in the order of what is wanted; `undefined` when it is as wanted.
 */
export function firstDifference(wanted: unknown, given: unknown): Difference | undefined {
  return differencesOf(wanted, given, '').next().value ?? undefined
}

/** How many of the wanted values are not there: what is nearest has the fewest. */
export function countDifferences(wanted: unknown, given: unknown): number {
  let count = 0
  for (const _difference of differencesOf(wanted, given, '')) count++
  return count
}

/** `severity: wanted "high", got "medium"`. */
export function inWords({ path, wanted, given }: Difference): string {
  const where = path === '' ? '' : `${path}: `
  return `${where}wanted ${shown(wanted)}, got ${given === undefined ? 'nothing' : shown(given)}`
}

function* differencesOf(wanted: unknown, given: unknown, path: string): Generator<Difference> {
  if (isMatcher(wanted)) {
    if (!wanted.asymmetricMatch(given)) yield { path, wanted, given }
  } else if (wanted instanceof RegExp) {
    const isMatch = typeof given === 'string' && new RegExp(wanted).test(given)
    if (!isMatch) yield { path, wanted, given }
  } else if (Array.isArray(wanted)) {
    yield* differencesInList(wanted, given, path)
  } else if (typeof wanted === 'object' && wanted !== null) {
    yield* differencesInObject(wanted, given, path)
  } else if (!Object.is(wanted, given)) {
    yield { path, wanted, given }
  }
}

function* differencesInList(
  wanted: readonly unknown[],
  given: unknown,
  path: string,
): Generator<Difference> {
  if (!Array.isArray(given)) {
    yield { path, wanted, given }
    return
  }
  const length = Math.max(wanted.length, given.length)
  for (let index = 0; index < length; index++) {
    const place = `${path}[${index}]`
    if (index < wanted.length) yield* differencesOf(wanted[index], given[index], place)
    else yield { path: place, wanted: undefined, given: given[index] }
  }
}

function* differencesInObject(wanted: object, given: unknown, path: string): Generator<Difference> {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    yield { path, wanted, given }
    return
  }
  for (const [name, value] of Object.entries(wanted)) {
    const place = path === '' ? name : `${path}.${name}`
    const found: unknown = Object.hasOwn(given, name)
      ? (given as Record<string, unknown>)[name]
      : undefined
    yield* differencesOf(value, found, place)
  }
}

interface Matcher {
  asymmetricMatch(given: unknown): boolean
}

function isMatcher(value: unknown): value is Matcher {
  return (
    typeof value === 'object' &&
    value !== null &&
    'asymmetricMatch' in value &&
    typeof value.asymmetricMatch === 'function'
  )
}

const LONGEST_SHOWN = 200

function shown(value: unknown): string {
  if (value === undefined) return 'nothing'
  if (value instanceof RegExp) return String(value)
  const text = isMatcher(value) ? nameOf(value) : (JSON.stringify(value) ?? String(value))
  return text.length > LONGEST_SHOWN ? `${text.slice(0, LONGEST_SHOWN)}…` : text
}

/** `Any<String>` and the like. */
function nameOf(matcher: Matcher): string {
  const { toAsymmetricMatcher, toString: inText } = matcher as {
    toAsymmetricMatcher?: () => string
    toString: () => string
  }
  return (toAsymmetricMatcher ?? inText).call(matcher)
}
