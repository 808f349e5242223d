import { tmpdir } from 'node:os'

/** Fields that differ from run to run whatever they hold. */
const VOLATILE: Readonly<Record<string, string>> = {
  id: '<id>',
  at: '<time>',
  since: '<time>',
  until: '<time>',
  session: '<session>',
  sessionId: '<session>',
  session_id: '<session>',
}

const DURATION_NAME = /(?:Ms|[dD]uration|[eE]lapsed|_ms)$/

/** In this order: what is longer comes before what may stand in it. */
const IN_TEXT: readonly (readonly [RegExp, string])[] = [
  [/\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?/g, '<time>'],
  [/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/gi, '<uuid>'],
  [/(?<=(?:localhost|127\.0\.0\.1|\[::1\]|0\.0\.0\.0):)\d{2,5}\b/g, '<port>'],
  [/\b\d+(?:\.\d+)? ?(?:ms|µs)\b/g, '<duration>'],
]

/** A temporary folder, and the one name below it that is drawn anew each time. */
const TEMPORARY = new RegExp(
  `(?:${[tmpdir(), '/private/var/folders/', '/var/folders/', '/tmp/', '/private/tmp/']
    .map((path) => escaped(path.replace(/[/\\]$/, '')))
    .join('|')})[/\\\\][^/\\\\\\s"':)]+`,
  'g',
)

/**
 * Puts words in the place of what differs from run to run: ids, times, sessions, durations, ports of this
 * machine, UUIDs, temporary and working folders. Fields in the order of their names.
 */
export function scrub(value: unknown, name = ''): unknown {
  if (Object.hasOwn(VOLATILE, name) && typeof value !== 'object') return VOLATILE[name]
  if (typeof value === 'number') return DURATION_NAME.test(name) ? '<duration>' : value
  if (typeof value === 'string') return scrubText(value)
  if (Array.isArray(value)) return value.map((each) => scrub(each))
  if (typeof value !== 'object' || value === null) return value
  const fields = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1))
  return Object.fromEntries(fields.map(([field, inner]) => [field, scrub(inner, field)]))
}

function scrubText(text: string): string {
  const placeless = text.replaceAll(process.cwd(), '<cwd>').replace(TEMPORARY, '<tmp>')
  return IN_TEXT.reduce((scrubbed, [pattern, word]) => scrubbed.replace(pattern, word), placeless)
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
}
