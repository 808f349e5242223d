import { EARLY_ROUTES } from './early.ts'
import { LATER_ROUTES } from './later.ts'
import type { Route } from './route.ts'

/** Every route with behaviour. */
export const ROUTES: readonly Route[] = [...EARLY_ROUTES, ...LATER_ROUTES]
