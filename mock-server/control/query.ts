import { TeamServerError } from '../errors.ts'
import { named } from './body.ts'

/**
 * The parameters of a query, of which those that are empty count as left out.
 *
 * @throws `ERR_OPTION_INVALID`, naming what is unknown or stands there twice: a misspelt filter would
 *   otherwise be none.
 */
export function checkedQuery(text: string, known: readonly string[]): URLSearchParams {
  const query = new URLSearchParams(text)
  const names = [...query.keys()]
  const unknown = names.filter((name) => !known.includes(name))
  if (unknown.length > 0) {
    const takes = known.length === 0 ? 'no parameters' : known.join(', ')
    throw mistake(`the query knows no ${named(unknown)}; it takes ${takes}`)
  }
  const twice = names.find((name, index) => names.indexOf(name) !== index)
  if (twice !== undefined) throw mistake(`${twice} stands in the query twice`)
  for (const name of names) if (query.get(name) === '') query.delete(name)
  return query
}

/** @throws `ERR_OPTION_INVALID` */
export function wholeNumberIn(
  query: URLSearchParams,
  name: string,
  [from, to]: readonly [number, number],
): number | undefined {
  const text = query.get(name)
  if (text === null) return undefined
  const value = /^\d{1,10}$/.test(text) ? Number(text) : Number.NaN
  if (value >= from && value <= to) return value
  throw mistake(`${name} must be a whole number from ${from} to ${to}`)
}

/** A moment, in milliseconds. @throws `ERR_OPTION_INVALID` */
export function momentIn(query: URLSearchParams, name: string): number | undefined {
  const text = query.get(name)
  if (text === null) return undefined
  const moment = /^\d+$/.test(text) ? Number(text) : Date.parse(text)
  if (!Number.isNaN(new Date(moment).getTime())) return moment
  throw mistake(`${name} must be ISO 8601 or milliseconds`)
}

/** A JSON object. @throws `ERR_OPTION_INVALID` */
export function objectIn(query: URLSearchParams, name: string): Readonly<Record<string, unknown>> {
  const text = query.get(name)
  if (text === null) return {}
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value }
  } catch {
    // The parser's own message quotes the text.
  }
  throw mistake(`${name} must be a JSON object`)
}

function mistake(message: string): TeamServerError {
  return new TeamServerError('ERR_OPTION_INVALID', message)
}
