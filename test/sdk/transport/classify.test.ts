import { expect, test } from 'vitest'
import { readHeartbeatAnswer } from '../../../sdk/delivery/answers.ts'
import { classify, type Delivery } from '../../../sdk/transport/classify.ts'
import { ANSWER_LIMIT_BYTES, type Answer } from '../../../sdk/transport/transport.ts'

const NOW_MS = Date.parse('2026-01-01T00:00:00Z')
const GOOD = '{"success":true,"messages":[],"settings":{}}'

function answer(status: number, body = '', headers: Record<string, string> = {}): Answer {
  const all = new Headers({ 'content-type': 'application/json', ...headers })
  return { status, header: (name) => all.get(name), body: Buffer.from(body) }
}

function refused(status: number, reason: string): Answer {
  return answer(status, JSON.stringify({ success: false, messages: ['no'], reason }))
}

function deliveryOf(given: Answer): Delivery<unknown> {
  return classify(given, readHeartbeatAnswer, NOW_MS)
}

test.each([200, 201, 202])('%i with the documented body is accepted', (status) => {
  expect(deliveryOf(answer(status, GOOD))).toEqual({ status: 'accepted', body: { settings: {} } })
})

test.each([
  ['a page', answer(200, '<html>', { 'content-type': 'text/html' })],
  ['the right words under a wrong type', answer(200, GOOD, { 'content-type': 'text/html' })],
  ['nothing', answer(204)],
  ['an empty object', answer(200, '{}')],
  ['half of it', answer(200, GOOD.slice(0, -3))],
  ['null', answer(200, 'null')],
  ['another answer', answer(200, '{"success":true,"messages":[]}')],
  ['a failure', answer(200, '{"success":false,"messages":[],"settings":{}}')],
  ['bytes that are no text', { ...answer(200), body: new Uint8Array([0xff, 0xfe, 0x7b]) }],
  ['301', answer(301, '', { location: 'http://elsewhere/' })],
  ['302', answer(302)],
  ['303', answer(303)],
  ['307', answer(307)],
  ['308', answer(308)],
  ['a redirect that fetch hides', answer(0)],
])('%s is not TeamServer: hold', (_, given) => {
  expect(deliveryOf(given)).toMatchObject({ status: 'hold', cause: 'not-teamserver' })
})

test.each([400, 402, 405, 406, 411, 412, 414, 415, 417, 418, 422, 431, 451, 499])(
  '%i is refused',
  (status) => {
    expect(deliveryOf(answer(status))).toEqual({ status: 'refused', why: String(status) })
  },
)

test.each([
  ['nginx', '<center>The plain HTTP request was sent to HTTPS port</center>'],
  ['Apache', "Reason: You're speaking plain HTTP to an SSL-enabled server port.<br />"],
  ['Go', 'Client sent an HTTP request to an HTTPS server.\n'],
  ['Tomcat', 'Bad Request\r\nThis combination of host and port requires TLS.\r\n'],
])('D-706: the 400 of %s at a TLS port holds', (_, body) => {
  expect(deliveryOf(answer(400, body, { 'content-type': 'text/html' }))).toEqual({
    status: 'hold',
    cause: 'not-teamserver',
    why: '400 of a port that speaks TLS: write https:// in url',
  })
})

test('the 400 of nginx to an engine without a client certificate holds', () => {
  const body = '<center>No required SSL certificate was sent</center>'
  expect(deliveryOf(answer(400, body, { 'content-type': 'text/html' }))).toEqual({
    status: 'hold',
    cause: 'not-teamserver',
    why: '400 of a server that wants a client certificate: see certificate.certFile',
  })
})

test('413 is too large', () => {
  expect(deliveryOf(refused(413, 'body-too-large'))).toEqual({
    status: 'too-large',
    why: '413 body-too-large',
  })
})

test.each([
  [401, 'credentials-missing', 'credentials'],
  [401, 'credentials-wrong', 'credentials'],
  [401, 'api-key-wrong', 'api-key'],
  [401, 'session-missing', 'unauthorized'],
  [403, 'address-refused', 'address'],
  [403, 'organization-refused', 'organization'],
  [403, 'role-refused', 'role'],
  [403, 'something-new', 'forbidden'],
  [404, 'route-unknown', 'path'],
  [409, 'application-archived', 'archived'],
])('%i %s holds by %s', (status, reason, cause) => {
  expect(deliveryOf(refused(status, reason))).toEqual({
    status: 'hold',
    cause,
    why: `${status} ${reason}`,
  })
})

test.each([
  [401, 'unauthorized'],
  [403, 'forbidden'],
  [404, 'path'],
  [407, 'proxy'],
  [409, 'archived'],
  [410, 'path'],
])('%i without a reason holds by %s', (status, cause) => {
  expect(deliveryOf(answer(status, 'Unauthorized'))).toEqual({
    status: 'hold',
    cause,
    why: String(status),
  })
})

test.each([408, 425, 429, 439, 500, 501, 502, 503, 504, 507, 599, 999, 101])(
  '%i may work later',
  (status) => {
    expect(deliveryOf(answer(status))).toEqual({ status: 'retryable', why: String(status) })
  },
)

test('Retry-After goes along with what may work later', () => {
  expect(deliveryOf(answer(503, '', { 'retry-after': '7' }))).toEqual({
    status: 'retryable',
    retryAfterMs: 7_000,
    why: '503',
  })
})

test('a reason that is no word is not repeated', () => {
  const forged = JSON.stringify({ reason: 'x\nteamserver-engine: all is well' })
  expect(deliveryOf(answer(400, forged))).toEqual({ status: 'refused', why: '400' })
})

test('the limit of an answer is 1 MiB', () => {
  expect(ANSWER_LIMIT_BYTES).toBe(1_048_576)
})
