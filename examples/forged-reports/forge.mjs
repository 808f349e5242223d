// Sends forged reports with nothing but fetch, and looks whether any of them was stored.
import { randomUUID } from 'node:crypto'

/**
 * @typedef {object} Outcome
 * @property {string} name
 * @property {'stored' | 'refused'} expected
 * @property {number} status
 * @property {string | null} reason Why it was refused, as the answer says.
 * @property {boolean} stored
 */

/**
 * @param {object} given
 * @param {string} given.url Ends in `/Contrast`.
 * @param {import('./attempts.mjs').Attempt} given.attempt
 * @param {'stored' | 'refused'} given.expected
 * @param {readonly import('teamserver-engine/mock-server').Organization[]} given.organizations
 * @returns {Promise<Outcome>}
 */
export async function forge({ url, attempt, expected, organizations }) {
  const id = `forged-${randomUUID()}`
  const report = {
    id,
    type: 'finding',
    rule: 'sql-injection',
    severity: 'critical',
    title: 'made up',
  }
  const answer = await fetch(`${url}/api${attempt.path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...attempt.headers },
    body: JSON.stringify({ reports: [report] }),
  })
  const { reason = null } = await answer.json()
  const reports = await Promise.all(organizations.map((organization) => organization.reports()))
  const stored = reports.flat().some((each) => each.id === id)
  return { name: attempt.name, expected, status: answer.status, reason, stored }
}

/** @param {Outcome} outcome */
export function isAsExpected({ expected, status, stored }) {
  return stored === (expected === 'stored') && (status === 202) === stored
}

/** @param {readonly Outcome[]} outcomes */
export function outcomeTable(outcomes) {
  const rows = outcomes.map((outcome) => [
    outcome.name,
    outcome.expected,
    outcome.reason === null ? String(outcome.status) : `${outcome.status} ${outcome.reason}`,
    outcome.stored ? 'yes' : 'no',
    isAsExpected(outcome) ? 'as expected' : 'NOT AS EXPECTED',
  ])
  return table([['tried', 'expected', 'answer', 'stored', ''], ...rows])
}

/** @param {readonly (readonly string[])[]} rows */
export function table(rows) {
  const widths = rows[0]?.map((_cell, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  )
  return rows
    .map((row) => `  ${row.map((cell, column) => cell.padEnd(widths?.[column] ?? 0)).join('  ')}`)
    .map((line) => line.trimEnd())
    .join('\n')
}
