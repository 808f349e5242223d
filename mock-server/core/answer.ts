import type { Refusal, RefusalReason } from '../../sdk/wire/messages.ts'
import { MOCK_VERSION } from '../version.ts'
import type { Answer } from './exchange.ts'

/** On every answer, so that nobody takes the mock for the real one. */
export const MOCK_HEADER = 'x-mock-teamserver'

const COMMON_HEADERS = {
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  [MOCK_HEADER]: `teamserver-engine/${MOCK_VERSION}`,
}

/** The status and the one sentence of each class of refusal. */
const REFUSALS: Readonly<Record<RefusalReason, readonly [status: number, message: string]>> = {
  'credentials-missing': [401, 'Credentials are missing: send Authorization.'],
  'credentials-wrong': [401, 'The credentials were not accepted.'],
  'api-key-wrong': [401, 'The organization API key was not accepted: send API-Key.'],
  'address-refused': [403, 'Requests from this address are not allowed.'],
  'organization-refused': [403, 'The caller does not belong to this organization.'],
  'role-refused': [403, 'The caller may not do this.'],
  'login-refused': [401, 'The login was not accepted.'],
  'session-missing': [401, 'There is no session: sign in.'],
  'request-malformed': [400, 'The request is malformed.'],
  'body-malformed': [400, 'The body is malformed.'],
  'route-unknown': [404, 'There is nothing at this path.'],
  'method-refused': [405, 'This path does not answer this method.'],
  'content-type-refused': [415, 'Send application/json in UTF-8.'],
  'content-encoding-refused': [415, 'Send the body plain or in gzip, once.'],
  'body-too-large': [413, 'The body is too large.'],
  'headers-too-large': [431, 'The headers are too large.'],
  'rate-limited': [429, 'Too many refused attempts: wait.'],
  'request-timeout': [408, 'The request took too long.'],
  // The documented body of this answer.
  'application-archived': [409, 'Invalid archived application'],
  'not-available': [404, 'This is not available here.'],
  'internal-error': [500, 'The mock TeamServer failed.'],
}

/** Enough to name every field of a form; a body of ASCII then stays below 512 bytes. */
const LONGEST_SENTENCE = 400

const JSON_TYPE = 'application/json; charset=utf-8'

/** One object for all answers that have no others, so that who reads it again can know it. */
const JSON_HEADERS: Answer['headers'] = Object.freeze({
  'content-type': JSON_TYPE,
  ...COMMON_HEADERS,
})

/** Answers with a JSON document. */
export function json(
  status: number,
  document: unknown,
  headers?: Readonly<Record<string, string>>,
): Answer {
  const body = JSON.stringify(document)
  if (headers === undefined) return { status, headers: JSON_HEADERS, body }
  return content(status, JSON_TYPE, body, headers)
}

/** Answers with any other document. */
export function content(
  status: number,
  contentType: string,
  body: string | Uint8Array,
  headers: Readonly<Record<string, string>> = {},
): Answer {
  return { status, headers: { 'content-type': contentType, ...COMMON_HEADERS, ...headers }, body }
}

/**
 * Turns a request away with its class and one generic sentence.
 *
 * @param detail The exact reason, for the audit log alone. @default the class
 * @param where Says what to mend, in the protocol's own words; nothing that was sent.
 */
export function refusal(
  reason: RefusalReason,
  more: {
    readonly detail?: string | undefined
    readonly where?: string | undefined
    readonly headers?: Readonly<Record<string, string>>
  } = {},
): Answer {
  const [status, message] = REFUSALS[reason]
  const sentence = more.where === undefined ? message : `${message.slice(0, -1)}: ${more.where}.`
  const document: Refusal = {
    success: false,
    messages: [sentence.slice(0, LONGEST_SENTENCE)],
    reason,
  }
  const detail = more.detail ?? more.where ?? reason
  return { ...json(status, document, more.headers), refusal: { reason, detail } }
}
