import { expect, test } from 'vitest'
import { type KeyMatch, type KeySlot, rotateSlot } from '../../../mock-server/keys/key-slot.ts'
import { createKeyUses } from '../../../mock-server/keys/key-uses.ts'

const START = new Date('2026-03-01T12:00:00Z')
const after = (ms: number) => new Date(START.getTime() + ms)
const kept = (key: number) => ({ digest: Buffer.alloc(32, key), sealed: Buffer.from([key]) })
const slotOf = (key: number): KeySlot => ({ current: { ...kept(key), since: START }, retired: [] })

const CURRENT: KeyMatch = { status: 'current' }
const REPLACED: KeyMatch = { status: 'replaced', acceptedUntil: after(9_000) }

test('a key that nobody used has no last use, and a wrong one is none (K-405)', () => {
  const uses = createKeyUses()
  uses.note('service-key', 'one', slotOf(1), { status: 'wrong' }, START)
  expect(uses.of('service-key', 'one', slotOf(1))).toEqual({})
  expect(uses.noted).toEqual({ all: 0, replaced: 0 })
  expect(uses.kept()).toEqual([])
})

test('the last use of each of the two values is told apart (K-405)', () => {
  const uses = createKeyUses()
  const slot = rotateSlot(slotOf(1), kept(2), 9_000, START)
  uses.note('service-key', 'one', slot, REPLACED, after(1))
  uses.note('service-key', 'one', slot, CURRENT, after(2))
  uses.note('service-key', 'one', slot, REPLACED, after(3))
  expect(uses.of('service-key', 'one', slot)).toEqual({
    lastUsedAt: after(2),
    replacedLastUsedAt: after(3),
  })
  expect(uses.noted).toEqual({ all: 3, replaced: 2 })
})

test('the use of a value counts for that value alone, also when two were put in place in one moment', () => {
  const uses = createKeyUses()
  const first = rotateSlot(slotOf(1), kept(2), 9_000, START)
  uses.note('api-key', 'one', first, CURRENT, after(1))
  uses.note('api-key', 'one', first, REPLACED, after(2))
  // The same moment and the same end of the overlap as before.
  const second = rotateSlot(first, kept(3), 9_000, START)
  expect(uses.of('api-key', 'one', second)).toEqual({})
})

test('a caller and an organization of the same name are two', () => {
  const uses = createKeyUses()
  uses.note('service-key', 'one', slotOf(1), CURRENT, START)
  expect(uses.of('api-key', 'one', slotOf(1))).toEqual({})
  expect(uses.of('service-key', 'two', slotOf(1))).toEqual({})
})

test('what was kept is known again', () => {
  const uses = createKeyUses()
  const slot = rotateSlot(slotOf(1), kept(2), 9_000, START)
  uses.note('api-key', 'one', slot, REPLACED, after(1))
  uses.note('service-key', 'one', slot, CURRENT, after(2))
  expect(uses.kept()).toEqual([
    { kind: 'api-key', holder: 'one', replaced: { digest: kept(1).digest, at: after(1) } },
    { kind: 'service-key', holder: 'one', current: { digest: kept(2).digest, at: after(2) } },
  ])
  const again = createKeyUses(uses.kept())
  expect(again.of('api-key', 'one', slot)).toEqual({ replacedLastUsedAt: after(1) })
  expect(again.of('service-key', 'one', slot)).toEqual({ lastUsedAt: after(2) })
  expect(again.kept()).toEqual(uses.kept())
})
