import { expect, test } from 'vitest'
import { FAULT_TEXTS, parseFault } from '../../../mock-server/faults/fault-text.ts'

test.each([
  ['ok', { kind: 'ok' }],
  ['503', { kind: 'status', status: 503 }],
  ['429;retry-after=2', { kind: 'status', status: 429, retryAfter: '2' }],
  [
    '503; retry-after=Wed, 21 Oct 2015 07:28:00 GMT',
    { kind: 'status', status: 503, retryAfter: 'Wed, 21 Oct 2015 07:28:00 GMT' },
  ],
  ['reset', { kind: 'reset', at: 'request' }],
  ['reset;at=answer-body', { kind: 'reset', at: 'answer-body' }],
  ['hang', { kind: 'hang' }],
  ['half', { kind: 'half' }],
  ['slow', { kind: 'slow', bytes: 1, everyMs: 200 }],
  ['slow=16/5', { kind: 'slow', bytes: 16, everyMs: 5 }],
  ['garbage', { kind: 'garbage' }],
  ['portal', { kind: 'portal' }],
  [
    'redirect=https://elsewhere.test/?a=b',
    { kind: 'redirect', status: 307, location: 'https://elsewhere.test/?a=b' },
  ],
  [
    'redirect=https://elsewhere.test/;status=301',
    { kind: 'redirect', status: 301, location: 'https://elsewhere.test/' },
  ],
  ['truncated-gzip', { kind: 'truncated-gzip' }],
  ['delay=200', { kind: 'ok', delay: { length: { kind: 'fixed', ms: 200 }, at: 'headers' } }],
  [
    'delay=100..900;at=body',
    { kind: 'ok', delay: { length: { kind: 'range', fromMs: 100, toMs: 900 }, at: 'body' } },
  ],
  [
    'delay=lognormal(80,0.5);at=request',
    {
      kind: 'ok',
      delay: { length: { kind: 'log-normal', medianMs: 80, sigma: 0.5 }, at: 'request' },
    },
  ],
  [
    'reset;at=answer;delay=50;delay-at=request',
    { kind: 'reset', at: 'answer', delay: { length: { kind: 'fixed', ms: 50 }, at: 'request' } },
  ],
])('%j is read', (text, fault) => {
  expect(parseFault(text)).toEqual(fault)
})

test.each(['\r\nset-cookie: a=b', '\u010a\u560aset-cookie: a=b'])(
  'an address with %j in it makes no header line of its own (S-406)',
  (text) => {
    const fault = parseFault(`redirect=https://elsewhere.test/${text}`)
    expect(fault).toMatchObject({ location: expect.stringMatching(/^[!-~]+$/) })
  },
)

test('every example that errors show can be read', () => {
  for (const text of FAULT_TEXTS) expect(parseFault(text)).toHaveProperty('kind')
})

test.each([
  ['', 'none of the known faults'],
  ['rest', 'none of the known faults'],
  ['199', '200 to 599'],
  ['600', '200 to 599'],
  ['503;retry=2', 'it takes no retry'],
  ['ok;retry-after=2', 'it takes no retry-after'],
  ['hang=5', 'hang takes no value'],
  ['reset;at=somewhere', 'at is one of request, request-body, answer, answer-body, end'],
  ['slow=0/5', 'bytes/milliseconds'],
  ['slow=5', 'bytes/milliseconds'],
  ['redirect', 'redirect is an address'],
  ['redirect=elsewhere', 'redirect is an address'],
  ['redirect=https://elsewhere.test/;status=304', 'status is one of'],
  ['delay=', 'unclear part'],
  ['delay=9..1', 'a delay is milliseconds'],
  ['delay=1..', 'a delay is milliseconds'],
  ['delay=-1', 'a delay is milliseconds'],
  ['delay=3600001', 'a delay is milliseconds'],
  ['delay=lognormal(1)', 'a delay is milliseconds'],
  ['delay=5;at=never', 'a delay is at'],
  ['503;delay-at=body', 'delay-at stands without a delay'],
  ['503;retry-after=1;retry-after=2', 'unclear part'],
  ['503;;', 'unclear part'],
])('%j is refused, and it says why: %s', (text, why) => {
  expect(() => parseFault(text)).toThrow(
    expect.objectContaining({ code: 'ERR_OPTION_INVALID', message: expect.stringContaining(why) }),
  )
})
