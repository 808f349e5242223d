import { expect, test } from 'vitest'
import { createCredentials } from '../../../sdk/credentials/credentials.ts'
import { redact } from '../../../sdk/credentials/redact.ts'

const SERVICE_KEY = 'S3rvice/Key+S3rvice=Key01'
const API_KEY = 'Apik3yApik3yApik3yApik3y02'
const known = [
  createCredentials({ agentUserName: 'agent_1@Org', serviceKey: 'the_one_that_was_replaced' }),
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
  ['a replaced service key', 'the_one_that_was_replaced'],
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
