import { expect, test } from 'vitest'
import { createAddressRanges } from '../../../mock-server/addresses/address-ranges.ts'
import { withControl } from '../../../mock-server/control/control.ts'
import type { ControlRoute } from '../../../mock-server/control/route.ts'
import { json, refusal } from '../../../mock-server/core/answer.ts'
import type { Answer, Core } from '../../../mock-server/core/exchange.ts'
import { DEFAULT_LIMITS } from '../../../mock-server/core/limits.ts'
import { createKeyring } from '../../../mock-server/keys/keyring.ts'

const TOKEN = 'the-token'
const INNER: Answer = { status: 299, headers: {}, body: '' }

const core: Core = {
  answer: async () => INNER,
  turnAway: async (reason) => refusal(reason),
  noteFault() {},
}
const routes: readonly ControlRoute[] = [
  { method: 'GET', path: '/reports', query: ['limit'], answer: async () => json(200, {}) },
]

function open(from: readonly string[] = []): Core {
  return withControl({
    core,
    routes,
    keyring: createKeyring(Buffer.alloc(32)),
    limits: DEFAULT_LIMITS,
    token: TOKEN,
    from: createAddressRanges(from),
    onError: () => {},
  })
}

const door = open()

function ask(
  remoteAddress: string | undefined,
  target = '/control/reports',
  authorization = `Bearer ${TOKEN}`,
  to = door,
) {
  const header = (name: string) => (name === 'authorization' ? authorization : undefined)
  const unread = () => Promise.reject(new Error('the body was read'))
  return to.answer({ method: 'GET', target, header, headerNames: () => [], remoteAddress }, unread)
}

test.each(['127.0.0.1', '127.8.9.10', '::1', '::ffff:127.0.0.1', '::FFFF:127.0.0.1'])(
  '%s is this machine',
  async (address) => {
    expect((await ask(address)).status).toBe(200)
  },
)

test.each([
  undefined,
  '',
  '10.0.0.1',
  '128.0.0.1',
  '0.0.0.0',
  '203.0.113.7',
  '::',
  '::2',
  '2001:db8::1',
  '::ffff:10.0.0.1',
  '::127.0.0.1',
  'localhost',
  '127.0.0.1.evil.example',
])('%j is refused, with the right token too (F-650)', async (address) => {
  const answer = await ask(address)
  expect(answer.status).toBe(403)
  expect(answer.refusal?.reason).toBe('address-refused')
})

test.each([
  ['10.1.2.3', 200],
  ['::ffff:10.1.2.3', 200],
  ['2001:db8::7', 200],
  ['127.0.0.1', 200],
  ['10.2.0.1', 403],
  ['2001:db9::7', 403],
  [undefined, 403],
])('with ranges that are let in too, %s is answered with %i', async (address, status) => {
  const to = open(['10.1.0.0/16', '2001:db8::/32'])
  expect((await ask(address, undefined, undefined, to)).status).toBe(status)
  expect((await ask(address, undefined, 'Bearer wrong', to)).status).toBe(
    status === 200 ? 401 : 403,
  )
})

test('a header does not make another machine this one', async () => {
  const header = (name: string) =>
    name === 'authorization'
      ? `Bearer ${TOKEN}`
      : name === 'x-forwarded-for'
        ? '127.0.0.1'
        : undefined
  const head = {
    method: 'GET',
    target: '/control/reports',
    header,
    headerNames: () => [],
    remoteAddress: '10.0.0.1',
  }
  const answer = await door.answer(head, () => Promise.reject(new Error('the body was read')))
  expect(answer.status).toBe(403)
})

test.each([
  ['//control//reports/', 200],
  ['/control/reports?limit=1', 200],
  ['http://evil.example/control/reports', 200],
  ['/control', 404],
  ['/controlled', 299],
  ['/Contrast/control/reports', 299],
  ['/CONTROL/reports', 299],
  ['*', 299],
])('%s is answered with %i', async (target, status) => {
  expect((await ask('127.0.0.1', target)).status).toBe(status)
})
