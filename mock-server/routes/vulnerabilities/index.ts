import type { Route } from '../route.ts'
import { ABOUT_ROUTES } from './about.ts'
import { AROUND_ROUTES } from './around.ts'
import { DELETE_ROUTES } from './bulk.ts'
import { EXPORT_ROUTES } from './export.ts'
import { LISTING_ROUTES } from './filter-listings.ts'
import { listGrid } from './grid.ts'
import { listIds, listRoutes } from './list.ts'
import { MARK_ROUTES } from './mark.ts'
import { NOTE_ROUTES } from './notes.ts'
import { ONE_ROUTES } from './one.ts'
import { QUICK_ROUTES } from './quick.ts'
import { SCOPES } from './scope.ts'
import { DIFFERENCE_ROUTES } from './sessions.ts'
import { TREND_ROUTES } from './trends.ts'
import { VERSION_FOUR_ROUTES } from './version-four.ts'

/** Vulnerabilities, which paths call traces. */
export const VULNERABILITY_ROUTES: readonly Route[] = [
  ...SCOPES.flatMap((scope) => [...listRoutes(scope), listIds(scope)]),
  ...ONE_ROUTES,
  ...ABOUT_ROUTES,
  ...NOTE_ROUTES,
  ...MARK_ROUTES,
  ...DELETE_ROUTES,
  ...LISTING_ROUTES,
  ...QUICK_ROUTES,
  ...TREND_ROUTES,
  listGrid,
  ...DIFFERENCE_ROUTES,
  ...AROUND_ROUTES,
  ...EXPORT_ROUTES,
  ...VERSION_FOUR_ROUTES,
]
