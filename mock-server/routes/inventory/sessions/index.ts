import type { Route } from '../../route.ts'
import { findSessionMetadata, listSessionMetadata } from './session-metadata.ts'
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
  listSessionMetadata,
  findSessionMetadata,
]
