import { expect, test } from 'vitest'
import { describeFault } from '../../../sdk/transport/describe-fault.ts'

const throwing = {
  get() {
    throw new Error('not to be read')
  },
}

test.each<[string, unknown, string]>([
  ['its code and message', coded('connection lost', 'ECONNRESET'), 'ECONNRESET connection lost'],
  ['a code in the message once', coded('read ECONNRESET', 'ECONNRESET'), 'read ECONNRESET'],
  ['the code of its cause', new Error('x', { cause: coded('gone', 'EPIPE') }), 'EPIPE gone'],
  ['its name alone, without a code', new TypeError('Bearer hunter2'), 'TypeError'],
  ['nothing, when it is no error', 'hunter2', 'an unknown fault'],
])('of an error people read %s', (_, error, expected) => {
  expect(describeFault(error)).toBe(expected)
})

test.each<[string, unknown]>([
  ['a name that throws', Object.defineProperty(new Error('x'), 'name', throwing)],
  ['a message that is a number', Object.assign(coded('x', 'E'), { message: 7 })],
  ['traps that throw', new Proxy(new Error('x'), throwing)],
])('an error with %s can be described all the same', (_, error) => {
  expect(describeFault(error)).toBe('an unknown fault')
})

test('an error as long as a book makes a short line', () => {
  expect(describeFault(coded('x'.repeat(1_000_000), 'E'))).toHaveLength(500)
})

function coded(message: string, code: string): Error {
  return Object.assign(new Error(message), { code })
}
