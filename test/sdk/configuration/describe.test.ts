import { expect, test } from 'vitest'
import { describeConfiguration } from '../../../sdk/configuration/describe.ts'
import { SETTING_NAMES } from '../../../sdk/configuration/settings.ts'
import { API_KEY, ready, tokenOf } from './try-resolve.ts'

test('C-203: every setting is described with value and origin, secrets masked', () => {
  const token = tokenOf({
    url: 'https://teamserver.test',
    user_name: 'agent_1',
    service_key: 'SHORTKEY',
    api_key: API_KEY,
  })
  const configuration = ready({
    options: { token, application: { tags: ['a', 'b'], metadata: { team: 'red' } } },
  })
  const described = describeConfiguration(configuration)
  const values = new Map(described.map(({ name, value }) => [name, value]))
  expect([...values.keys()]).toEqual(SETTING_NAMES)
  expect(Object.fromEntries(values)).toMatchObject({
    isEnabled: 'true',
    url: 'https://teamserver.test/Contrast/api',
    agentUserName: 'agent_1',
    serviceKey: '••••',
    organizationApiKey: `••••${API_KEY.slice(-4)}`,
    token: '••••',
    'application.name': 'app',
    'application.tags': 'a, b',
    'application.metadata': 'team=red',
    'application.code': '',
    requestTimeoutMs: '10000',
  })
  expect(described.find(({ name }) => name === 'serviceKey')?.origin.where).toBe(
    'token from option token',
  )
  expect(JSON.stringify(described)).not.toMatch(new RegExp(`SHORTKEY|${API_KEY}|${token}`))
})
