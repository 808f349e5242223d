import type { Route } from '../route.ts'

/** People, logins and sessions. */
export const PEOPLE_ROUTES: readonly Route[] = []
