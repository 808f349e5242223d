import { API_KEY, AUTHORIZATION } from '../wire/headers.ts'
import type { Credentials } from './credentials.ts'

/**
 * The headers of both layers, made anew for each request: nothing keeps them.
 *
 * @see RFC 4648, section 4, for the base64
 */
export function authorizationHeaders(credentials: Credentials): Record<string, string> {
  const { agentUserName, serviceKey, organizationApiKey } = credentials
  const headers: Record<string, string> = {
    [AUTHORIZATION]: Buffer.from(`${agentUserName}:${serviceKey}`).toString('base64'),
  }
  // An empty header would be a wrong key rather than none.
  if (organizationApiKey !== undefined) headers[API_KEY] = organizationApiKey
  return headers
}
