import { inspect } from 'node:util'

/** Everything that can be read of a value: its JSON, what `inspect` shows, and each `Buffer` in it. */
export function shown(value: unknown): string {
  return [
    inspect(value, { depth: 10, maxArrayLength: null, maxStringLength: null }),
    String(value),
    JSON.stringify(value, (_name, inner) => (inner instanceof Map ? [...inner] : inner)) ?? '',
    ...buffersIn(value),
    ...errorsIn(value),
  ].join('\n')
}

/** What `inspect` writes with spaces and JSON with commas. */
function buffersIn(value: unknown): readonly string[] {
  if (Buffer.isBuffer(value)) return [value.toString('latin1'), value.toString('hex')]
  if (typeof value !== 'object' || value === null) return []
  const inner = value instanceof Map ? [...value].flat() : Object.values(value)
  return inner.flatMap(buffersIn)
}

/** What JSON leaves out of an error. */
function errorsIn(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.flatMap(errorsIn)
  if (!(value instanceof Error)) return []
  return [value.message, value.stack ?? '', ...errorsIn(value.cause)]
}
