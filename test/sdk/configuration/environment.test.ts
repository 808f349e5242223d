import { expect, test } from 'vitest'
import { readEnvironment } from '../../../sdk/configuration/environment.ts'
import { API_KEY, CREDENTIALS, problemOf, ready, SERVICE_KEY, tokenOf } from './try-resolve.ts'

const VARIABLES = {
  CONTRAST__API__URL: 'https://teamserver.test',
  CONTRAST__API__USER_NAME: 'agent_1@Shop',
  CONTRAST__API__SERVICE_KEY: SERVICE_KEY,
}

test('C-201: variables alone make an engine', () => {
  const configuration = ready({
    env: {
      ...VARIABLES,
      CONTRAST__API__API_KEY: API_KEY,
      CONTRAST__API__TIMEOUT_MS: '20_000',
      CONTRAST__AGENT__POLLING__APP_ACTIVITY_MS: '1000',
      CONTRAST__AGENT__LOGGER__LEVEL: 'trace',
      CONTRAST__AGENT__ROUTE_COVERAGE__ENABLE: 'FALSE',
      CONTRAST__INVENTORY__ANALYZE_LIBRARIES: 'false\n',
      CONTRAST__APPLICATION__NAME: ' shop\n',
      CONTRAST__APPLICATION__TAGS: 'a, b,,c',
      CONTRAST__APPLICATION__METADATA: 'team=Ünter\\, Söhne',
      CONTRAST__APPLICATION__SESSION_METADATA: 'branchName=main,buildNumber=7',
      CONTRAST__SERVER__ENVIRONMENT: 'qa',
    },
  })
  expect(configuration).toMatchObject({
    url: 'https://teamserver.test/Contrast/api',
    application: { name: 'shop', tags: ['a', 'b', 'c'], metadata: { team: 'Ünter, Söhne' } },
    server: { environment: 'QA' },
    session: { metadata: { branchName: 'main', buildNumber: '7' } },
    requestTimeoutMs: 20_000,
    activityPeriodMs: 1_000,
    logLevel: 'debug',
    isLibrariesEnabled: false,
    isRoutesEnabled: false,
    notices: [],
  })
  expect(configuration.credentials.organizationApiKey).toBe(API_KEY)
  expect(configuration.origins.serviceKey).toEqual({
    source: 'environment',
    where: 'environment CONTRAST__API__SERVICE_KEY',
  })
})

test.each([
  ['CONTRAST__API__TIMEOUT_MS', '-1', 'an integer from 1 to 2147483647 (milliseconds)'],
  ['CONTRAST__API__TIMEOUT_MS', '0', 'an integer from 1 to 2147483647 (milliseconds)'],
  ['CONTRAST__API__TIMEOUT_MS', '1e3', 'an integer from 1 to 2147483647 (milliseconds)'],
  ['CONTRAST__API__TIMEOUT_MS', '2147483648', 'an integer from 1 to 2147483647 (milliseconds)'],
  ['CONTRAST__ENABLE', 'yes', 'true or false'],
  ['CONTRAST__AGENT__LOGGER__LEVEL', 'loud', 'one of ERROR, WARN, INFO, DEBUG'],
  ['CONTRAST__APPLICATION__METADATA', 'nonsense', 'key=value'],
  ['CONTRAST__API__URL', 'ftp://teamserver.test', 'the address of a TeamServer'],
])('C-113: %s=%s makes the engine unusable, by name', (variable, value, expected) => {
  const { code, message } = problemOf({ env: { ...VARIABLES, [variable]: value } })
  expect(code).toBe('ERR_CONFIGURATION_VALUE')
  expect(message).toContain(`environment ${variable} must be ${expected}`)
})

const EXACT = [
  ['CONTRAST__API__URL', 'https://teamserver.test/hunter2'],
  ['CONTRAST__API__USER_NAME', 'agent_hunter2@Shop'],
  ['CONTRAST__API__SERVICE_KEY', SERVICE_KEY],
  ['CONTRAST__API__API_KEY', API_KEY],
  ['CONTRAST__API__TOKEN', tokenOf({ url: 'x', user_name: 'y', service_key: 'z' })],
] as const

test.each(
  EXACT.flatMap(([variable, value]) =>
    [`${value}\n`, `${value}\r\n`, ` ${value}`, `${value}\t`, `\u00a0${value}`, '  ', '\n'].map(
      (given) => [variable, given, value] as const,
    ),
  ),
)(
  'C-202: %s with the white space of %j is refused by name and not trimmed',
  (variable, given, value) => {
    const { code, message } = problemOf({ env: { ...VARIABLES, [variable]: given } })
    expect(code).toBe('ERR_CONFIGURATION_VALUE')
    expect(message).toBe(`environment ${variable} must not have white space around it`)
    expect(message).not.toContain(value)
  },
)

test.each(['CONTRAST__API__SERVICE_KEY', 'CONTRAST__API__API_KEY'])(
  'C-202: %s with its quotes is refused by name',
  (variable) => {
    for (const given of [`"${API_KEY}"`, `'${API_KEY}'`, `"${API_KEY}`]) {
      const { message } = problemOf({ env: { ...VARIABLES, [variable]: given } })
      expect(message).toBe(`environment ${variable} must not hold a comma or a quote`)
    }
  },
)

test('C-202: white space around what is no secret does not count', () => {
  const env = { ...VARIABLES, CONTRAST__SERVER__NAME: ' till \n', CONTRAST__API__TIMEOUT_MS: '7\n' }
  expect(ready({ env })).toMatchObject({ server: { name: 'till' }, requestTimeoutMs: 7 })
})

test('C-202: an empty variable counts as not set', () => {
  const env = {
    CONTRAST__API__API_KEY: '',
    CONTRAST__API__URL: '',
    CONTRAST__APPLICATION__NAME: ' ',
  }
  const configuration = ready({ options: CREDENTIALS, env })
  expect(configuration.credentials.organizationApiKey).toBeUndefined()
  expect(configuration.application.name).toBe('app')
})

test('C-204: unknown variables are listed by name, with the nearest one and without values', () => {
  const { notices } = readEnvironment({
    CONTRAST__API__APIKEY: API_KEY,
    CONTRAST__COLOUR: 'blue',
    CONTRAST__ASSESS__ENABLE: 'true',
    CONTRAST__API__PROXY__URL: 'http://proxy.test',
    CONTRAST__AGENT__LOGGER__PATH: '/tmp/x',
    CONTRAST_CONFIG_PATH: '/tmp/x',
    CONTRAST_API_URL: 'x',
    contrast__api__url: 'x',
    PATH: '/bin',
  })
  const names = 'CONTRAST__API__APIKEY (perhaps CONTRAST__API__API_KEY?), CONTRAST__COLOUR'
  expect(JSON.stringify(notices)).not.toContain(API_KEY)
  expect(notices).toEqual([{ level: 'warn', text: `unknown variables are ignored: ${names}` }])
})

test('C-204: of very many unknown variables ten are listed and the rest is counted', () => {
  const env = Object.fromEntries(
    Array.from({ length: 100 }, (_, index) => [`CONTRAST__NONSENSE_${index}`, 'x']),
  )
  expect(readEnvironment(env).notices[0]?.text).toMatch(/ and 90 more$/)
})

test('C-204: names in lower case and with single underscores are those of somebody else', () => {
  const env = {
    contrast__api__url: 'https://other.test',
    Contrast__Api__Url: 'https://other.test',
    CONTRAST_API_URL: 'https://other.test',
    API__URL: 'https://other.test',
  }
  const { url, notices } = ready({ options: CREDENTIALS, env })
  expect(url).toBe('https://teamserver.test/Contrast/api')
  expect(notices).toEqual([])
})

test('C-204: the older variable of the path gets a line that says what to call it', () => {
  const notice = { level: 'warn', text: expect.stringContaining('call it CONTRAST_CONFIG_PATH') }
  expect(readEnvironment({ CONTRAST_CONFIG: '/my.yaml' }).notices).toEqual([notice])
  const both = { CONTRAST_CONFIG: '/my.yaml', CONTRAST_CONFIG_PATH: '/my.yaml' }
  expect(readEnvironment(both).notices).toEqual([])
})

test('C-204: a key in place of a name is not shown', () => {
  const [notice] = readEnvironment({ [`CONTRAST__${API_KEY}`]: 'x' }).notices
  expect(notice?.text).toBe(
    'unknown variables are ignored: (a name of unusual length or characters)',
  )
})

/** Ten times the limit of 50 ms, for busy machines. */
const LIMIT_MS = 500

test.each<[string, Record<string, string>]>([
  ['100 000 other variables', manyVariables('OTHER')],
  ['100 000 unknown variables of ours', manyVariables('CONTRAST__OTHER')],
  ['an other variable of 128 KiB', { OTHER: 'x'.repeat(131_072) }],
  ['a variable of 128 KiB whose name is unknown', { CONTRAST__OTHER: 'x'.repeat(131_072) }],
])('C-205: %s do not hold up the start', (_what, others) => {
  const env = { ...VARIABLES, ...others }
  const before = performance.now()
  expect(ready({ env }).credentials.serviceKey).toBe(SERVICE_KEY)
  expect(performance.now() - before).toBeLessThan(LIMIT_MS)
})

test('C-205: of other variables nothing is looked at but the names, all at once', () => {
  const asked: PropertyKey[] = []
  // As `process.env`, of which each look at one variable goes through all of them.
  const env = new Proxy<Record<string, string>>(
    { ...VARIABLES, ...manyVariables('OTHER') },
    {
      getOwnPropertyDescriptor(target, name) {
        asked.push(name)
        return Reflect.getOwnPropertyDescriptor(target, name)
      },
      get(target, name) {
        asked.push(name)
        return Reflect.get(target, name)
      },
    },
  )
  ready({ env })
  expect(asked.length).toBeGreaterThan(50)
  expect(asked.filter((name) => String(name).startsWith('OTHER'))).toEqual([])
})

test.each(Object.keys(VARIABLES))('C-205: 128 KiB in %s are refused by name', (variable) => {
  const before = performance.now()
  const { message } = problemOf({ env: { ...VARIABLES, [variable]: 'x'.repeat(131_072) } })
  expect(performance.now() - before).toBeLessThan(LIMIT_MS)
  expect(message).toMatch(new RegExp(`^environment ${variable} must [^\\n]{1,100}$`))
})

function manyVariables(prefix: string): Record<string, string> {
  return Object.fromEntries(
    Array.from({ length: 100_000 }, (_, index) => [`${prefix}_${index}`, 'x']),
  )
}
