import { expect, test } from 'vitest'
import {
  API_KEY,
  COMPLETE_YAML,
  CREDENTIALS,
  ready,
  SERVICE_KEY,
  tryResolve,
  withYaml,
} from './try-resolve.ts'

test('C-203: each value knows its file, line and key', () => {
  const { origins } = ready({ files: { 'contrast_security.yaml': COMPLETE_YAML } })
  expect(origins.serviceKey).toEqual({
    source: 'yaml',
    where: expect.stringMatching(/\/app\/contrast_security\.yaml:4 api\.service_key$/),
  })
})

test.each([
  ['enable: "false"', 'enable must be true or false; got a text'],
  ['enable: no', 'enable must be true or false'],
  ['api: {timeout_ms: "10"}', 'api.timeout_ms must be an integer from 1 to 2147483647 (milli'],
  ['api: {timeout_ms: -1}', 'api.timeout_ms must be an integer from 1'],
  ['api: {timeout_ms: 0}', 'api.timeout_ms must be an integer from 1'],
  ['api: {timeout_ms: 1e400}', 'api.timeout_ms must be an integer from 1'],
  ['api: {timeout_ms: NaN}', 'api.timeout_ms must be an integer from 1'],
  ['api: {timeout_ms: 2147483648}', 'api.timeout_ms must be an integer from 1'],
  ['api: {url: ""}', 'api.url must be the address of a TeamServer'],
  ['application: {name: null}', 'application.name is null or empty'],
  [
    'application: {name: [a]}',
    'application.name must be a text of 1 to 255 characters; got a list',
  ],
  ['server: {environment: moon}', 'server.environment must be one of DEVELOPMENT, QA, PRODUCTION'],
])('C-113: the value %s is refused by file, line and key', (content, why) => {
  const resolution = tryResolve({
    options: { agentUserName: 'agent_1', serviceKey: SERVICE_KEY },
    env: content.includes('url') ? {} : { CONTRAST__API__URL: 'teamserver.test' },
    files: { 'contrast_security.yaml': content },
  })
  if (resolution.status !== 'unusable') throw new Error(resolution.status)
  expect(resolution.problem.code).toBe('ERR_CONFIGURATION_VALUE')
  expect(resolution.problem.message).toContain(`yaml:1 ${why}`)
})

test('C-201: a value that something higher replaces is not looked at', () => {
  const content = 'api:\n  timeout_ms: nonsense\n  api_key: a b\n'
  const options = { ...CREDENTIALS, requestTimeoutMs: 7, organizationApiKey: API_KEY }
  expect(ready({ options, files: { 'contrast_security.yaml': content } }).requestTimeoutMs).toBe(7)
})

test('C-113: numbers may group their digits, lists and maps may be written as such', () => {
  const configuration = ready(
    withYaml(
      'api: {timeout_ms: 12_000}\napplication:\n  tags: [a, "b c"]\n  version: 1.10\n' +
        '  metadata: {team: red}\n  group: ""\nserver:\n  tags: a, b\n',
    ),
  )
  expect(configuration.requestTimeoutMs).toBe(12_000)
  expect(configuration.application).toMatchObject({
    version: '1.10',
    tags: ['a', 'b c'],
    metadata: { team: 'red' },
  })
  expect(configuration.application).not.toHaveProperty('group')
  expect(configuration.server.tags).toEqual(['a', 'b'])
})

test('C-112: a file that was written for another agent loads without complaint', () => {
  const content = `api:
  proxy: {enable: true, url: "http://proxy.test:3128"}
  certificate: {enable: false, ca_file: ca.pem}
agent:
  heap_dump: {delay_ms: 10_000}
  security_logger: {syslog: {enable: true}}
assess: {sampling: {baseline: 5}, tags: x}
protect:
inventory: {tags: a}
application: {args: --verbose}
`
  expect(ready(withYaml(content)).notices).toEqual([])
})

test('C-112: the older section contrast gets a line that says what to call it', () => {
  const { notices } = ready(withYaml('contrast:\n  url: https://old.test\n  enable: true\n'))
  expect(notices).toEqual([{ level: 'warn', text: expect.stringContaining('call it api') }])
})
