import type { Severity } from './severity.ts'
import { isOpen, type VulnerabilityRecord, type VulnerabilityStatus } from './vulnerability.ts'

/** What a build comes to when an application has more vulnerabilities than a policy allows. */
export interface JobOutcomePolicy {
  readonly id: number
  readonly name: string
  readonly outcome: 'FAIL' | 'UNSTABLE' | 'SUCCESS'
  readonly isEnabled: boolean
  /** Which applications it is about. */
  readonly applies:
    | { readonly to: 'all' }
    | { readonly to: 'applications'; readonly ids: readonly string[] }
    | { readonly to: 'tags'; readonly tags: readonly string[] }
    | { readonly to: 'importances'; readonly importances: readonly number[] }
  /** How many vulnerabilities are allowed in all; undefined for no such limit. */
  readonly allowed?: number
  /** How many of a severity. */
  readonly allowedBySeverity: Readonly<Partial<Record<Severity, number>>>
  /** How many of a rule. */
  readonly allowedByRule: Readonly<Record<string, number>>
  /** Those that count; the open ones when there are none. */
  readonly statuses: readonly VulnerabilityStatus[]
  /** Only those that were found since the job began count. */
  readonly isSinceJobStart: boolean
  /** What the build asks for narrows what counts. */
  readonly takesQuery: boolean
}

/** The most that one of a policy's limits allows is exceeded: it says what the build comes to. */
export function violates(
  { allowed, allowedBySeverity, allowedByRule, statuses }: JobOutcomePolicy,
  records: readonly VulnerabilityRecord[],
): boolean {
  const counted = records.filter(({ triage }) =>
    statuses.length === 0 ? isOpen(triage.status) : statuses.includes(triage.status),
  )
  const isMore = (limit: number, holds: (record: VulnerabilityRecord) => boolean) =>
    counted.filter(holds).length > limit
  return (
    (allowed !== undefined && counted.length > allowed) ||
    Object.entries(allowedBySeverity).some(([severity, limit]) =>
      isMore(limit, (record) => record.severity === severity),
    ) ||
    Object.entries(allowedByRule).some(([rule, limit]) =>
      isMore(limit, (record) => record.rule === rule),
    )
  )
}
