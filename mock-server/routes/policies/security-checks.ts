import { importanceOf } from '../../inventory/importance.ts'
import { type JobOutcomePolicy, violates } from '../../inventory/job-outcome-policy.ts'
import type { VulnerabilityFilter } from '../../inventory/vulnerability-filter.ts'
import type { ApplicationRecord } from '../../store/records.ts'
import { done } from '../done.ts'
import { notFound } from '../listing/not-found.ts'
import { ALL_ROLES, routeWithBody } from '../route.ts'
import type { SecurityCheckMessage } from './messages.ts'
import { policyResource } from './policy-resource.ts'
import { SecurityCheckRequest } from './validators.generated.js'

/** Says whether a build may go on, by the policies of the organization: the gate of CI. */
export const check = routeWithBody({
  method: 'POST',
  path: '/ng/:org/securityChecks',
  access: { people: ALL_ROLES },
  description: {
    summary:
      'Say whether a build may go on: false by the first policy that is violated, null without one',
    isOurs: false,
    request: 'SecurityCheckRequest',
    answer: 'SecurityCheckResponse',
  },
  validator: SecurityCheckRequest,
  async answer(call) {
    const { store, organization, message, now } = call
    const { application_id: id, application_name: name } = message
    const application = (await store.applications(organization.id)).find(
      (each) =>
        (id === undefined || each.id === id.toLowerCase()) && (name ?? each.name) === each.name,
    )
    if (application === undefined) return notFound('application')
    const policies = (organization.jobOutcomePolicies ?? []).filter(
      (each) => each.isEnabled && isAbout(each, application),
    )
    let violated: JobOutcomePolicy | undefined
    for (const policy of policies) {
      const filter = filterOf(policy, message, application)
      const { vulnerabilities } = await store.searchVulnerabilities(organization.id, { filter })
      if (!violates(policy, vulnerabilities)) continue
      violated = policy
      break
    }
    return done({
      security_check: {
        id: now.getTime(),
        application_id: application.id,
        application_name: application.name,
        agent_language: application.language,
        job_start_time: message.job_start_time ?? 0,
        origin: message.origin ?? 'OTHER',
        result: policies.length === 0 ? null : violated === undefined,
        ...(violated === undefined ? {} : { job_outcome_policy: policyResource(violated) }),
      },
    })
  },
})

function isAbout({ applies }: JobOutcomePolicy, application: ApplicationRecord): boolean {
  switch (applies.to) {
    case 'all':
      return true
    case 'applications':
      return applies.ids.includes(application.id)
    case 'tags':
      return application.tags.some((tag) => applies.tags.includes(tag))
    case 'importances':
      return applies.importances.includes(importanceOf(application))
  }
}

/** What counts: of the application; since the job began, and what the build asks for, as the policy says. */
function filterOf(
  policy: JobOutcomePolicy,
  { job_start_time: startMs, security_check_filter: asked }: SecurityCheckMessage,
  { name }: ApplicationRecord,
): VulnerabilityFilter {
  const versions = policy.takesQuery ? (asked?.app_version_tags ?? []) : []
  const fromMs =
    policy.isSinceJobStart || (policy.takesQuery && asked?.query_by === 'START_DATE')
      ? (asked?.start_date ?? startMs)
      : undefined
  return {
    applications: new Set([name]),
    ...(versions.length === 0 ? {} : { versions: new Set(versions) }),
    ...(fromMs === undefined || fromMs === null ? {} : { from: new Date(fromMs) }),
  }
}
