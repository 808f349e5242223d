import { EARLY_ROUTES } from './early.ts'
import { READING_ROUTES } from './reading.ts'
import type { Route } from './route.ts'

/** Every route with behaviour. */
export const ROUTES: readonly Route[] = [...EARLY_ROUTES, ...READING_ROUTES]
