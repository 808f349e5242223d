import type { Route } from '../route.ts'
import { EVENT_ROUTES } from './events.ts'
import { search } from './search.ts'

/** What happened, and what there is by its name. */
export const TIMELINE_ROUTES: readonly Route[] = [...EVENT_ROUTES, search]
