import { expect, test } from 'vitest'
import { readToken } from '../../../sdk/configuration/token.ts'
import { API_KEY, problemOf, ready, SERVICE_KEY, tokenOf } from './try-resolve.ts'

const SET = { url: 'https://teamserver.test', user_name: 'agent_1@Ünter', service_key: SERVICE_KEY }
const STANDARD = tokenOf({ ...SET, api_key: API_KEY })

test.each([
  ['standard', STANDARD],
  ['unpadded', STANDARD.replace(/=+$/, '')],
  ['URL-safe', Buffer.from(JSON.stringify({ ...SET, api_key: API_KEY })).toString('base64url')],
  ['with fields of its own', tokenOf({ ...SET, api_key: API_KEY, org: 'x', constructor: 'x' })],
])('C-301, C-304: a %s token is enough for an engine', (_form, token) => {
  const { url, credentials, origins } = ready({ env: { CONTRAST__API__TOKEN: token } })
  expect(url).toBe('https://teamserver.test/Contrast/api')
  expect(credentials.agentUserName).toBe('agent_1@Ünter')
  expect(credentials.serviceKey).toBe(SERVICE_KEY)
  expect(credentials.organizationApiKey).toBe(API_KEY)
  expect(origins.serviceKey).toEqual({
    source: 'token',
    where: 'token from environment CONTRAST__API__TOKEN',
  })
})

test('C-304: __proto__ inside a token is ignored, and no prototype touched', () => {
  const json = `{"__proto__": {"polluted": 1}, ${JSON.stringify(SET).slice(1)}`
  const token = Buffer.from(json).toString('base64')
  expect(ready({ options: { token } }).credentials.serviceKey).toBe(SERVICE_KEY)
  expect(Reflect.get({}, 'polluted')).toBeUndefined()
})

test('C-303: a token without API key means that layer two is off', () => {
  const configuration = ready({ options: { token: tokenOf(SET) } })
  expect(configuration.credentials.organizationApiKey).toBeUndefined()
})

const BROKEN: [string, string][] = [
  ['no base64', '***'],
  ['both alphabets', 'aa+_'],
  ['a length of no base64', 'aaaaa'],
  ['wrong padding', 'aaa=='],
  ['wrapped', `${STANDARD.slice(0, 40)}\n${STANDARD.slice(40)}`],
  ['white space inside', `${STANDARD.slice(0, 40)} ${STANDARD.slice(40)}`],
  ['cut off', STANDARD.slice(0, 40)],
  ['wrapped by CRLF', `${STANDARD.slice(0, 76)}\r\n${STANDARD.slice(76)}`],
  ['JSON itself', JSON.stringify(SET)],
  ['base64 of base64', Buffer.from(STANDARD).toString('base64')],
  ['JSON that is cut off', Buffer.from(JSON.stringify(SET).slice(0, -1)).toString('base64')],
  ['of two values', Buffer.from(`${JSON.stringify(SET)} 1`).toString('base64')],
  ['of nothing', 'e30='],
  ['null', tokenOf(null)],
  ['a list', tokenOf([])],
  ['a text', tokenOf('x')],
  ['a number', tokenOf(1)],
  ['with a byte order mark', Buffer.from(`\ufeff${JSON.stringify(SET)}`).toString('base64')],
  ['not UTF-8', Buffer.from([0x7b, 0xff, 0xfe, 0x7d]).toString('base64')],
  ['1 MiB', 'a'.repeat(1_048_576)],
  ['a prototype in place of fields', tokenOf(JSON.parse(`{"__proto__": ${JSON.stringify(SET)}}`))],
]

test.each(BROKEN)(
  'C-301, C-302: a token that is %s is refused without being repeated',
  (_what, token) => {
    const { code, message } = problemOf({ options: { token } })
    expect(code).toBe('ERR_TOKEN_INVALID')
    expect(message).toMatch(/^the token from option token /)
    expect(message.includes(token.slice(0, 30)) || message.includes(SERVICE_KEY)).toBe(false)
  },
)

test.each(
  ['url', 'user_name', 'service_key', 'api_key'].flatMap((field) =>
    ['', 7, null, {}, ...(field === 'api_key' ? [] : [undefined])].map((value) => ({
      field,
      value,
    })),
  ),
)('C-303: a token with $field $value is refused by the name of the field', ({ field, value }) => {
  const { code, message } = problemOf({ options: { token: tokenOf({ ...SET, [field]: value }) } })
  expect(code).toBe('ERR_TOKEN_INVALID')
  expect(message).toContain(`must have the field ${field}, a text; got `)
})

test('C-301: white space around a token is refused by name', () => {
  const { code, message } = problemOf({ env: { CONTRAST__API__TOKEN: `${STANDARD}\n` } })
  expect(code).toBe('ERR_CONFIGURATION_VALUE')
  expect(message).toBe('environment CONTRAST__API__TOKEN must not have white space around it')
})

test('C-105: a key of the token that no header can carry is refused by name', () => {
  const { code, message } = problemOf({ options: { token: tokenOf({ ...SET, api_key: 'a,b' }) } })
  expect(code).toBe('ERR_TOKEN_INVALID')
  expect(message).toBe(
    'organizationApiKey of token from option token must not hold a comma or a quote',
  )
})

test('C-305: single values win over a token, wherever they come from, and a line says which', () => {
  const configuration = ready({
    options: { token: STANDARD },
    files: { 'contrast_security.yaml': 'api:\n  api_key: FROM_THE_FILE\n' },
  })
  expect(configuration.credentials.organizationApiKey).toBe('FROM_THE_FILE')
  expect(configuration.credentials.serviceKey).toBe(SERVICE_KEY)
  expect(configuration.notices).toEqual([
    {
      level: 'info',
      text: expect.stringMatching(
        /^single values win over the token from option token: organizationApiKey \(.*yaml:2 api\.api_key\)$/,
      ),
    },
  ])
})

test('C-306: a token for another host than the single url goes to the single url, with a warning', () => {
  const env = { CONTRAST__API__URL: 'https://other.test' }
  const configuration = ready({ options: { token: STANDARD }, env })
  expect(configuration.url).toBe('https://other.test/Contrast/api')
  expect(configuration.notices.map(({ level }) => level)).toEqual(['info', 'warn'])
  expect(configuration.notices[1]?.text).toContain('is for teamserver.test')
})

test.each(['***', 'aa+_', 'aaaaa', 'aaa==', 'a===', '=', 'aa=a'])(
  'C-301: the text %s is no base64 of any form',
  (text) => {
    expect(readToken(text)).toEqual({ status: 'refused', why: 'must be base64' })
  },
)
