import { expect, test } from 'vitest'
import { createMemoryExports } from '../../../mock-server/store/memory-exports.ts'

const MIB = 1_048_576

function fileOf(id: string, bytes: number) {
  const rest = { kind: 'SARIF', fileName: 'a', contentType: 'application/json' } as const
  return { id, ...rest, bytes: new Uint8Array(bytes) }
}

test('past 32 files the oldest goes', () => {
  const files = createMemoryExports()
  for (let number = 1; number <= 33; number++) files.add(fileOf(`${number}`, 1))
  expect(['1', '2', '33'].map((id) => files.get(id)?.id)).toEqual([undefined, '2', '33'])
})

test('past 16 MiB the oldest go, and the newest stays whatever its size', () => {
  const files = createMemoryExports()
  for (const [id, bytes] of [
    ['a', 8 * MIB],
    ['b', 8 * MIB],
    ['c', 1],
  ] as const) {
    files.add(fileOf(id, bytes))
  }
  expect(['a', 'b', 'c'].map((id) => files.get(id)?.id)).toEqual([undefined, 'b', 'c'])
  files.add(fileOf('d', 64 * MIB))
  expect(['b', 'c', 'd'].map((id) => files.get(id)?.id)).toEqual([undefined, undefined, 'd'])
  files.add(fileOf('e', 1))
  expect(['d', 'e'].map((id) => files.get(id)?.id)).toEqual([undefined, 'e'])
})
