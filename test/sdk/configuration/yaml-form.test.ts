import { expect, test } from 'vitest'
import {
  API_KEY,
  COMPLETE_YAML,
  problemOf,
  ready,
  SERVICE_KEY,
  tryResolve,
  withYaml,
} from './try-resolve.ts'

test.each([
  ['plain', COMPLETE_YAML],
  ['with a byte order mark', `\ufeff${COMPLETE_YAML}`],
  ['with CRLF', COMPLETE_YAML.replaceAll('\n', '\r\n')],
  ['without a final newline', COMPLETE_YAML.trimEnd()],
  ['with markers and comments', `# ours\n---\n${COMPLETE_YAML}...\n`],
  [
    'as JSON',
    JSON.stringify({
      api: { url: 'teamserver.test', user_name: 'agent_1@Shop', service_key: SERVICE_KEY },
    }),
  ],
])('C-101: a file %s alone makes an engine', (_form, content) => {
  const { url, credentials, notices } = ready({ files: { 'contrast_security.yaml': content } })
  expect(url).toBe('https://teamserver.test/Contrast/api')
  expect(credentials.serviceKey).toBe(SERVICE_KEY)
  expect(notices).toEqual([])
})

test.each([
  '',
  '\n',
  '\r\n',
  '\ufeff',
  '# nothing',
  '# nothing\n',
  '---\n',
  'api:\n',
  'application:\n  # name: shop\n',
  '{}',
])('C-101: the file %j says nothing', (content) => {
  expect(ready(withYaml(content)).notices).toEqual([])
})

test.each<[row: string, content: string, why: string]>([
  ['C-102', 'text', 'must hold keys and values at the top; got a scalar'],
  ['C-102', '- a', 'must hold keys and values at the top; got a list'],
  ['C-102', 'api: null', 'api must be a section of keys; got a scalar'],
  ['C-102', 'api: text', 'api must be a section of keys; got a scalar'],
  ['C-102', 'api: []', 'api must be a section of keys; got a list'],
  ['C-102', 'enable: true\n---\nenable: true', 'must hold one document; here begins a second one'],
  ['C-106', 'enable: true\nenable: true', 'has the key enable twice'],
  ['C-106', 'api:\n  url: x\n  "url": y', 'has the key url twice'],
  ['C-106', 'api: {url: x, url: y}', 'has the key url twice'],
  ['C-106', 'application:\n  metadata:\n    a: 1\n    a: 2', 'has the key a twice'],
  ['C-106', 'x:\n - {a: 1, a: 2}', 'has the key a twice'],
  ['C-108', '<<: {enable: false}', 'holds a merge (<<)'],
  ['C-108', 'api:\n  <<: *a', 'holds a merge (<<)'],
  ['C-108', 'api: &a [*a]', 'anchor (&)'],
  ['C-108', 'api:\n  url: *unknown', 'alias (*)'],
  ['C-108', 'api:\n  url: &x y', 'anchor (&)'],
  ['C-108', '&x api:\n  url: y', 'anchor (&)'],
  ['C-110', 'api:\n\turl: x', 'tab as indent'],
  ['C-110', 'api:\n  api_key: "x', 'missing char'],
  ['C-110', "api:\n  api_key: 'x", 'missing char'],
  ['C-110', 'enable: true\0', 'holds a NUL byte'],
  ['C-110', '}', 'is not the YAML of a configuration: unexpected token'],
  ['C-111', 'api: !!set {x}', 'tag (!)'],
  ['C-111', 'api:\n  url: !!binary aGk=', 'tag (!)'],
  ['C-111', 'api:\n  url: !!js/function "() => 1"', 'tag resolve failed'],
  ['C-111', 'api:\n  url: !ours x', 'tag resolve failed'],
  ['C-111', '%TAG ! tag:example.test,2026:\n---\napi:\n  url: !x y', 'tag resolve failed'],
  ['3.1', '? [a]\n: b', 'has a key that is no text'],
  ['3.1', '%YAML 1.1\n---\nenable: yes', 'must be YAML 1.2'],
  ['3.1', '%FOO\n---\nenable: true', 'bad directive'],
])('%s: the file %j is refused', (_row, content, why) => {
  const { code, message } = problemOf(withYaml(content))
  expect(code).toBe('ERR_CONFIGURATION_FILE')
  expect(message).toContain(why)
  expect(message).toMatch(/^\S+\/contrast_security\.yaml:\d+ [^\n]+$/)
})

test.each<[string, string | Uint8Array, number]>([
  ['is UTF-8 up to its third line', Buffer.from('# one\n# two\napi: \xff\n', 'latin1'), 3],
  ['is UTF-16 with its mark', Buffer.from('\ufeffenable: true', 'utf16le'), 1],
  ['has a tab for indent', `api:\n\tservice_key: ${SERVICE_KEY}\n`, 2],
  ['has a quote that never ends', `api:\n  service_key: "${SERVICE_KEY}\n`, 2],
  ['has a NUL in its second line', `api:\n  service_key: ${SERVICE_KEY}\0\n`, 2],
])('C-110: of a file that %s the line is named and nothing of it shown', (_what, content, line) => {
  const { message } = problemOf(withYaml(content))
  // A quote that never ends is noticed at the end.
  expect(message).toMatch(new RegExp(`contrast_security\\.yaml:[${line}${line + 1}] `))
  expect(message).not.toContain(SERVICE_KEY.slice(0, 8))
})

const POLLUTING = ['__proto__', 'constructor', 'prototype']

test.each(
  POLLUTING.flatMap((name) => [
    [name, `${name}: {polluted: 1}`, `${name}.polluted`],
    [name, `${name}: x`, name],
    [name, `api:\n  ${name}: {polluted: 1}`, `api.${name}.polluted`],
    [name, `api:\n  nothing:\n    ${name}: x`, `api.nothing.${name}`],
  ]),
)('C-107: %s in %j is an unknown key like any other', (_name, content, place) => {
  expect(ready(withYaml(content)).notices).toEqual([
    {
      level: 'warn',
      text: expect.stringMatching(new RegExp(`: unknown keys are ignored: ${place}$`)),
    },
  ])
  expect(Reflect.get({}, 'polluted')).toBeUndefined()
})

test.each(POLLUTING)('C-107: %s as a name of metadata is a name and nothing else', (name) => {
  const { application } = ready(
    withYaml(`application:\n  metadata: {${name}: polluted, team: red}`),
  )
  expect(Object.entries(application.metadata).sort()).toEqual(
    [
      [name, 'polluted'],
      ['team', 'red'],
    ].sort(),
  )
  expect(Reflect.get({}, 'team')).toBeUndefined()
})

/** Of the limit 250 ms tests on a busy machine ask ten times as much. */
const LIMIT_MS = 2_500

const HEAVY: [row: string, what: string, content: string][] = [
  ['C-108', 'an alias bomb', 'a: &a [x,x]\nb: &b [*a,*a]\nc: &c [*b,*b]\nd: &d [*c,*c]'],
  ['C-108', '5 000 nested lists', '['.repeat(5_000)],
  ['C-108', '5 000 nested lists that close', `x: ${'['.repeat(5_000)}${']'.repeat(5_000)}`],
  ['C-108', '1 000 nested maps', '{a: '.repeat(1_000)],
  ['C-108', '1 000 nested maps that close', `${'{a: '.repeat(1_000)}1${'}'.repeat(1_000)}`],
  ['C-108', '300 nested block maps', lines(300, (depth) => `${' '.repeat(depth)}k:`)],
  ['C-108', '30 000 nested block lists', '- '.repeat(30_000)],
  ['C-108', '30 000 nested keys', '? '.repeat(30_000)],
  ['C-108', '20 000 anchors', '&a '.repeat(20_000)],
  ['C-108', '6 000 unresolved aliases', lines(6_000, (key) => `k${key}: *a`)],
  ['C-109', '20 000 keys', lines(20_000, (key) => `key${key}: 1`)],
  ['C-109', '65 KiB of a comment', `# ${'x'.repeat(66_560)}`],
  ['C-109', '65 KiB of text', 'x'.repeat(66_560)],
  ['C-109', '65 KiB of zeros', '\0'.repeat(66_560)],
  ['C-109', 'one byte more than is read', `#${' '.repeat(65_536)}`],
  ['C-110', '20 000 brackets that close nothing', '}\n'.repeat(20_000)],
  ['C-110', '20 000 quotes', '"\n'.repeat(20_000)],
  ['C-110', '20 000 wrong escapes', `"${'\\q'.repeat(20_000)}"`],
  ['C-110', '20 000 directives', '%A\n'.repeat(20_000)],
  ['C-111', '5 000 tags', lines(5_000, (key) => `k${key}: !t x`)],
]

test.each(HEAVY)('%s: %s: refused in good time, with an error of ours', (row, _what, content) => {
  const before = performance.now()
  const { name, code, message } = problemOf(withYaml(content))
  expect(performance.now() - before).toBeLessThan(LIMIT_MS)
  expect({ name, code }).toEqual({ name: 'EngineError', code: 'ERR_CONFIGURATION_FILE' })
  if (row === 'C-109')
    expect(message).toMatch(/contrast_security\.yaml is larger than 65536 bytes$/)
})

test.each([
  ['anchor (&)', 101, lines(30_000, () => 'a: &a x')],
  ['alias (*)', 101, lines(30_000, () => '*a : x')],
  ['tag (!)', 101, lines(30_000, () => 'a: !t x')],
  ['directive (%)', 101, lines(30_000, () => '%A')],
])(
  'C-108: of thousands that are refused, an %s is told when it is plain that there are many',
  (what, line, content) => {
    const { message } = problemOf(withYaml(content.slice(0, 65_000)))
    expect(message).toContain(`contrast_security.yaml:${line} holds a`)
    expect(message).toContain(what)
  },
)

test('what a text begins with is neither anchor nor alias, tag nor directive', () => {
  const names = Array.from({ length: 200 }, (_, index) => `${'&*!%'.at(index % 4)}${index}`)
  const metadata = names.map((name) => `    "${name}": |-\n      ${name}`).join('\n')
  const { application } = ready(withYaml(`${COMPLETE_YAML}application:\n  metadata:\n${metadata}`))
  expect(application.metadata).toEqual(Object.fromEntries(names.map((name) => [name, name])))
})

test.each([
  ['keys', lines(5_000, (key) => `key${key}: 1`).slice(0, 65_536)],
  ['comments', '# x\n'.repeat(16_384)],
  ['one comment', `#${'x'.repeat(65_535)}`],
  ['empty lines', '\n'.repeat(65_536)],
  ['one folded text', `application:\n  code: >\n${'    x\n\n'.repeat(9_000)}`],
])('C-109: 64 KiB of %s are parsed in good time', (_what, content) => {
  const before = performance.now()
  expect(['ready', 'unusable']).toContain(tryResolve(withYaml(content)).status)
  expect(performance.now() - before).toBeLessThan(LIMIT_MS)
})

test('C-112: of some thousand unknown keys ten are named and the rest counted', () => {
  const content = lines(5_000, (key) => `key_${key}: 1`)
  expect(ready(withYaml(content)).notices[0]?.text).toMatch(/ and 4990 more$/)
})

test('C-112: unknown keys are listed once, with the nearest name and without values', () => {
  const { notices } = ready(
    withYaml(
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
  expect(notices[0]?.text).not.toContain(API_KEY)
})

test.each([`${API_KEY}: service_key`, `api:\n  ${SERVICE_KEY}:\n`, `? "a ${API_KEY}"\n`])(
  'C-112: where a key stands in place of a name, as in %j, it is not shown',
  (content) => {
    const [notice] = ready(withYaml(content)).notices
    expect(notice?.text).toContain('(a name of unusual length or characters)')
    expect(notice?.text).not.toMatch(new RegExp(`${API_KEY}|${SERVICE_KEY}`))
  },
)

test('C-106: a key that stands twice in place of a name is not shown', () => {
  const { message } = problemOf(withYaml(`${API_KEY}: 1\n${API_KEY}: 2\n`))
  expect(message).toMatch(/:2 has the key \(a name of unusual length or characters\) twice$/)
})

function lines(count: number, line: (index: number) => string): string {
  return Array.from({ length: count }, (_, index) => line(index)).join('\n')
}
