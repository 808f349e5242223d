import { runInNewContext } from 'node:vm'
import { expect, test } from 'vitest'
import { serialize } from '../../../sdk/delivery/serialize.ts'
import { createUuidV7Maker } from '../../../sdk/delivery/uuid-v7.ts'

const AT_MS = Date.parse('2026-01-01T00:00:00Z')
const STAMPS = { makeId: () => 'made', wallClockMs: () => AT_MS }
const FINDING = { type: 'finding', rule: 'x' }

function parsed(given: unknown) {
  const serialization = serialize(given, STAMPS)
  expect(serialization.status).toBe('serialized')
  return JSON.parse('json' in serialization ? serialization.json : '')
}

function nested(levels: number): unknown {
  let value: unknown = 1
  for (let level = 0; level < levels; level++) value = [value]
  return value
}

function circular(): object {
  const report: Record<string, unknown> = { ...FINDING }
  report.evidence = { report }
  return report
}

const throwing = () => {
  throw new Error('no')
}

class Evidence {
  readonly seen = 1
}

test.each<[string, unknown]>([
  ['D-601: a cycle', circular()],
  ['D-601: a BigInt', { ...FINDING, evidence: { count: 1n } }],
  [
    'D-601: a getter that throws',
    Object.defineProperty({ ...FINDING }, 'url', { get: throwing, enumerable: true }),
  ],
  ['D-601: a toJSON that throws', { ...FINDING, evidence: { toJSON: throwing } }],
  ['D-601: a toJSON of the report', { ...FINDING, toJSON: () => 7 }],
  [
    'D-601: a toJSON that gives a BigInt',
    {
      ...FINDING,
      evidence: new (class {
        toJSON = () => 1n
      })(),
    },
  ],
  ['D-601: a proxy that throws', new Proxy(FINDING, { get: throwing })],
  ['D-601: a proxy that throws when it is listed', new Proxy(FINDING, { ownKeys: throwing })],
  ['D-601: 100 000 levels', { ...FINDING, evidence: nested(100_000) }],
  ['D-601: more levels than TeamServer takes', { ...FINDING, evidence: nested(62) }],
  ['D-601: a symbol', Symbol('x')],
  ['D-601: a symbol inside', { ...FINDING, title: Symbol('x') }],
  ['D-601: a function', throwing],
  ['D-601: a function inside', { ...FINDING, title: throwing }],
  ['D-601: undefined', undefined],
  ['D-601: an invalid date', { ...FINDING, at: new Date(Number.NaN) }],
  ['D-602: 257 KiB', { ...FINDING, title: 'x'.repeat(257 * 1_024) }],
  ['D-602: 257 KiB in small pieces', { ...FINDING, stack: Array(140_000).fill(1) }],
  ['D-602: 100 KiB of characters of three bytes', { ...FINDING, title: '€'.repeat(100_000) }],
  ['D-605: null', null],
  ['D-605: text', 'finding'],
  ['D-605: a number', 7],
  ['D-605: a list', [FINDING]],
  ['D-605: an empty object', {}],
  ['an unknown type', { ...FINDING, type: 'findings' }],
  ['a finding without a rule', { type: 'finding' }],
  ['an id with a slash', { ...FINDING, id: 'a/b' }],
  ['an id of 129 characters', { ...FINDING, id: 'a'.repeat(129) }],
  ['an id that is null', { ...FINDING, id: null }],
  ['D-606: a Map', new Map(Object.entries(FINDING))],
  ['D-606: a Set', new Set([FINDING])],
  ['D-606: a Buffer', Buffer.from('{}')],
  ['D-606: an instance of a class', Object.assign(new Evidence(), FINDING)],
  ['D-606: a Map inside', { ...FINDING, evidence: new Map() }],
  ['D-606: a Set inside', { ...FINDING, evidence: { all: [new Set()] } }],
  ['D-606: bytes inside', { ...FINDING, evidence: { bytes: new Uint8Array(3) } }],
  ['D-606: an error inside', { ...FINDING, evidence: new Error('x') }],
  ['D-606: an instance inside', { ...FINDING, evidence: new Evidence() }],
])('%s is refused, with a reason', (_, given) => {
  expect(serialize(given, STAMPS)).toEqual({
    status: 'refused',
    reason: expect.stringMatching(/\w/),
  })
})

test('D-602: a text of 200 MB is refused before it is looked at', () => {
  const given = { ...FINDING, title: 'x'.repeat(200_000_000) }
  const startedMs = performance.now()
  expect(serialize(given, STAMPS)).toMatchObject({ status: 'refused' })
  expect(performance.now() - startedMs).toBeLessThan(50)
})

test('id and moment are added where they are missing, and the host’s object stays as it is', () => {
  const given = Object.freeze({ ...FINDING })
  expect(parsed(given)).toEqual({ ...FINDING, id: 'made', at: AT_MS })
  expect(Object.keys(given)).toEqual(['type', 'rule'])
})

test('id and moment that are there are kept', () => {
  const given = { ...FINDING, id: 'mine', at: '2025-01-01T00:00:00Z' }
  expect(parsed(given)).toEqual(given)
  expect(serialize(given, STAMPS)).toMatchObject({ id: 'mine', type: 'finding' })
})

test('undefined members are as good as absent', () => {
  expect(parsed({ ...FINDING, id: undefined, at: undefined, title: undefined })).toEqual({
    ...FINDING,
    id: 'made',
    at: AT_MS,
  })
})

test('D-604: lone surrogates, separators, NUL and __proto__ arrive, and no prototype changes', () => {
  const evidence = JSON.parse('{"__proto__":{"polluted":true},"text":"\\ud800 \\u2028 \\u0000"}')
  const { evidence: arrived } = parsed({ ...FINDING, evidence })
  expect(Object.hasOwn(arrived, '__proto__')).toBe(true)
  expect(arrived.text).toBe('\ud800 \u2028 \u0000')
  expect(({} as { polluted?: unknown }).polluted).toBeUndefined()
})

test('D-606: what has a documented form takes it', () => {
  const at = new Date('2026-01-01T00:00:00Z')
  const given = { ...FINDING, at, url: new URL('https://shop.test/') }
  expect(parsed(given)).toMatchObject({ at: '2026-01-01T00:00:00.000Z', url: 'https://shop.test/' })
})

test('plain objects of another realm and without a prototype are plain', () => {
  const given = runInNewContext('({ type: "finding", rule: "x", evidence: { a: [1] } })')
  expect(parsed(given)).toMatchObject({ evidence: { a: [1] } })
  expect(parsed(Object.assign(Object.create(null), FINDING))).toMatchObject(FINDING)
})

test('the size is that of the whole JSON in UTF-8', () => {
  const serialization = serialize({ ...FINDING, title: '€' }, STAMPS)
  if (serialization.status !== 'serialized') throw new Error(serialization.reason)
  expect(serialization.sizeBytes).toBe(Buffer.byteLength(serialization.json))
})

test('ids are UUIDs of version 7, unlike each other, and sort by their moment', () => {
  const makeId = createUuidV7Maker()
  const ids = Array.from({ length: 2_000 }, (_, index) => makeId(AT_MS + Math.trunc(index / 1_000)))
  expect(new Set(ids).size).toBe(2_000)
  for (const id of ids) {
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  }
  expect(Number.parseInt(ids[0]?.replaceAll('-', '').slice(0, 12) ?? '', 16)).toBe(AT_MS)
  expect((ids[0] ?? '') < (ids[1_000] ?? '')).toBe(true)
})
