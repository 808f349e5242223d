import { type Catalog, type FieldType, readCatalog } from '../../../mock-server/catalog/catalog.ts'
import { ENVELOPE, MORE_FIELDS } from './more-fields.ts'

/**
 * What is wrong with an answer, measured by a documented object: every field that the documentation
 * does not have (but for those of `MORE_FIELDS`), and every value of another type, at any depth.
 *
 * @returns One sentence for each, none when all is well.
 */
export function faultsOf(document: unknown, type: FieldType): readonly string[] {
  return faultsAt('$', document, type, readCatalog())
}

function faultsAt(place: string, value: unknown, type: FieldType, catalog: Catalog): string[] {
  if (typeof type !== 'string') return listFaults(place, value, type, catalog)
  const test = TYPES[type]
  if (test !== undefined) return test(value) ? [] : [`${place} is ${shown(value)}, not ${type}`]
  const documented = catalog.objects[type]
  if (documented === undefined) return [`${place}: the catalog has no ${type}`]
  if (value === null && place !== '$') return []
  if (!isObject(value)) return [`${place} is ${shown(value)}, not ${type}`]
  const fields = { ...(place === '$' ? ENVELOPE : {}), ...documented, ...MORE_FIELDS[type] }
  return Object.entries(value).flatMap(([name, inner]) => {
    const at = `${place}.${name}`
    const innerType = Object.hasOwn(fields, name) ? fields[name] : undefined
    if (innerType === undefined) return [`${at} is no field of ${type}`]
    if (name === 'links') return listFaults(at, inner, ['Link'], catalog, linkFaults)
    return faultsAt(at, inner, innerType, catalog)
  })
}

function listFaults(
  place: string,
  value: unknown,
  [element]: readonly string[],
  catalog: Catalog,
  faultsOfOne = faultsAt,
): string[] {
  if (!Array.isArray(value)) return [`${place} is ${shown(value)}, not a list`]
  if (element === undefined) return []
  return value.flatMap((each, at) => faultsOfOne(`${place}[${at}]`, each, element, catalog))
}

/** Links as the documentation describes them once for all: where to, what it is, and how to ask. */
function linkFaults(place: string, value: unknown): string[] {
  const isLink =
    isObject(value) &&
    Object.keys(value).sort().join() === 'href,method,rel' &&
    Object.values(value).every((each) => typeof each === 'string' && each !== '') &&
    /^https?:\/\/\S+$/.test(String(value.href)) &&
    /^(GET|PUT|POST|DELETE)$/.test(String(value.method))
  return isLink ? [] : [`${place} is ${shown(value)}, not a link`]
}

const TYPES: Readonly<Record<string, (value: unknown) => boolean>> = {
  string: (value) => value === null || typeof value === 'string',
  enum: (value) => value === null || (typeof value === 'string' && value !== ''),
  boolean: (value) => typeof value === 'boolean',
  verdict: (value) => value === null || typeof value === 'boolean',
  integer: (value) => Number.isSafeInteger(value),
  number: (value) => Number.isFinite(value),
  // Milliseconds, as strict clients read them.
  date: (value) => value === null || Number.isSafeInteger(value),
  object: (value) => value === null || isObject(value),
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function shown(value: unknown): string {
  return (JSON.stringify(value) ?? 'undefined').slice(0, 60)
}
