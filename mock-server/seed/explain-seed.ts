import type { ValidationError } from '../messages/validators.generated.js'
import { mistakesInSeed, type SeedMistake } from './seed-mistakes.ts'
import { Seed } from './validator.generated.js'

/**
 * Every mistake in what claims to be a seed, in sentences that begin with the field and hold no key.
 * Where there is none, it has the shape of a `SeedFile`.
 */
export function explainSeed(value: unknown): readonly SeedMistake[] {
  if (!Seed(value)) return (Seed.errors ?? []).map(explain)
  return mistakesInSeed(value).map(({ path, text }) => ({
    path,
    text: `${fieldName(path)} ${text}`,
  }))
}

function explain(error: ValidationError): SeedMistake {
  const path = error.instancePath.split('/').slice(1).map(unescapePointer)
  const { params } = error
  const field = fieldName(path)
  const at = (text: string): SeedMistake => ({ path, text })
  switch (error.keyword) {
    case 'additionalProperties': {
      const unknown = String(params.additionalProperty)
      const place = field === '' ? 'the file' : field
      // A forgotten colon makes a field name of a key. No key is without digits.
      const name = /^[A-Za-z_-]{1,32}$/.test(unknown) ? ` ${unknown}` : ' of this name'
      return { path: [...path, unknown], text: `${place} knows no field${name}` }
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
    number: 'a number',
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

function unescapePointer(part: string): string {
  return part.replaceAll('~1', '/').replaceAll('~0', '~')
}
