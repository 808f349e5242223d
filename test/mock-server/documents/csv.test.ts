import { expect, test } from 'vitest'
import { csvOf } from '../../../mock-server/documents/csv.ts'

test('commas, quotes and line ends stay within their cell, and every line ends with CRLF', () => {
  const csv = csvOf(
    ['Name', 'Count'],
    [
      ['a,b', 1],
      ['say "hi"', 2],
      ['two\r\nlines', undefined],
    ],
  )
  expect(csv).toBe('"Name","Count"\r\n"a,b",1\r\n"say ""hi""",2\r\n"two\r\nlines",\r\n')
})

test('a table without rows is its head', () => {
  expect(csvOf(['Name'], [])).toBe('"Name"\r\n')
})

test.each([
  '=1+1',
  '+1',
  '-1',
  '@SUM(A1)',
  '=cmd|"/c calc"!A1',
  '\t=1',
  '\r=1',
  '\n=1',
  ' =1',
  '\u00a0=1',
  '＝1',
  '＠a',
  '\u0000=1',
])('%j, which a spreadsheet would take for a formula, is text', (cell) => {
  expect(csvOf(['Name'], [[cell]])).toBe(`"Name"\r\n"'${cell.replaceAll('"', '""')}"\r\n`)
})

test.each(['a=1', '1-1', 'mail@shop', "'quoted'", '', 'ä', '/cart?a=-1'])(
  '%j is written as it is',
  (cell) => {
    expect(csvOf(['Name'], [[cell]])).toBe(`"Name"\r\n"${cell}"\r\n`)
  },
)

test('a number of ours is a number, also below zero', () => {
  expect(csvOf(['Count'], [[-1], [true]])).toBe('"Count"\r\n-1\r\ntrue\r\n')
})
