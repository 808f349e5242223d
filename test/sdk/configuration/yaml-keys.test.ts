import { expect, test } from 'vitest'
import { API_KEY, problemOf, ready, SERVICE_KEY, withYaml } from './try-resolve.ts'

/** The two keys, and how each is read from a file that spells it so. */
const KEYS = [
  [
    'api_key',
    (spelling: string) =>
      ready(withYaml(`api:\n  api_key: ${spelling}\n`)).credentials.organizationApiKey,
    (spelling: string) => problemOf(withYaml(`api:\n  api_key: ${spelling}\n`)),
  ],
  [
    'service_key',
    (spelling: string) => ready(withServiceKey(spelling)).credentials.serviceKey,
    (spelling: string) => problemOf(withServiceKey(spelling)),
  ],
] as const

function withServiceKey(spelling: string) {
  return {
    options: { url: 'https://teamserver.test', agentUserName: 'agent_1@Shop' },
    files: { 'contrast_security.yaml': `api:\n  service_key: ${spelling}\n` },
  }
}

const AS_WRITTEN = [
  '12345678901234567890123',
  '0012',
  '88912E21',
  '0x1F',
  '0o17',
  '+12',
  '-1',
  '1.0',
  '1e400',
  '1_000',
  '.inf',
  '.nan',
  'true',
  'False',
  'yes',
  'off',
  '2026-01-01',
  '12:30:45',
]

test.each(
  KEYS.flatMap(([key, read]) => AS_WRITTEN.map((spelling) => [key, spelling, read] as const)),
)('C-103: the %s %s is the text as written', (_key, spelling, read) => {
  expect(read(spelling)).toBe(spelling)
  expect(read(`"${spelling}"`)).toBe(spelling)
  expect(read(`'${spelling}'  # the key`)).toBe(spelling)
})

test.each(
  KEYS.flatMap(([key, , problem]) =>
    ['null', 'Null', 'NULL', '~', ''].map((spelling) => [key, spelling, problem] as const),
  ),
)('C-103: the %s %j is refused: quote it or leave it out', (key, spelling, problem) => {
  const { code, message } = problem(spelling)
  expect(code).toBe('ERR_CONFIGURATION_VALUE')
  expect(message).toMatch(
    new RegExp(`yaml:2 api\\.${key} is null or empty; quote it or leave it out$`),
  )
})

test.each(KEYS.map(([key, read]) => [key, read] as const))(
  'C-103, C-104: quoted, the %s may be null, and hold what YAML gives a meaning',
  (_key, read) => {
    for (const text of ['null', '~', '#c', '!abc', '&abc', '*abc', '@abc', 'a:b', '[a]', '{a}']) {
      expect(read(`"${text}"`)).toBe(text)
    }
    // Blocks without the line feed at their end are exact.
    expect(read(`>-\n    ${SERVICE_KEY}`)).toBe(SERVICE_KEY)
    expect(read(`|-\n    ${SERVICE_KEY}`)).toBe(SERVICE_KEY)
    // Without white space before it, # is no comment.
    expect(read('abc#c')).toBe('abc#c')
  },
)

const REFUSED: [row: string, spelling: string][] = [
  ...[
    `${API_KEY} #c`,
    `${API_KEY}\t#c`,
    `!${API_KEY}`,
    `&${API_KEY}`,
    `*${API_KEY}`,
    `@${API_KEY}`,
    `\`${API_KEY}`,
    `%${API_KEY}: x`,
    `a: ${API_KEY}`,
    `${API_KEY}: a`,
    `[${API_KEY}]`,
    `{a: ${API_KEY}}`,
    `- ${API_KEY}`,
    `>\n    ${API_KEY}`,
    `|\n    ${API_KEY}`,
    `|+\n    ${API_KEY}\n\n`,
    `${API_KEY}\n    ${API_KEY}`,
    `"${API_KEY}" ${API_KEY}`,
  ].map((spelling): [string, string] => ['C-104', spelling]),
  ...[
    `"${API_KEY}\\x00b"`,
    `"${API_KEY}\\x7fb"`,
    `"${API_KEY}\\r\\nX: y"`,
    `"${API_KEY}é"`,
    `"${API_KEY}🔑"`,
    `" ${API_KEY}"`,
    `"${API_KEY} "`,
    `"\\t${API_KEY}"`,
    `"${API_KEY}\u00a0"`,
    `"\u00a0${API_KEY}"`,
    `"${API_KEY}\u200b"`,
    `"${API_KEY},${API_KEY}"`,
    `"${API_KEY.repeat(40)}"`,
    '""',
    "''",
  ].map((spelling): [string, string] => ['C-105', spelling]),
]

test.each(
  REFUSED.flatMap(([row, spelling]) =>
    KEYS.map(([key, , problem]) => [row, key, spelling, problem] as const),
  ),
)(
  '%s: the %s %j is refused, and never part of it taken or shown',
  (_row, _key, spelling, problem) => {
    const { code, message } = problem(spelling)
    expect(code).toMatch(/^ERR_CONFIGURATION_(FILE|VALUE)$/)
    expect(message).toMatch(/yaml:[2345] [^\n]+$/)
    expect(message).not.toContain(API_KEY)
  },
)
