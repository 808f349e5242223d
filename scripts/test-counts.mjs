/**
 * What became of the tests, by a vitest report as JSON.
 *
 * @typedef {{ status: string, fullName: string, failureMessages: readonly string[] }} TestResult
 * @typedef {{ status: string, name: string, message: string, assertionResults: readonly TestResult[] }} TestFile
 * @typedef {object} TestReport
 * @property {number} numPassedTests
 * @property {number} numFailedTests
 * @property {number} numPendingTests
 * @property {number} numTodoTests
 * @property {readonly TestFile[]} testResults
 *
 * @param {TestReport} report
 */
export function testCounts({
  numPassedTests,
  numFailedTests,
  numPendingTests,
  numTodoTests,
  testResults,
}) {
  // A file that could not be loaded holds no test that could fail.
  const broken = testResults.filter(
    ({ status, assertionResults }) => status === 'failed' && assertionResults.length === 0,
  ).length
  return {
    passed: numPassedTests,
    failed: numFailedTests + broken,
    skipped: numPendingTests + numTodoTests,
  }
}

/** `N passed, N failed`, and `, N skipped` if any were. @param {ReturnType<typeof testCounts>} counts */
export function describeCounts({ passed, failed, skipped }) {
  const counts = [`${passed} passed`, `${failed} failed`]
  if (skipped > 0) counts.push(`${skipped} skipped`)
  return counts.join(', ')
}
