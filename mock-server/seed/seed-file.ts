import { readFileSync, statSync } from 'node:fs'
import { type Document, isNode, LineCounter, parseDocument } from 'yaml'
import type { OrganizationSeed } from '../administration/organizations.ts'
import type { PersonSeed } from '../administration/person-seed.ts'
import { codeOf } from '../caught-error.ts'
import { TeamServerError } from '../errors.ts'
import type { FaultRule } from '../faults/fault-rule.ts'
import type { PasswordPolicy } from '../passwords/password-policy.ts'
import type { ScenarioStep } from '../scenario/step.ts'
import type { KeyPolicies } from '../store/records.ts'
import type { ApplicationSeed } from './application-seed.ts'
import { explainSeed } from './explain-seed.ts'

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
  /** What goes wrong on purpose, with requests of any organization: rules, or what their `do` would be. */
  readonly faults?: readonly (string | readonly string[] | FaultRule)[]
  /** What is done at which time after the start. */
  readonly scenario?: readonly ScenarioStep[]
}

export interface OrganizationInFile extends OrganizationSeed {
  readonly people?: readonly PersonSeed[]
  readonly addressRanges?: {
    readonly ranges: readonly string[]
    readonly appliesToAgents?: boolean
  }
  readonly faults?: readonly (string | readonly string[] | FaultRule)[]
  /** What engines are to have reported. */
  readonly applications?: readonly ApplicationSeed[]
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
  const found = explainSeed(value).map(({ path, text }) => ({ line: lineOf(path), text }))
  if (found.length > 0) throw mistakesIn(file, found)
  // Without mistakes it has this shape.
  return value as SeedFile
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
    const code = codeOf(cause) ?? 'unknown error'
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

/** Where a field stands: the name of a field that is there, else what it would stand in. */
function offsetOf(document: Document.Parsed, path: readonly string[]): number {
  for (let length = path.length; length > 0; length--) {
    const keys = path.slice(0, length).map((part) => (/^\d+$/.test(part) ? Number(part) : part))
    const node = document.getIn(keys, true)
    if (isNode(node) && node.range) return node.range[0]
  }
  return document.contents?.range?.[0] ?? 0
}

function mistakesIn(file: string, mistakes: readonly Mistake[]): TeamServerError {
  const lines = mistakes.map(({ line, text }) => `${file}:${line}: ${text}`)
  return new TeamServerError('ERR_CONFIG_FILE', lines.join('\n'))
}
