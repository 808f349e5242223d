import type { Route } from '../route.ts'

/** Keys and their policies. */
export const KEYS_ROUTES: readonly Route[] = []
