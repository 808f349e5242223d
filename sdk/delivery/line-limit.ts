/** Lines of one kind are said once a minute at most. */
const PERIOD_MS = 60_000

/**
 * Lets one line of a kind through per minute; the next one says how many were left out.
 *
 * @param now The clock that only goes forward, in milliseconds.
 */
export function createLineLimit(
  now: () => number,
): (kind: string, line: string, say: (line: string) => void) => void {
  const kinds = new Map<string, { saidAtMs: number; leftOut: number }>()
  return (kind, line, say) => {
    const known = kinds.get(kind)
    if (known !== undefined && now() - known.saidAtMs < PERIOD_MS) {
      known.leftOut += 1
      return
    }
    kinds.set(kind, { saidAtMs: now(), leftOut: 0 })
    say(
      known !== undefined && known.leftOut > 0
        ? `${line} (and ${known.leftOut} more like it)`
        : line,
    )
  }
}
