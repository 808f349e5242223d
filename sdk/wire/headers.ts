/** Carries `base64(agentUserName:serviceKey)`, with no scheme word in front. */
export const AUTHORIZATION = 'authorization'

/** Carries the organization API key as plain text; absent when none is configured. */
export const API_KEY = 'api-key'

/**
 * On the answer to a request that was accepted with a replaced service key: the moment (ISO 8601)
 * from which that key is refused. Ours; the documentation knows no overlap.
 */
export const SERVICE_KEY_ACCEPTED_UNTIL = 'service-key-accepted-until'

/** The same for a replaced organization API key. */
export const API_KEY_ACCEPTED_UNTIL = 'api-key-accepted-until'
