import { expect, test } from 'vitest'
import { withResults } from '../../scripts/compat/table.mjs'

const HEAD = `| Node | undici | msw | vitest | tests | fresh install, for production | global setup of other runners |
| --- | --- | --- | --- | --- | --- | --- |
`
const around = (table: string) => `before\n<!-- compat -->\n${table}<!-- /compat -->\nafter\n`
const run = {
  msw: '2.15.0',
  vitest: '4.1.12',
  tests: '3 passed, 0 failed',
  install: 'works',
  runners: 'jest 30.5.2',
}

test('results are put into the page in the order of Node and undici', () => {
  const results = [
    { ...run, node: '24.21.0', undici: '8.5.0' },
    { ...run, node: '20.20.2', undici: '7.30.2' },
    { ...run, node: '24.21.0', undici: '7.30.2' },
  ]
  expect(withResults(around(''), results)).toBe(
    around(`${HEAD}| 20.20.2 | 7.30.2 | 2.15.0 | 4.1.12 | 3 passed, 0 failed | works | jest 30.5.2 |
| 24.21.0 | 7.30.2 | 2.15.0 | 4.1.12 | 3 passed, 0 failed | works | jest 30.5.2 |
| 24.21.0 | 8.5.0 | 2.15.0 | 4.1.12 | 3 passed, 0 failed | works | jest 30.5.2 |
`),
  )
})

test('a row takes the place of an earlier one of the same majors, and the others stay', () => {
  const older = { ...run, node: '20.19.0', undici: '7.30.2' }
  const before = withResults(around(''), [{ ...run, node: '24.20.0', undici: '7.30.1' }, older])
  const failed = { ...run, node: '24.21.0', undici: '7.30.2', tests: '2 passed, 1 failed' }
  expect(withResults(before, [failed])).toBe(withResults(around(''), [older, failed]))
})

test('a page without a place for the table is an error', () => {
  expect(() => withResults('nothing here', [])).toThrow('<!-- compat -->')
})
