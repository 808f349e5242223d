import { expect } from 'vitest'
import { MOCK_VERSION } from '../../../mock-server/version.ts'
import type { Door } from './doors.ts'
import type { ReceivedAnswer } from './sent-request.ts'

/** The classes of refusal, letter by letter as they go over the wire. */
const OUTCOMES = {
  'C-MISSING': [
    401,
    'credentials-missing',
    '{"success":false,"messages":["Credentials are missing: send Authorization."],"reason":"credentials-missing"}',
  ],
  'C-WRONG': [
    401,
    'credentials-wrong',
    '{"success":false,"messages":["The credentials were not accepted."],"reason":"credentials-wrong"}',
  ],
  'K-WRONG': [
    401,
    'api-key-wrong',
    '{"success":false,"messages":["The organization API key was not accepted: send API-Key."],"reason":"api-key-wrong"}',
  ],
  ADDRESS: [
    403,
    'address-refused',
    '{"success":false,"messages":["Requests from this address are not allowed."],"reason":"address-refused"}',
  ],
  ORG: [
    403,
    'organization-refused',
    '{"success":false,"messages":["The caller does not belong to this organization."],"reason":"organization-refused"}',
  ],
  ROLE: [
    403,
    'role-refused',
    '{"success":false,"messages":["The caller may not do this."],"reason":"role-refused"}',
  ],
  LOGIN: [
    401,
    'login-refused',
    '{"success":false,"messages":["The login was not accepted."],"reason":"login-refused"}',
  ],
  SESSION: [
    401,
    'session-missing',
    '{"success":false,"messages":["There is no session: sign in."],"reason":"session-missing"}',
  ],
  REQUEST: [
    400,
    'request-malformed',
    '{"success":false,"messages":["The request is malformed."],"reason":"request-malformed"}',
  ],
  HEADERS: [
    431,
    'headers-too-large',
    '{"success":false,"messages":["The headers are too large."],"reason":"headers-too-large"}',
  ],
} as const satisfies Record<string, readonly [status: number, reason: string, body: string]>

export type Outcome = keyof typeof OUTCOMES

export function reasonOf(outcome: Outcome): string {
  return OUTCOMES[outcome][1]
}

/** True where no clear request arrived: the door then closes the connection. */
export function isClosing(outcome: Outcome): boolean {
  return outcome === 'REQUEST' || outcome === 'HEADERS'
}

/** Compares status, every header but `Date`, and every byte of the body. */
export function expectOutcome(door: Door, outcome: Outcome, answer: ReceivedAnswer): void {
  const [status, , body] = OUTCOMES[outcome]
  expect({
    status: answer.status,
    headers: answer.headers,
    body: Buffer.from(answer.body).toString('utf8'),
  }).toEqual({
    status,
    headers: {
      'content-type': 'application/json; charset=utf-8',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'x-mock-teamserver': `teamserver-engine/${MOCK_VERSION}`,
      ...(door.hasSocket ? socketHeaders(outcome, body) : {}),
    },
    body,
  })
}

function socketHeaders(outcome: Outcome, body: string): Record<string, string> {
  const connection = isClosing(outcome)
    ? { connection: 'close' }
    : { connection: 'keep-alive', 'keep-alive': 'timeout=5' }
  return { 'content-length': String(body.length), ...connection }
}
