import { inWords } from '../matching/difference.ts'
import { type Nearest, nearest } from '../matching/nearest.ts'
import { type RefusedRequest, refusalInWords } from '../store/refused-request.ts'

/** What there was when time ran out, for whoever asks why. */
export interface Shortfall<Thing> {
  /** What was waited for: `report`, `refusal`, `session`. */
  readonly what: string
  readonly wanted: unknown
  readonly timeoutMs: number
  /** Everything of its kind that did arrive, oldest first. */
  readonly arrived: readonly Thing[]
  readonly refusals: readonly RefusedRequest[]
  readonly nearest: Nearest<Thing> | undefined
}

/** @param read What of a thing is compared with what is wanted. */
export function shortfallOf<Thing>(
  found: Omit<Shortfall<Thing>, 'nearest'>,
  read: (thing: Thing) => unknown,
): Shortfall<Thing> {
  return { ...found, nearest: nearest(found.wanted, found.arrived, read) }
}

/** Why nothing was found, in lines for people: what came nearest, what arrived, what was refused. */
export function describeShortfall<Thing>(
  shortfall: Shortfall<Thing>,
  nameOf: (thing: Thing) => string,
): string {
  const { what, wanted, timeoutMs, arrived, refusals } = shortfall
  const closest = shortfall.nearest
  return [
    `no ${what} as wanted within ${timeoutMs} ms: ${JSON.stringify(wanted, patternsAsText)}`,
    ...(closest === undefined
      ? []
      : [`nearest: ${nameOf(closest.candidate)}: ${inWords(closest.difference)}`]),
    listed('arrived', arrived.map(nameOf)),
    listed('refused', refusals.map(refusalInWords)),
  ].join('\n')
}

const MOST_LISTED = 10

/** The newest, since what was waited for would be among them. */
function listed(what: string, lines: readonly string[]): string {
  if (lines.length === 0) return `${what}: nothing`
  const newest = lines.slice(-MOST_LISTED)
  const left = lines.length - newest.length
  const more = left === 0 ? [] : [`  and ${left} before`]
  return [`${what}: ${lines.length}`, ...more, ...newest.map((line) => `  ${line}`)].join('\n')
}

function patternsAsText(_name: string, value: unknown): unknown {
  return value instanceof RegExp ? String(value) : value
}
