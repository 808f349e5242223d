import { expect, test } from 'vitest'
import { authorizationHeaders } from '../../../sdk/credentials/authorization.ts'
import { createCredentials } from '../../../sdk/credentials/credentials.ts'

test('C-402: layer one alone, without a line for an absent API key, is base64 of user name and service key, without a scheme', () => {
  const credentials = createCredentials({ agentUserName: 'agent_1@Ünter', serviceKey: 'KEY' })
  expect(authorizationHeaders(credentials)).toEqual({ authorization: 'YWdlbnRfMUDDnG50ZXI6S0VZ' })
})

test('with both layers the API key stands beside it as it is', () => {
  const credentials = createCredentials({
    agentUserName: 'agent_1',
    serviceKey: 'KEY',
    organizationApiKey: 'API KEY',
  })
  expect(authorizationHeaders(credentials)).toEqual({
    authorization: 'YWdlbnRfMTpLRVk=',
    'api-key': 'API KEY',
  })
})

test('headers are made anew for each request', () => {
  const credentials = createCredentials({ agentUserName: 'agent_1', serviceKey: 'KEY' })
  expect(authorizationHeaders(credentials)).not.toBe(authorizationHeaders(credentials))
})
