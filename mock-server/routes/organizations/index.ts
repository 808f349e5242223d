import type { Route } from '../route.ts'
import {
  listAdministrators,
  listApplicationRoles,
  listRoles,
  showApiKeyOfUsers,
} from './members.ts'
import { SECURITY_CONTROL_ROUTES } from './security-controls.ts'
import {
  ALERTS,
  listLanguages,
  showGeneralSettings,
  showServerSettings,
  showSettingsOfEnvironment,
} from './settings.ts'
import { countOrganizationLibraries, countOrganizationServers } from './statistics.ts'
import { addWebhook, changeWebhook, listWebhooks, removeWebhook, showWebhook } from './webhooks.ts'

/** What is told of a whole organization. */
export const ORGANIZATION_ROUTES: readonly Route[] = [
  listRoles,
  listAdministrators,
  listApplicationRoles,
  showApiKeyOfUsers,
  countOrganizationLibraries,
  countOrganizationServers,
  showServerSettings,
  showSettingsOfEnvironment,
  showGeneralSettings,
  listLanguages,
  ...ALERTS,
  listWebhooks,
  addWebhook,
  showWebhook,
  changeWebhook,
  removeWebhook,
  ...SECURITY_CONTROL_ROUTES,
]
