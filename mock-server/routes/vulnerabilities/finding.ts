import type { FindingReport } from '../../../sdk/wire/messages.ts'
import type { VulnerabilityRecord } from '../../inventory/vulnerability.ts'

/** The finding that showed a vulnerability first. */
export function findingOf({ finding }: VulnerabilityRecord): FindingReport {
  return JSON.parse(finding) as FindingReport
}

/** What was seen, as text. */
export function evidenceOf({ evidence }: FindingReport): string {
  if (evidence === undefined) return ''
  return typeof evidence === 'string' ? evidence : JSON.stringify(evidence)
}

/** The stack, a line a frame. */
export function framesOf({ stack }: FindingReport): readonly string[] {
  if (stack === undefined) return []
  const lines = typeof stack === 'string' ? stack.split('\n') : stack
  return lines.map((line) => line.trim()).filter((line) => line !== '')
}
