import { ABOUT_ROUTES } from './about/version.ts'
import { APPLICATION_ROUTES } from './applications/index.ts'
import { EXPORT_ROUTES } from './exports/index.ts'
import { INVENTORY_ROUTES } from './inventory/index.ts'
import { ORGANIZATION_ROUTES } from './organizations/index.ts'
import { POLICY_ROUTES } from './policies/index.ts'
import type { Route } from './route.ts'
import { SCORE_ROUTES } from './scores/index.ts'
import { TAG_ROUTES } from './tags/index.ts'
import { TIMELINE_ROUTES } from './timeline/index.ts'
import { VULNERABILITY_ROUTES } from './vulnerabilities/index.ts'

/** What people read back, and what they make of it. */
export const READING_ROUTES: readonly Route[] = [
  ...APPLICATION_ROUTES,
  ...VULNERABILITY_ROUTES,
  ...TAG_ROUTES,
  ...SCORE_ROUTES,
  ...TIMELINE_ROUTES,
  ...POLICY_ROUTES,
  ...INVENTORY_ROUTES,
  ...ORGANIZATION_ROUTES,
  ...EXPORT_ROUTES,
  ...ABOUT_ROUTES,
]
