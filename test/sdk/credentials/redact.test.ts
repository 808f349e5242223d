import { inspect } from 'node:util'
import { expect, test } from 'vitest'
import { createCredentials } from '../../../sdk/credentials/credentials.ts'
import { redact } from '../../../sdk/credentials/redact.ts'

const SERVICE_KEY = 'S3rvice/Key+S3rvice=Key01'
const API_KEY = 'Apik3yApik3yApik3yApik3y02'
const REPLACED = 'the_one_that_was_replaced'
const known = [
  createCredentials({ agentUserName: 'agent_1@Org', serviceKey: REPLACED }),
  createCredentials({
    agentUserName: 'agent_1@Org',
    serviceKey: SERVICE_KEY,
    organizationApiKey: API_KEY,
  }),
]
const HEADER = Buffer.from(`agent_1@Org:${SERVICE_KEY}`).toString('base64')

test.each([
  ['a service key', SERVICE_KEY],
  ['an API key', API_KEY],
  ['a replaced service key', REPLACED],
  ['an Authorization header', HEADER],
  ['one without its padding', HEADER.replace(/=+$/, '')],
  ['a URL-encoded service key', encodeURIComponent(SERVICE_KEY)],
  ['an API key in base64', Buffer.from(API_KEY).toString('base64')],
])('%s is taken out wherever it stands', (_, secret) => {
  const redacted = redact(`<${secret}> and again <${secret}>`, known)
  expect(redacted).toMatch(/^<••••[^>]{0,6}> and again <••••[^>]{0,6}>$/)
  expect(redacted).not.toContain(secret.slice(0, 8))
})

test('text without a key stays as it is, also where a key is but a few letters', () => {
  const short = createCredentials({ agentUserName: 'agent_1@Org', serviceKey: 'the' })
  expect(redact('the line', [...known, short])).toBe('the line')
})

/** What would give a key away, and the key that it holds. */
const SECRETS: readonly (readonly [what: string, secret: string, key: string])[] = [
  ['a service key', SERVICE_KEY, SERVICE_KEY],
  ['an API key', API_KEY, API_KEY],
  ['a service key that was replaced', REPLACED, REPLACED],
  ['an Authorization header', HEADER, SERVICE_KEY],
]

const base64 = (text: string) => Buffer.from(text).toString('base64')

/** Ways in which a secret comes into a line. */
const CARRIERS: Readonly<Record<string, (secret: string) => string>> = {
  'as it is': (secret) => secret,
  'inside longer text': (secret) => `x${secret}x`,
  twice: (secret) => `${secret}${secret}`,
  'in the second of two arguments': (secret) => ['the key is', secret].join(' '),
  'in quotes': (secret) => `"${secret}"`,
  'in a header line': (secret) => `API-Key: ${secret}\r\n`,
  'in a query': (secret) => `https://host/?key=${encodeURIComponent(secret)}&x=1`,
  'in a query with small escapes': (secret) =>
    encodeURIComponent(secret).replace(/%../g, (byte) => byte.toLowerCase()),
  'in a path': (secret) => String(new URL(`/${encodeURIComponent(secret)}/x`, 'http://host')),
  'in the user part of an address': (secret) => `http://x:${encodeURIComponent(secret)}@host/`,
  'in a form': (secret) => String(new URLSearchParams({ key: secret })),
  'in JSON': (secret) => JSON.stringify({ key: secret }),
  'in JSON in JSON': (secret) => JSON.stringify(JSON.stringify({ key: secret })),
  'as an object key': (secret) => JSON.stringify({ [secret]: 1 }),
  'as an object key, inspected': (secret) => inspect({ [secret]: 1 }),
  'in a list': (secret) => inspect([[secret]]),
  'in a map and a set': (secret) => inspect(new Map([[secret, new Set([secret])]])),
  'in headers': (secret) => inspect(new Headers({ 'api-key': secret })),
  'in a cycle': (secret) => {
    const self: Record<string, unknown> = { secret }
    self.self = self
    return inspect(self, { depth: 10 })
  },
  'in a symbol': (secret) => String(Symbol(secret)),
  'in an error': (secret) => String(new Error(`no ${secret}`)),
  'in a stack': (secret) => new Error(`no ${secret}`).stack ?? '',
  'in the cause of an error': (secret) => inspect(new Error('outer', { cause: new Error(secret) })),
  'in a field of an error': (secret) => inspect(Object.assign(new Error('x'), { key: secret })),
  'in one of many errors': (secret) => inspect(new AggregateError([new Error(secret)], 'many')),
  'in base64': base64,
  'in base64 after one byte': (secret) => base64(`:${secret}`),
  'in base64 after two bytes': (secret) => base64(`::${secret}::`),
  'in a token': (secret) =>
    base64(JSON.stringify({ url: 'http://host', service_key: secret, user_name: 'agent_1@Org' })),
  'in base64url': (secret) => Buffer.from(`user:${secret}`).toString('base64url'),
  'in hexadecimal': (secret) => Buffer.from(secret).toString('hex'),
  'in capital hexadecimal': (secret) => Buffer.from(secret).toString('hex').toUpperCase(),
  'in bytes': (secret) => inspect(Buffer.from(secret)),
}

const TABLE = Object.entries(CARRIERS).flatMap(([carrier, carry]) =>
  SECRETS.map(([what, secret, key]) => ({ carrier, carry, what, secret, key })),
)

test.each(TABLE)('K-301: $what $carrier', ({ carry, secret, key }) => {
  const carried = carry(secret)
  const redacted = redact(carried, known)
  expect(redacted).not.toBe(carried)
  expect(redacted).toContain('••••')
  const unwrapped = (text: string) => [
    text,
    decodedOrNothing(() => decodeURIComponent(text)),
    ...wordsIn(text).map((word) => Buffer.from(word, 'base64').toString('latin1')),
    ...wordsIn(text).map((word) => Buffer.from(word, 'hex').toString('latin1')),
    Buffer.from(text.replace(/[^0-9a-f]/gi, ''), 'hex').toString('latin1'),
  ]
  // Whoever unwraps what is left, twice, finds no more of a key than its last four characters and its edges.
  const found = unwrapped(redacted).flatMap(unwrapped).join('\n')
  for (let at = 0; at + 8 <= key.length; at++) {
    expect({ at, isFound: found.includes(key.slice(at, at + 8)) }).toEqual({ at, isFound: false })
  }
})

test('the table is of 30 carriers and 4 secrets at least', () => {
  expect(TABLE.length).toBeGreaterThanOrEqual(120)
})

/** The runs of characters that an encoding could have made. */
function wordsIn(text: string): readonly string[] {
  return text.match(/[\w+/=-]{8,}/g) ?? []
}

function decodedOrNothing(decode: () => string): string {
  try {
    return decode()
  } catch {
    return ''
  }
}

test.each([
  ['22 characters show their last four', `${'x'.repeat(18)}last`, '••••last'],
  ['21 show nothing', `${'x'.repeat(17)}last`, '••••'],
  ['8 show nothing', 'xxxxlast', '••••'],
])('K-302: %s', (_what, serviceKey, shown) => {
  const credentials = createCredentials({ agentUserName: 'agent_1@Org', serviceKey })
  expect(redact(`<${serviceKey}>`, [credentials])).toBe(`<${shown}>`)
})

test('K-304: credentials are frozen, and no look at them shows a key', () => {
  const [, credentials] = known
  expect(Object.isFrozen(credentials)).toBe(true)
  expect(Object.keys(credentials ?? {})).toEqual([])
  expect({ ...credentials }).toEqual({})
  const looks = [
    JSON.stringify(credentials),
    inspect(credentials, { depth: 10, showHidden: true }),
    inspect({ inside: [credentials] }, { depth: 10, showHidden: true }),
    String(credentials),
    structuredClone(credentials),
    Object.entries(credentials ?? {}),
  ]
  const text = inspect(looks, { depth: 10 })
  for (const secret of [SERVICE_KEY, API_KEY, HEADER]) expect(text).not.toContain(secret)
})
