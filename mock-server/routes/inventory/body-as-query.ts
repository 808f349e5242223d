/**
 * The fields of a filter that came as a body, beside those of the query: both are then read in one
 * way. What is null or empty means absent.
 */
export function withBody(query: URLSearchParams, body: object): URLSearchParams {
  const all = new URLSearchParams(query)
  for (const [name, value] of Object.entries(body)) {
    for (const each of [value].flat()) {
      if (each !== null && each !== undefined && each !== '') all.append(name, String(each))
    }
  }
  return all
}
