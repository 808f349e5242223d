import { readFileSync } from 'node:fs'
import {
  API_BASE,
  ENGINE_METHODS,
  ENGINE_PATHS,
  type EngineCall,
  LONG_PATHS,
} from '../../sdk/wire/paths.ts'
import { codeOf } from '../caught-error.ts'
import { TeamServerError } from '../errors.ts'
import type { LoggedRequest } from '../request-log/logged-request.ts'

/** One call of an engine. No header is kept, and with them no key. */
export interface RecordedRequest {
  /** Since the first of them. */
  readonly afterMs: number
  readonly call: EngineCall
  /** As it was answered. */
  readonly status: number
  readonly body: unknown
}

const FORMAT = 'mock-teamserver recording'
const VERSION = 1

/** What a recording begins with: each request then is one line more. */
export const RECORDING_HEAD = [
  '# Calls of engines, to be sent again by `mock-teamserver replay`. It holds what was reported, and no keys.',
  `format: ${FORMAT}`,
  `version: ${VERSION}`,
  'requests:',
  '',
].join('\n')

/** A request as a line of YAML: JSON is YAML. */
export function recordedLine(request: RecordedRequest): string {
  return `  - ${JSON.stringify(request)}\n`
}

/** A call of an engine whose body is there whole; undefined for all else. */
export function recordedFrom(
  { method, path, body, answer, receivedAt }: LoggedRequest,
  startMs: number,
): RecordedRequest | undefined {
  const call = callOf(method, path)
  if (call === undefined || body === undefined || answer === undefined) return undefined
  try {
    return {
      afterMs: Math.max(0, receivedAt.getTime() - startMs),
      call,
      status: answer.status,
      body: JSON.parse(body.text),
    }
  } catch {
    // Cut by the request log, or no JSON in the first place.
    return undefined
  }
}

/** @throws `ERR_RECORDING`, naming the file and what is wrong with it. */
export async function readRecording(file: string): Promise<readonly RecordedRequest[]> {
  const document = await parsed(file)
  if (document.format !== FORMAT) throw broken(file, `it is no ${FORMAT}`)
  if (document.version !== VERSION) throw broken(file, `it is not of version ${VERSION}`)
  const requests: readonly unknown[] = Array.isArray(document.requests) ? document.requests : []
  return requests.map((request, index) => {
    if (isRecorded(request)) return request
    throw broken(file, `requests[${index}] must have afterMs, call, status and body`)
  })
}

async function parsed(file: string): Promise<Readonly<Record<string, unknown>>> {
  // Loaded when it is needed: it would be a third of the time of every start.
  const { parse } = await import('yaml')
  try {
    const value: unknown = parse(readFileSync(file, 'utf8'), { prettyErrors: false })
    return typeof value === 'object' && value !== null ? { ...value } : {}
  } catch (cause) {
    const code = codeOf(cause) ?? 'unknown error'
    throw broken(file, code === 'ENOENT' ? 'there is no such file' : `it cannot be read (${code})`)
  }
}

function isRecorded(value: unknown): value is RecordedRequest {
  if (typeof value !== 'object' || value === null) return false
  const { afterMs, call, status, body }: Partial<RecordedRequest> = value
  return (
    typeof afterMs === 'number' &&
    afterMs >= 0 &&
    typeof call === 'string' &&
    Object.hasOwn(ENGINE_METHODS, call) &&
    typeof status === 'number' &&
    body !== undefined
  )
}

/** The call, in either form of its path. */
function callOf(method: string, path: string): EngineCall | undefined {
  const calls = Object.keys(ENGINE_PATHS) as EngineCall[]
  return calls.find(
    (call) =>
      ENGINE_METHODS[call] === method &&
      [ENGINE_PATHS[call], LONG_PATHS[call]].some((pattern) =>
        new RegExp(`^${API_BASE}${pattern.replace(':org', '[^/]+')}$`).test(path),
      ),
  )
}

function broken(file: string, what: string): TeamServerError {
  return new TeamServerError('ERR_RECORDING', `${file}: ${what}`)
}
