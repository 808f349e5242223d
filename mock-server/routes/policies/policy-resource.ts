import { IMPORTANCES } from '../../inventory/importance.ts'
import type { JobOutcomePolicy } from '../../inventory/job-outcome-policy.ts'
import { statusKeycode } from '../vulnerabilities/words.ts'

const CRITERIA = {
  all: 'ALL',
  applications: 'APPLICATION',
  tags: 'APPLICATION_TAG',
  importances: 'APPLICATION_IMPORTANCE',
} as const

/** The documented `Job Outcome Policy Resource`. */
export function policyResource(policy: JobOutcomePolicy) {
  const { applies, allowed } = policy
  return {
    policy_id: policy.id,
    keycode: String(policy.id),
    name: policy.name,
    outcome: policy.outcome,
    enabled: policy.isEnabled,
    app_criterion: CRITERIA[applies.to],
    all_applications: applies.to === 'all',
    applications: applies.to === 'applications' ? applies.ids.map((app_id) => ({ app_id })) : [],
    application_tags: applies.to === 'tags' ? applies.tags : [],
    importance:
      applies.to === 'importances'
        ? applies.importances.map((each) => IMPORTANCES[each] ?? '')
        : [],
    all_environments: true,
    environment: [],
    all_rules: allowed !== undefined,
    ...(allowed === undefined ? {} : { all_rules_threshold: allowed }),
    include_rules: Object.keys(policy.allowedByRule).length > 0,
    rules: policy.allowedByRule,
    rule_severities: Object.keys(policy.allowedBySeverity).map((each) => each.toUpperCase()),
    severities: Object.fromEntries(
      Object.entries(policy.allowedBySeverity).map(([severity, limit]) => [
        severity.toUpperCase(),
        limit,
      ]),
    ),
    status_filter: policy.statuses.map(statusKeycode),
    is_job_start_time: policy.isSinceJobStart,
    opt_into_query: policy.takesQuery,
    include_all_start_dates: !policy.isSinceJobStart,
    custom_start_date: false,
    custom_end_date: false,
  }
}
