import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { testCounts } from '../test-counts.mjs'
import { runOn } from './processes.mjs'

/**
 * Runs the tests of a copy on a Node, and says on standard error which failed.
 *
 * @param {string} node
 * @param {string} folder
 * @param {readonly string[]} tests Files or folders; all without any.
 */
export async function runSuite(node, folder, tests) {
  const report = join(folder, 'report.json')
  const vitest = ['node', 'node_modules/vitest/vitest.mjs', 'run', ...tests]
  const reporters = ['--reporter=json', `--outputFile.json=${report}`]
  const { stdout, stderr } = await runOn(node, [...vitest, ...reporters], { cwd: folder })
  const told = readReport(report)
  if (told === undefined) throw new Error(`vitest did not report:\n${stdout}\n${stderr}`)
  for (const line of failures(told)) console.error(`  ${line}`)
  return testCounts(told)
}

/**
 * @param {string} file
 * @returns {import('../test-counts.mjs').TestReport | undefined}
 */
function readReport(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    return undefined
  }
}

/** @param {import('../test-counts.mjs').TestReport} report */
function failures({ testResults }) {
  return testResults
    .filter(({ status }) => status === 'failed')
    .flatMap(({ name, message, assertionResults }) =>
      assertionResults.length === 0
        ? [`${name}: ${message}`]
        : assertionResults
            .filter(({ status }) => status === 'failed')
            .map(
              ({ fullName, failureMessages }) =>
                `${fullName}\n    ${failureMessages.join('\n    ').slice(0, LONGEST_MESSAGE)}`,
            ),
    )
}

const LONGEST_MESSAGE = 1_000
