import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { readSeedFile } from '../../../mock-server/seed/seed-file.ts'

const folder = mkdtempSync(join(tmpdir(), 'seed-file-'))
const file = join(folder, 'teamserver.yaml')
afterAll(() => rmSync(folder, { recursive: true }))

/** Obeys the rules: 32 characters, six of each class at least. */
const KEY = 'AAAAAAaaaaaa111111BBBBBBbbbbbb22'
const PASSWORD = 'Tr0ub4dor&3'

function read(text: string | Uint8Array) {
  writeFileSync(file, text)
  return readSeedFile(file)
}

/** The lines of the error, without the name of the file. */
function mistakesIn(text: string | Uint8Array): readonly string[] {
  try {
    read(text)
  } catch (error) {
    expect(error).toMatchObject({ name: 'TeamServerError', code: 'ERR_CONFIG_FILE' })
    const { message } = error as Error
    return message.split('\n').map((line) => {
      expect(line.startsWith(file)).toBe(true)
      return line.slice(file.length)
    })
  }
  throw new Error('no mistake was found')
}

test('everything that a file may say is read', () => {
  const seed = read(`
organizations:
  - name: Shop
    id: 0f1e2d3c-0000-4000-8000-00000000000a
    apiKey: { enabled: true, value: "${KEY}" }
    agentKeys:
      - { name: default, serviceKey: "${KEY}" }
      - { name: ci, userName: ci-agent }
    people:
      - { role: admin, userName: boss, serviceKey: "${KEY}", isApiOnly: true, password: "${PASSWORD}" }
    addressRanges: { ranges: [10.0.0.0/8, "2001:db8::/32"], appliesToAgents: true }
people:
  - { role: superadmin, userName: root, password: "${PASSWORD}" }
  - { role: observer }
keyPolicy:
  organizationApiKey: { keyLength: 32, minNumbers: 1, minUpperCase: 1, minLowerCase: 1 }
  maskInvalidIpsOnLogin: false
passwordPolicy: { minLength: 9 }
trustedProxies: [192.0.2.1]
failedAttemptsPerMinute: 5
scryptCost: 1024
`)
  expect(seed).toEqual({
    organizations: [
      {
        name: 'Shop',
        id: '0f1e2d3c-0000-4000-8000-00000000000a',
        apiKey: { enabled: true, value: KEY },
        agentKeys: [
          { name: 'default', serviceKey: KEY },
          { name: 'ci', userName: 'ci-agent' },
        ],
        people: [
          {
            role: 'admin',
            userName: 'boss',
            serviceKey: KEY,
            isApiOnly: true,
            password: PASSWORD,
          },
        ],
        addressRanges: { ranges: ['10.0.0.0/8', '2001:db8::/32'], appliesToAgents: true },
      },
    ],
    people: [{ role: 'superadmin', userName: 'root', password: PASSWORD }, { role: 'observer' }],
    keyPolicy: {
      organizationApiKey: { keyLength: 32, minNumbers: 1, minUpperCase: 1, minLowerCase: 1 },
      maskInvalidIpsOnLogin: false,
    },
    passwordPolicy: { minLength: 9 },
    trustedProxies: ['192.0.2.1'],
    failedAttemptsPerMinute: 5,
    scryptCost: 1_024,
  })
})

test.each([
  ['an alias', 'organizations:\n  - &a { name: Shop }\npeople: []\n'],
  ['JSON', '{"organizations": [{"name": "Shop"}]}'],
  ['lines that end in CRLF', 'organizations:\r\n  - name: Shop\r\n'],
  ['a byte order mark', '\ufefforganizations:\n  - name: Shop\n'],
  ['comments', '# first\norganizations: # second\n  - name: Shop # third'],
])('a file with %s is read', (_what, text) => {
  expect(read(text).organizations).toEqual([{ name: 'Shop' }])
})

test.each<[what: string, text: string, mistakes: readonly string[]]>([
  ['nothing', '', [':1: the file is empty']],
  ['a comment alone', '# nothing\n', [':1: the file is empty']],
  ['text', 'hello', [':1: the file must be a map of fields']],
  ['a list', '- name: Shop', [':1: the file must be a map of fields']],
  ['no organizations in the list', 'organizations: []', [':1: organizations must not be empty']],
  ['no list', 'organizations: Shop', [':1: organizations must be a list']],
  ['an unknown field', 'organisations: []', [':1: the file knows no field organisations']],
  [
    'an organization without name',
    'organizations:\n  - id: x\n',
    [':2: organizations[0] needs a field name', ':2: organizations[0].id must be a UUID'],
  ],
  [
    'an empty name',
    'organizations:\n  - name: ""\n',
    [':2: organizations[0].name must not be empty'],
  ],
  [
    'a name too long',
    `organizations:\n  - name: ${'x'.repeat(256)}\n`,
    [':2: organizations[0].name is longer than 255'],
  ],
  [
    'a number for a name',
    'organizations:\n  - name: 42\n',
    [':2: organizations[0].name must be text: put it in quotes'],
  ],
  [
    'yes for true',
    'organizations:\n  - name: a\n    apiKey:\n      enabled: yes\n',
    [':4: organizations[0].apiKey.enabled must be true or false'],
  ],
  [
    'a key of digits without quotes',
    `organizations:\n  - name: a\n    apiKey:\n      value: ${'1'.repeat(32)}\n`,
    [':4: organizations[0].apiKey.value must be text: put it in quotes'],
  ],
  [
    'a role of the other kind',
    'organizations:\n  - name: a\n    people:\n      - role: superadmin\n',
    [':4: organizations[0].people[0].role must be one of view, edit, rules_admin, admin, auditor'],
  ],
  [
    'an organization role over all',
    'people:\n  - role: admin\n',
    [':2: people[0].role must be one of superadmin, observer'],
  ],
  [
    'a colon in a user name',
    'people:\n  - { role: observer, userName: "a:b" }\n',
    [':2: people[0].userName must not hold a colon'],
  ],
  [
    'a user name twice',
    'organizations:\n  - name: a\n    agentKeys:\n      - { name: ci, userName: x }\npeople:\n  - { role: observer, userName: x }\n',
    [':6: people[0].userName is taken by an entry before'],
  ],
  [
    'an id and the name of an agent key twice',
    'organizations:\n  - { name: a, id: 0f1e2d3c-0000-4000-8000-00000000000a }\n' +
      '  - { name: b, id: 0F1E2D3C-0000-4000-8000-00000000000A, agentKeys: [{ name: k }, { name: k }] }\n',
    [
      ':3: organizations[1].id is taken by an entry before',
      ':3: organizations[1].agentKeys[1].name is taken by an entry before',
    ],
  ],
  [
    'a key policy out of range',
    'keyPolicy:\n  applicationKey: { keyLength: 33, minNumbers: -1, minUpperCase: 1.5 }\n',
    [
      ':2: keyPolicy.applicationKey needs a field minLowerCase',
      ':2: keyPolicy.applicationKey.keyLength must be at most 32',
      ':2: keyPolicy.applicationKey.minNumbers must be at least 0',
      ':2: keyPolicy.applicationKey.minUpperCase must be a whole number',
    ],
  ],
  [
    'a key policy that nobody can keep',
    'keyPolicy:\n  organizationApiKey:\n    { keyLength: 8, minNumbers: 3, minUpperCase: 3, minLowerCase: 3 }\n',
    [':3: keyPolicy.organizationApiKey its minimums add up to more than its length'],
  ],
  [
    'a password policy that cannot hold',
    'passwordPolicy:\n  idleTimeoutMs: 2000\n  sessionTimeoutMs: 1000\n',
    [':2: passwordPolicy idleTimeoutMs must be at most sessionTimeoutMs'],
  ],
  [
    'addresses that are none',
    'trustedProxies:\n  - 192.0.2.1\n  - proxy\n',
    [':3: trustedProxies[1] must be an IPv4 or IPv6 address, alone or with a prefix'],
  ],
  [
    'ranges that are none',
    'organizations:\n  - name: a\n    addressRanges:\n      ranges:\n        - 10.0.0.0/33\n',
    [
      ':5: organizations[0].addressRanges.ranges[0] must be an IPv4 or IPv6 address, alone or with a prefix',
    ],
  ],
  [
    'limits that are none',
    'failedAttemptsPerMinute: 0\nscryptCost: many\n',
    [':1: failedAttemptsPerMinute must be at least 1', ':2: scryptCost must be a whole number'],
  ],
  ['a cost between two', 'scryptCost: 1025\n', [':1: scryptCost must be a power of two']],
])('a file of %s is told so', (_what, text, mistakes) => {
  expect(mistakesIn(text)).toEqual(mistakes)
})

test('every mistake of a file is named, each with its own line', () => {
  const text = `organizations:
  - name: Shop
    color: red
    apiKey:
      enabled: "true"
      key: x
    agentKeys:
      - serviceKey: "${KEY}"
      - name: 7
    people:
      - role: boss
  - nome: Bank
people:
  - { role: observer, isApiOnly: true }
`
  expect([...mistakesIn(text)].sort()).toEqual(
    [
      ':3: organizations[0] knows no field color',
      ':5: organizations[0].apiKey.enabled must be true or false',
      ':6: organizations[0].apiKey knows no field key',
      ':8: organizations[0].agentKeys[0] needs a field name',
      ':9: organizations[0].agentKeys[1].name must be text: put it in quotes',
      ':11: organizations[0].people[0].role must be one of view, edit, rules_admin, admin, auditor',
      ':12: organizations[1] knows no field nome',
      ':12: organizations[1] needs a field name',
      ':14: people[0] knows no field isApiOnly',
    ].sort(),
  )
})

test('keys that nobody could set are named by every rule that they miss, and never shown', () => {
  const keys = ['short', 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', `${KEY.slice(1)},`, `${KEY.slice(1)} `]
  const text = `organizations:
  - name: Shop
    apiKey: { value: "${keys[0]}" }
    agentKeys:
      - { name: default, serviceKey: "${keys[1]}" }
    people:
      - { role: admin, serviceKey: "${keys[2]}" }
people:
  - { role: superadmin, serviceKey: "${keys[3]}" }
`
  const mistakes = mistakesIn(text)
  const characters = 'may hold visible ASCII characters only, and no space, comma or quote'
  expect(mistakes).toEqual([
    ':3: organizations[0].apiKey.value must be exactly 32 characters long, ' +
      'needs at least 6 digits, needs at least 6 upper case letters, ' +
      'needs at least 6 lower case letters',
    ':5: organizations[0].agentKeys[0].serviceKey ' +
      'needs at least 6 digits, needs at least 6 upper case letters',
    `:7: organizations[0].people[0].serviceKey ${characters}`,
    `:9: people[0].serviceKey ${characters}`,
  ])
  for (const key of keys.slice(1)) expect(mistakes.join('\n')).not.toContain(key)
})

test('keys and passwords are held to the policies of the file, and never shown', () => {
  const policy = '{ keyLength: 8, minNumbers: 0, minUpperCase: 0, minLowerCase: 0 }'
  const weak = `keyPolicy: { organizationApiKey: ${policy}, applicationKey: ${policy} }\n`
  expect(
    read(`${weak}organizations: [{ name: a, apiKey: { value: abcdefgh } }]`).organizations,
  ).toHaveLength(1)
  expect(mistakesIn(`${weak}people: [{ role: observer, serviceKey: "${KEY}" }]`)).toEqual([
    ':2: people[0].serviceKey must be exactly 8 characters long',
  ])
  const short = 'passwordPolicy: { minLength: 20 }\n'
  const mistakes = mistakesIn(
    `${short}people: [{ role: observer, userName: a, password: "${PASSWORD}" }]`,
  )
  expect(mistakes).toEqual([':2: people[0].password must have at least 20 characters'])
})

test.each([
  ['a quote that does not end', `organizations:\n  - name: "Shop\n    value: ${KEY}\n`],
  ['a tab', `organizations:\n\t- name: ${KEY}\n`],
  ['a field without colon', `organizations:\n  - name: Shop\n    ${KEY}\n    id: x\n`],
  ['a field twice', `organizations:\n  - name: Shop\n    name: ${KEY}\n`],
  ['a field twice in a map of fields', `organizations: [{ name: "${KEY}", name: "${KEY}" }]`],
  ['two documents', `organizations:\n  - name: Shop\n---\n${KEY}\n`],
  ['an unknown directive', `%${KEY}\n---\norganizations: [{ name: Shop }]\n  x`],
  ['an alias that leads nowhere', `organizations:\n  - name: *${KEY}\n`],
  ['a colon forgotten', `organizations: [{ name: Shop, apiKey: { value ${KEY} } }]`],
  ['a key where a field should be', `organizations: [{ name: Shop, "${KEY}": true }]`],
  ['a key in place of a map', `organizations: [{ name: Shop, apiKey: ${KEY} }]`],
  ['a key in place of a list', `organizations: ${KEY}`],
  ['a key as a role', `people: [{ role: ${KEY} }]`],
  ['a key as an id', `organizations: [{ name: Shop, id: ${KEY} }]`],
])('a file with %s quotes nothing of it', (_what, text) => {
  const mistakes = mistakesIn(text).join('\n')
  expect(mistakes).toMatch(/^(:\d+)?: \S/)
  expect(mistakes).not.toContain(KEY)
})

test.each([
  ['organizations:\n  - name: Shop\n    name: Bank\n', ':3: is not YAML here (duplicate key)'],
  ['organizations:\n  - name: Shop\n\t- name: Bank\n', ':3: is not YAML here (tab as indent)'],
  ['organizations: [\n{ name: Shop\n', ':2: is not YAML here (bad indent)'],
])('broken YAML names its line: %j', (text, mistake) => {
  expect(mistakesIn(text)[0]).toBe(mistake)
})

test('thousands of aliases are refused at once', () => {
  const levels = Array.from({ length: 30 }, (_, at) =>
    at === 0 ? 'a0: &a0 [x, x]' : `a${at}: &a${at} [*a${at - 1}, *a${at - 1}]`,
  )
  expect(mistakesIn(levels.join('\n')).join()).not.toBe('')
})

test('names like __proto__ are unknown fields and change nothing', () => {
  expect(
    mistakesIn('"__proto__": { polluted: true }\norganizations: [{ name: a }]\n'),
  ).toHaveLength(1)
  expect(({} as { polluted?: boolean }).polluted).toBeUndefined()
})

test('what is no file is said in a word', () => {
  const missing = join(folder, 'missing.yaml')
  const directory = join(folder, 'directory')
  const loop = join(folder, 'loop')
  mkdirSync(directory)
  symlinkSync(loop, loop)
  const errorOf = (path: string) => {
    try {
      return readSeedFile(path)
    } catch (error) {
      return error
    }
  }
  expect(errorOf(missing)).toMatchObject({
    code: 'ERR_CONFIG_FILE',
    message: `${missing}: there is no such file`,
  })
  expect(errorOf(directory)).toMatchObject({
    code: 'ERR_CONFIG_FILE',
    message: `${directory}: it is no regular file`,
  })
  expect(errorOf(loop)).toMatchObject({
    code: 'ERR_CONFIG_FILE',
    message: `${loop}: it cannot be read (ELOOP)`,
  })
})

test('a file of more than 1 MiB is not parsed', () => {
  expect(mistakesIn(`# ${'x'.repeat(1_048_576)}`)).toEqual([': larger than 1048576 bytes'])
})
