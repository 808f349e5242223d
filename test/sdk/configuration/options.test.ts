import { expect, test } from 'vitest'
import { flag } from '../../../sdk/configuration/kinds.ts'
import { type EngineOptions, readOptions } from '../../../sdk/configuration/options.ts'
import { SETTING_NAMES, SETTINGS } from '../../../sdk/configuration/settings.ts'
import { EngineError } from '../../../sdk/errors.ts'
import { API_KEY, CREDENTIALS, tryResolve } from './try-resolve.ts'

/** Passes what the types would not let through. */
function readUntyped(options: unknown) {
  return readOptions(options as EngineOptions)
}

function errorOf(options: unknown): EngineError {
  try {
    readUntyped(options)
  } catch (error) {
    if (error instanceof EngineError) return error
    throw error
  }
  throw new Error('accepted')
}

function optionsWith(name: string, value: unknown): unknown {
  return name.split('.').reduceRight((inner, part) => ({ [part]: inner }), value)
}

const OPTIONS = SETTING_NAMES.filter((name) => SETTINGS[name].isOption)
const FLAGS = OPTIONS.filter((name) => Object.is(SETTINGS[name].kind, flag))
const NUMBERS = OPTIONS.filter((name) => typeof SETTINGS[name].default === 'number')

test.each(
  OPTIONS.flatMap((name) =>
    [null, FLAGS.includes(name) ? 1 : true, Symbol('x'), () => 1, NaN, -1, 0.5, Infinity, 10n].map(
      (value) => [name, value],
    ),
  ),
)('C-401: option %s: a wrong type is refused by name', (name, value) => {
  const error = errorOf(optionsWith(String(name), value))
  expect(error.code).toBe('ERR_OPTION_INVALID')
  expect(error.message).toContain(`option ${String(name)} `)
})

test.each(
  NUMBERS.flatMap((name) =>
    [Number.NaN, -1, 0, 1.5, Infinity, 2_147_483_648, '10', 10n].map((value) => [name, value]),
  ),
)('C-401: option %s: %s is refused, with range and unit', (name, value) => {
  const { message } = errorOf(optionsWith(String(name), value))
  expect(message).toMatch(
    /^option \w+ must be an integer from \d+ to \d+ \((reports|bytes|milliseconds)\); got /,
  )
})

test.each(
  OPTIONS.filter(
    (name) =>
      !['token', 'proxy.password', 'certificate.keyPassword', 'spoolDirectory'].includes(name),
  ),
)('C-401: option %s: what is too long or too much is refused by name', (name) => {
  const [long, many] = ['x'.repeat(70_000), Array.from({ length: 300 }, (_, index) => `x${index}`)]
  for (const value of [long, many, Object.fromEntries(many.map((text) => [text, text]))]) {
    expect(errorOf(optionsWith(name, value)).message).toMatch(
      new RegExp(`^option ${name} [^\\n]{1,200}$`),
    )
  }
})

test.each([
  [{ spoolDirectory: '' }, 'must be the path of a folder, or false; got an empty text'],
  [{ spoolDirectory: true }, 'must be the path of a folder, or false; got a boolean'],
  [{ spoolDirectory: '/tmp/a\0b' }, 'must not hold control characters'],
  [{ durability: 'never' }, 'must be one of exit, always; got something else'],
])('option %j says what it may be', (options, why) => {
  expect(errorOf(options).message).toBe(`option ${Object.keys(options)[0]} ${why}`)
})

test.each(OPTIONS)('C-401: option %s: undefined counts as absent', (name) => {
  expect(readUntyped(optionsWith(name, undefined)).size).toBe(0)
})

test.each([
  [{ servicekey: 'x' }, 'there is no option servicekey (perhaps serviceKey?)'],
  [{ constructor: 1 }, 'there is no option constructor'],
  [{ heartbeatPeriodMs: 1 }, 'there is no option heartbeatPeriodMs'],
  [
    { application: { nmae: 'x' } },
    'there is no option application.nmae (perhaps application.name?)',
  ],
  [{ application: { root: '/' } }, 'there is no option application.root'],
  [{ [`${API_KEY} `]: 1 }, 'there is no option (a name of unusual length or characters)'],
  [null, 'options must be an object; got null'],
  [[], 'options must be an object; got a list'],
  [{ application: 'shop' }, 'option application must be an object; got a text'],
  [{ plugins: {} }, 'option plugins must be a list of plugins; got an object'],
  [{ plugins: [{ name: 'x' }] }, 'option plugins (entry 1) must be what definePlugin() returns'],
  [{ plugins: [null] }, 'option plugins (entry 1) must be what definePlugin() returns'],
  [{ fetch: 'x' }, 'option fetch must be a function; got a text'],
  [{ credentials: { serviceKey: 'x' } }, 'option credentials must be a function; got an object'],
  [{ credential: () => {} }, 'there is no option credential (perhaps credentials?)'],
  [{ sever: { name: 'x' } }, 'there is no option sever (perhaps server?)'],
  [{ session: { ID: 'x' } }, 'there is no option session.ID (perhaps session.id?)'],
  [{ logger: { error() {} } }, 'option logger must be false or an object with the functions'],
  [{ logger: true }, 'option logger must be false or an object with the functions'],
  [{ application: { tags: ['a', 1] } }, 'option application.tags (entry 2) must be a text'],
  [{ session: { metadata: { a: 1 } } }, 'option session.metadata (entry 1) must be a text'],
  [{ server: { environment: 'STAGING' } }, 'option server.environment must be one of DEVELOPMENT'],
])('C-401: %o is refused', (options, message) => {
  expect(errorOf(options)).toMatchObject({
    code: 'ERR_OPTION_INVALID',
    message: expect.stringContaining(message),
  })
})

test('names that are inherited are no options', () => {
  expect(readUntyped(Object.create({ url: 'ftp://x', nonsense: 1 })).size).toBe(0)
})

test('C-401: __proto__ is an unknown option and touches no prototype', () => {
  expect(errorOf(JSON.parse('{"__proto__": {"polluted": 1}}')).message).toContain('__proto__')
  expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false)
})

test('the functions of a logger may be inherited, as those of console are', () => {
  class Logger {
    error() {}
    warn() {}
    info() {}
    debug() {}
  }
  expect(readOptions({ logger: console }).size).toBe(0)
  expect(readOptions({ logger: new Logger() }).size).toBe(0)
})

test.each([
  ['', 'must be a text; got an empty text'],
  [null, 'must be a text; got null'],
  [['a'], 'must be a text; got a list'],
  [42, 'must be a text; got a number'],
  [` ${API_KEY}`, 'must not have white space around it'],
  [`${API_KEY}\n`, 'must not have white space around it'],
  [`${API_KEY}\u00a0`, 'must not have white space around it'],
  [`${API_KEY}\r\nX: y`, 'must hold printable ASCII characters only'],
  [`${API_KEY}\0x`, 'must hold printable ASCII characters only'],
  [`${API_KEY} x`, 'must hold printable ASCII characters only'],
  [`${API_KEY}é`, 'must hold printable ASCII characters only'],
  [`${API_KEY}🔑`, 'must hold printable ASCII characters only'],
  [`"${API_KEY}"`, 'must not hold a comma or a quote'],
  [`${API_KEY},${API_KEY}`, 'must not hold a comma or a quote'],
  [API_KEY.repeat(40), 'must be a key of 1 to 256 characters; got a longer one'],
])(
  'C-402, C-105: organizationApiKey %j is refused without being repeated',
  (organizationApiKey, why) => {
    const error = errorOf({ organizationApiKey })
    expect(error.message).toBe(`option organizationApiKey ${why}`)
  },
)

test.each(['agent:x', 'agent\n', 'a\u0007b', 'half \ud800 pair', 'x'.repeat(1_201)])(
  'C-401: agentUserName %j is refused',
  (agentUserName) => {
    expect(errorOf({ agentUserName }).message).toMatch(/^option agentUserName must /)
  },
)

test('an agent user name may hold any language', () => {
  const agentUserName = `agent_1@Ünter & Söhne 株式会社${'ü'.repeat(255)}`
  expect(readOptions({ agentUserName }).has('agentUserName')).toBe(true)
})

test('what the program passed wrong throws, even where the rest is broken too', () => {
  expect(() =>
    tryResolve({
      options: { ...CREDENTIALS, queueLimitReports: 0 },
      files: { 'contrast_security.yaml': '\tbroken' },
    }),
  ).toThrow(EngineError)
})

test.each<[string, object]>([
  ['a getter that throws', Object.defineProperty({}, 'url', { get: throwing, enumerable: true })],
  ['a proxy that throws', new Proxy({}, { ownKeys: throwing })],
  ['a plugin that throws', { plugins: [new Proxy({}, { get: throwing })] }],
])('options with %s are refused as those that are wrong', (_, options) => {
  expect(errorOf(options).message).toBe('the options cannot be read')
})

function throwing(): never {
  throw new Error('not now')
}
