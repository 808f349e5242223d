import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import type { Organization, TeamServer } from '../../../mock-server/index.ts'
import { ROUTES } from '../../../mock-server/routes/index.ts'
import { ask, askAt } from '../ask.ts'
import { createAudience, questionFor } from '../questions/questions.ts'
import { ROOT } from '../root.ts'
import { authorizationOf, createShop } from '../shop.ts'

/**
 * A repeated group whose inside repeats at its end, such as `(a+)+`: what a text that almost fits is
 * tried against in more ways than anybody waits for. A group that ends in a fixed character is none, nor
 * is one of digits behind a separator: there is one way to read it.
 */
const NESTED =
  /\((?!(?:\?:)?(?:\\\.|[_:,-]|\[[-_:,]+\])\\d\+\))(?:\?[:=!<][^()]*|[^()?][^()]*)?[+*]\)[+*{]/

/** The regular expressions of a source: literals, and patterns of schemas. */
function expressionsOf(text: string): readonly string[] {
  const literals = text.matchAll(
    /(?<=[=(,:&|!?[\s])\/(?![/*])((?:\\.|\[(?:\\.|[^\]\\])*\]|[^/\\\n[])+)\/[gimsuyv]*(?=[\s.,;:)\]}]|$)/gm,
  )
  const patterns = text.matchAll(/"pattern":\s*"((?:\\.|[^"\\])*)"/g)
  return [...literals, ...patterns].map(([, source = '']) => source)
}

const FILES = ['sdk', 'mock-server'].flatMap((folder) =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.(ts|json)$/.test(file))
    .map((file) => join(folder, file)),
)

test('no regular expression of ours repeats what repeats (S-308)', () => {
  const found = FILES.flatMap((file) =>
    expressionsOf(readFileSync(join(ROOT, file), 'utf8')).map((source) => ({ file, source })),
  )
  expect(found.length).toBeGreaterThan(50)
  expect(found.filter(({ source }) => NESTED.test(source))).toEqual([])
})

test.each(['(a+)+', '^(?:[a-z]*)*$', '(\\d+){2,}', 'x(a|b+)+', '(_.+)+'])(
  '%s would be found',
  (source) => {
    expect(NESTED.test(source)).toBe(true)
    expect(expressionsOf(`const a = /${source}/.test(b)`)).toEqual([source])
  },
)

test.each(['(\\.\\d+){3}', '(?:[-_:,]\\d+)*', '(a+b)+', '[+*]+', '(?:-[0-9a-f]{4}){3}', '(ab)+'])(
  '%s would not',
  (source) => {
    expect(NESTED.test(source)).toBe(false)
  },
)

const LENGTH = 50_000
const HOSTILE = [
  ['a', 'a'.repeat(LENGTH)],
  ['@', '@'.repeat(LENGTH)],
  ['space', ' '.repeat(LENGTH)],
  ['/', '/'.repeat(LENGTH)],
  ['a and one that does not fit', `${'a'.repeat(LENGTH)}\u0000`],
  ['.', '.'.repeat(LENGTH)],
  ['digits', '9'.repeat(LENGTH)],
] as const

/** Ten times what the matrix has as its goal, which `bench/abuse.mjs` measures. */
const LONGEST_MS = 50

let teamServer: TeamServer
let shop: Organization

beforeAll(async () => {
  ;({ teamServer, shop } = await createShop({ scryptCost: 1_024 }))
})

/** The quickest of three: what else the machine does is nobody's backtracking. */
async function quickest(act: () => Promise<unknown>): Promise<number> {
  const times: number[] = []
  for (let turn = 0; turn < 3; turn++) {
    const startedAt = performance.now()
    await act()
    times.push(performance.now() - startedAt)
  }
  return Math.min(...times)
}

test.each(HOSTILE)(
  '%s × 50 000 in every field of every call is answered at once (S-308)',
  async (_what, text) => {
    const audience = await createAudience(teamServer, shop)
    for (const route of ROUTES.filter(({ method }) => method !== 'GET')) {
      const { method, path } = route
      // Passwords are hashed on purpose slowly, elsewhere.
      if (/login|logout|password/.test(path)) continue
      const { target, question } = await questionFor(audience, route)
      const json = JSON.parse(JSON.stringify(question.json ?? {}), (_name, value) =>
        typeof value === 'string' ? text : value,
      )
      const ms = await quickest(() => askAt(teamServer, method, target, { ...question, json }))
      expect({ path, isQuick: ms < LONGEST_MS, ms }).toMatchObject({ path, isQuick: true })
    }
  },
)

const REPORT_FIELDS = ['id', 'type', 'at', 'rule', 'severity', 'title', 'url', 'hash', 'pattern']

test.each(REPORT_FIELDS)(
  'text against expressions in the field %s of a report is answered at once (S-308)',
  async (field) => {
    for (const [, text] of HOSTILE) {
      for (const type of ['finding', 'route', 'activity']) {
        const json = { reports: [{ id: 'one', type, rule: 'r', [field]: text }] }
        const authorization = authorizationOf(shop.agent)
        const ms = await quickest(() =>
          ask(teamServer, 'POST', '/engine/v1/reports', { authorization, json }),
        )
        expect({ type, isQuick: ms < LONGEST_MS, ms }).toMatchObject({ type, isQuick: true })
      }
    }
  },
)

const HEADERS = [
  'authorization',
  'api-key',
  'cookie',
  'content-type',
  'content-encoding',
  'x-forwarded-for',
  'origin',
  'host',
  'x-csrf-token',
]

test.each(HEADERS)('such text in the header %s is answered at once (S-308)', async (name) => {
  for (const [, text] of HOSTILE) {
    const value = text.replace('\u0000', '!')
    const headers = { authorization: authorizationOf(shop.agent), [name]: value }
    const ms = await quickest(() =>
      ask(teamServer, 'POST', '/engine/v1/reports', { headers, body: '{}' }),
    )
    expect({ isQuick: ms < LONGEST_MS, ms }).toMatchObject({ isQuick: true })
  }
})

test('such text in path and query is answered at once (S-308)', async () => {
  const { authorization } = await shop.addPerson({ role: 'admin' })
  for (const [, text] of HOSTILE) {
    // Past 8 KiB a target is not looked at.
    const part = encodeURIComponent(text.slice(0, 2_600))
    for (const path of [
      `/${part}`,
      `/ng/${part}/applications`,
      `/ng/${shop.id}/security/audit?keyword=${part}`,
    ]) {
      const ms = await quickest(() => ask(teamServer, 'GET', path, { authorization }))
      expect({ path, isQuick: ms < LONGEST_MS, ms }).toMatchObject({ isQuick: true })
    }
  }
})
