import { randomInt } from 'node:crypto'
import { expect, test } from 'vitest'
import { createSeededRandom } from '../../../mock-server/faults/seeded-random.ts'
import { createByteRing } from '../../../mock-server/request-log/byte-ring.ts'

const texts = (ring: ReturnType<typeof createByteRing>) =>
  ring.records().map((record) => Buffer.from(record).toString())

test('the newest records stay, oldest first', () => {
  const ring = createByteRing(100, 3)
  for (const text of ['a', 'bb', 'ccc', 'dddd']) ring.add(text)
  expect(texts(ring)).toEqual(['bb', 'ccc', 'dddd'])
  expect([ring.sizeRecords, ring.sizeBytes]).toEqual([3, 9])
})

test('past the bytes the oldest go, as many as it takes', () => {
  const ring = createByteRing(10, 100)
  for (const text of ['aaa', 'bbb', 'ccc']) ring.add(text)
  ring.add('ddddd')
  expect(texts(ring)).toEqual(['ccc', 'ddddd'])
})

test('a record that fills it is alone, and a larger one is not kept', () => {
  const ring = createByteRing(10, 100)
  ring.add('aaa')
  ring.add('0123456789')
  expect(texts(ring)).toEqual(['0123456789'])
  ring.add('0123456789x')
  expect(texts(ring)).toEqual(['0123456789'])
})

test('an empty record is a record', () => {
  const ring = createByteRing(10, 2)
  for (const text of ['', 'a', '']) ring.add(text)
  expect(texts(ring)).toEqual(['a', ''])
})

test('a text in UTF-8 and the bytes behind it are one record', () => {
  const ring = createByteRing(10, 3)
  ring.add('é€', Buffer.from('abc'))
  expect([texts(ring), ring.sizeBytes]).toEqual([['é€abc'], 8])
})

test('what was handed out does not change when the ring goes on', () => {
  const ring = createByteRing(4, 10)
  ring.add('aaaa')
  const [kept] = ring.records()
  ring.add('bbbb')
  expect(Buffer.from(kept ?? []).toString()).toBe('aaaa')
})

test('cleared it is empty, and works again', () => {
  const ring = createByteRing(10, 3)
  ring.add('aaa')
  ring.clear()
  expect([texts(ring), ring.sizeBytes]).toEqual([[], 0])
  ring.add('bbb')
  expect(texts(ring)).toEqual(['bbb'])
})

test('it agrees with a plain list, whatever comes', () => {
  const seed = randomInt(2 ** 32)
  const random = createSeededRandom(seed)
  const upTo = (limit: number) => Math.floor(random() * limit)
  for (let round = 0; round < 200; round++) {
    const [limitBytes, limitRecords] = [1 + upTo(60), 1 + upTo(8)]
    const ring = createByteRing(limitBytes, limitRecords)
    const all: string[] = []
    for (let step = 0; step < 60; step++) {
      const text = String.fromCharCode(97 + (step % 26)).repeat(upTo(limitBytes + 3))
      const cut = upTo(text.length + 1)
      ring.add(text.slice(0, cut), Buffer.from(text.slice(cut)))
      if (text.length <= limitBytes) all.push(text)
      const kept = texts(ring)
      const where = `seed ${seed}, round ${round}, step ${step}`
      expect(kept, where).toEqual(all.slice(all.length - kept.length))
      expect(kept.length, where).toBeLessThanOrEqual(limitRecords)
      expect(kept.join('').length, where).toBe(ring.sizeBytes)
      expect(ring.sizeBytes, where).toBeLessThanOrEqual(limitBytes)
      if (text.length <= limitBytes) expect(kept.at(-1), where).toBe(text)
    }
  }
})
