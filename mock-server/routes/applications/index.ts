import type { Route } from '../route.ts'
import { ACTIVITY_ROUTES } from './activity.ts'
import { BREAKDOWN_ROUTES } from './breakdowns.ts'
import { COVERAGE_ROUTES } from './coverage.ts'
import { LISTING_ROUTES } from './filter-listings.ts'
import { HISTORY_ROUTES } from './history.ts'
import { LIST_ROUTES } from './list.ts'
import { MANAGE_ROUTES } from './manage.ts'
import { ONE_ROUTES } from './one.ts'

/** Applications: lists, filters, one, what is made of them. */
export const APPLICATION_ROUTES: readonly Route[] = [
  ...LIST_ROUTES,
  ...LISTING_ROUTES,
  ...ACTIVITY_ROUTES,
  ...ONE_ROUTES,
  ...MANAGE_ROUTES,
  ...BREAKDOWN_ROUTES,
  ...COVERAGE_ROUTES,
  ...HISTORY_ROUTES,
]
