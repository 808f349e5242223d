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
import { EARLY_ROUTES } from './early.ts'
import { KEYS_ROUTES } from './keys/index.ts'
import { LIVE_ROUTES } from './live/index.ts'
import { PEOPLE_ROUTES } from './people/index.ts'
import { READING_ROUTES } from './reading.ts'
import type { Route } from './route.ts'
import { SECURITY_ROUTES } from './security/index.ts'

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

/** What people call, and the document that describes all: loaded when one of them may be meant. */
export const LATER_ROUTES: readonly Route[] = [
  ...ADMINISTRATION_ROUTES,
  openApiRoute([...EARLY_ROUTES, ...ADMINISTRATION_ROUTES, ...READING_ROUTES]),
  ...READING_ROUTES,
]
