import { ENGINE_PATHS, LONG_PATHS } from '../../sdk/wire/paths.ts'
import { openApiRoute } from '../openapi/openapi-route.ts'
import { agentConfiguration } from './agents/agent-configuration.ts'
import { agentVersions } from './agents/agent-versions.ts'
import { agentsHome } from './agents/agents-home.ts'
import {
  downloadEngine,
  downloadEngineFor,
  downloadEngineOfProfile,
  listProfiles,
} from './agents/download-engine.ts'
import { createApplication } from './engine/create-application.ts'
import { createSession } from './engine/create-session.ts'
import { heartbeat } from './engine/heartbeat.ts'
import { preflight } from './engine/preflight.ts'
import { receiveReports } from './engine/receive-reports.ts'
import { KEYS_ROUTES } from './keys/index.ts'
import { LIVE_ROUTES } from './live/index.ts'
import { PEOPLE_ROUTES } from './people/index.ts'
import type { Route } from './route.ts'
import { SECURITY_ROUTES } from './security/index.ts'

/** What engines call; each with the caller's organization meant, and with one named. */
const ENGINE_ROUTES: readonly Route[] = [
  createApplication(ENGINE_PATHS.createApplication, false),
  createApplication(LONG_PATHS.createApplication, true),
  createSession(ENGINE_PATHS.createSession, false),
  createSession(LONG_PATHS.createSession, true),
  ...[ENGINE_PATHS.preflight, LONG_PATHS.preflight].map(preflight),
  ...[ENGINE_PATHS.reports, LONG_PATHS.reports].map(receiveReports),
  ...[ENGINE_PATHS.heartbeat, LONG_PATHS.heartbeat].map(heartbeat),
]

/** What people administer. */
const ADMINISTRATION_ROUTES: readonly Route[] = [
  downloadEngine,
  downloadEngineFor,
  downloadEngineOfProfile,
  listProfiles,
  agentConfiguration('GET'),
  agentConfiguration('POST'),
  agentsHome,
  agentVersions,
  ...KEYS_ROUTES,
  ...PEOPLE_ROUTES,
  ...SECURITY_ROUTES,
  ...LIVE_ROUTES,
]

const DESCRIBED = [...ENGINE_ROUTES, ...ADMINISTRATION_ROUTES]

/** The routes that a TeamServer has from its start, with the document that describes all. */
export const EARLY_ROUTES: readonly Route[] = [
  ...DESCRIBED,
  openApiRoute(async () => [...DESCRIBED, ...(await import('./reading.ts')).READING_ROUTES]),
]
