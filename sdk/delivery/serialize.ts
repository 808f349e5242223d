import type { Report } from '../wire/messages.ts'
import { measure } from './measure.ts'

/** The largest report, as JSON in UTF-8: 256 KiB. */
export const REPORT_LIMIT_BYTES = 262_144

export type Serialization =
  | {
      readonly status: 'serialized'
      readonly id: string
      readonly type: string
      readonly json: string
      readonly sizeBytes: number
    }
  /** `reason` names the place, never the value. */
  | { readonly status: 'refused'; readonly reason: string }

export interface Stamps {
  /** @returns A fresh report id. */
  makeId(wallClockMs: number): string
  wallClockMs(): number
}

/**
 * Turns what the host handed over into JSON, as it stands at this moment. Absent `id` and `at` are
 * added to the text; the host's object is not touched. Never throws.
 */
export function serialize(given: unknown, stamps: Stamps): Serialization {
  try {
    return serializeObject(given, stamps)
  } catch {
    // A cycle is caught by its depth; what is left are BigInts, and getters, toJSON and proxies that throw.
    return refused('it cannot be turned into JSON')
  }
}

function serializeObject(given: unknown, stamps: Stamps): Serialization {
  if (typeof given !== 'object' || given === null) return refused(`it is ${nameOf(given)}`)
  // `type` and `rule` may still be anything: the host may be plain JavaScript.
  const report: { id?: unknown; at?: unknown; type?: unknown; rule?: unknown; toJSON?: unknown } =
    given
  if (typeof report.toJSON === 'function') return refused('it has a toJSON of its own')
  const { type } = report
  if (typeof type !== 'string' || !TYPES.has(type)) return refused('its type is none of the known')
  if (type === 'finding' && (typeof report.rule !== 'string' || report.rule === '')) {
    return refused('a finding needs a rule')
  }
  const obstacle = measure(given, REPORT_LIMIT_BYTES)
  if (obstacle !== undefined) return refused(obstacle)

  const { id: givenId } = report
  if (givenId !== undefined && (typeof givenId !== 'string' || !ID.test(givenId))) {
    return refused('its id is not 1 to 128 letters, digits, dots, underscores or hyphens')
  }
  const wallClockMs = stamps.wallClockMs()
  const id = typeof givenId === 'string' ? givenId : stamps.makeId(wallClockMs)
  const body = JSON.stringify(given)
  if (!body.startsWith('{"')) return refused('it does not become a JSON object')
  const idMember = givenId === undefined ? `"id":"${id}",` : ''
  const atMember = report.at === undefined ? `"at":${wallClockMs},` : ''
  const head = `{${idMember}${atMember}`
  // The head is ASCII. Measuring the pieces leaves it to the batch to put the text together.
  const sizeBytes = head.length - 1 + Buffer.byteLength(body)
  if (sizeBytes > REPORT_LIMIT_BYTES) return refused('it is larger than 256 KiB')
  const json = head + body.slice(1)
  return { status: 'serialized', id, type, json, sizeBytes }
}

const TYPES: ReadonlySet<string> = new Set<Report['type']>([
  'finding',
  'library',
  'route',
  'attack',
  'activity',
  'component',
])

const ID = /^[A-Za-z0-9._-]{1,128}$/

function nameOf(given: unknown): string {
  return given === null || given === undefined ? 'missing' : `a ${typeof given}`
}

function refused(reason: string): Serialization {
  return { status: 'refused', reason }
}
