/** One value that a list can be filtered by, and how many there are of it. */
export interface FilterEntry {
  readonly keycode: string
  readonly label: string
  readonly count: number
}

/**
 * Counts values for a listing of filters, most first and then by name.
 *
 * @param labels What people read in place of a value.
 */
export function filterEntries(
  values: Iterable<string>,
  labels: ReadonlyMap<string, string> = new Map(),
): readonly FilterEntry[] {
  const counts = new Map<string, number>()
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1)
  return [...counts]
    .map(([keycode, count]) => ({ keycode, label: labels.get(keycode) ?? keycode, count }))
    .sort((one, other) => other.count - one.count || (one.label < other.label ? -1 : 1))
}
