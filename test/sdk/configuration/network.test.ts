import { expect, test } from 'vitest'
import type { ProxyOptions } from '../../../sdk/configuration/network-options.ts'
import { type Around, CREDENTIALS, problemOf, ready, tryResolve } from './try-resolve.ts'

const PROXY = 'http://proxy.test:3128'
const USUAL = { env: { HTTPS_PROXY: PROXY } }

/** What connections go by, with what `inspect` would not show. */
function proxyOf(around: Around) {
  const { proxy } = ready({ options: CREDENTIALS, ...around }).network
  return proxy && { url: proxy.url, where: proxy.where, authorization: proxy.authorization }
}

function withProxy(proxy: ProxyOptions | string | false, around: Around = {}): Around {
  return { ...around, options: { ...CREDENTIALS, proxy } }
}

function withYaml(text: string, env: Record<string, string> = {}): Around {
  return { options: CREDENTIALS, files: { 'contrast_security.yaml': text }, env }
}

const BASIC_ANN = `Basic ${Buffer.from('ann:p:w ü').toString('base64')}`

test.each<[string, Around, object]>([
  ['an address', withProxy(PROXY), { url: PROXY, where: 'option proxy.url' }],
  ['the option url', withProxy({ url: PROXY }), { url: PROXY, where: 'option proxy.url' }],
  [
    'scheme, host and port',
    withProxy({ scheme: 'https', host: 'proxy.test', port: 8443 }),
    { url: 'https://proxy.test:8443', where: 'option proxy.host' },
  ],
  [
    'user and password',
    withProxy({ url: PROXY, user: 'ann', password: 'p:w ü', authType: 'Basic' }),
    { url: PROXY, where: 'option proxy.url', authorization: BASIC_ANN },
  ],
  [
    'user and password in the address',
    withProxy('http://ann:p%3Aw%20%C3%BC@proxy.test:3128'),
    { url: PROXY, where: 'option proxy.url', authorization: BASIC_ANN },
  ],
  [
    'the variable of the documentation',
    { env: { CONTRAST__API__PROXY__URL: 'proxy.test:3128' } },
    { url: PROXY, where: 'environment CONTRAST__API__PROXY__URL' },
  ],
  [
    'the documented parts',
    withYaml(
      'api:\n  proxy:\n    scheme: HTTP\n    host: proxy.test\n    port: 3128\n    user: ann\n    pass: "p:w ü"\n    auth_type: basic\n',
    ),
    {
      url: PROXY,
      where: expect.stringMatching(/yaml:4 api\.proxy\.host$/),
      authorization: BASIC_ANN,
    },
  ],
  ['HTTPS_PROXY', USUAL, { url: PROXY, where: 'environment HTTPS_PROXY' }],
  [
    'https_proxy before HTTPS_PROXY',
    { env: { HTTPS_PROXY: 'http://other.test', https_proxy: PROXY } },
    { url: PROXY, where: 'environment https_proxy' },
  ],
  [
    'HTTP_PROXY for plain http',
    { options: { ...CREDENTIALS, url: 'http://teamserver.test' }, env: { HTTP_PROXY: PROXY } },
    { url: PROXY, where: 'environment HTTP_PROXY' },
  ],
  [
    'our own setting before HTTPS_PROXY and whatever NO_PROXY says',
    { env: { ...USUAL.env, NO_PROXY: '*', CONTRAST__API__PROXY__URL: 'https://ours.test' } },
    { url: 'https://ours.test', where: 'environment CONTRAST__API__PROXY__URL' },
  ],
  [
    'our own setting, for this machine too',
    { options: { ...CREDENTIALS, url: 'http://127.0.0.1:8080', proxy: PROXY } },
    { url: PROXY, where: 'option proxy.url' },
  ],
])('%s names the proxy', (_what, around, expected) => {
  expect(proxyOf(around)).toEqual({ authorization: undefined, ...expected })
})

test.each<[string, Around]>([
  ['nobody names one', {}],
  ['the program says false', withProxy(false, USUAL)],
  ['isEnabled is false', withProxy({ isEnabled: false, url: PROXY })],
  ['api.proxy.enable is false', { env: { ...USUAL.env, CONTRAST__API__PROXY__ENABLE: 'false' } }],
  ['HTTPS_PROXY is empty', { env: { HTTPS_PROXY: '', https_proxy: ' ' } }],
  ['HTTP_PROXY is for another scheme', { env: { HTTP_PROXY: PROXY } }],
  [
    'a caller of a CGI program named it',
    {
      options: { ...CREDENTIALS, url: 'http://teamserver.test' },
      env: { HTTP_PROXY: PROXY, REQUEST_METHOD: 'GET' },
    },
  ],
  ...['http://127.0.0.1:8080', 'http://localhost', 'https://[::1]:8443'].map(
    (url): [string, Around] => [
      `the variables name one, and ${url} is this machine`,
      { options: { ...CREDENTIALS, url }, env: { HTTPS_PROXY: PROXY, HTTP_PROXY: PROXY } },
    ],
  ),
])('there is no proxy where %s', (_where, around) => {
  expect(proxyOf(around)).toBeUndefined()
})

test.each([
  ['*', 'https://teamserver.test'],
  ['teamserver.test', 'https://teamserver.test'],
  ['a.test, TeamServer.Test.', 'https://teamserver.test'],
  ['a.test b.test\tteamserver.test', 'https://teamserver.test'],
  ['.test', 'https://teamserver.test'],
  ['*.test', 'https://teamserver.test'],
  ['test', 'https://teamserver.test'],
  ['teamserver.test:443', 'https://teamserver.test'],
  ['teamserver.test:8443', 'https://teamserver.test:8443'],
  ['10.0.0.0/8', 'https://10.1.2.3'],
  ['10.1.2.3', 'https://10.1.2.3'],
  ['2001:db8::/32', 'https://[2001:db8::7]'],
  ['[2001:db8::7]:443', 'https://[2001:db8::7]'],
  ['2001:db8::7', 'https://[2001:db8::7]'],
])('NO_PROXY %j exempts %s', (NO_PROXY, url) => {
  const options = { ...CREDENTIALS, url }
  expect(proxyOf({ options, env: { ...USUAL.env, NO_PROXY } })).toBeUndefined()
  expect(proxyOf({ options, env: { ...USUAL.env, no_proxy: NO_PROXY } })).toBeUndefined()
})

test.each([
  ['', 'https://teamserver.test'],
  ['server.test', 'https://teamserver.test'],
  ['teamserver.test.example', 'https://teamserver.test'],
  ['teamserver.test:80', 'https://teamserver.test'],
  ['.', 'https://teamserver.test'],
  ['10.0.0.0/33,10.0.0.0/,10.0.0.0/x', 'https://10.1.2.3'],
  ['11.0.0.0/8,2001:db8::/32', 'https://10.1.2.3'],
])('NO_PROXY %j does not exempt %s', (NO_PROXY, url) => {
  const options = { ...CREDENTIALS, url }
  expect(proxyOf({ options, env: { ...USUAL.env, NO_PROXY } })?.url).toBe(PROXY)
})

const BOTH = /url \(.+\) or scheme, host and port \(.+\), not both: leave one of them out$/

test.each<[string, ProxyOptions, RegExp]>([
  ['url and parts', { url: PROXY, port: 1 }, BOTH],
  [
    'a host alone',
    { host: 'proxy.test' },
    /^option proxy\.host needs proxy\.scheme and proxy\.port/,
  ],
  ['no port', { scheme: 'http', host: 'p' }, /^option proxy\.scheme needs proxy\.port beside it/],
  ['enabled alone', { isEnabled: true }, /^option proxy\.isEnabled is true, but no proxy is named/],
  ['a password alone', { url: PROXY, password: 'x' }, /^option proxy\.password needs proxy\.user/],
  [
    'two users',
    { url: 'http://ann:x@proxy.test', user: 'bob' },
    /^option proxy\.url holds a user already, and option proxy\.user gives one again/,
  ],
])('a proxy with %s is refused', (_what, proxy, message) => {
  const resolve = () => tryResolve(withProxy(proxy))
  expect(resolve).toThrow(expect.objectContaining({ code: 'ERR_OPTION_INVALID' }))
  expect(resolve).toThrow(message)
})

test('url and parts from different places switch the engine off', () => {
  const env = { CONTRAST__API__PROXY__PORT: '3128' }
  expect(problemOf(withYaml(`api: {proxy: {url: "${PROXY}"}}`, env))).toMatchObject({
    code: 'ERR_CONFIGURATION_VALUE',
    message: expect.stringMatching(BOTH),
  })
})

test.each([
  'socks5://hunter2.test:1080',
  'ftp://hunter2.test',
  'http://',
  'http://hunter2.test:0',
  'http://hunter2.test:99999',
  'http://hunter2.test/path',
  'http://hunter2.test?x',
  'http://hunter2.test#x',
  'http://hunter2 .test',
  ' http://hunter2.test',
  'http://:hunter2@proxy.test',
  'http://a%3Ab:hunter2@proxy.test',
  'http://ann:hunter2%@proxy.test',
  'http://ann%0a:hunter2@proxy.test',
  `http://${'a'.repeat(2_048)}`,
])('the proxy %j is refused wherever it stands, without being repeated', (address) => {
  const env = { HTTPS_PROXY: address }
  const problem = problemOf({ options: CREDENTIALS, env })
  expect(problem.code).toBe('ERR_CONFIGURATION_VALUE')
  expect(problem.message).toMatch(/^environment HTTPS_PROXY (must|has)/)
  expect(problem.message).not.toContain('hunter2')
  expect(() => tryResolve(withProxy(address))).toThrow(/^option proxy\.url (must|has)/)
})

test.each(['NTLM', 'ntlm', 'Digest'])(
  'the way %s to log in to a proxy gets a clear word',
  (way) => {
    const yaml = `api: {proxy: {url: "${PROXY}", auth_type: ${way}}}`
    expect(problemOf(withYaml(yaml)).message).toMatch(
      /api\.proxy\.auth_type must be Basic: this engine does not speak (NTLM|Digest)\. Let the proxy/,
    )
  },
)

test('the password of a proxy does not show', () => {
  const configuration = ready(withProxy({ url: PROXY, user: 'ann', password: 'hunter2hunter2' }))
  const { proxy, network } = configuration
  expect(JSON.stringify([proxy, network])).not.toContain('hunter2')
  expect(JSON.stringify([proxy, network])).not.toContain(network.proxy?.authorization ?? 'Basic')
  expect(proxy.password).toBe('hunter2hunter2')
})

test.each([
  'http://169.254.169.254',
  'http://169.254.170.2/latest',
  '169.254.169.254',
  'http://metadata.google.internal',
  'http://METADATA.google.internal.',
  'http://100.100.100.200',
  'http://168.63.129.16',
  'http://0.0.0.0:8080',
  'http://0',
  'http://[::]:8080',
  'http://2852039166',
  'http://0xA9FEA9FE',
  'http://0xa9.0xfe.0xa9.0xfe',
  'http://0251.0376.0251.0376',
  'http://169.254.43518',
  'http://[fe80::1]',
  'http://[febf::1]',
  'http://[fd00:ec2::254]',
  'http://[::ffff:169.254.169.254]',
  'http://[::ffff:a9fe:a9fe]',
  'http://[::169.254.169.254]',
  'http://[64:ff9b::a9fe:a9fe]',
  'http://[2002:a9fe:a9fe::1]',
  'http://[::ffff:100.100.100.200]',
  'http://[::ffff:0.0.0.0]',
])('C-116: the url %s is refused by name, and may be allowed', (url) => {
  const options = { ...CREDENTIALS, url }
  expect(() => tryResolve({ options })).toThrow(
    expect.objectContaining({
      code: 'ERR_OPTION_INVALID',
      message: expect.stringMatching(/^option url leads to \S+, (a|an|the) .+: nothing is sent/),
    }),
  )
  const { url: _, ...others } = options
  expect(problemOf({ options: others, env: { CONTRAST__API__URL: url } })).toMatchObject({
    code: 'ERR_CONFIGURATION_VALUE',
    message: expect.stringContaining('environment CONTRAST__API__URL leads to'),
  })
  expect(ready({ options: { ...options, allowLinkLocal: true } }).network.isLinkLocalAllowed).toBe(
    true,
  )
})

test.each([
  'http://169.253.0.1',
  'http://170.254.1.1',
  'http://127.0.0.1',
  'http://[::1]',
  'http://10.0.0.1',
  'http://[fd00::1]',
  'http://[fec0::1]',
  'http://[::ffff:127.0.0.1]',
  'https://metadata.example',
])('C-116: the url %s is an address like others', (url) => {
  expect(tryResolve({ options: { ...CREDENTIALS, url } }).status).toBe('ready')
})

test('D-705: requireHttps refuses plain http to another machine alone', () => {
  const env = { CONTRAST__API__REQUIRE_HTTPS: 'true' }
  const plain = { ...CREDENTIALS, url: 'http://teamserver.test' }
  expect(() => tryResolve({ options: plain, env })).toThrow(
    'option url is plain http, which environment CONTRAST__API__REQUIRE_HTTPS forbids: use https',
  )
  expect(ready({ options: CREDENTIALS, env }).requireHttps).toBe(true)
  expect(ready({ options: { ...plain, url: 'http://localhost' }, env }).notices).toEqual([])
})

test('D-705: plain http to another machine is warned of once, and taken', () => {
  const { notices } = ready({ options: { ...CREDENTIALS, url: 'http://teamserver.test' } })
  expect(notices).toEqual([
    {
      level: 'warn',
      text: 'url (option url) is plain http: anybody between here and teamserver.test can read the keys; use https',
    },
  ])
})

test('with its own fetch a program is told that a proxy or a pin does not count', () => {
  const fetch = () => Promise.reject(new Error('not called'))
  const around = { options: { ...CREDENTIALS, fetch, certificate: { ignoreCertErrors: true } } }
  expect(ready(around).notices.map(({ text }) => text)).toContain(
    'option certificate.ignoreCertErrors does not count: the option fetch makes its own connections',
  )
  expect(ready({ ...USUAL, options: { ...CREDENTIALS, fetch } }).notices).toEqual([])
})
