/** Puts an entry at the end; past the limit the one that stands longest goes. */
export function putNewest<Value>(
  map: Map<string, Value>,
  key: string,
  value: Value,
  limit: number,
): void {
  // The only one is the newest already.
  if (map.size > 1) map.delete(key)
  map.set(key, value)
  if (map.size <= limit) return
  for (const oldest of map.keys()) {
    map.delete(oldest)
    return
  }
}
