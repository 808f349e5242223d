import type { Route } from '../route.ts'
import { JOB_OUTCOME_POLICY_ROUTES } from './job-outcome-policies.ts'
import { RULE_ROUTES } from './rules.ts'
import { check } from './security-checks.ts'

/** Rules, and what builds come to. */
export const POLICY_ROUTES: readonly Route[] = [...RULE_ROUTES, check, ...JOB_OUTCOME_POLICY_ROUTES]
