import type { Route } from '../route.ts'
import { COVERAGE_ROUTES } from './coverage/index.ts'
import { LIBRARY_ROUTES } from './libraries/index.ts'
import { SERVER_ROUTES } from './servers/index.ts'
import { SESSION_ROUTES } from './sessions/index.ts'

/** What engines made known, beside vulnerabilities: servers, libraries, routes and sessions. */
export const INVENTORY_ROUTES: readonly Route[] = [
  ...SERVER_ROUTES,
  ...LIBRARY_ROUTES,
  ...COVERAGE_ROUTES,
  ...SESSION_ROUTES,
]
