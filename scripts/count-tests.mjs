// Prints the count of a vitest report: `N passed, N failed`, and `, N skipped` if any were.
import { readFileSync } from 'node:fs'
import { describeCounts, testCounts } from './test-counts.mjs'

const [file = ''] = process.argv.slice(2)
console.log(describeCounts(testCounts(JSON.parse(readFileSync(file, 'utf8')))))
