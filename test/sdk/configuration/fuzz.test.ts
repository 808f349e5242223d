import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { type Resolution, resolveConfiguration } from '../../../sdk/configuration/resolve.ts'
import type { GivenSurroundings } from '../../../sdk/configuration/surroundings.ts'
import { EngineError } from '../../../sdk/errors.ts'
import { seededRandom } from '../../mock-server/keys/random.ts'

const RUNS = 2_000
const SECRETS = {
  serviceKey: 'q7RzX0mB4kVt9LsWn2YcD8fHjP3gTa61',
  apiKey: 'M5uEo1iKb8ZrNx4QvG7yJd2LwSh9Ct36',
  password: 'w3Fk8TzQ6nVb1XrY',
}
const SET = {
  url: 'https://teamserver.test/Contrast',
  user_name: 'agent_1@Shop',
  service_key: SECRETS.serviceKey,
  api_key: SECRETS.apiKey,
}
const TOKEN = Buffer.from(JSON.stringify(SET)).toString('base64')

const YAML = `# The keys of the shop.
api:
  url: ${SET.url}
  user_name: ${SET.user_name}
  service_key: "${SECRETS.serviceKey}"   # layer one
  api_key: ${SECRETS.apiKey}
  timeout_ms: 10_000
  proxy: {enable: false, url: "http://ann:${SECRETS.password}@proxy.test:3128"}
agent:
  logger: {level: INFO}
application:
  name: 'shop'
  tags: [a, "b c"]
  metadata: {team: red}
server:
  environment: QA
`

const ENV: Record<string, string> = {
  CONTRAST__API__URL: SET.url,
  CONTRAST__API__USER_NAME: SET.user_name,
  CONTRAST__API__SERVICE_KEY: SECRETS.serviceKey,
  CONTRAST__API__API_KEY: SECRETS.apiKey,
  CONTRAST__API__PROXY__URL: `http://ann:${SECRETS.password}@proxy.test:3128`,
  CONTRAST__API__TIMEOUT_MS: '10_000',
  CONTRAST__APPLICATION__METADATA: 'team=red,owner=ann',
  CONTRAST__SERVER__ENVIRONMENT: 'QA',
}

const FOLDER = mkdtempSync(join(tmpdir(), 'fuzz-'))
afterAll(() => rmSync(FOLDER, { recursive: true }))

type Random = ReturnType<typeof seededRandom>

/** What has a meaning somewhere, and what has none anywhere. */
const PIECES = [
  ...`:{}[],&*!|>'"%@\`#-?=~\\ \t\n\r\0/.<$_0a`,
  '\r\n',
  '---\n',
  '<<: ',
  '!!set ',
  '&a ',
  '*a ',
  '__proto__',
  'null',
  ' #',
  '\u00e9',
  '\ufeff',
  '\u2028',
  '\ud83d\udd11',
  '\ud800',
  '- '.repeat(200),
  '['.repeat(200),
  'x'.repeat(3_000),
]

/** Changes a text in one to four places. */
function mutate(text: string, random: Random): string {
  let mutated = text
  for (let change = random(4); change >= 0; change--) {
    const from = random(mutated.length + 1)
    const to = Math.min(mutated.length, from + 1 + random(random(4) === 0 ? 200 : 3))
    const [head, middle, tail] = [
      mutated.slice(0, from),
      mutated.slice(from, to),
      mutated.slice(to),
    ]
    const piece = PIECES[random(PIECES.length)] ?? ''
    const elsewhere = random(tail.length + 1)
    mutated =
      [
        () => head + piece + middle + tail,
        () => head + tail,
        () => head + middle + middle + tail,
        () => head + piece + tail,
        () => head,
        () => head + tail.slice(0, elsewhere) + middle + tail.slice(elsewhere),
      ][random(6)]?.() ?? text
  }
  return mutated
}

const CODES = {
  yaml: ['ERR_CONFIGURATION_FILE', 'ERR_CONFIGURATION_VALUE', 'ERR_CREDENTIALS_MISSING'],
  token: ['ERR_TOKEN_INVALID', 'ERR_CONFIGURATION_VALUE', 'ERR_CREDENTIALS_MISSING'],
  environment: ['ERR_CONFIGURATION_VALUE', 'ERR_CREDENTIALS_MISSING'],
}

/** Puts a mutation in place, and says what the engine is to read. */
const MUTATIONS: Record<keyof typeof CODES, (random: Random) => GivenSurroundings> = {
  yaml(random) {
    const path = join(FOLDER, 'contrast_security.yaml')
    const bytes = Buffer.from(mutate(YAML, random))
    // Bytes, too, may be torn: half a character is none.
    if (random(8) === 0) bytes[random(bytes.length)] = 128 + random(128)
    writeFileSync(path, bytes, { mode: 0o600 })
    return { env: {}, cwd: FOLDER }
  },
  token(random) {
    const token =
      random(2) === 0
        ? mutate(TOKEN, random)
        : Buffer.from(mutate(JSON.stringify(SET), random)).toString('base64')
    return { env: { CONTRAST__API__TOKEN: token } }
  },
  environment(random) {
    const env = { ...ENV }
    for (let change = random(3); change >= 0; change--) {
      const names = Object.keys(env)
      const name = names[random(names.length)] ?? ''
      const value = env[name] ?? ''
      delete env[name]
      if (random(3) === 0) env[mutate(name, random)] = value
      else env[name] = mutate(value, random)
    }
    return { env }
  },
}

function resolveMutation(surroundings: GivenSurroundings): Resolution {
  return resolveConfiguration(
    {},
    {
      cwd: '/nowhere',
      hostname: 'machine-1',
      prefitted: { status: 'none' },
      systemYamlFolder: '/nowhere',
      stateFolder: '/state',
      ...surroundings,
    },
  )
}

/** Everything that people may come to see. */
function shownOf(resolution: Resolution): string {
  if (resolution.status === 'disabled') return resolution.why
  if (resolution.status === 'unusable') {
    const { message, stack, cause } = resolution.problem
    return `${message} ${stack} ${String(cause)}`
  }
  return JSON.stringify(resolution.configuration.notices)
}

function expectNoSecret(text: string): void {
  for (const secret of Object.values(SECRETS)) {
    for (let start = 0; start + 8 <= secret.length; start++) {
      const part = secret.slice(start, start + 8)
      if (text.includes(part)) throw new Error(`${part} of a key shows in: ${text}`)
    }
  }
}

test.each([
  ...[1, 2, 3, 4].map((seed) => ['yaml', seed, RUNS / 4] as const),
  ['token', 5, RUNS],
  ['environment', 6, RUNS],
] as const)(
  'the rules of 3.0 hold for mutations of the %s (seed %i, %i runs): no exception, no hanging, no key',
  (kind, seed, runs) => {
    const outcomes = new Set<string>()
    for (let run = 0; run < runs; run++) {
      const runSeed = seed * 1_000_000 + run
      try {
        outcomes.add(tryMutation(kind, seededRandom(runSeed)))
      } catch (error) {
        throw new Error(`seed ${runSeed}`, { cause: error })
      }
    }
    // It is no test if all mutations come to the same.
    expect([...outcomes].sort()).toEqual(expect.arrayContaining(['ready', 'unusable']))
    expect(Reflect.get({}, 'polluted')).toBeUndefined()
  },
)

/** @returns What came of it, if it keeps the rules. */
function tryMutation(kind: keyof typeof CODES, random: Random): Resolution['status'] {
  const surroundings = MUTATIONS[kind](random)
  const before = performance.now()
  const resolution = resolveMutation(surroundings)
  const tookMs = performance.now() - before
  // Ten times the limit of 250 ms, for busy machines.
  if (tookMs > 2_500) throw new Error(`took ${tookMs} ms`)
  expectNoSecret(shownOf(resolution))
  if (resolution.status === 'unusable') {
    const { problem } = resolution
    expect(problem).toBeInstanceOf(EngineError)
    expect(CODES[kind]).toContain(problem.code)
    expect(problem.message).toMatch(/^[^\n\r\0]{1,1000}$/)
    // What nobody foresaw is caught, and here it is wanted to be foreseen.
    expect(problem.message).not.toContain('the configuration cannot be read')
  }
  return resolution.status
}
