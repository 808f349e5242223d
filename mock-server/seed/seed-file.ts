import { readFileSync, statSync } from 'node:fs'
import { type Document, isNode, LineCounter, parseDocument } from 'yaml'
import type { OrganizationSeed } from '../administration/organizations.ts'
import type { PersonSeed } from '../administration/person-seed.ts'
import { TeamServerError } from '../errors.ts'
import type { ValidationError } from '../messages/validators.generated.js'
import type { PasswordPolicy } from '../passwords/password-policy.ts'
import type { KeyPolicies } from '../store/records.ts'
import { mistakesInSeed } from './seed-mistakes.ts'
import { Seed } from './validator.generated.js'

/** What `--config` may say: who is there from the start, with fixed keys where they are wanted. */
export interface SeedFile {
  readonly organizations?: readonly OrganizationInFile[]
  /** Superadmins and observers. */
  readonly people?: readonly PersonSeed[]
  /** What is left out keeps the values of the documented forms. */
  readonly keyPolicy?: Partial<KeyPolicies>
  readonly passwordPolicy?: Partial<PasswordPolicy>
  readonly trustedProxies?: readonly string[]
  readonly failedAttemptsPerMinute?: number
  readonly scryptCost?: number
}

export interface OrganizationInFile extends OrganizationSeed {
  readonly people?: readonly PersonSeed[]
  readonly addressRanges?: {
    readonly ranges: readonly string[]
    readonly appliesToAgents?: boolean
  }
}

/** A mistake and the line it stands in. */
interface Mistake {
  readonly line: number
  readonly text: string
}

const LARGEST_BYTES = 1_048_576

/**
 * Reads a seed file.
 *
 * @throws `ERR_CONFIG_FILE`, naming every mistake with its line and field, and no key.
 */
export function readSeedFile(file: string): SeedFile {
  const text = readText(file)
  const lines = new LineCounter()
  // Pretty errors quote the line, and with it the keys that stand there.
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false })
  const lineAt = (offset: number) => lines.linePos(offset).line
  const broken = document.errors.map((error) => ({
    line: lineAt(error.pos[0]),
    text: `is not YAML here (${error.code.toLowerCase().replaceAll('_', ' ')})`,
  }))
  if (broken.length > 0) throw mistakesIn(file, broken)

  const value = toValue(document, file)
  if (value === null) throw mistakesIn(file, [{ line: 1, text: 'the file is empty' }])
  const lineOf = (path: readonly string[]) => lineAt(offsetOf(document, path))
  if (!Seed(value)) {
    throw mistakesIn(
      file,
      (Seed.errors ?? []).map((error) => explain(error, lineOf)),
    )
  }
  const found = mistakesInSeed(value).map(({ path, text }) => ({
    line: lineOf(path),
    text: `${fieldName(path)} ${text}`,
  }))
  if (found.length > 0) throw mistakesIn(file, found)
  return value
}

function readText(file: string): string {
  try {
    // A pipe is as good as a file: a shell makes one of `--config <(…)`.
    if (statSync(file).isDirectory()) {
      throw new TeamServerError('ERR_CONFIG_FILE', `${file}: it is no regular file`)
    }
    const bytes = readFileSync(file)
    if (bytes.length > LARGEST_BYTES) {
      throw new TeamServerError('ERR_CONFIG_FILE', `${file}: larger than ${LARGEST_BYTES} bytes`)
    }
    return bytes.toString('utf8')
  } catch (cause) {
    if (cause instanceof TeamServerError) throw cause
    const code = cause instanceof Error && 'code' in cause ? cause.code : 'unknown error'
    const what = code === 'ENOENT' ? 'there is no such file' : `it cannot be read (${code})`
    throw new TeamServerError('ERR_CONFIG_FILE', `${file}: ${what}`, { cause })
  }
}

function toValue(document: Document.Parsed, file: string): unknown {
  try {
    return document.toJS({ maxAliasCount: 100 })
  } catch (cause) {
    throw new TeamServerError('ERR_CONFIG_FILE', `${file}: an alias leads nowhere`, { cause })
  }
}

function explain(error: ValidationError, lineOf: (path: readonly string[]) => number): Mistake {
  const path = error.instancePath.split('/').slice(1).map(unescapePointer)
  const { params } = error
  const field = fieldName(path)
  const at = (text: string): Mistake => ({ line: lineOf(path), text })
  switch (error.keyword) {
    case 'additionalProperties': {
      const unknown = String(params.additionalProperty)
      const place = field === '' ? 'the file' : field
      // A forgotten colon makes a field name of a key. No key is without digits.
      const name = /^[A-Za-z_-]{1,32}$/.test(unknown) ? ` ${unknown}` : ' of this name'
      return { line: lineOf([...path, unknown]), text: `${place} knows no field${name}` }
    }
    case 'required':
      return at(`${field} needs a field ${params.missingProperty}`)
    case 'type':
      return at(`${field === '' ? 'the file' : field} must be ${typeName(params.type)}`)
    case 'enum':
      return at(`${field} must be one of ${(params.allowedValues as string[]).join(', ')}`)
    case 'pattern':
      return at(`${field} ${field.endsWith('.id') ? 'must be a UUID' : 'must not hold a colon'}`)
    case 'minimum':
      return at(`${field} must be at least ${params.limit}`)
    case 'maximum':
      return at(`${field} must be at most ${params.limit}`)
    case 'minLength':
    case 'minItems':
      return at(`${field} must not be empty`)
    default:
      return at(`${field} is longer than ${params.limit}`)
  }
}

function typeName(type: unknown): string {
  const names: Record<string, string> = {
    string: 'text: put it in quotes',
    boolean: 'true or false',
    integer: 'a whole number',
    array: 'a list',
    object: 'a map of fields',
  }
  return names[String(type)] ?? String(type)
}

function fieldName(path: readonly string[]): string {
  return path.reduce(
    (name, part) =>
      /^\d+$/.test(part) ? `${name}[${part}]` : name === '' ? part : `${name}.${part}`,
    '',
  )
}

/** Where a field stands: the name of a field that is there, else what it would stand in. */
function offsetOf(document: Document.Parsed, path: readonly string[]): number {
  for (let length = path.length; length > 0; length--) {
    const keys = path.slice(0, length).map((part) => (/^\d+$/.test(part) ? Number(part) : part))
    const node = document.getIn(keys, true)
    if (isNode(node) && node.range) return node.range[0]
  }
  return document.contents?.range?.[0] ?? 0
}

function unescapePointer(part: string): string {
  return part.replaceAll('~1', '/').replaceAll('~0', '~')
}

function mistakesIn(file: string, mistakes: readonly Mistake[]): TeamServerError {
  const lines = mistakes.map(({ line, text }) => `${file}:${line}: ${text}`)
  return new TeamServerError('ERR_CONFIG_FILE', lines.join('\n'))
}
