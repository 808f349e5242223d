import { randomInt } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createTeamServer } from '../../../mock-server/index.ts'
import { generateKey } from '../../../mock-server/keys/generate-key.ts'
import {
  DEFAULT_KEY_POLICY,
  type KeyPolicy,
  missedRules,
} from '../../../mock-server/keys/key-policy.ts'
import { ROOT } from '../root.ts'
import { seededRandom } from './random.ts'

const policy = (
  keyLength: number,
  minNumbers: number,
  minUpperCase: number,
  minLowerCase: number,
): KeyPolicy => ({ keyLength, minNumbers, minUpperCase, minLowerCase })

/** How many of each class, counted without a line of the code under test. */
function classesOf(key: string) {
  const of = (pattern: RegExp) => key.replace(pattern, '').length
  return { digits: of(/[^0-9]/g), upper: of(/[^A-Z]/g), lower: of(/[^a-z]/g) }
}

test('the default policy is the one of the documented form', () => {
  expect(DEFAULT_KEY_POLICY).toEqual(policy(32, 6, 6, 6))
})

test('10 000 keys obey the default policy, and none comes twice (K-102)', () => {
  const keys = Array.from({ length: 10_000 }, () => generateKey(DEFAULT_KEY_POLICY, randomInt))
  expect(new Set(keys).size).toBe(10_000)
  for (const key of keys) {
    expect(key).toMatch(/^[0-9A-Za-z]{32}$/)
    const { digits, upper, lower } = classesOf(key)
    if (Math.min(digits, upper, lower) < 6) expect.fail(`too few of a class: ${key}`)
  }
})

test.each([
  policy(8, 0, 0, 0),
  policy(8, 8, 0, 0),
  policy(8, 0, 0, 8),
  policy(32, 32, 0, 0),
  policy(32, 11, 11, 10),
  policy(32, 10, 10, 10),
])('1 000 keys obey $keyLength/$minNumbers/$minUpperCase/$minLowerCase (K-503)', (strict) => {
  for (let at = 0; at < 1_000; at++) {
    const key = generateKey(strict, randomInt)
    const { digits, upper, lower } = classesOf(key)
    const isRight =
      /^[0-9A-Za-z]+$/.test(key) &&
      key.length === strict.keyLength &&
      digits >= strict.minNumbers &&
      upper >= strict.minUpperCase &&
      lower >= strict.minLowerCase
    if (!isRight) expect.fail(`${key} does not obey`)
  }
})

test('a key costs one draw a character and one a step of the shuffle, whatever the policy (K-103)', () => {
  for (const strict of [policy(32, 0, 0, 0), policy(32, 11, 11, 10), policy(8, 8, 0, 0)]) {
    let draws = 0
    generateKey(strict, (end) => {
      draws++
      return randomInt(end)
    })
    expect(draws).toBe(strict.keyLength + strict.keyLength - 1)
  }
})

test('each of the 58 575 valid policies makes its key in a time that no policy stands out in (K-103)', () => {
  let policies = 0
  for (let keyLength = 8; keyLength <= 32; keyLength++) {
    for (let numbers = 0; numbers <= keyLength; numbers++) {
      for (let upperCase = 0; upperCase <= keyLength - numbers; upperCase++) {
        for (let lowerCase = 0; lowerCase <= keyLength - numbers - upperCase; lowerCase++) {
          policies++
          const strict = policy(keyLength, numbers, upperCase, lowerCase)
          // The goal is 1 ms; whoever was interrupted tries again.
          let ms = Number.POSITIVE_INFINITY
          for (let attempt = 0; attempt < 3 && ms > 10; attempt++) {
            const start = performance.now()
            const key = generateKey(strict, randomInt)
            ms = performance.now() - start
            if (missedRules(key, strict).length > 0) expect.fail(`${key} does not obey`)
          }
          if (ms > 10) expect.fail(`${JSON.stringify(strict)} took ${ms} ms`)
        }
      }
    }
  }
  expect(policies).toBe(58_575)
})

test('the shuffle is that of Fisher and Yates: each place is swapped with itself or one before', () => {
  const asked: number[] = []
  const key = generateKey(policy(8, 2, 2, 2), (end) => {
    asked.push(end)
    return 0
  })
  // Two digits, two of each case, two of all: the first of each class, since 0 is drawn.
  expect(asked).toEqual([10, 10, 26, 26, 26, 26, 62, 62, 8, 7, 6, 5, 4, 3, 2])
  // 00AAaa00, its last place swapped with the first, then the one before, and so on.
  expect(key).toBe('0AAaa000')
})

test('every character stands at every place about as often as it should', () => {
  const seed = Date.now() % 1_000_000
  const random = seededRandom(seed)
  const counts = new Map<string, number>()
  const KEYS = 20_000
  for (let at = 0; at < KEYS; at++) {
    const key = generateKey(policy(8, 1, 1, 1), random)
    for (const place of [0, 3, 7]) {
      const kind = /\d/.test(key.charAt(place))
        ? 'digit'
        : /[A-Z]/.test(key.charAt(place))
          ? 'upper'
          : 'lower'
      const name = `${kind} at ${place}`
      counts.set(name, (counts.get(name) ?? 0) + 1)
    }
  }
  // Three of eight are fixed by class, five are drawn from 10 + 26 + 26 characters.
  const expected = {
    digit: (1 + (5 * 10) / 62) / 8,
    upper: (1 + (5 * 26) / 62) / 8,
    lower: (1 + (5 * 26) / 62) / 8,
  }
  for (const [kind, share] of Object.entries(expected)) {
    const tolerance = 6 * Math.sqrt(KEYS * share * (1 - share))
    for (const place of [0, 3, 7]) {
      const difference = Math.abs((counts.get(`${kind} at ${place}`) ?? 0) - KEYS * share)
      expect({ seed, kind, place, difference }).toEqual({
        seed,
        kind,
        place,
        difference: expect.toSatisfy((value: number) => value < tolerance),
      })
    }
  }
})

test('2 000 random policies: what is generated obeys, and one character less of a class does not (K-511)', () => {
  const seed = Date.now() % 1_000_000
  const random = seededRandom(seed)
  for (let at = 0; at < 2_000; at++) {
    const keyLength = 8 + random(25)
    const minNumbers = random(keyLength + 1)
    const minUpperCase = random(keyLength - minNumbers + 1)
    const minLowerCase = random(keyLength - minNumbers - minUpperCase + 1)
    const strict = policy(keyLength, minNumbers, minUpperCase, minLowerCase)
    const key = generateKey(strict, random)
    expect({ seed, strict, missed: missedRules(key, strict) }).toEqual({ seed, strict, missed: [] })
    for (const [minimum, pattern] of [
      [minNumbers, /[0-9]/],
      [minUpperCase, /[A-Z]/],
      [minLowerCase, /[a-z]/],
    ] as const) {
      if (minimum === 0) continue
      let spoiled = key
      // Down to one below the minimum, by a character that belongs to no class.
      while ((spoiled.match(new RegExp(pattern, 'g')) ?? []).length >= minimum) {
        spoiled = spoiled.replace(pattern, '_')
      }
      expect({ seed, strict, missed: missedRules(spoiled, strict).length }).toEqual({
        seed,
        strict,
        missed: 1,
      })
    }
  }
})

test('no secret comes from Math.random or from a remainder (K-101)', () => {
  const folder = join(ROOT, 'mock-server')
  const sources = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => [name, readFileSync(join(folder, name), 'utf8')] as const)
  expect(sources.length).toBeGreaterThan(30)
  for (const [name, text] of sources) {
    expect({ name, found: /Math\.random|% ?(62|36|10|26|ALPHABET)/.exec(text)?.[0] }).toEqual({
      name,
      found: undefined,
    })
  }
})

test('an agent is called agent_<uuid>@<organization name>, each by a uuid of its own (K-106)', async () => {
  const teamServer = createTeamServer()
  const id = '0f1e2d3c-0000-4000-8000-00000000000a'
  const shop = await teamServer.createOrganization({ name: 'Sh:op\n', id })
  expect(shop.agent.userName).toBe(`agent_${id}@Sh_op_`)
  const names = new Set<string>()
  for (const name of ['one', 'two', 'three']) {
    const { userName } = await shop.addAgentKey({ name })
    expect(userName).toMatch(/^agent_[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}@Sh_op_$/)
    names.add(userName)
  }
  expect(names.size).toBe(3)
  expect([...names].join()).not.toContain(id)
})
