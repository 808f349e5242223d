import { expect, test } from 'vitest'
import { controlRoutes } from '../../mock-server/control/routes.ts'
import { readPage } from './page.ts'

const page = readPage('control-api.md')

test('the page names every call of the control API, and no other', () => {
  // Nothing of the server is asked for until somebody calls.
  const served = controlRoutes({} as never).map(
    ({ method, path }) => `${method} ${path.replace(/:(\w+)/g, '{$1}')}`,
  )
  const told = [...page.text.matchAll(/`((?:GET|PUT|POST|DELETE) \/[^`?]*)`/g)].map(
    ([, call]) => call,
  )
  expect([...new Set(told)].sort()).toEqual(served.sort())
})

test('the page names every query parameter of each', () => {
  const names = controlRoutes({} as never).flatMap(({ query = [] }) => query)
  expect(names.length).toBeGreaterThan(10)
  expect(names.filter((name) => !page.text.includes(`\`${name}\``))).toEqual([])
})
