import { expect, test } from 'vitest'
import {
  type CredentialsUpdate,
  withCredentials,
} from '../../../sdk/configuration/credentials-update.ts'
import { API_KEY, CREDENTIALS, ready, SERVICE_KEY } from './try-resolve.ts'

const before = () => ready({ options: { ...CREDENTIALS, organizationApiKey: API_KEY } })

test('an update changes what it names, and says where that came from', () => {
  const configuration = before()
  const { credentials, origins } = withCredentials(configuration, { serviceKey: 'new' })
  expect(credentials.serviceKey).toBe('new')
  expect(credentials.agentUserName).toBe(CREDENTIALS.agentUserName)
  expect(credentials.organizationApiKey).toBe(API_KEY)
  expect(origins.serviceKey).toEqual({ source: 'option', where: 'updateCredentials serviceKey' })
  expect(origins.organizationApiKey.where).toBe('option organizationApiKey')
  expect(configuration.credentials.serviceKey).toBe(SERVICE_KEY)
})

test('null takes the organization API key away, undefined leaves it', () => {
  const without = withCredentials(before(), { organizationApiKey: null })
  expect(without.credentials.organizationApiKey).toBeUndefined()
  expect(without.origins.organizationApiKey.source).toBe('default')
  const same = withCredentials(before(), { organizationApiKey: undefined })
  expect(same.credentials.organizationApiKey).toBe(API_KEY)
})

test.each([
  [{ serviceKey: '' }, 'option serviceKey must be a text; got an empty text'],
  [{ serviceKey: null }, 'option serviceKey must be a text; got null'],
  [{ organizationApiKey: `${API_KEY} ` }, 'option organizationApiKey must not have white space'],
  [{ url: 'https://other.test' }, 'updateCredentials() takes no url'],
  [{ servicekey: API_KEY }, 'updateCredentials() takes no servicekey (perhaps serviceKey?)'],
  [null, 'updateCredentials() takes an object; got null'],
])('the update %j is refused', (update, message) => {
  const configuration = before()
  const change = () => withCredentials(configuration, update as CredentialsUpdate)
  expect(change).toThrow(message)
  expect(change).toThrow(expect.objectContaining({ code: 'ERR_OPTION_INVALID' }))
})

const SET = {
  url: 'https://teamserver.test/Contrast',
  user_name: 'agent_1@Shop',
  service_key: SERVICE_KEY,
  api_key: API_KEY,
}

test('a pre-fitted API key stays behind when another user takes over, and a line says so', () => {
  const prefitted = ready({ prefitted: { status: 'read', values: SET } })
  const other = withCredentials(prefitted, {
    agentUserName: 'agent_2@Other',
    serviceKey: 'another',
  })
  expect(other.credentials.organizationApiKey).toBeUndefined()
  expect(other.origins.organizationApiKey.source).toBe('default')
  expect(other.notices).toEqual([
    { level: 'warn', text: expect.stringContaining('pre-fitted credentials is not used any more') },
  ])
})

test.each([
  [{ serviceKey: 'rotated' }, API_KEY],
  [{ agentUserName: SET.user_name }, API_KEY],
  [{ agentUserName: 'agent_2@Other', organizationApiKey: 'own' }, 'own'],
])('after the update %j of pre-fitted credentials there is an API key', (update, expected) => {
  const prefitted = ready({ prefitted: { status: 'read', values: SET } })
  const { credentials, notices } = withCredentials(prefitted, update)
  expect(credentials.organizationApiKey).toBe(expected)
  expect(notices).toEqual([])
})

test('an update that cannot be read is refused as one that is wrong', () => {
  const update = {
    get serviceKey(): string {
      throw new Error('not now')
    },
  }
  expect(() => withCredentials(before(), update)).toThrow(
    expect.objectContaining({ code: 'ERR_OPTION_INVALID', message: 'the update cannot be read' }),
  )
})
