import type { Route } from '../../route.ts'
import { SESSION_METADATA_ROUTES } from './session-metadata.ts'
import {
  closeSession,
  countSessions,
  listSessions,
  showLatestSession,
  showSession,
} from './sessions.ts'

/** Runs of applications, and what is known of them. */
export const SESSION_ROUTES: readonly Route[] = [
  countSessions,
  showLatestSession,
  showSession,
  listSessions,
  closeSession,
  ...SESSION_METADATA_ROUTES,
]
