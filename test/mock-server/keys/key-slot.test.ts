import { expect, test } from 'vitest'
import {
  closeOverlap,
  isRetired,
  type KeySlot,
  matchKey,
  rotateSlot,
} from '../../../mock-server/keys/key-slot.ts'

const START = new Date('2026-03-01T12:00:00Z')
const after = (ms: number) => new Date(START.getTime() + ms)

/** Stands for a key: its digest is the number, over and over. */
const kept = (key: number) => ({ digest: Buffer.alloc(32, key), sealed: Buffer.from([key]) })
const digest = (key: number) => kept(key).digest
const slotOf = (key: number): KeySlot => ({ current: { ...kept(key), since: START }, retired: [] })

const statuses = (slot: KeySlot, keys: readonly number[], now: Date) =>
  keys.map((key) => matchKey(slot, digest(key), now).status)

test('the current key is told from every other', () => {
  expect(statuses(slotOf(1), [1, 2, 0, 255], START)).toEqual(['current', 'wrong', 'wrong', 'wrong'])
})

test('without overlap the old key is refused from the rotation on (F-302)', () => {
  const slot = rotateSlot(slotOf(1), kept(2), 0, START)
  expect(slot).toEqual({ current: { ...kept(2), since: START }, retired: [digest(1)] })
  expect(statuses(slot, [1, 2], START)).toEqual(['wrong', 'current'])
  expect([isRetired(slot, digest(1)), isRetired(slot, digest(2))]).toEqual([true, false])
})

test('with overlap the old key is accepted up to, and not at, its end (F-301)', () => {
  const slot = rotateSlot(slotOf(1), kept(2), 1_000, START)
  expect(matchKey(slot, digest(1), after(999))).toEqual({
    status: 'replaced',
    acceptedUntil: after(1_000),
  })
  expect(statuses(slot, [1, 2], after(1_000))).toEqual(['wrong', 'current'])
  expect(statuses(slot, [1, 2], after(1_001))).toEqual(['wrong', 'current'])
})

test('never more than two keys are accepted, however often it is rotated (F-303)', () => {
  let slot = slotOf(1)
  for (let key = 2; key <= 14; key++) {
    slot = rotateSlot(slot, kept(key), 1_000, START)
    const accepted = Array.from({ length: 14 }, (_, at) => at + 1).filter(
      (each) => matchKey(slot, digest(each), START).status !== 'wrong',
    )
    expect(accepted).toEqual([key - 1, key])
  }
})

test('an overlap that is closed refuses the old key at once, and is closed once (F-304)', () => {
  const closed = closeOverlap(rotateSlot(slotOf(1), kept(2), 1_000, START))
  expect(closed).toEqual({ current: { ...kept(2), since: START }, retired: [digest(1)] })
  expect(statuses(closed, [1, 2], START)).toEqual(['wrong', 'current'])
  expect(closeOverlap(closed)).toBe(closed)
  expect(isRetired(closed, digest(1))).toBe(true)
})

test('a rotation without overlap ends the overlap of the one before', () => {
  const open = rotateSlot(slotOf(1), kept(2), 1_000, START)
  const slot = rotateSlot(open, kept(3), 0, START)
  expect(statuses(slot, [1, 2, 3], START)).toEqual(['wrong', 'wrong', 'current'])
  expect(slot.retired).toEqual([digest(2), digest(1)])
})

test('the last ten values of before are remembered, newest first', () => {
  let slot = slotOf(1)
  for (let key = 2; key <= 15; key++) slot = rotateSlot(slot, kept(key), 0, START)
  expect(slot.retired).toEqual([14, 13, 12, 11, 10, 9, 8, 7, 6, 5].map(digest))
  expect(isRetired(slot, digest(4))).toBe(false)
})

test('rotating changes no slot in place', () => {
  const slot = rotateSlot(slotOf(1), kept(2), 1_000, START)
  const before = structuredClone(slot)
  rotateSlot(slot, kept(3), 1_000, START)
  closeOverlap(slot)
  expect(structuredClone(slot)).toEqual(before)
})
