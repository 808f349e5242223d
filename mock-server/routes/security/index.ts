import type { Route } from '../route.ts'

/** Address ranges and the audit log. */
export const SECURITY_ROUTES: readonly Route[] = []
