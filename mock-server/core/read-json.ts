import { promisify } from 'node:util'
import { gunzip, gunzipSync } from 'node:zlib'
import type { RefusalReason } from '../../sdk/wire/messages.ts'
import type { ReadBody, RequestHead } from './exchange.ts'
import type { Limits } from './limits.ts'

/** A JSON body, or why there is none. */
export type JsonBody =
  | { readonly status: 'read'; readonly value: unknown }
  | { readonly status: 'refused'; readonly reason: RefusalReason; readonly where?: string }

const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

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
): Promise<JsonBody> {
  if (!isJsonType(head.header('content-type'))) return refused('content-type-refused')
  const encoding = head.header('content-encoding')?.trim().toLowerCase() ?? 'identity'
  if (encoding !== 'gzip' && encoding !== 'identity' && encoding !== '') {
    return refused('content-encoding-refused')
  }
  if (Number(head.header('content-length') ?? 0) > limits.bodyBytes)
    return refused('body-too-large')
  const body = await readBody(limits.bodyBytes)
  if (body.status === 'too-large') return refused('body-too-large')
  if (body.status === 'broken') return refused(body.reason)
  if (body.status === 'cut-off') return refused('body-malformed', 'it was cut off')

  const inflated = encoding === 'gzip' ? await inflate(body.bytes, limits.bodyBytes) : body.bytes
  if (inflated === 'too-large') return refused('body-too-large')
  if (inflated === 'broken') return refused('body-malformed', 'it is not whole gzip')
  return parse(inflated, limits.jsonDepth)
}

function parse(bytes: Uint8Array, depthLimit: number): JsonBody {
  let text: string
  try {
    text = UTF8.decode(bytes)
  } catch {
    return refused('body-malformed', 'it is not UTF-8')
  }
  if (isDeeperThan(text, depthLimit)) {
    return refused('body-malformed', `it is nested deeper than ${depthLimit} levels`)
  }
  try {
    return { status: 'read', value: JSON.parse(text) }
  } catch {
    // The parser's own message quotes the text.
    return refused('body-malformed', 'it is not JSON')
  }
}

/** `application/json`, alone or with `charset=utf-8`, in any case. */
function isJsonType(header: string | undefined): boolean {
  const [type = '', ...parameters] = (header ?? '').toLowerCase().split(';')
  if (type.trim() !== 'application/json') return false
  return parameters.every((parameter) => /^(charset=("utf-8"|utf-8))?$/.test(parameter.trim()))
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
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    return code === 'ERR_BUFFER_TOO_LARGE' ? 'too-large' : 'broken'
  }
}

/**
 * Counts brackets before parsing: `JSON.parse` takes a million levels, and whatever walks the
 * result then overflows the stack.
 */
function isDeeperThan(text: string, limit: number): boolean {
  let depth = 0
  let isInText = false
  for (let at = 0; at < text.length; at++) {
    const character = text.charCodeAt(at)
    if (isInText) {
      if (character === 0x5c) at++
      else if (character === 0x22) isInText = false
    } else if (character === 0x22) {
      isInText = true
    } else if (character === 0x7b || character === 0x5b) {
      if (++depth > limit) return true
    } else if (character === 0x7d || character === 0x5d) {
      depth--
    }
  }
  return false
}

function refused(reason: RefusalReason, where?: string): JsonBody {
  return { status: 'refused', reason, ...(where === undefined ? {} : { where }) }
}
