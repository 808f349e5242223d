import { expect, test } from 'vitest'
import { readCatalog } from '../../mock-server/catalog/catalog.ts'
import { ROUTES } from '../../mock-server/routes/index.ts'
import { countLine, coverageOf, withCoverage } from '../../scripts/rest-coverage/table.mjs'
import { readPage } from './page.ts'

const page = readPage('rest.md')

test('the table of routes is what `npm run coverage` makes of the code', () => {
  expect(page.text).toBe(withCoverage(page.text, readCatalog(), ROUTES))
})

test('every documented route is counted, with behaviour or by its shape', () => {
  const coverage = coverageOf(readCatalog(), ROUTES)
  const { documented, withBehaviour, shapeOnly, notServed } = coverage
  expect(documented).toBe(459)
  expect(withBehaviour + shapeOnly + notServed).toBe(documented)
  expect(page.text).toContain(`\n${countLine(coverage)}\n`)
  console.log(countLine(coverage))
})
