import type { Route } from '../route.ts'
import { APPLICATION_TAG_ROUTES } from './application-tags.ts'
import { VULNERABILITY_TAG_ROUTES } from './vulnerability-tags.ts'

/** Tags of vulnerabilities and of applications. */
export const TAG_ROUTES: readonly Route[] = [...VULNERABILITY_TAG_ROUTES, ...APPLICATION_TAG_ROUTES]
