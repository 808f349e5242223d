import { act } from '../../administration/act.ts'
import { refusal } from '../../core/answer.ts'
import type { Answer } from '../../core/exchange.ts'
import { readImportance } from '../../inventory/importance.ts'
import type { JobOutcomePolicy } from '../../inventory/job-outcome-policy.ts'
import type { Severity } from '../../inventory/severity.ts'
import { done } from '../done.ts'
import { notFound } from '../listing/not-found.ts'
import {
  ALL_ROLES,
  type Call,
  type GuardedRoute,
  RULES_ADMIN_AND_UP,
  route,
  routeWithBody,
} from '../route.ts'
import { readSeverity, readStatus } from '../vulnerabilities/words.ts'
import type { JobOutcomePolicyMessage } from './messages.ts'
import { policyResource } from './policy-resource.ts'
import { JobOutcomePolicyRequest } from './validators.generated.js'

const POLICIES = '/ng/:org/jobOutcomePolicies'
const RULES_ADMIN = { people: RULES_ADMIN_AND_UP }

/** Of one organization. */
const MOST = 1_000

type PolicyCall = Omit<Call<unknown>, 'message'>

const list = route({
  method: 'GET',
  path: POLICIES,
  access: { people: ALL_ROLES },
  description: {
    summary: 'List the policies that say what builds come to',
    isOurs: true,
    answer: 'JobOutcomePoliciesAnswer',
  },
  answer: async ({ organization }: Call) =>
    done({ policies: (organization.jobOutcomePolicies ?? []).map(policyResource) }),
})

const add = routeWithBody({
  method: 'POST',
  path: POLICIES,
  access: RULES_ADMIN,
  description: {
    summary: 'Add a policy that says what builds come to',
    isOurs: true,
    request: 'JobOutcomePolicyRequest',
    answer: 'JobOutcomePolicyAnswer',
  },
  validator: JobOutcomePolicyRequest,
  async answer(call) {
    const before = call.organization.jobOutcomePolicies ?? []
    if (before.length >= MOST) {
      return refusal('body-malformed', { where: `an organization has at most ${MOST} policies` })
    }
    const policy = policyOf(call.message, Math.max(0, ...before.map(({ id }) => id)) + 1)
    await save(call, `added the job outcome policy ${policy.name}`, (all) => [...all, policy])
    return done({ policy: policyResource(policy) })
  },
})

const replace = routeWithBody({
  method: 'PUT',
  path: `${POLICIES}/:policy`,
  access: RULES_ADMIN,
  description: {
    summary: 'Put another policy in the place of one',
    isOurs: true,
    request: 'JobOutcomePolicyRequest',
    answer: 'JobOutcomePolicyAnswer',
  },
  validator: JobOutcomePolicyRequest,
  answer: (call) =>
    withPolicy(call, async ({ id }) => {
      const policy = policyOf(call.message, id)
      await save(call, `changed the job outcome policy ${policy.name}`, (all) =>
        all.map((each) => (each.id === id ? policy : each)),
      )
      return done({ policy: policyResource(policy) })
    }),
})

const remove = route({
  method: 'DELETE',
  path: `${POLICIES}/:policy`,
  access: RULES_ADMIN,
  description: { summary: 'Delete a policy', isOurs: true, answer: 'BaseApiResponse' },
  answer: (call: Call) =>
    withPolicy(call, async ({ id, name }) => {
      await save(call, `deleted the job outcome policy ${name}`, (all) =>
        all.filter((each) => each.id !== id),
      )
      return done({ messages: ['The policy was deleted.'] })
    }),
})

export const JOB_OUTCOME_POLICY_ROUTES: readonly GuardedRoute[] = [list, add, replace, remove]

async function withPolicy(
  call: PolicyCall,
  work: (policy: JobOutcomePolicy) => Promise<Answer>,
): Promise<Answer> {
  const found = (call.organization.jobOutcomePolicies ?? []).find(
    ({ id }) => String(id) === call.parameters.policy,
  )
  return found === undefined ? notFound('policy') : work(found)
}

async function save(
  { store, organization, actor, now }: PolicyCall,
  sentence: string,
  change: (before: readonly JobOutcomePolicy[]) => readonly JobOutcomePolicy[],
): Promise<void> {
  await store.changeOrganization(
    organization.id,
    (before) => ({ ...before, jobOutcomePolicies: change(before.jobOutcomePolicies ?? []) }),
    act('job-outcome-policy', sentence, actor, now),
  )
}

function policyOf(message: JobOutcomePolicyMessage, id: number): JobOutcomePolicy {
  const { all_rules: isForAll = false, all_rules_threshold: allowed = 0 } = message
  return {
    id,
    name: message.name,
    outcome: message.outcome,
    isEnabled: message.enabled ?? true,
    applies: appliesOf(message),
    ...(isForAll ? { allowed } : {}),
    allowedBySeverity: severitiesOf(message),
    allowedByRule: message.rules ?? {},
    statuses: (message.status_filter ?? []).flatMap((word) => readStatus(word) ?? []),
    isSinceJobStart: message.is_job_start_time ?? false,
    takesQuery: message.opt_into_query ?? false,
  }
}

function appliesOf(message: JobOutcomePolicyMessage): JobOutcomePolicy['applies'] {
  const { app_ids = [], application_tags: tags = [], importances = [] } = message
  if (message.all_applications === true || message.app_criterion === 'ALL') return { to: 'all' }
  if (app_ids.length > 0) {
    return { to: 'applications', ids: app_ids.map((each) => each.toLowerCase()) }
  }
  if (tags.length > 0) return { to: 'tags', tags }
  return {
    to: 'importances',
    importances: importances.flatMap((each) => readImportance(each) ?? []),
  }
}

function severitiesOf({
  severities = {},
  rule_severities: words = [],
}: JobOutcomePolicyMessage): Readonly<Partial<Record<Severity, number>>> {
  const limits: Partial<Record<Severity, number>> = {}
  for (const word of words) {
    const severity = readSeverity(word)
    if (severity !== undefined) limits[severity] = 0
  }
  for (const [word, limit] of Object.entries(severities)) {
    const severity = readSeverity(word)
    if (severity !== undefined) limits[severity] = limit
  }
  return limits
}
