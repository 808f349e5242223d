import { refusal } from '../../core/answer.ts'
import type { Answer } from '../../core/exchange.ts'

/**
 * Reads the parameters of a query the way public clients write them: an empty value means absent,
 * booleans stand in any case, lists are repeated, joined by commas, or named `name[]` (a comma then is
 * part of a value). What cannot be read is remembered, so that one refusal names all of it.
 */
export interface QueryReader {
  text(name: string): string | undefined
  list(name: string): readonly string[]
  /** Each value as it is, commas and all. */
  whole(name: string): readonly string[]
  /** True, false, or undefined when it is absent. */
  flag(name: string): boolean | undefined
  /** From 0. */
  wholeNumber(name: string): number | undefined
  /** In milliseconds since 1970, or in ISO 8601. */
  moment(name: string): Date | undefined
  /** One of these words, whatever its case. */
  choice<Word extends string>(name: string, words: readonly Word[]): Word | undefined
  /** Several of these words, whatever their case. */
  choices<Word extends string>(name: string, words: readonly Word[]): readonly Word[]
  /** A parameter that has to be there. */
  required<Value>(name: string, value: Value | undefined): Value
  page(): Page
  sort<Field extends string>(fields: readonly Field[]): Sort<Field> | undefined
  /** What is to be in the answer beside what always is. Words that mean nothing here are let be. */
  expand(): ReadonlySet<string>
  /** Remembers what is wrong with a parameter. */
  mistake(sentence: string): void
  /** 400, naming every parameter that could not be read; undefined when all could. */
  refusal(): Answer | undefined
}

export interface Page {
  readonly offset: number
  /** Infinity without one. */
  readonly limit: number
}

export interface Sort<Field extends string> {
  readonly field: Field
  readonly isDescending: boolean
}

export function createQueryReader(query: URLSearchParams): QueryReader {
  const mistakes: string[] = []
  const wanted = (sentence: string) => void mistakes.push(sentence)

  const valuesOf = (name: string) =>
    [...query.getAll(name), ...query.getAll(`${name}[]`)].filter((value) => value !== '')

  const reader: QueryReader = {
    text: (name) => valuesOf(name)[0],
    list: (name) =>
      [...query.getAll(name).flatMap((value) => value.split(',')), ...query.getAll(`${name}[]`)]
        .map((value) => value.trim())
        .filter((value) => value !== ''),
    whole: valuesOf,
    flag(name) {
      const value = reader.text(name)?.toLowerCase()
      if (value === undefined) return undefined
      if (value === 'true' || value === 'false') return value === 'true'
      wanted(`${name} must be true or false`)
      return undefined
    },
    wholeNumber(name) {
      const value = reader.text(name)
      if (value === undefined) return undefined
      if (/^\d{1,9}$/.test(value)) return Number(value)
      wanted(`${name} must be a whole number from 0`)
      return undefined
    },
    moment(name) {
      const value = reader.text(name)
      if (value === undefined) return undefined
      const moment = new Date(/^-?\d{1,16}$/.test(value) ? Number(value) : Date.parse(value))
      if (!Number.isNaN(moment.getTime())) return moment
      wanted(`${name} must be ISO 8601 or milliseconds`)
      return undefined
    },
    choice(name, words) {
      const value = reader.text(name)
      if (value === undefined) return undefined
      const found = wordIn(words, value)
      if (found === undefined) wanted(`${name} must be one of ${words.join(', ')}`)
      return found
    },
    choices(name, words) {
      const found = reader.list(name).map((value) => wordIn(words, value))
      if (found.includes(undefined)) wanted(`${name} must be of ${words.join(', ')}`)
      return found.filter((word) => word !== undefined)
    },
    required(name, value) {
      if (value === undefined && !mistakes.some((sentence) => sentence.startsWith(`${name} `))) {
        wanted(`${name} is missing`)
      }
      // What is refused below is never read.
      return value as NonNullable<typeof value>
    },
    page() {
      const offset = reader.wholeNumber('offset') ?? 0
      // As old clients ask for everything.
      const limit = reader.text('limit') === '-1' ? undefined : reader.wholeNumber('limit')
      return { offset, limit: limit ?? Number.POSITIVE_INFINITY }
    },
    sort(fields) {
      const value = reader.text('sort')
      if (value === undefined) return undefined
      const isDescending = value.startsWith('-')
      const field = wordIn(fields, isDescending ? value.slice(1) : value)
      if (field !== undefined) return { field, isDescending }
      wanted(`sort must be one of ${fields.join(', ')}, with - in front for descending`)
      return undefined
    },
    expand: () => new Set(reader.list('expand').map((word) => word.toLowerCase())),
    mistake: wanted,
    refusal: () =>
      mistakes.length === 0
        ? undefined
        : refusal('request-malformed', { where: [...new Set(mistakes)].join('; ') }),
  }
  return reader
}

function wordIn<Word extends string>(words: readonly Word[], value: string): Word | undefined {
  return words.find((word) => word.toLowerCase() === value.toLowerCase())
}

/** The part of a list that a page shows. */
export function pageOf<Item>(items: readonly Item[], { offset, limit }: Page): readonly Item[] {
  return items.slice(offset, offset + limit)
}

/** A body as the query that would say the same: what a list holds stands as `name[]`. */
export function queryOf(
  query: URLSearchParams,
  body: Readonly<Record<string, unknown>>,
): URLSearchParams {
  const joined = new URLSearchParams(query)
  for (const [name, value] of Object.entries(body)) {
    if (Array.isArray(value)) {
      for (const each of value) joined.append(`${name}[]`, textOf(each))
    } else if (value !== null && value !== undefined) joined.append(name, textOf(value))
  }
  return joined
}

function textOf(value: unknown): string {
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}
