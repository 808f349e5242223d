// Makes mock-server/catalog/: what the mock knows of the documented REST API, names and types alone.
//
//   node scripts/make-catalog.mjs <reference.json>
//
// The argument is a reading of the public API reference
// (github.com/Contrast-Security-OSS/contrast-teamserver-api-docs): endpoints and objects by name and
// type, without descriptions. What that reference lacks stands in scripts/catalog/.
import { readFileSync, writeFileSync } from 'node:fs'
import { fieldType, templateType } from './catalog/types.mjs'
import { SAME_SHAPE, SEEN_IN_USE, UNDOCUMENTED_OBJECTS } from './catalog/undocumented.mjs'

/**
 * @typedef {{ in: string, name: string, type: string, required: boolean, enum?: string[] }} Parameter
 * @typedef {{
 *   version: 'v1' | 'v2' | 'v3', method: string, path: string, roles: string[] | null,
 *   params?: Parameter[], response: { object?: string, type?: string }, produces: string[],
 * }} Endpoint
 * @typedef {{ fields: Record<string, string>, templateOnly?: Record<string, string> }} DocumentedObject
 * @typedef {import('./catalog/types.mjs').FieldType} FieldType
 */

/** @type {{ meta: { source: string, commit: string, commitDate: string }, endpoints: Endpoint[], objects: Record<string, Record<string, DocumentedObject>> }} */
const { meta, endpoints, objects } = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8'))

const OUT = new URL('../mock-server/catalog/', import.meta.url)

/** @type {Record<string, Record<string, FieldType>>} */
const kept = {}
const routes = [
  ...endpoints.map(routeOf),
  ...SEEN_IN_USE.map(([method, path, roles, answer]) => {
    return [method, path, roles, keep('v3', answer), { isSeenInUse: true }]
  }),
]

const sorted = Object.entries(kept).sort(([one], [other]) => (one < other ? -1 : 1))
writeFileSync(
  new URL('catalog.json', OUT),
  `{"source":${JSON.stringify(`${meta.source} at ${meta.commit.slice(0, 8)} (${meta.commitDate})`)},
"undocumented":${JSON.stringify(Object.keys(UNDOCUMENTED_OBJECTS))},
"routes":[\n${routes.map((route) => JSON.stringify(route)).join(',\n')}\n],
"objects":{\n${sorted.map(([name, fields]) => `${JSON.stringify(name)}:${JSON.stringify(fields)}`).join(',\n')}\n}}\n`,
)
writeFileSync(
  new URL('fixed-words.ts', OUT),
  `// Made by scripts/make-catalog.mjs: do not edit.

/**
 * Words of documented paths that stand where another path has a variable: with one of these in the
 * place of a variable, a path may mean another route.
 */
export const FIXED_WORDS: ReadonlySet<string> = new Set(
  (
${linesOf(fixedWords()).join(' +\n')}
  ).split(' '),
)
`,
)

/**
 * @param {Endpoint} endpoint
 * @returns {readonly unknown[]} Method, path, least role, answer, and what is special.
 */
function routeOf({ version, method, path, roles, params = [], response, produces }) {
  const given = params.filter(({ in: where }) => where === 'path')
  const required = params.filter((each) => each.in === 'query' && each.required)
  const words = given.filter((each) => each.enum !== undefined)
  const numbers = given.filter(({ type, name }) => {
    return (
      /^(long|server|organizationsecuritycontrol|webhook|vulnerabilitytrendfilterview)$/.test(
        type,
      ) && path.includes(`{${name}}`)
    )
  })
  const special = {
    ...(version === 'v3' ? {} : { version }),
    ...(produces[0] === 'application/json' ? {} : { type: produces[0] }),
    ...(required.length === 0 ? {} : { required: required.map(({ name }) => name) }),
    ...(words.length === 0
      ? {}
      : { words: Object.fromEntries(words.map((each) => [each.name, each.enum])) }),
    ...(numbers.length === 0 ? {} : { numbers: numbers.map(({ name }) => name) }),
  }
  const answer = response.object === undefined ? response.type : keep(version, response.object)
  return [
    method,
    path.replaceAll('{orgUuid}', ':org').replace(/\{(\w+)\}/g, ':$1'),
    leastRole(roles),
    answer,
    ...(Object.keys(special).length === 0 ? [] : [special]),
  ]
}

/**
 * The documented roles always reach up from one. A page that names none does not say that everyone
 * may call: it stands as null.
 *
 * @param {string[] | null} roles
 */
function leastRole(roles) {
  return roles?.[0] ?? null
}

/**
 * Keeps an object with all that it holds.
 *
 * @param {string} version
 * @param {string} wanted
 * @returns {string} Its name here.
 */
function keep(version, wanted) {
  const name = SAME_SHAPE[/** @type {keyof typeof SAME_SHAPE} */ (wanted)] ?? wanted
  const undocumented = version === 'v2' ? undefined : UNDOCUMENTED_OBJECTS[name]
  if (undocumented !== undefined) {
    if (kept[name] !== undefined) return name
    kept[name] = undocumented
    for (const type of Object.values(undocumented)) keepType('v3', type)
    return name
  }
  const group = version === 'v2' ? 'v2' : 'v3'
  const object = objects[group]?.[name]
  if (object === undefined) return name
  const key = version === 'v2' ? `v2 ${name}` : name
  if (kept[key] !== undefined) return key
  /** @param {string} type */
  const objectNamed = (type) => {
    return Object.keys(objects[group] ?? {}).find(
      (each) => each.toLowerCase() === type.toLowerCase(),
    )
  }
  /** @type {Record<string, FieldType>} */
  const fields = {}
  kept[key] = fields
  for (const [field, type] of Object.entries(object.fields)) {
    fields[field] = keepType(version, fieldType(name, field, type, objectNamed))
  }
  for (const [field, type] of Object.entries(object.templateOnly ?? {})) {
    fields[field] = keepType(version, templateType(name, field, type))
  }
  return key
}

/**
 * @param {string} version
 * @param {FieldType} type
 * @returns {FieldType}
 */
function keepType(version, type) {
  if (typeof type === 'string') return isObject(type) ? keep(version, type) : type
  const [element] = type
  // The elements of version 2 are documented by nobody.
  if (element === undefined || version === 'v2') return []
  return [isObject(element) ? keep(version, element) : element]
}

/** @param {string} type */
function isObject(type) {
  return /^[A-Z]/.test(type)
}

function fixedWords() {
  const paths = routes.map(([, path]) => String(path).split('/'))
  /** @type {Set<string>} */
  const words = new Set()
  for (const path of paths) {
    path.forEach((word, at) => {
      if (word === '' || word.startsWith(':')) return
      const isVariableElsewhere = paths.some(
        (other) =>
          other[at]?.startsWith(':') &&
          other.length === path.length &&
          other.every((each, place) => {
            return each.startsWith(':') || path[place]?.startsWith(':') || each === path[place]
          }),
      )
      if (isVariableElsewhere) words.add(word)
    })
  }
  return [...words].sort()
}

/**
 * @param {readonly string[]} words
 * @returns {readonly string[]} Lines of source text.
 */
function linesOf(words) {
  const lines = ['']
  for (const word of words) {
    const last = lines.length - 1
    if (`${lines[last]}${word}`.length > 84) lines.push('')
    lines[lines.length - 1] += `${word} `
  }
  return lines.map((line, at) => `    '${at === lines.length - 1 ? line.trimEnd() : line}'`)
}
