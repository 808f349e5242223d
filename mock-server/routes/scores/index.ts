import type { Route } from '../route.ts'
import { HISTORY_ROUTES } from './history.ts'
import { BREAKDOWN_ROUTES } from './organization-breakdowns.ts'
import { SCORE_ROUTES as SCORES } from './organization-scores.ts'
import { STATISTICS_ROUTES } from './statistics.ts'

/** Scores, breakdowns, history and statistics of an organization. */
export const SCORE_ROUTES: readonly Route[] = [
  ...SCORES,
  ...BREAKDOWN_ROUTES,
  ...HISTORY_ROUTES,
  ...STATISTICS_ROUTES,
]
