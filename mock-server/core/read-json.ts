import { isUtf8 } from 'node:buffer'
import { promisify } from 'node:util'
import { gunzip, gunzipSync } from 'node:zlib'
import type { RefusalReason } from '../../sdk/wire/messages.ts'
import { codeOf } from '../caught-error.ts'
import type { ReadBody, RequestHead } from './exchange.ts'
import type { Limits } from './limits.ts'

/** A JSON body, or why there is none. */
export type JsonBody =
  | { readonly status: 'read'; readonly value: unknown }
  | { readonly status: 'refused'; readonly reason: RefusalReason; readonly where?: string }

/** What is let pass of a body beside plain JSON. */
export interface BodyLeave {
  /** An empty one is `{}`, whatever its type. */
  readonly isBodyOptional?: boolean
  /** A form is an object of texts, under its own type or under that of JSON. */
  readonly takesForms?: boolean
}

/** Said of a body whose sender went away. */
export const BODY_CUT_OFF = 'it was cut off'

/** Below this a body is inflated at once: cheaper than a trip to the thread pool. */
const INFLATE_AT_ONCE_BYTES = 65_536

const gunzipInThreadPool = promisify(gunzip)

/**
 * Reads a body as JSON. In this order: type, encoding, size on the wire, size once inflated,
 * UTF-8, depth, syntax.
 */
export async function readJson(
  head: RequestHead,
  readBody: ReadBody,
  limits: Limits,
  { isBodyOptional = false, takesForms = false }: BodyLeave = {},
): Promise<JsonBody> {
  const type = head.header('content-type')
  const isForm = takesForms && isFormType(type)
  const isRead = isForm || isJsonType(type)
  if (!isRead && !isBodyOptional) return refused('content-type-refused')
  const encoding = head.header('content-encoding')?.trim().toLowerCase() ?? 'identity'
  if (encoding !== 'gzip' && encoding !== 'identity' && encoding !== '') {
    return refused('content-encoding-refused')
  }
  if (Number(head.header('content-length') ?? 0) > limits.bodyBytes)
    return refused('body-too-large')
  const body = await readBody(limits.bodyBytes)
  if (body.status === 'too-large') return refused('body-too-large')
  if (body.status === 'broken') return refused(body.reason)
  if (body.status === 'cut-off') return refused('body-malformed', BODY_CUT_OFF)
  if (isBodyOptional && body.bytes.length === 0) return { status: 'read', value: {} }
  if (!isRead) return refused('content-type-refused')

  const inflated = encoding === 'gzip' ? await inflate(body.bytes, limits.bodyBytes) : body.bytes
  if (inflated === 'too-large') return refused('body-too-large')
  if (inflated === 'broken') return refused('body-malformed', 'it is not whole gzip')
  const text = textOf(inflated)
  if (text === undefined) return refused('body-malformed', 'it is not UTF-8')
  // Some clients say JSON and send a form.
  if (isForm || (takesForms && FORM.test(text))) return parseForm(text, limits)
  return parse(text, limits)
}

/** What no JSON begins with, and every form does. */
const FORM = /^[\w.~%+-]+=/

function parseForm(text: string, limits: Limits): JsonBody {
  const fields = new URLSearchParams(text)
  if (fields.size > limits.jsonValues) {
    return refused('body-malformed', `it holds more than ${limits.jsonValues} values`)
  }
  return { status: 'read', value: Object.fromEntries(fields) }
}

function parse(text: string, limits: Limits): JsonBody {
  const excess = excessOf(text, limits)
  if (excess !== undefined) return refused('body-malformed', excess)
  try {
    return { status: 'read', value: JSON.parse(text) }
  } catch {
    // The parser's own message quotes the text.
    return refused('body-malformed', 'it is not JSON')
  }
}

/** Undefined for what is not UTF-8. */
function textOf(bytes: Uint8Array): string | undefined {
  if (!isUtf8(bytes)) return undefined
  const { buffer, byteOffset, byteLength } = bytes
  return (Buffer.isBuffer(bytes) ? bytes : Buffer.from(buffer, byteOffset, byteLength)).toString()
}

/** `application/json`, alone or with `charset=utf-8`, in any case. */
function isJsonType(header: string | undefined): boolean {
  if (header === 'application/json') return true
  const [type = '', ...parameters] = (header ?? '').toLowerCase().split(';')
  if (type.trim() !== 'application/json') return false
  return parameters.every((parameter) => /^(charset=("utf-8"|utf-8))?$/.test(parameter.trim()))
}

function isFormType(header: string | undefined): boolean {
  const [type = ''] = (header ?? '').toLowerCase().split(';')
  return type.trim() === 'application/x-www-form-urlencoded'
}

async function inflate(
  bytes: Uint8Array,
  limitBytes: number,
): Promise<Uint8Array | 'too-large' | 'broken'> {
  const options = { maxOutputLength: limitBytes }
  try {
    if (bytes.length <= INFLATE_AT_ONCE_BYTES) return gunzipSync(bytes, options)
    return await gunzipInThreadPool(bytes, options)
  } catch (error) {
    return codeOf(error) === 'ERR_BUFFER_TOO_LARGE' ? 'too-large' : 'broken'
  }
}

/**
 * Counts brackets and commas before parsing: `JSON.parse` takes a million levels, and whatever walks
 * the result then overflows the stack.
 */
function excessOf(text: string, limits: Limits): string | undefined {
  if (isSmall(text, limits)) return undefined
  const { jsonDepth, jsonValues } = limits
  let depth = 0
  let values = 1
  let isInText = false
  for (let at = 0; at < text.length; at++) {
    const character = text.charCodeAt(at)
    if (isInText) {
      if (character === BACKSLASH) at++
      else if (character === QUOTE) isInText = false
      continue
    }
    switch (character) {
      case QUOTE:
        isInText = true
        break
      case OPENING_BRACE:
      case OPENING_BRACKET:
        values++
        if (++depth > jsonDepth) return `it is nested deeper than ${jsonDepth} levels`
        break
      case CLOSING_BRACE:
      case CLOSING_BRACKET:
        depth--
        break
      case COMMA:
        if (++values > jsonValues) return `it holds more than ${jsonValues} values`
    }
  }
  return values > jsonValues ? `it holds more than ${jsonValues} values` : undefined
}

/** Whether a text has not even the brackets and characters to be too much. */
function isSmall(text: string, { jsonDepth, jsonValues }: Limits): boolean {
  if (text.length >= jsonValues) return false
  let openings = 0
  for (const bracket of ['{', '[']) {
    for (let at = text.indexOf(bracket); at !== -1; at = text.indexOf(bracket, at + 1)) {
      if (++openings > jsonDepth) return false
    }
  }
  return true
}

const QUOTE = 0x22
const COMMA = 0x2c
const OPENING_BRACKET = 0x5b
const BACKSLASH = 0x5c
const CLOSING_BRACKET = 0x5d
const OPENING_BRACE = 0x7b
const CLOSING_BRACE = 0x7d

function refused(reason: RefusalReason, where?: string): JsonBody {
  return { status: 'refused', reason, ...(where === undefined ? {} : { where }) }
}
