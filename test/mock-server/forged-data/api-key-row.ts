import { createHash } from 'node:crypto'
import type { Fixture } from './fixture.ts'
import type { HeaderLine } from './sent-request.ts'

/** One way to forge the second layer: the credentials are right. */
export interface ApiKeyRow {
  readonly id: string
  readonly what: string
  /** Makes the lines of the second layer out of the right key. */
  readonly forge: (
    key: string,
    fixture: Fixture,
  ) => readonly HeaderLine[] | Promise<readonly HeaderLine[]>
  /** @default 'api-key-wrong' */
  readonly detail?: 'api-key-missing' | 'api-key-retired'
  /** Put behind the path. */
  readonly query?: (key: string) => string
  /** A member of the body. */
  readonly member?: (key: string) => Readonly<Record<string, string>>
}

const line = (value: string): readonly HeaderLine[] => [['API-Key', value]]
/** A value of these bytes: a header's characters stand for bytes. */
const utf8 = (text: string) => Buffer.from(text, 'utf8').toString('latin1')
const missing = { detail: 'api-key-missing' } as const

/** Everything that is not the key, as far as HTTP carries it. */
export const API_KEY_ROWS: readonly ApiKeyRow[] = [
  { id: 'F-201', what: 'no API-Key line', forge: () => [], ...missing },
  { id: 'F-201', what: 'an empty API-Key line', forge: () => line(''), ...missing },
  { id: 'F-201', what: 'an API-Key line of spaces', forge: () => line('   '), ...missing },
  { id: 'F-202', what: 'a wrong key of the same length', forge: (key) => line(rotated(key)) },
  { id: 'F-202', what: 'one character less', forge: (key) => line(key.slice(0, -1)) },
  { id: 'F-202', what: 'one character more', forge: (key) => line(`${key}0`) },
  { id: 'F-202', what: 'all in upper case', forge: (key) => line(key.toUpperCase()) },
  { id: 'F-202', what: 'all in lower case', forge: (key) => line(key.toLowerCase()) },
  { id: 'F-202', what: 'reversed', forge: (key) => line([...key].reverse().join('')) },
  { id: 'F-204', what: 'a space inside', forge: (key) => line(inserted(key, ' ')) },
  { id: 'F-204', what: 'a tab inside', forge: (key) => line(inserted(key, '\t')) },
  { id: 'F-204', what: 'a no-break space behind', forge: (key) => line(`${key}\u00a0`) },
  { id: 'F-204', what: 'a no-break space in front', forge: (key) => line(`\u00a0${key}`) },
  { id: 'F-204', what: 'the byte of NEL behind', forge: (key) => line(`${key}\u0085`) },
  { id: 'F-204', what: 'an em space behind', forge: (key) => line(utf8(`${key}\u2003`)) },
  { id: 'F-204', what: 'a byte order mark in front', forge: (key) => line(utf8(`\ufeff${key}`)) },
  { id: 'F-205', what: 'two lines with the key', forge: (key) => [...line(key), ...line(key)] },
  { id: 'F-205', what: 'the key, then a wrong one', forge: (key) => [...line(key), ...line('x')] },
  { id: 'F-205', what: 'a wrong one, then the key', forge: (key) => [...line('x'), ...line(key)] },
  {
    id: 'F-205',
    what: 'two lines named in two cases',
    forge: (key) => [
      ['API-Key', key],
      ['api-key', key],
    ],
  },
  { id: 'F-206', what: 'the key twice on one line', forge: (key) => line(`${key}, ${key}`) },
  { id: 'F-206', what: 'the key and a comma', forge: (key) => line(`${key},`) },
  { id: 'F-208', what: '4 KiB', forge: (key) => line(key.repeat(128)) },
  { id: 'F-208', what: '15 KiB', forge: (key) => line(key.repeat(480)) },
  {
    id: 'F-209',
    what: 'one letter as its full-width look-alike',
    forge: (key) => line(utf8(fullWidth(key))),
  },
  {
    id: 'F-209',
    what: 'one letter as its Cyrillic look-alike',
    forge: async (_key, { a }) => {
      await a.apiKey.set('aBcDeF123456GHIJKLmnopqrstuvwxyz')
      return line(utf8('\u0430BcDeF123456GHIJKLmnopqrstuvwxyz'))
    },
  },
  ...['API_Key', 'X-API-Key', 'ApiKey', 'Api-Keys'].map(
    (name): ApiKeyRow => ({
      id: 'F-212',
      what: `the key in ${name}`,
      forge: (key) => [[name, key]],
      ...missing,
    }),
  ),
  {
    id: 'F-213',
    what: 'the key in the query',
    forge: () => [],
    query: (key) => `?API-Key=${key}&api_key=${key}`,
    ...missing,
  },
  {
    id: 'F-213',
    what: 'the key in the body',
    forge: () => [],
    member: (key) => ({ 'API-Key': key }),
    ...missing,
  },
  {
    id: 'F-213',
    what: 'the key in a cookie',
    forge: (key) => [['Cookie', `API-Key=${key}`]],
    ...missing,
  },
  { id: 'F-214', what: 'in quotes', forge: (key) => line(`"${key}"`) },
  {
    id: 'F-214',
    what: 'percent-encoded',
    forge: (key) => line(Buffer.from(key).toString('hex').replace(/../g, '%$&')),
  },
  { id: 'F-214', what: 'in base64', forge: (key) => line(Buffer.from(key).toString('base64')) },
  {
    id: 'F-214',
    what: 'SHA-256 of the key',
    forge: (key) => line(createHash('sha256').update(key).digest('hex')),
  },
  {
    id: 'F-214',
    what: 'the digest of the key as it is stored',
    forge: async (_key, { teamServer, a }) => {
      const stored = await teamServer.store.organization(a.id)
      return line(stored?.apiKey.current.digest.toString('hex') ?? '')
    },
  },
  ...['null', 'undefined', 'true', '0', '*', '[object Object]', 'EXAMPLEAPIKEY', 'demo'].map(
    (value): ApiKeyRow => ({ id: 'F-215', what: value, forge: () => line(value) }),
  ),
  { id: 'F-216', what: "B's key", forge: (_key, { b }) => line(b.apiKey.value) },
  { id: 'F-216', what: "A1's service key", forge: (_key, { a1 }) => line(a1.serviceKey) },
  {
    id: 'F-216',
    what: 'a key that A had before',
    forge: async (key, fixture) => {
      await fixture.a.apiKey.rotate()
      return line(key)
    },
    detail: 'api-key-retired',
  },
]

function inserted(key: string, character: string): string {
  return `${key.slice(0, 8)}${character}${key.slice(8)}`
}

/** The key with its last character in front: another value of the same characters. */
function rotated(key: string): string {
  const other = `${key.slice(-1)}${key.slice(0, -1)}`
  return other === key ? 'x'.repeat(key.length) : other
}

/** The key with its first letter moved to the block of full-width forms. */
function fullWidth(key: string): string {
  return key.replace(/[A-Za-z]/, (letter) => String.fromCodePoint(letter.charCodeAt(0) + 0xfee0))
}
