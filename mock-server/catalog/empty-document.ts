import type { Catalog, FieldType } from './catalog.ts'

/** What is in the place of a text, a number, … of which there is none. */
const EMPTY: Readonly<Record<string, unknown>> = {
  boolean: false,
  integer: 0,
  number: 0,
  string: '',
  // A strict client knows no empty word.
  date: null,
  enum: null,
  object: null,
  verdict: null,
}

/**
 * A documented object of which there is nothing: no entries, zero counts, empty texts. Objects within
 * stand there in the same way, so that whoever reads a field of theirs finds it.
 *
 * @returns Undefined when the catalog has no such object.
 */
export function emptyObject(
  catalog: Catalog,
  name: string,
  messages: readonly string[],
): Readonly<Record<string, unknown>> | undefined {
  if (catalog.objects[name] === undefined) return undefined
  return { ...filled(catalog, name, []), ...saying(catalog, name, messages) }
}

function filled(catalog: Catalog, name: string, within: readonly string[]): object {
  const fields = Object.entries(catalog.objects[name] ?? {})
  return Object.fromEntries(
    fields.map(([field, type]) => [field, emptyField(catalog, type, [...within, name])]),
  )
}

function emptyField(catalog: Catalog, type: FieldType, within: readonly string[]): unknown {
  if (typeof type !== 'string') return []
  if (type in EMPTY) return EMPTY[type]
  // An object within itself has to end somewhere.
  return within.includes(type) ? null : filled(catalog, type, within)
}

/** Success, and what there is to say, where the object has a place for it. */
function saying(catalog: Catalog, name: string, messages: readonly string[]): object {
  const fields = catalog.objects[name] ?? {}
  return {
    ...('success' in fields ? { success: true } : {}),
    ...('messages' in fields ? { messages } : {}),
  }
}
