// Prints the count of a vitest report: `N passed, N failed`, and `, N skipped` if any were.
import { readFileSync } from 'node:fs'

const [file = ''] = process.argv.slice(2)
const report = JSON.parse(readFileSync(file, 'utf8'))
const { numPassedTests, numFailedTests, numPendingTests, numTodoTests } = report
// A file that could not be loaded holds no test that could fail.
const broken = report.testResults.filter(
  (/** @type {{ status: string, assertionResults: unknown[] }} */ { status, assertionResults }) =>
    status === 'failed' && assertionResults.length === 0,
).length
const skipped = numPendingTests + numTodoTests
const counts = [`${numPassedTests} passed`, `${numFailedTests + broken} failed`]
if (skipped > 0) counts.push(`${skipped} skipped`)
console.log(counts.join(', '))
