import type { CatalogObject } from '../../../mock-server/catalog/catalog.ts'

/**
 * Fields of answers that the documentation does not have: ours, or read by public clients. Everything
 * else has to be documented.
 */
export const MORE_FIELDS: Readonly<Record<string, CatalogObject>> = {
  // The role in each organization.
  UserSettingsResponse: { roles: [] },
  // The first password, shown this once.
  NewUserResponse: { password: 'string', service_key: 'string', authorization: 'string' },
  // The state of the organization API key.
  UserApiKeyResponse: { enabled: 'boolean', acceptedUntil: 'string', compliant: 'boolean' },
}

/** Numbers that may be null: nothing of the kind has happened. */
export const NULLABLE: ReadonlySet<string> = new Set(['TraceResource.closed_time'])
