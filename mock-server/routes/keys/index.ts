import type { Route } from '../route.ts'
import {
  addAgentKey,
  deleteAgentKey,
  listAgentKeys,
  revokeAgentKey,
  rotateAgentKey,
} from './agent-keys.ts'
import {
  changeApiKey,
  revokeApiKey,
  rotateApiKey,
  showApiKey,
  showApiKeyOnPage,
} from './api-key.ts'
import { changeKeyPolicy, showKeyPolicy, showOrganizationKeyPolicy } from './key-policy.ts'

/** Keys and their policies. */
export const KEYS_ROUTES: readonly Route[] = [
  showApiKey,
  showApiKeyOnPage,
  changeApiKey,
  rotateApiKey,
  revokeApiKey,
  listAgentKeys,
  addAgentKey,
  rotateAgentKey,
  revokeAgentKey,
  deleteAgentKey,
  showKeyPolicy,
  showOrganizationKeyPolicy,
  changeKeyPolicy,
]
