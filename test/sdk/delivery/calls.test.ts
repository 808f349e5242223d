import { expect, test } from 'vitest'
import { createCalls } from '../../../sdk/delivery/calls.ts'
import { encodeBody } from '../../../sdk/transport/encode-body.ts'
import type { TransportRequest } from '../../../sdk/transport/transport.ts'
import { answerOf } from '../engine/scripted-transport.ts'

test('K-404: keys that change while a body is zipped count for the next request, not for this one', async () => {
  let key = 'old'
  const requests: TransportRequest[] = []
  const calls = createCalls({
    encodeBody,
    isMeasured: () => false,
    now: () => 0,
    url: 'http://127.0.0.1:9/Contrast/api',
    userAgent: 'test',
    async send(request) {
      requests.push(request)
      return answerOf({ status: 500 })
    },
    signal: new AbortController().signal,
    authorization: () => ({ authorization: key }),
    onAnswer() {},
    wallClockMs: () => 0,
  })
  const json = JSON.stringify({ type: 'finding', rule: 'x', title: 'x'.repeat(2_000) })
  const report = {
    id: 'r',
    type: 'finding',
    json,
    sizeBytes: json.length,
    sequence: 1,
    queuedAtMs: 0,
    place: undefined,
  }
  const sent = calls.reports([report], 'session of the old caller', 'shop')
  key = 'new'
  await sent
  await calls.heartbeat({ counters: {} })
  expect(requests.map(({ headers }) => headers.authorization)).toEqual(['old', 'new'])
  expect(requests[0]?.headers['content-encoding']).toBe('gzip')
})
