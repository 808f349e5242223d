// Compiles the shapes that the mock TeamServer reads into plain code.
import { readFileSync, writeFileSync } from 'node:fs'
import { Ajv2020 } from 'ajv/dist/2020.js'
import standaloneCode from 'ajv/dist/standalone/index.js'
import { transformSync } from 'esbuild'

/** The messages of the wire that a TeamServer reads. */
const MESSAGES = [
  'CreateApplicationRequest',
  'CreateSessionRequest',
  'PreflightRequest',
  'ReportBatchRequest',
  'HeartbeatRequest',
  'FindingReport',
  'LibraryReport',
  'RouteReport',
  'AttackReport',
  'ActivityReport',
  'ComponentReport',
]

/** Folders of routes that read bodies, each with the shapes of its requests. */
const AREAS = [
  'keys',
  'people',
  'security',
  'vulnerabilities',
  'applications',
  'tags',
  'policies',
  'inventory',
  'exports',
]

export function compileValidators() {
  // Of a message, fields that are not known are dropped, not refused.
  compile('sdk/wire/schemas.json', MESSAGES, 'mock-server/messages/validators.generated.js', {
    removeAdditional: true,
  })
  for (const area of AREAS) {
    const schema = `mock-server/routes/${area}/${area}.schema.json`
    const requests = Object.keys(
      JSON.parse(readFileSync(new URL(`../${schema}`, import.meta.url), 'utf8')).$defs,
    )
    compile(
      schema,
      requests.filter((name) => name.endsWith('Request')),
      `mock-server/routes/${area}/validators.generated.js`,
      {
        removeAdditional: true,
      },
    )
  }
  writeFieldNames()
  // Of a file that a person wrote, every mistake is told.
  compile(
    'mock-server/seed/seed.schema.json',
    ['Seed'],
    'mock-server/seed/validator.generated.js',
    {
      allErrors: true,
    },
  )
}

/**
 * Every field name of the protocol, which may be named in a sentence without repeating the sender: a list,
 * so that nobody carries the shapes themselves along for it.
 */
function writeFieldNames() {
  const files = [
    'sdk/wire/schemas.json',
    ...AREAS.map((area) => `mock-server/routes/${area}/${area}.schema.json`),
  ]
  const names = new Set(
    files.flatMap((file) => {
      return fieldNamesOf(JSON.parse(readFileSync(new URL(`../${file}`, import.meta.url), 'utf8')))
    }),
  )
  writeFileSync(
    new URL('../mock-server/messages/field-names.generated.js', import.meta.url),
    `export const FIELD_NAMES = new Set(${JSON.stringify([...names].sort().join(' '))}.split(' '))\n`,
  )
}

/**
 * @param {unknown} schema
 * @returns {readonly string[]}
 */
function fieldNamesOf(schema) {
  if (typeof schema !== 'object' || schema === null) return []
  return Object.entries(schema).flatMap(([key, value]) => {
    const own = key === 'properties' && typeof value === 'object' ? Object.keys(value ?? {}) : []
    return [...own, ...fieldNamesOf(value)]
  })
}

/**
 * @param {string} from
 * @param {readonly string[]} names
 * @param {string} to
 * @param {import('ajv').Options} options
 */
function compile(from, names, to, options) {
  // Descriptions are for readers; in the code they would only be carried along.
  const schemas = JSON.parse(
    readFileSync(new URL(`../${from}`, import.meta.url), 'utf8'),
    (key, value) => (key === 'description' && typeof value === 'string' ? undefined : value),
  )
  const ajv = new Ajv2020({
    ...options,
    unicodeRegExp: false,
    // Lengths are UTF-16 units, so that the code needs nothing of Ajv at run time; Ajv calls this
    // option deprecated, and only that is silenced: strict mode throws.
    unicode: false,
    logger: false,
    strict: true,
    strictTypes: false,
    code: { source: true, esm: true },
  })
  ajv.addSchema(schemas)
  const references = Object.fromEntries(
    names.map((name) => [name, `${schemas.$id}#/$defs/${name}`]),
  )
  const code = standaloneCode.default(ajv, references)
  if (/\brequire\(|new Function/.test(code)) throw new Error(`${to} would not be plain code`)
  const { code: small } = transformSync(code, { format: 'esm', minify: true })
  writeFileSync(new URL(`../${to}`, import.meta.url), small)
}
