import { randomInt } from 'node:crypto'
import { API_BASE, ENGINE_METHODS, ENGINE_PATHS, LONG_PATHS } from '../../sdk/wire/paths.ts'
import { TeamServerError } from '../errors.ts'
import type { Fault } from './fault.ts'
import { parseFault } from './fault-text.ts'
import { createSeededRandom } from './seeded-random.ts'

/** When something goes wrong, and what. */
export interface FaultRule {
  /**
   * A fault for every matching request, such as `503`; or several, one request each, after which all is
   * well: `['503', '429;retry-after=2', 'reset', 'ok']`.
   */
  readonly do: string | readonly string[]
  /**
   * A call of the engine in either form (`reports`, `heartbeat`, `preflight`, `createApplication`,
   * `createSession`), or a path below `/Contrast/api`, perhaps with a method in front: `PUT /ng/sessions`.
   * `*` stands for one segment, `**` for any number. @default every request
   */
  readonly route?: string
  /** The id of the organization that is aimed at, or that the caller belongs to. @default any */
  readonly organization?: string
  /** Only requests with a report like this, see `waitForReport()`. */
  readonly report?: object
  /** Only the n-th matching request. From 1. */
  readonly nth?: number
  /** How often at most. From 1. @default as often as it matches; a list once through */
  readonly times?: number
  /** How likely it is for each matching request, above 0 to 1. @default 1 */
  readonly probability?: number
  /** Makes chance the same each time. 0 to 4 294 967 295. @default drawn, and told */
  readonly seed?: number
}

/** A rule with everything filled in. */
export interface CheckedRule {
  readonly faults: readonly { readonly text: string; readonly fault: Fault }[]
  readonly isSequence: boolean
  /** Undefined for every request. */
  readonly matchesRoute: ((method: string, path: string) => boolean) | undefined
  readonly organization: string | undefined
  readonly report: object | undefined
  readonly nth: number | undefined
  readonly times: number
  readonly probability: number
  readonly seed: number
  readonly random: () => number
}

const FIELDS: ReadonlySet<string> = new Set<keyof FaultRule>([
  'do',
  'route',
  'organization',
  'report',
  'nth',
  'times',
  'probability',
  'seed',
])

/**
 * @param given A rule, or what its `do` would be. Checked whole: it may come from a file or the wire.
 * @throws `ERR_OPTION_INVALID`, naming the field.
 */
export function checkRule(given: unknown): CheckedRule {
  const rule: { readonly [field: string]: unknown } =
    typeof given === 'string' || Array.isArray(given)
      ? { do: given }
      : typeof given === 'object' && given !== null
        ? { ...given }
        : {}
  const unknown = Object.keys(rule).filter((name) => !FIELDS.has(name))
  if (unknown.length > 0) {
    throw mistake(`knows no ${unknown.join(', ')}; it takes ${[...FIELDS].join(', ')}`)
  }
  const isSequence = Array.isArray(rule.do)
  const texts: readonly unknown[] = Array.isArray(rule.do) ? rule.do : [rule.do]
  if (texts.length === 0 || !texts.every((text) => typeof text === 'string')) {
    throw mistake(`needs do: a fault such as '503', or a list of them`)
  }
  const faults = texts.map((text) => ({ text, fault: parseFault(text) }))
  const seed = wholeNumber('seed', rule.seed, 0, 2 ** 32 - 1) ?? randomInt(2 ** 32)
  return {
    faults,
    isSequence,
    matchesRoute: routeMatcher(text('route', rule.route)),
    organization: text('organization', rule.organization)?.toLowerCase(),
    report: anObject('report', rule.report),
    nth: wholeNumber('nth', rule.nth, 1, Number.MAX_SAFE_INTEGER),
    times:
      wholeNumber('times', rule.times, 1, Number.MAX_SAFE_INTEGER) ??
      (isSequence ? faults.length : Number.POSITIVE_INFINITY),
    probability: probability(rule.probability),
    seed,
    random: createSeededRandom(seed),
  }
}

function routeMatcher(
  route: string | undefined,
): ((method: string, path: string) => boolean) | undefined {
  if (route === undefined) return undefined
  const call = Object.hasOwn(ENGINE_PATHS, route) ? (route as keyof typeof ENGINE_PATHS) : undefined
  if (call !== undefined) {
    const patterns = [ENGINE_PATHS[call], LONG_PATHS[call].replace(':org', '*')].map(pathPattern)
    return (method, path) =>
      method === ENGINE_METHODS[call] && patterns.some((pattern) => pattern.test(path))
  }
  const [, wantedMethod, wantedPath] = /^(?:([A-Z]+) )?(\/[^\s?#]*)$/.exec(route) ?? []
  if (wantedPath === undefined) {
    const calls = Object.keys(ENGINE_PATHS).join(', ')
    throw mistake(`route must be a path such as 'POST /engine/v1/reports', or one of ${calls}`)
  }
  const pattern = pathPattern(wantedPath)
  return (method, path) =>
    (wantedMethod === undefined || method === wantedMethod) && pattern.test(path)
}

/** No quantifier stands inside another, so that no path makes it slow. */
function pathPattern(path: string): RegExp {
  const body = path
    .split('/')
    .map((segment) => (segment === '**' ? '.*' : segment === '*' ? '[^/]+' : escaped(segment)))
    .join('/')
  return new RegExp(`^${escaped(API_BASE)}${body}$`)
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
}

function text(name: string, value: unknown): string | undefined {
  if (value === undefined || (typeof value === 'string' && value !== '')) return value
  throw mistake(`${name} must be text`)
}

function anObject(name: string, value: unknown): object | undefined {
  if (value === undefined) return undefined
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value
  throw mistake(`${name} must be an object`)
}

function wholeNumber(name: string, value: unknown, min: number, max: number): number | undefined {
  if (value === undefined) return undefined
  if (Number.isSafeInteger(value) && Number(value) >= min && Number(value) <= max) {
    return Number(value)
  }
  throw mistake(`${name} must be a whole number from ${min} to ${max}`)
}

function probability(value: unknown): number {
  if (value === undefined) return 1
  if (typeof value === 'number' && value > 0 && value <= 1) return value
  throw mistake('probability must be a number above 0 and up to 1')
}

function mistake(what: string): TeamServerError {
  return new TeamServerError('ERR_OPTION_INVALID', `a fault rule ${what}`)
}
