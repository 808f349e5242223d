/** The longest that a server may send us away for: 5 minutes. */
export const RETRY_AFTER_LIMIT_MS = 300_000

/**
 * Reads how long TeamServer asks us to wait.
 *
 * @param header `Retry-After`: seconds or an HTTP date; `null` when absent.
 * @param wallClockMs What a date is measured from, in milliseconds since 1970.
 * @returns Milliseconds, 0 to 300 000; `undefined` for a moment that has passed and for any other shape,
 *   since a bad header must not stop a report.
 * @see RFC 9110, section 10.2.3
 */
export function retryAfterMs(header: string | null, wallClockMs: number): number | undefined {
  const text = header?.trim() ?? ''
  if (SECONDS.test(text)) return Math.min(Number(text) * 1_000, RETRY_AFTER_LIMIT_MS)
  if (!HTTP_DATE.test(text)) return undefined
  const waitMs = Date.parse(text) - wallClockMs
  return waitMs > 0 ? Math.min(waitMs, RETRY_AFTER_LIMIT_MS) : undefined
}

/** More forgiving than the RFC's whole digits: `1.5` and `1e9` say clearly what is meant. */
const SECONDS = /^\d+(\.\d+)?(e\d+)?$/i

/** Weekday first, zone last. Left to itself `Date.parse()` takes `-1` for a year. */
const HTTP_DATE = /^(Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*,? [\w :-]+ GMT$/
