import type { BodyBytes, ReadBody, RequestHead } from '../core/exchange.ts'
import type { Limits } from '../core/limits.ts'
import { type JsonBody, readJson } from '../core/read-json.ts'
import { TeamServerError } from '../errors.ts'

const WHY: Readonly<Record<string, string>> = {
  'content-type-refused': 'it must be application/json',
  'content-encoding-refused': 'it must be plain or in gzip',
  'body-too-large': 'it is too large',
}

/** @throws `ERR_OPTION_INVALID` */
export async function readJsonBody(
  head: RequestHead,
  readBody: ReadBody,
  limits: Limits,
): Promise<unknown> {
  const body: JsonBody = await readJson(head, readBody, limits)
  if (body.status === 'read') return body.value
  throw mistake(body.where ?? WHY[body.reason] ?? body.reason)
}

/** @throws `ERR_OPTION_INVALID` */
export async function readTextBody(readBody: ReadBody, limitBytes: number): Promise<string> {
  const body: BodyBytes = await readBody(limitBytes)
  if (body.status === 'read') return Buffer.from(body.bytes).toString('utf8')
  throw mistake(
    body.status === 'too-large' ? `it is larger than ${limitBytes} bytes` : 'it was cut off',
  )
}

/** An object with these fields and no others. @throws `ERR_OPTION_INVALID`, naming the field. */
export function checkedFields<Field extends string>(
  body: unknown,
  fields: readonly Field[],
): { readonly [Name in Field]?: unknown } {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw mistake(`it must be an object with ${fields.join(', ')}`)
  }
  const unknown = Object.keys(body).filter((name) => !(fields as readonly string[]).includes(name))
  if (unknown.length > 0)
    throw mistake(`it knows no ${named(unknown)}; it takes ${fields.join(', ')}`)
  return body as { readonly [Name in Field]?: unknown }
}

/** Names as they may be told: a forgotten colon makes a name of a key, and no key is without digits. */
export function named(names: readonly string[]): string {
  return names
    .map((name) => (/^[A-Za-z_-]{1,32}$/.test(name) ? name : 'field of this name'))
    .join(', ')
}

function mistake(what: string): TeamServerError {
  return new TeamServerError('ERR_OPTION_INVALID', `the body: ${what}`)
}
