import { randomInt } from 'node:crypto'
import { expect, test } from 'vitest'
import { createSeededRandom } from '../../../mock-server/faults/seeded-random.ts'
import { createTextBlocks, type KeptText } from '../../../mock-server/store/text-blocks.ts'

test('texts come back as they were, also those that fill a block and those that are larger', () => {
  const texts = createTextBlocks()
  const given = [
    '',
    'a',
    'é€🗝',
    'x'.repeat(4_096),
    'y'.repeat(3_000_000),
    'é'.repeat(600_000),
    'z',
    '',
  ]
  const kept = given.map((text) => texts.keep(text))
  expect(kept.map(texts.read)).toEqual(given)
})

test('small texts share a block', () => {
  const texts = createTextBlocks()
  const kept = Array.from({ length: 100 }, (_, at) => texts.keep(String(at)))
  expect(new Set(kept.map(({ block }) => block)).size).toBe(1)
})

test('the block of texts that are all gone is used again', () => {
  const texts = createTextBlocks()
  const kept: KeptText[] = []
  const blocks = new Set<unknown>()
  for (let at = 0; at < 40_000; at++) {
    const text = texts.keep('x'.repeat(1_000))
    kept.push(text)
    blocks.add(text.block)
    if (at >= 2_000) texts.drop(kept[at - 2_000] as KeptText)
  }
  // 2 MB stand in two or three of the largest; those before were smaller.
  expect(blocks.size).toBeLessThan(8 + 5)
})

test('whatever comes and goes in order, what is kept is what was given', () => {
  const seed = randomInt(2 ** 32)
  const random = createSeededRandom(seed)
  const texts = createTextBlocks()
  const kept: { readonly text: string; readonly as: KeptText }[] = []
  for (let step = 0; step < 5_000; step++) {
    const size = random() < 0.01 ? 2_000_000 : 20_000
    const text = (step % 2 === 0 ? 'é' : 'a').repeat(Math.floor(random() ** 8 * size)) + step
    kept.push({ text, as: texts.keep(text) })
    while (kept.length > 0 && (kept.length > 200 || random() < 0.3)) {
      const oldest = kept.shift()
      if (oldest === undefined) break
      if (texts.read(oldest.as) !== oldest.text) throw new Error(`seed ${seed}, step ${step}`)
      texts.drop(oldest.as)
    }
  }
  expect(kept.map(({ as }) => texts.read(as))).toEqual(kept.map(({ text }) => text))
})
