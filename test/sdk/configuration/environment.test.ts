import { expect, test } from 'vitest'
import { readEnvironment } from '../../../sdk/configuration/environment.ts'
import { API_KEY, CREDENTIALS, problemOf, ready, SERVICE_KEY } from './try-resolve.ts'

const VARIABLES = {
  CONTRAST__API__URL: 'https://teamserver.test',
  CONTRAST__API__USER_NAME: 'agent_1@Shop',
  CONTRAST__API__SERVICE_KEY: SERVICE_KEY,
}

test('variables alone make an engine', () => {
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
])('%s=%s makes the engine unusable, by name', (variable, value, expected) => {
  const { code, message } = problemOf({ env: { ...VARIABLES, [variable]: value } })
  expect(code).toBe('ERR_CONFIGURATION_VALUE')
  expect(message).toContain(`environment ${variable} must be ${expected}`)
})

test.each(['  ', `${SERVICE_KEY}\n`, ` ${SERVICE_KEY}`, `"${SERVICE_KEY}"`, `'${SERVICE_KEY}'`])(
  'a service key of %j is refused by name and not trimmed in silence',
  (value) => {
    const { code, message } = problemOf({
      env: { ...VARIABLES, CONTRAST__API__SERVICE_KEY: value },
    })
    expect(code).toBe('ERR_CONFIGURATION_VALUE')
    expect(message).toContain('environment CONTRAST__API__SERVICE_KEY must not ')
    expect(message).not.toContain(SERVICE_KEY)
  },
)

test('an empty variable counts as not set', () => {
  const env = {
    CONTRAST__API__API_KEY: '',
    CONTRAST__API__URL: '',
    CONTRAST__APPLICATION__NAME: ' ',
  }
  const configuration = ready({ options: CREDENTIALS, env })
  expect(configuration.credentials.organizationApiKey).toBeUndefined()
  expect(configuration.application.name).toBe('app')
})

test('unknown variables are listed by name, with the nearest one and without values', () => {
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
  expect(notices).toEqual([{ level: 'warn', text: `unknown variables are ignored: ${names}` }])
})

test('of very many unknown variables ten are listed and the rest is counted', () => {
  const env = Object.fromEntries(
    Array.from({ length: 100 }, (_, index) => [`CONTRAST__NONSENSE_${index}`, 'x']),
  )
  expect(readEnvironment(env).notices[0]?.text).toMatch(/ and 90 more$/)
})
