import type { Report } from '../../sdk/wire/messages.ts'
import { FIELD_NAMES } from './field-names.generated.js'
import type { ValidationError, Validator } from './validators.generated.js'
import * as validators from './validators.generated.js'

/** A message in its documented shape, or one sentence that says where it differs. */
export type Validated<Message> =
  | { readonly status: 'valid'; readonly message: Message }
  | { readonly status: 'invalid'; readonly where: string }

const REPORT_VALIDATORS: Readonly<Record<Report['type'], Validator<Report>>> = {
  finding: validators.FindingReport,
  library: validators.LibraryReport,
  route: validators.RouteReport,
  attack: validators.AttackReport,
  activity: validators.ActivityReport,
  component: validators.ComponentReport,
}

const REPORT_TYPES = Object.keys(REPORT_VALIDATORS)

/** Checks a message and drops the fields that its shape does not know. */
export function validate<Message>(
  validator: Validator<Message>,
  value: unknown,
): Validated<Message> {
  if (validator(value)) return { status: 'valid', message: value }
  return { status: 'invalid', where: explain(validator.errors?.[0]) }
}

/** Checks one report of a batch by the shape of its type. */
export function validateReport(value: unknown): Validated<Report> {
  const type =
    typeof value === 'object' && value !== null && 'type' in value ? value.type : undefined
  if (typeof type !== 'string' || !REPORT_TYPES.includes(type)) {
    return { status: 'invalid', where: `type must be one of ${REPORT_TYPES.join(', ')}` }
  }
  return validate(REPORT_VALIDATORS[type as Report['type']], value)
}

/** Says what is wrong in words, naming fields of the protocol and nothing that was sent. */
function explain(error: ValidationError | undefined): string {
  if (error === undefined) return 'it has another shape'
  const field = fieldOf(error.instancePath)
  const { params } = error
  switch (error.keyword) {
    case 'required':
      return `${join(field, String(params.missingProperty))} is missing`
    case 'type':
      return `${field || 'it'} must be ${typeName(params.type)}`
    case 'enum':
      return `${field} must be one of ${(params.allowedValues as unknown[]).join(', ')}`
    case 'minLength':
    case 'minItems':
      return `${field} must not be empty`
    case 'maxLength':
      return `${field} is longer than ${params.limit} characters`
    case 'maxItems':
      return `${field} has more than ${params.limit} entries`
    case 'minimum':
    case 'maximum':
      return `${field} must be ${params.comparison} ${params.limit}`
    case 'pattern':
      return field.endsWith('id') || field === 'batch'
        ? `${field} must be 1 to 128 of A-Z a-z 0-9 . _ -`
        : `${field} is not as documented`
    default:
      return `${field || 'it'} is not as documented`
  }
}

/** The place as far as it is made of the protocol's own names and of positions. */
function fieldOf(instancePath: string): string {
  let field = ''
  for (const segment of instancePath.split('/').slice(1)) {
    if (/^\d{1,4}$/.test(segment)) field += `[${segment}]`
    else if (FIELD_NAMES.has(segment)) field = join(field, segment)
    else return `a value of ${field}`
  }
  return field
}

function join(field: string, name: string): string {
  return field === '' ? name : `${field}.${name}`
}

function typeName(type: unknown): string {
  const names: Record<string, string> = {
    string: 'text',
    integer: 'a whole number',
    number: 'a number',
    array: 'a list',
    object: 'an object',
    boolean: 'true or false',
  }
  return names[String(type)] ?? 'of another type'
}
