import { expect, test } from 'vitest'
import { withControl } from '../../../mock-server/control/control.ts'
import { refusal } from '../../../mock-server/core/answer.ts'
import type { Answer, Core } from '../../../mock-server/core/exchange.ts'
import { createKeyring } from '../../../mock-server/keys/keyring.ts'
import { createMemoryStore } from '../../../mock-server/store/memory-store.ts'

const TOKEN = 'the-token'
const INNER: Answer = { status: 299, headers: {}, body: '' }

const core: Core = {
  answer: async () => INNER,
  turnAway: async (reason) => refusal(reason),
  noteFault() {},
}
const door = withControl({
  core,
  store: createMemoryStore(),
  keyring: createKeyring(Buffer.alloc(32)),
  token: TOKEN,
  onError: () => {},
})

function ask(
  remoteAddress: string | undefined,
  target = '/control/reports',
  authorization = `Bearer ${TOKEN}`,
) {
  const header = (name: string) => (name === 'authorization' ? authorization : undefined)
  const unread = () => Promise.reject(new Error('the body was read'))
  return door.answer(
    { method: 'GET', target, header, headerNames: () => [], remoteAddress },
    unread,
  )
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
