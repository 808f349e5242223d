import type { CatalogObject } from '../../../mock-server/catalog/catalog.ts'

/** What every answer may have, whether or not its page says so: clients insist on both. */
export const ENVELOPE: CatalogObject = { success: 'boolean', messages: ['string'] }

/**
 * Fields of answers that the documentation does not have: ours, or read by public clients. Everything
 * else has to be documented.
 */
export const MORE_FIELDS: Readonly<Record<string, CatalogObject>> = {
  // Ours: what the engine is to do.
  AgentSessionResponse: { settings: 'object' },
  // Read by public clients, by the names of the documented `GetTraceEvent`.
  TraceEventResource: {
    id: 'string',
    description: 'string',
    important: 'boolean',
    codeView: 'object',
    dataView: 'object',
  },
  // Ours: the person who was locked, let in again, …
  BaseApiResponse: { user: 'UserResource' },
  // Ours: the person, and what they sign in with, shown this once.
  NewUserResponse: {
    user: 'UserResource',
    password: 'string',
    authorization: 'string',
    service_key: 'string',
  },
  // Ours: the state of the organization API key.
  UserApiKeyResponse: {
    acceptedUntil: 'string',
    compliant: 'boolean',
    enabled: 'boolean',
    lastUsed: 'string',
    replacedLastUsed: 'string',
  },
  // Ours: the role in each organization.
  UserSettingsResponse: { roles: [] },
}
