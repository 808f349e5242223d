import { execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import {
  API_KEY,
  type Around,
  CREDENTIALS,
  freshFolder,
  problemOf,
  ready,
  SERVICE_KEY,
  tryResolve,
} from './try-resolve.ts'

const FILE = 'contrast_security.yaml'
const COMPLETE = `api:
  url: https://teamserver.test/Contrast
  user_name: agent_1@Shop
  service_key: "${SERVICE_KEY}"
`

function withFile(content: string | Uint8Array): Around {
  return { options: CREDENTIALS, files: { [FILE]: content } }
}

/** The organization API key as the file spells it. */
function apiKeyOf(spelling: string): string | undefined {
  return ready(withFile(`api:\n  api_key: ${spelling}\n`)).credentials.organizationApiKey
}

test.each([
  ['plain', COMPLETE],
  ['with a byte order mark', `\ufeff${COMPLETE}`],
  ['with CRLF', COMPLETE.replaceAll('\n', '\r\n')],
  ['without a final newline', COMPLETE.trimEnd()],
  ['with markers and comments', `# ours\n---\n${COMPLETE}...\n`],
  [
    'as JSON',
    JSON.stringify({
      api: { url: 'teamserver.test', user_name: 'agent_1@Shop', service_key: SERVICE_KEY },
    }),
  ],
])('a file %s alone makes an engine', (_form, content) => {
  const { url, credentials, notices } = ready({ files: { [FILE]: content } })
  expect(url).toBe('https://teamserver.test/Contrast/api')
  expect(credentials.serviceKey).toBe(SERVICE_KEY)
  expect(notices).toEqual([])
})

test('each value knows its file, line and key', () => {
  const { origins } = ready({ files: { [FILE]: COMPLETE } })
  expect(origins.serviceKey).toEqual({
    source: 'yaml',
    where: expect.stringMatching(/\/app\/contrast_security\.yaml:4 api\.service_key$/),
  })
})

test.each(['', '\n', '# nothing\n', '---\n', 'api:\n', 'application:\n  # name: shop\n', '{}'])(
  'the file %j says nothing',
  (content) => {
    expect(ready(withFile(content)).notices).toEqual([])
  },
)

test.each([
  ['text', 'must hold keys and values at the top; got a scalar'],
  ['- a', 'must hold keys and values at the top; got a list'],
  ['api: null', 'api must be a section of keys; got a scalar'],
  ['api: text', 'api must be a section of keys; got a scalar'],
  ['api: []', 'api must be a section of keys; got a list'],
  ['enable: true\n---\nenable: true', 'multiple docs'],
  ['api:\n\turl: x', 'tab as indent'],
  ['api:\n  api_key: "x', 'missing char'],
  ['enable: true\0', 'holds a NUL byte'],
  ['enable: true\nenable: true', 'has the key enable twice'],
  ['api:\n  url: x\n  "url": y', 'has the key url twice'],
  ['x:\n - {a: 1, a: 2}', 'has the key a twice'],
  ['<<: {enable: false}', 'holds a merge (<<)'],
  ['? [a]\n: b', 'has a key that is no text'],
  ['api: &a [*a]', 'anchor (&)'],
  ['api:\n  url: *unknown', 'alias (*)'],
  ['api:\n  url: &x y', 'anchor (&)'],
  ['&x api:\n  url: y', 'anchor (&)'],
  ['api: !!set {x}', 'tag (!)'],
  ['api:\n  url: !!binary aGk=', 'tag (!)'],
  ['api:\n  url: !!js/function "() => 1"', 'tag resolve failed'],
  ['%YAML 1.1\n---\nenable: yes', 'must be YAML 1.2'],
  ['%FOO\n---\nenable: true', 'bad directive'],
])('the file %j is refused', (content, why) => {
  const { code, message } = problemOf(withFile(content))
  expect(code).toBe('ERR_CONFIGURATION_FILE')
  expect(message).toContain(why)
  expect(message).toMatch(/^\S+\/contrast_security\.yaml:\d+ /)
})

test('text that is not UTF-8 is refused with its line', () => {
  const bad = Buffer.concat([Buffer.from('# one\n# two\napi: '), Buffer.from([0xff, 0x0a])])
  expect(problemOf(withFile(bad)).message).toMatch(/yaml:3 is not UTF-8 text$/)
  const utf16 = Buffer.from('\ufeffenable: true', 'utf16le')
  expect(problemOf(withFile(utf16)).message).toMatch(/yaml:1 is not UTF-8 text$/)
})

test.each([
  ['5 000 nested lists', '['.repeat(5_000)],
  ['5 000 nested lists that close', `x: ${'['.repeat(5_000)}${']'.repeat(5_000)}`],
  ['nested maps', Array.from({ length: 300 }, (_, depth) => `${' '.repeat(depth)}k:`).join('\n')],
  ['30 000 nested block lists', '- '.repeat(30_000)],
  ['an alias bomb', 'a: &a [x,x]\nb: &b [*a,*a]\nc: &c [*b,*b]\nd: &d [*c,*c]'],
  ['65 KiB of one thing', `# ${'x'.repeat(66_560)}`],
  ['20 000 keys', Array.from({ length: 20_000 }, (_, key) => `key${key}: 1`).join('\n')],
])('%s: refused in good time, with an error of ours', (_what, content) => {
  const before = performance.now()
  expect(problemOf(withFile(content)).code).toBe('ERR_CONFIGURATION_FILE')
  expect(performance.now() - before).toBeLessThan(2_500)
})

test('a file of some thousand keys is read in good time', () => {
  const content = Array.from({ length: 5_000 }, (_, key) => `key${key}: 1`).join('\n')
  const before = performance.now()
  expect(ready(withFile(content)).notices[0]?.text).toMatch(/ and 4990 more$/)
  expect(performance.now() - before).toBeLessThan(2_500)
})

test.each([
  '12345678901234567890123',
  '0012',
  '88912E21',
  '0x1F',
  '0o17',
  '+12',
  '1.0',
  '.inf',
  'true',
  'yes',
  '2026-01-01',
])('the key %s is the text as written', (spelling) => {
  expect(apiKeyOf(spelling)).toBe(spelling)
  expect(apiKeyOf(`"${spelling}"`)).toBe(spelling)
  expect(apiKeyOf(`'${spelling}'  # the key`)).toBe(spelling)
})

test.each(['null', 'Null', '~', ''])(
  'the key %j is refused: quote it or leave it out',
  (spelling) => {
    const { code, message } = problemOf(withFile(`api:\n  api_key: ${spelling}\n`))
    expect(code).toBe('ERR_CONFIGURATION_VALUE')
    expect(message).toMatch(/yaml:2 api\.api_key is null or empty; quote it or leave it out$/)
  },
)

test.each([
  `${API_KEY} #c`,
  `!${API_KEY}`,
  `&${API_KEY}`,
  `*${API_KEY}`,
  `@${API_KEY}`,
  `a: ${API_KEY}`,
  `[${API_KEY}]`,
  `{a: ${API_KEY}}`,
  `>\n    ${API_KEY}`,
  `|\n    ${API_KEY}`,
  `${API_KEY}\n    ${API_KEY}`,
  `"${API_KEY}\\x00b"`,
  `"${API_KEY}\\r\\nX: y"`,
  `"${API_KEY}é"`,
  `"${API_KEY}🔑"`,
  `" ${API_KEY}"`,
  `"${API_KEY}\u00a0"`,
  `"${API_KEY.repeat(40)}"`,
  '""',
])('the key %j is refused, and never part of it taken or shown', (spelling) => {
  const { code, message } = problemOf(withFile(`api:\n  api_key: ${spelling}\n`))
  expect(code).toMatch(/^ERR_CONFIGURATION_(FILE|VALUE)$/)
  expect(message).toMatch(/yaml:[234] /)
  expect(message).not.toContain(API_KEY)
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
])('the value %s is refused by file, line and key', (content, why) => {
  const resolution = tryResolve({
    options: { agentUserName: 'agent_1', serviceKey: SERVICE_KEY },
    env: content.includes('url') ? {} : { CONTRAST__API__URL: 'teamserver.test' },
    files: { [FILE]: content },
  })
  if (resolution.status !== 'unusable') throw new Error(resolution.status)
  expect(resolution.problem.code).toBe('ERR_CONFIGURATION_VALUE')
  expect(resolution.problem.message).toContain(`yaml:1 ${why}`)
})

test('a value that something higher replaces is not looked at', () => {
  const content = 'api:\n  timeout_ms: nonsense\n  api_key: a b\n'
  const options = { ...CREDENTIALS, requestTimeoutMs: 7, organizationApiKey: API_KEY }
  expect(ready({ options, files: { [FILE]: content } }).requestTimeoutMs).toBe(7)
})

test('numbers may group their digits, lists and maps may be written as such', () => {
  const configuration = ready(
    withFile(
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

test('a file that was written for another agent loads without complaint', () => {
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
  expect(ready(withFile(content)).notices).toEqual([])
})

test('unknown keys are listed once, with the nearest name and without values', () => {
  const { notices } = ready(
    withFile(
      `api:\n  apikey: ${API_KEY}\n  service-key: x\ncolour: blue\n__proto__: {a: 1}\napi.url: x\n`,
    ),
  )
  expect(notices).toEqual([
    {
      level: 'warn',
      text: expect.stringMatching(
        /yaml: unknown keys are ignored: api\.apikey \(perhaps api\.api_key\?\), api\.service-key \(perhaps api\.service_key\?\), colour, __proto__\.a, api\.url/,
      ),
    },
  ])
  expect(Object.hasOwn(Object.prototype, 'a')).toBe(false)
})

test('the older section contrast gets a line that says what to call it', () => {
  const { notices } = ready(withFile('contrast:\n  url: https://old.test\n  enable: true\n'))
  expect(notices).toEqual([{ level: 'warn', text: expect.stringContaining('call it api') }])
})

test('all files are merged by key, the higher one winning; lists are not joined', () => {
  const folder = freshFolder()
  const write = (path: string, content: string) => {
    mkdirSync(join(folder, path, '..'), { recursive: true })
    writeFileSync(join(folder, path), content, { mode: 0o600 })
  }
  write('named.yaml', 'application: {name: named}')
  write('etc/node/contrast_security.yaml', 'application: {name: c, path: /c, code: c}')
  write('etc/contrast_security.yaml', 'application: {name: d, path: /d, code: d, group: d}')
  const { application } = ready({
    options: CREDENTIALS,
    files: { [FILE]: 'application: {name: b, path: /b, tags: [b]}' },
    env: { CONTRAST_CONFIG_PATH: join(folder, 'named.yaml') },
    systemYamlFolder: join(folder, 'etc'),
  })
  expect(application).toMatchObject({
    name: 'named',
    path: '/b',
    code: 'c',
    group: 'd',
    tags: ['b'],
  })
})

test('CONTRAST_CONFIG_PATH is relative to the working directory, and must name a file', () => {
  const env = { CONTRAST_CONFIG_PATH: 'conf/my.yaml' }
  expect(ready({ env, files: { 'conf/my.yaml': COMPLETE } }).credentials.serviceKey).toBe(
    SERVICE_KEY,
  )
  const { code, message } = problemOf({ env, options: CREDENTIALS })
  expect(code).toBe('ERR_CONFIGURATION_FILE')
  expect(message).toMatch(/conf\/my\.yaml, which CONTRAST_CONFIG_PATH names, does not exist$/)
})

const HARDLY_FILES: [string, (path: string) => void, RegExp][] = [
  ['a folder', (path) => mkdirSync(path), /is no regular file/],
  ['a pipe', (path) => execFileSync('mkfifo', [path]), /is no regular file/],
  ['an endless device', (path) => symlinkSync('/dev/zero', path), /is no regular file/],
  ['a link to itself', (path) => symlinkSync(path, path), /cannot be read \(ELOOP\)/],
  [
    'a file of 1 GiB',
    (path) => {
      writeFileSync(path, '')
      truncateSync(path, 2 ** 30)
    },
    /is larger than 65536 bytes/,
  ],
]

test.skipIf(process.platform === 'win32').each(HARDLY_FILES)(
  '%s in place of the file is refused without waiting',
  (_what, make, why) => {
    const path = join(freshFolder(), 'my.yaml')
    make(path)
    const { code, message } = problemOf({ env: { CONTRAST_CONFIG_PATH: path } })
    expect(code).toBe('ERR_CONFIGURATION_FILE')
    expect(message).toMatch(why)
  },
)

test.skipIf(process.platform === 'win32')(
  'a file with a key that everybody may read is loaded with one warning',
  () => {
    const path = join(freshFolder(), 'my.yaml')
    writeFileSync(path, COMPLETE)
    chmodSync(path, 0o644)
    const env = { CONTRAST_CONFIG_PATH: path }
    expect(ready({ env }).notices).toEqual([
      { level: 'warn', text: expect.stringContaining('every user of this machine may read it') },
    ])
    writeFileSync(path, 'application: {name: shop}')
    expect(ready({ env, options: CREDENTIALS }).notices).toEqual([])
  },
)
