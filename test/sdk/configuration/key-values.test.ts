import { expect, test } from 'vitest'
import { parseKeyValues } from '../../../sdk/configuration/key-values.ts'

test.each([
  ['', []],
  ['branchName=main', [['branchName', 'main']]],
  [' branchName = main , buildNumber=7,', [['branchName', 'main'], ['buildNumber', '7']]], // biome-ignore format: one case a line
  ['a=1=2', [['a', '1=2']]],
  ['a=1\\,2,b=\\=', [['a', '1,2'], ['b', '=']]], // biome-ignore format: one case a line
  ['a=back\\\\slash', [['a', 'back\\slash']]],
  ['a=end\\ ', [['a', 'end ']]],
  ['a=', [['a', '']]],
  ['__proto__=x', [['__proto__', 'x']]],
])('%j is a list of pairs', (text, value) => {
  expect(parseKeyValues(text)).toEqual({ status: 'read', value })
})

test.each(['main', 'a=1,b', '=1', 'a=1,a=2', 'a=\\x', 'a=\\'])('%j is no list of pairs', (text) => {
  expect(parseKeyValues(text).status).toBe('refused')
})
