import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { EACH_DOOR } from './doors.ts'
import { authorizationOf, createFixture, layersOf } from './fixture.ts'
import { expectOutcome } from './outcome.ts'
import { bytesOf } from './sent-request.ts'

test.each(EACH_DOOR)(
  'F-901: whatever is wrong with the credentials, the answer is the same byte for byte at %s',
  async (_name, kind) => {
    const fixture = await createFixture()
    const door = await kind.open(fixture.teamServer)
    const { a, a1, b1, deleted, people } = fixture
    const retired = a1.serviceKey
    await a.rotateAgentKey('default')
    const wrong = 'x'.repeat(32)
    const texts = {
      'user-unknown': authorizationOf('agent_nobody@nowhere', a1.serviceKey),
      'service-key-wrong': authorizationOf(a1.userName, wrong),
      'service-key-retired': authorizationOf(a1.userName, retired),
      'agent-key-deleted': authorizationOf(deleted.userName, deleted.serviceKey),
      'authorization-malformed': 'not base64',
    }
    const others = [
      authorizationOf(b1.userName, a1.serviceKey),
      authorizationOf(a1.userName, b1.serviceKey),
      authorizationOf(people.admin.userName, wrong),
    ]
    const answers = []
    for (const text of [...Object.values(texts), ...others]) {
      // No API key either: whether the layer is on is not to be told from these answers.
      for (const apiKey of [[], layersOf(a1, a.apiKey.value).slice(1)]) {
        answers.push(await door.send(fixture.report(a, ['Authorization', text], ...apiKey)))
      }
    }

    expect(new Set(answers.map(bytesOf)).size).toBe(1)
    for (const answer of answers) expectOutcome(door, 'C-WRONG', answer)
    const details = (await a.refusals()).map(({ detail }) => detail)
    expect(new Set(details)).toEqual(new Set(Object.keys(texts)))
  },
)

test.each(EACH_DOOR)(
  'F-901: an organization that is there and one that is not get the same answer at %s',
  async (_name, kind) => {
    const fixture = await createFixture()
    const door = await kind.open(fixture.teamServer)
    const ids = [fixture.b.id, '00000000-0000-4000-8000-000000000000', 'nothing']
    const answers = []
    for (const id of ids) {
      const lines = layersOf(fixture.a1, fixture.a.apiKey.value)
      answers.push(await door.send(fixture.report({ id }, ...lines)))
    }
    expect(new Set(answers.map(bytesOf)).size).toBe(1)
  },
)

const SOURCE = fileURLToPath(new URL('../../../mock-server/', import.meta.url))

/** Names under which the source holds a secret that a caller presented, or its digest. */
const PRESENTED =
  /(?<![.\w])(?:presented\w*|claim(?:ed)?\.serviceKey|serviceKey|service_key|apiKeyText|api_key|password|token|secret|digest|header\((?:AUTHORIZATION|API_KEY)\))(?![\w.:(]|\s*\?:)/

/** Ways to compare that stop at the first difference, or that look a text up. */
const COMPARED =
  /[=!]==?(?!\s*(?:undefined|null|''))(?!=)|\.(?:indexOf|lastIndexOf|includes|startsWith|endsWith|localeCompare|match|search|equals|compare|get|has)\(/

/** The lines of a source that compare a presented secret with anything but `timingSafeEqual`. */
function unsafeComparisonsIn(source: string): readonly string[] {
  return source
    .split('\n')
    .map((line) => line.replace(/\/\/.*|^\s*\/?\*.*/, '').replace(/(['`"])\S+? .*?\1/g, "''"))
    .filter((line) => COMPARED.test(line) && isOnPresented(line))
}

/** True when one side of a comparison, or the argument or owner of a search, is presented. */
function isOnPresented(line: string): boolean {
  const [head = '', ...rest] = line.split(COMPARED)
  return rest.some((after, index) => {
    const before = index === 0 ? head : (rest[index - 1] ?? '')
    const operands = [before.split(/&&|\|\||[?;{]/).at(-1), after.split(/&&|\|\||[?;{]/)[0]]
    return operands.some((operand) => PRESENTED.test(operand ?? ''))
  })
}

test.each([
  ['if (serviceKey === stored) return true'],
  ['return presentedKey == digest'],
  ["if (header(API_KEY) !== current) return refusal('api-key-wrong')"],
  ['const caller = callersByKey.get(serviceKey)'],
  ['return keys.includes(apiKeyText)'],
  ['if (serviceKey.startsWith(prefix)) {'],
  ['return presented.localeCompare(expected)'],
  ['return presented.equals(expected)'],
  ['return isOn && password === person.password'],
])('F-905: the search through the source finds %s', (line) => {
  expect(unsafeComparisonsIn(line)).toEqual([line])
})

test.each([
  ['const isCurrent = timingSafeEqual(slot.current.digest, presented)'],
  ['if (serviceKey === undefined) return secrets.generate()'],
  ["if (apiKeyText === '') return refused('api-key-wrong', 'api-key-missing')"],
  ["if (serviceKey.status === 'wrong') {"],
])('F-905: the search through the source lets pass %s', (line) => {
  expect(unsafeComparisonsIn(line)).toEqual([])
})

test('F-905: no source of the TeamServer compares a presented secret but by timingSafeEqual', () => {
  const found = sourcesIn(SOURCE).flatMap((path) =>
    unsafeComparisonsIn(readFileSync(join(SOURCE, path), 'utf8')).map((line) => `${path}: ${line}`),
  )
  expect(found).toEqual([])
})

test('F-905: keys of the slots are compared where timingSafeEqual is imported', () => {
  const comparing = sourcesIn(SOURCE).filter((path) =>
    /import \{[^}]*\btimingSafeEqual\b[^}]*\} from 'node:crypto'/.test(
      readFileSync(join(SOURCE, path), 'utf8'),
    ),
  )
  expect(comparing).toContain(join('keys', 'key-slot.ts'))
})

function sourcesIn(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
    (path) => path.endsWith('.ts') && !path.includes('generated'),
  )
}
