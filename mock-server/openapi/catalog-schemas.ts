import { type FieldType, readCatalog } from '../catalog/catalog.ts'

type Schema = Readonly<Record<string, unknown>>

/** A text that may be missing: strict clients take null for it. */
const TEXT: Schema = { type: ['string', 'null'] }

const PLAIN: Readonly<Record<string, Schema>> = {
  string: TEXT,
  enum: TEXT,
  boolean: { type: 'boolean' },
  verdict: { type: ['boolean', 'null'] },
  integer: { type: 'integer' },
  number: { type: 'number' },
  date: { description: 'Milliseconds since 1970.', type: ['integer', 'null'] },
  object: { type: ['object', 'null'] },
}

/** Where a resource can be read. */
const LINK: Schema = {
  type: 'object',
  required: ['href', 'rel', 'method'],
  properties: {
    href: { type: 'string' },
    rel: { type: 'string' },
    method: { type: 'string' },
  },
}

/**
 * Documented objects as JSON Schemas, with all that they hold.
 *
 * @param names Those of the catalog are taken; others are somebody else's.
 */
export function catalogSchemas(names: Iterable<string>): Readonly<Record<string, Schema>> {
  const { objects } = readCatalog()
  const schemas: Record<string, Schema> = {}
  function keep(name: string): void {
    const fields = objects[name]
    if (fields === undefined || schemaName(name) in schemas) return
    const properties: Record<string, Schema> = {}
    schemas[schemaName(name)] = { type: 'object', properties }
    for (const [field, type] of Object.entries(fields)) {
      properties[field] = field === 'links' ? listOf(reference('Link')) : schemaOf(type)
      keep(typeof type === 'string' ? type : (type[0] ?? ''))
    }
  }
  for (const name of names) keep(name)
  return Object.keys(schemas).length === 0 ? {} : { ...schemas, Link: LINK }
}

/** The name of a documented object among the components of an OpenAPI document. */
export function schemaName(name: string): string {
  return name.replaceAll(' ', '')
}

function schemaOf(type: FieldType): Schema {
  if (typeof type === 'string') {
    return PLAIN[type] ?? { anyOf: [reference(type), { type: 'null' }] }
  }
  const [element] = type
  return listOf(element === undefined ? {} : (PLAIN[element] ?? reference(element)))
}

function listOf(items: Schema): Schema {
  return { type: 'array', items }
}

function reference(name: string): Schema {
  return { $ref: `#/components/schemas/${schemaName(name)}` }
}
