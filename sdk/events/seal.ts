/**
 * A copy that nobody can change, all the way down, with every text made into another first. Dates are
 * copied; what is absent stays away.
 */
export function seal<Value extends object>(value: Value, change: (text: string) => string): Value {
  const entries = Object.entries(value).flatMap(([name, each]: [string, unknown]) =>
    each === undefined ? [] : [[name, sealOne(each, change)] as const],
  )
  return Object.freeze(Object.fromEntries(entries)) as Value
}

function sealOne(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === 'string') return change(value)
  if (value instanceof Date) return new Date(value)
  return typeof value === 'object' && value !== null ? seal(value, change) : value
}
