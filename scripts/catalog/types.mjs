import { LIST_ELEMENTS } from './list-elements.mjs'

/**
 * The type of a field: text, a word of some list, a whole number, …, the name of an object, or a list
 * with what it holds, or of who knows what.
 *
 * @typedef {string | readonly [] | readonly [string]} FieldType
 */

const LISTS = /^(list|set|collection|array)$/
const INTEGERS = /^(long|int|integer)$/

/** Types without a page that the templates show as objects. */
const OBJECTS =
  /^(isnippet|istory|map|object|ngapplicationtracebaseresource|routecoverageabsolutepolicyresource|freetrialstate|vulnerabilitygridapplicationitem|vulnerabilitygridbugtrackeritem|pendingstatusitem|undefined)$/

/**
 * Numbers that may be null, which is how a moment is written that has not come.
 *
 * @type {ReadonlySet<string>}
 */
const MOMENTS = new Set(['TraceResource.closed_time'])

/**
 * Booleans that may be null: nothing was decided.
 *
 * @type {ReadonlySet<string>}
 */
const VERDICTS = new Set(['Security Check Resource.result'])

/** Types of a JSON template. */
const TEMPLATE = /** @type {Readonly<Record<string, FieldType>>} */ ({
  array: [],
  boolean: 'boolean',
  number: 'integer',
  object: 'object',
  string: 'string',
})

/** Lists of text, whatever object they stand in. */
const TEXTS = /^(messages|tags)$/

/**
 * The type of a field in few words.
 *
 * @param {string} object
 * @param {string} field
 * @param {string} type As documented.
 * @param {(name: string) => string | undefined} objectNamed The object of this name, in any case.
 * @returns {FieldType}
 */
export function fieldType(object, field, type, objectNamed) {
  if (LISTS.test(type)) return listType(object, field)
  if (MOMENTS.has(`${object}.${field}`)) return 'date'
  if (VERDICTS.has(`${object}.${field}`)) return 'verdict'
  if (INTEGERS.test(type)) return 'integer'
  if (type === 'string' || type === 'boolean') return type
  if (type === 'double') return 'number'
  if (/^(date|instant|localdate|localdatetime)$/.test(type)) return 'date'
  if (OBJECTS.test(type)) return 'object'
  return objectNamed(type) ?? 'enum'
}

/**
 * The type of a field that only the JSON template shows.
 *
 * @param {string} object
 * @param {string} field
 * @param {string} type
 * @returns {FieldType}
 */
export function templateType(object, field, type) {
  return type === 'array' ? listType(object, field) : (TEMPLATE[type] ?? 'object')
}

/**
 * @param {string} object
 * @param {string} field
 * @returns {FieldType}
 */
function listType(object, field) {
  if (TEXTS.test(field)) return ['string']
  const element = LIST_ELEMENTS[`${object}.${field}`]
  return element === undefined ? [] : [element]
}
