import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect, test } from 'vitest'
import { type PrefittedRead, readPrefitted } from '../../../sdk/configuration/prefitted.ts'
import {
  API_KEY,
  CREDENTIALS,
  freshFolder,
  problemOf,
  ready,
  SERVICE_KEY,
  tokenOf,
} from './try-resolve.ts'

const SET = {
  url: 'https://teamserver.test/Contrast',
  user_name: 'agent_1@Shop',
  service_key: SERVICE_KEY,
  api_key: API_KEY,
}
const prefitted: PrefittedRead = { status: 'read', values: SET }

test('the plain package comes without credentials', () => {
  expect(readPrefitted()).toEqual({ status: 'none' })
})

test('a download carries them inside or in a file beside', () => {
  const file = pathToFileURL(join(freshFolder(), 'credentials.json'))
  writeFileSync(file, JSON.stringify(SET))
  expect(readPrefitted(JSON.stringify(SET))).toEqual(prefitted)
  expect(readPrefitted('file', file)).toEqual(prefitted)
})

test.each([
  ['the placeholder left in', '@@TEAMSERVER_ENGINE_CREDENTIALS@@', 'placeholder'],
  ['nothing', '', 'JSON object'],
  ['a cut off set', JSON.stringify(SET).slice(0, 60), 'JSON object'],
  ['a list', '[]', 'JSON object'],
  ['a set without service key', JSON.stringify({ ...SET, service_key: undefined }), 'service_key'],
  ['a set with a number', JSON.stringify({ ...SET, user_name: 7 }), 'user_name'],
])('C-403: %s makes one clear line, inside as well as beside', (_what, json, word) => {
  const file = pathToFileURL(join(freshFolder(), 'credentials.json'))
  writeFileSync(file, json)
  for (const read of [readPrefitted(json), readPrefitted('file', file)]) {
    const problem = problemOf({ prefitted: read })
    expect(problem.code).toBe('ERR_PREFITTED_INVALID')
    expect(problem.message).toContain(word)
    expect(problem.message).not.toMatch(new RegExp(`\\n|${SERVICE_KEY}|${API_KEY}`))
  }
})

test('C-403: a missing file makes one clear line', () => {
  const read = readPrefitted('file', pathToFileURL(join(freshFolder(), 'credentials.json')))
  expect(problemOf({ prefitted: read }).message).toContain('credentials.json is missing')
})

test('C-403: damaged ones that nobody needs are worth a warning only', () => {
  const { notices } = ready({ options: CREDENTIALS, prefitted: readPrefitted('') })
  expect(notices).toEqual([{ level: 'warn', text: expect.stringContaining('are damaged') }])
})

test('the whole set is used where nothing is said', () => {
  const { url, credentials, origins, notices } = ready({ prefitted })
  expect(url).toBe('https://teamserver.test/Contrast/api')
  expect(credentials.serviceKey).toBe(SERVICE_KEY)
  expect(credentials.organizationApiKey).toBe(API_KEY)
  expect(origins.url).toEqual({ source: 'prefitted', where: 'the pre-fitted credentials' })
  expect(notices).toEqual([])
})

const FROM_ELSEWHERE: [string, Parameters<typeof ready>[0]][] = [
  ['a url option', { options: { url: 'https://other.test' } }],
  ['a user name option', { options: { agentUserName: 'agent_2@Shop' } }],
  ['a service key option', { options: { serviceKey: 'another' } }],
  ['a url variable', { env: { CONTRAST__API__URL: 'https://other.test' } }],
  ['a url in YAML', { files: { 'contrast_security.yaml': 'api:\n  url: https://other.test' } }],
  [
    'a token',
    {
      options: {
        token: tokenOf({ url: 'https://o.test', user_name: 'agent_2', service_key: 'x' }),
      },
    },
  ],
]

test.each(FROM_ELSEWHERE)(
  'with %s the pre-fitted API key stays here, and a line says so',
  (_what, around) => {
    const { credentials, origins, notices } = ready({ ...around, prefitted })
    expect(credentials.organizationApiKey).toBeUndefined()
    expect(origins.organizationApiKey.source).toBe('default')
    expect(notices).toEqual([
      {
        level: 'warn',
        text: expect.stringMatching(
          /^the organization API key of the pre-fitted credentials is not used, because /,
        ),
      },
    ])
  },
)

test('an organizationApiKey of one’s own may be added to the set', () => {
  const { credentials, notices } = ready({ options: { organizationApiKey: 'mine' }, prefitted })
  expect(credentials.serviceKey).toBe(SERVICE_KEY)
  expect(credentials.organizationApiKey).toBe('mine')
  expect(notices).toEqual([])
})

test('no line is spent on a pre-fitted API key that another one replaces anyway', () => {
  const options = { ...CREDENTIALS, organizationApiKey: 'mine' }
  expect(ready({ options, prefitted }).notices).toEqual([])
})
