import { ENGINE_PATHS, LONG_PATHS } from '../../sdk/wire/paths.ts'
import { createApplication } from './engine/create-application.ts'
import { createSession } from './engine/create-session.ts'
import { heartbeat } from './engine/heartbeat.ts'
import { preflight } from './engine/preflight.ts'
import { receiveReports } from './engine/receive-reports.ts'
import type { Route } from './route.ts'

/**
 * What engines call; each with the caller's organization meant, and with one named. A TeamServer has
 * these from its start.
 */
export const EARLY_ROUTES: readonly Route[] = [
  createApplication(ENGINE_PATHS.createApplication, false),
  createApplication(LONG_PATHS.createApplication, true),
  createSession(ENGINE_PATHS.createSession, false),
  createSession(LONG_PATHS.createSession, true),
  ...[ENGINE_PATHS.preflight, LONG_PATHS.preflight].map(preflight),
  ...[ENGINE_PATHS.reports, LONG_PATHS.reports].map(receiveReports),
  ...[ENGINE_PATHS.heartbeat, LONG_PATHS.heartbeat].map(heartbeat),
]
